//! Bearer tokens: `Authorization: Bearer cs_…`, looked up by their digest, judged by their scopes.

use super::problem::{Kind, Problem};
use crate::app::{App, Failure};
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::TokenRecord;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What every token begins with, so that scanners for leaked secrets can know it.
pub const TOKEN_PREFIX: &str = "cs_";
const TOKEN_BYTES: usize = 32;

/// What a token may be allowed to do. The list is the contract's; this build asks for those of changes and votes.
pub const SCOPES: [&str; 10] = [
    "changes:read",
    "changes:write",
    "facts:write",
    "votes:write",
    "holds:write",
    "audit:read",
    "evidence:export",
    "directory:write",
    "policy:write",
    "admin",
];

/// A new token and the digest that is stored in its place.
pub fn new_token() -> (String, String) {
    let bytes: [u8; TOKEN_BYTES] = rand::random();
    let token = format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = hash(&token);
    (token, hash)
}

/// A token has 256 random bits, so a plain digest can't be searched for it.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The token of this request, if it may do `scope`.
pub async fn require(app: &App, headers: &HeaderMap, scope: &str) -> Result<TokenRecord, Problem> {
    let text = bearer(headers)
        .ok_or_else(|| Problem::new(Kind::Unauthorized, "Send Authorization: Bearer cs_…, made by `countersign token create`."))?;
    let token = known(app, text).await?.ok_or_else(|| Problem::new(Kind::Unauthorized, "This token is not known, or was revoked."))?;
    if may(&token.scopes, scope) {
        return Ok(token);
    }
    Err(Problem::new(Kind::Forbidden, format!("The token “{}” does not have the scope {scope}.", token.name)))
}

/// A token that exists and is not revoked.
pub async fn known(app: &App, text: &str) -> Result<Option<TokenRecord>, Failure> {
    if !text.starts_with(TOKEN_PREFIX) {
        return Ok(None);
    }
    let token = app.store.token_by_hash(&hash(text)).await?;
    Ok(token.filter(|token| token.revoked_at.is_none()))
}

pub fn may(scopes: &BTreeSet<String>, scope: &str) -> bool {
    scopes.contains(scope) || scopes.contains("admin")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_different() {
        let ((one, hash_one), (other, _)) = (new_token(), new_token());
        assert_ne!(one, other);
        assert!(one.starts_with(TOKEN_PREFIX) && one.len() == TOKEN_PREFIX.len() + 43);
        assert_eq!(hash_one, hash(&one));
    }

    #[test]
    fn an_administrator_may_everything() {
        let scopes = |text: &str| BTreeSet::from([text.to_owned()]);
        assert!(may(&scopes("admin"), "changes:write"));
        assert!(may(&scopes("changes:read"), "changes:read"));
        assert!(!may(&scopes("changes:read"), "changes:write"));
    }
}
