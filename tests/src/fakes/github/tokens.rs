//! Who calls: the application with its own statement, an installation's token, or a reviewer's.

use super::door::{Answer, refused};
use super::{APP, FakeGithub, INSTALLATION, REVIEWER_TOKEN};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls::pki_types::alg_id::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

const PUBLIC_KEY: &str = include_str!("../../../../router/testdata/github/app-key-public.pem");
/// GitHub's own: a statement may hold for ten minutes, a token holds for an hour.
const STATEMENT_S: i64 = 600;
const TOKEN_S: u64 = 3600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    App,
    Reviewer,
}

pub fn lend(github: &FakeGithub, rest: &str, statement: &str, body: &Value) -> Answer {
    if let Err(why) = is_genuine(github, statement) {
        return refused(401, why);
    }
    if rest != format!("{INSTALLATION}/access_tokens") {
        return refused(404, "Not Found");
    }
    let now = github.shared.clock.now();
    let expires_at = now.plus_seconds(TOKEN_S);
    let mut state = github.state();
    state.lent += 1;
    let token = format!("ghs_lent_{}", state.lent);
    state.tokens.insert(token.clone(), (expires_at, body["permissions"].clone()));
    let expires_at = chrono::DateTime::from_timestamp_micros(expires_at.micros()).unwrap().to_rfc3339();
    (StatusCode::CREATED, json!({ "token": token, "expires_at": expires_at, "permissions": body["permissions"] }))
}

/// What a token may do was said when it was borrowed.
pub fn bearer(github: &FakeGithub, token: &str, needs: &str) -> Result<Who, Answer> {
    if token == REVIEWER_TOKEN {
        return Ok(Who::Reviewer);
    }
    let now = github.shared.clock.now();
    let state = github.state();
    match state.tokens.get(token).filter(|(expires_at, _)| *expires_at > now) {
        Some((_, permissions)) if permissions[needs].is_string() => Ok(Who::App),
        Some(_) => Err(refused(403, "Resource not accessible by integration")),
        None => Err(refused(401, "Bad credentials")),
    }
}

fn is_genuine(github: &FakeGithub, statement: &str) -> Result<(), &'static str> {
    let unreadable = "A JSON web token could not be decoded";
    let (signed, signature) = statement.rsplit_once('.').ok_or(unreadable)?;
    let (_, claims) = signed.split_once('.').ok_or(unreadable)?;
    let public: String = PUBLIC_KEY.lines().filter(|line| !line.starts_with('-')).collect();
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms.all;
    let algorithm = algorithms.iter().find(|algorithm| algorithm.signature_alg_id() == RSA_PKCS1_SHA256).ok_or(unreadable)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| unreadable)?;
    algorithm.verify_signature(&STANDARD.decode(public).unwrap(), signed.as_bytes(), &signature).map_err(|_| unreadable)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).map_err(|_| unreadable)?).map_err(|_| unreadable)?;
    let now_s = github.shared.clock.now().micros() / 1_000_000;
    let (issued, expires) = (claims["iat"].as_i64().unwrap_or(i64::MAX), claims["exp"].as_i64().unwrap_or(0));
    if claims["iss"].as_str() != Some(&APP.to_string()) {
        return Err("Integration not found");
    }
    if issued > now_s || expires <= now_s || expires > now_s + STATEMENT_S {
        return Err("'Expiration time' claim ('exp') must be a numeric value representing the future time");
    }
    Ok(())
}
