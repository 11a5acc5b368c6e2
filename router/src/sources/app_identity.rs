//! An application that signs for itself (a JWT, RS256) and is lent a token for a while in return.
//!
//! RFC 7515 and 7519. The tool's own files say what is asked, and how its answer is read.

use crate::secret::Secret;
use crate::sources::{Ask, Call, Exchange};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::Timestamp;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// How far back a statement is dated, because the other clock may be behind ours.
const BACKDATED_S: i64 = 60;
/// How long a statement holds; GitHub takes none that holds longer than ten minutes.
const LASTING_S: i64 = 540;

#[derive(Clone)]
pub struct AppIdentity {
    /// `iss`: by which the tool knows the application.
    pub issuer: String,
    pub key: AppKey,
    /// The call that asks for a token with which a question can be asked, or why there is none.
    pub borrowing: fn(&Ask<'_>) -> Result<Call, String>,
    /// What was answered to it.
    pub loan: fn(&Exchange) -> Loan,
}

/// The answer of a tool that was asked for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loan {
    Lent {
        token: Secret,
        expires_at: Timestamp,
    },
    /// Not yet: ask again later.
    Later {
        why: String,
    },
    /// Never: somebody has to look.
    Refused {
        why: String,
    },
}

impl AppIdentity {
    /// The statement by which the application proves itself at `now`.
    pub fn statement(&self, now: Timestamp) -> Result<Secret, String> {
        let now_s = now.micros().div_euclid(1_000_000);
        let head = json!({ "alg": "RS256", "typ": "JWT" });
        let claims = json!({ "iat": now_s - BACKDATED_S, "exp": now_s + LASTING_S, "iss": self.issuer });
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(head.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = self.key.sign(signed.as_bytes())?;
        Secret::new(format!("{signed}.{}", encode(&signature))).map_err(|fault| fault.to_string())
    }
}

impl fmt::Debug for AppIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppIdentity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// An RSA private key.
#[derive(Clone)]
pub struct AppKey(Arc<dyn SigningKey>);

impl AppKey {
    /// From PEM, PKCS #1 or PKCS #8. Line breaks may be written as `\n`, as in many environment variables. The fault
    /// never shows what was read.
    pub fn read(pem: &Secret) -> Result<Self, &'static str> {
        let text = pem.expose().replace("\\n", "\n");
        let der = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| "it is no private key in PEM form")?;
        let key = Self(any_supported_type(&der).map_err(|_| "the key in it can’t be used: an RSA key of 2048 bits or more is needed")?);
        key.sign(b"").map(|_| key).map_err(|_| "the key in it is not an RSA key")
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let signer = self.0.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).ok_or("the key can’t sign with RS256")?;
        signer.sign(message).map_err(|error| error.to_string())
    }
}
