//! How a delivery proves itself where the configuration says how: a bearer secret, an HMAC in some form, or Standard Webhooks.

use crate::secret::Secret;
use crate::sources::Reject;
use crate::sources::signature::{self, fresh, text};
use crate::sources::standard_webhooks::{self, TOLERANCE_S, key};
use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq};

/// `[integration.signature]` as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub algorithm: Algorithm,
    pub header: Option<String>,
    pub encoding: Option<Encoding>,
    pub prefix: Option<String>,
    pub timestamp_header: Option<String>,
    pub separator: Option<String>,
    pub tolerance_s: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    Bearer,
    HmacSha256,
    HmacSha512,
    StandardWebhooks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    Hex,
    Base64,
}

/// The same, checked.
#[derive(Clone, Debug)]
pub enum Proof {
    Bearer,
    Hmac(Form),
    StandardWebhooks { tolerance_s: u64 },
}

#[derive(Clone, Debug)]
pub struct Form {
    header: String,
    hash: Hash,
    encoding: Encoding,
    prefix: String,
    stamp: Option<Stamp>,
}

#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha256,
    Sha512,
}

/// `<timestamp><separator><body>` is signed in place of the body alone.
#[derive(Clone, Debug)]
struct Stamp {
    header: String,
    separator: String,
    tolerance_s: u64,
}

impl Proof {
    /// `why` not, in words that go behind “signature can't be used”.
    pub fn of(written: &Signature, secrets: &[Secret]) -> Result<Self, String> {
        match written.algorithm {
            Algorithm::Bearer => written.nothing_else(&[]).map(|()| Self::Bearer),
            Algorithm::HmacSha256 => Form::of(written, Hash::Sha256).map(Self::Hmac),
            Algorithm::HmacSha512 => Form::of(written, Hash::Sha512).map(Self::Hmac),
            Algorithm::StandardWebhooks => {
                written.nothing_else(&["tolerance_s"])?;
                secrets.iter().try_for_each(|secret| key(secret).map(drop))?;
                Ok(Self::StandardWebhooks { tolerance_s: written.tolerance_s.unwrap_or(TOLERANCE_S) })
            }
        }
    }

    pub fn verify(&self, secrets: &[Secret], headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject> {
        match self {
            Self::Bearer => signature::bearer_any(secrets, headers),
            Self::Hmac(form) => form.verify(secrets, headers, body, now),
            Self::StandardWebhooks { tolerance_s } => {
                let keys: Vec<Vec<u8>> = secrets.iter().filter_map(|secret| key(secret).ok()).collect();
                standard_webhooks::verify(&keys, *tolerance_s, headers, body, now)
            }
        }
    }
}

impl Signature {
    fn nothing_else(&self, taken: &[&str]) -> Result<(), String> {
        let given = [
            ("header", self.header.is_some()),
            ("encoding", self.encoding.is_some()),
            ("prefix", self.prefix.is_some()),
            ("timestamp_header", self.timestamp_header.is_some()),
            ("separator", self.separator.is_some()),
            ("tolerance_s", self.tolerance_s.is_some()),
        ];
        match given.into_iter().find(|(key, given)| *given && !taken.contains(key)) {
            Some((key, _)) => Err(format!("{key} has no meaning with this algorithm")),
            None => Ok(()),
        }
    }
}

impl Form {
    fn of(written: &Signature, hash: Hash) -> Result<Self, String> {
        let header = written.header.as_deref().ok_or("header is missing: which one carries the signature")?;
        let stamp = match &written.timestamp_header {
            Some(name) => Some(Stamp {
                header: header_name(name)?,
                separator: written.separator.clone().unwrap_or_else(|| ".".to_owned()),
                tolerance_s: written.tolerance_s.unwrap_or(TOLERANCE_S),
            }),
            None if written.separator.is_some() || written.tolerance_s.is_some() => {
                return Err("separator and tolerance_s have no meaning without timestamp_header".to_owned());
            }
            None => None,
        };
        let prefix = written.prefix.clone().unwrap_or_default();
        Ok(Self { header: header_name(header)?, hash, encoding: written.encoding.unwrap_or(Encoding::Hex), prefix, stamp })
    }

    fn verify(&self, secrets: &[Secret], headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject> {
        let given = self.decoded(text(headers, &self.header)?);
        let given = given.ok_or_else(|| bad(format!("{} is not “{}” and {} digits", self.header, self.prefix, self.encoding.word())))?;
        let check =
            |parts: &[&[u8]]| signature::accept(secrets, &self.header, |secret| fits(self.hash, secret.expose().as_bytes(), parts, &given));
        match &self.stamp {
            None => check(&[body]),
            Some(stamp) => {
                let time = fresh(text(headers, &stamp.header)?, &stamp.header, stamp.tolerance_s, now)?;
                check(&[time.as_bytes(), stamp.separator.as_bytes(), body])
            }
        }
    }

    fn decoded(&self, written: &str) -> Option<Vec<u8>> {
        let digits = written.strip_prefix(&self.prefix)?;
        match self.encoding {
            Encoding::Hex => hex::decode(digits).ok(),
            Encoding::Base64 => STANDARD.decode(digits).ok(),
        }
    }
}

impl Encoding {
    fn word(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal",
            Self::Base64 => "base64",
        }
    }
}

fn header_name(name: &str) -> Result<String, String> {
    HeaderName::try_from(name).map(|name| name.to_string()).map_err(|_| format!("“{name}” is no name of a header"))
}

fn bad(detail: String) -> Reject {
    Reject::BadSignature(detail)
}

fn fits(hash: Hash, key: &[u8], parts: &[&[u8]], given: &[u8]) -> Choice {
    mac(hash, key, parts).as_slice().ct_eq(given)
}

/// Any length of key is taken by HMAC; an empty answer, which nothing equals, would say so if one were not.
fn mac(hash: Hash, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    fn run<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
        let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
        parts.iter().for_each(|part| mac.update(part));
        Some(mac.finalize().into_bytes().to_vec())
    }
    let made = match hash {
        Hash::Sha256 => run::<Hmac<Sha256>>(key, parts),
        Hash::Sha512 => run::<Hmac<Sha512>>(key, parts),
    };
    made.unwrap_or_default()
}

#[cfg(test)]
mod tests;
