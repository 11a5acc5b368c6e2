//! Discord's request signature: Ed25519 over the time and the raw body, by the application's public key.
//!
//! Source: docs.discord.com, "Setting up an endpoint: validating security request headers". Discord names no age; ours is
//! the one that holds for every platform. It sends wrong signatures on purpose and takes the address away where one is
//! accepted.

use crate::inbound::Forged;
use engine::Timestamp;
use serde::Deserialize;
use serenity::interactions_endpoint::Verifier;
use std::fmt;
use std::str::FromStr;

/// How far the time of a request may be from ours, in either direction.
const WINDOW_SECONDS: u64 = 300;
/// Bytes of an Ed25519 public key.
const KEY_BYTES: usize = 32;

/// The key by which Discord's requests to one application are known. It is public.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicKey {
    bytes: [u8; KEY_BYTES],
    verifier: Verifier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no Ed25519 key of 64 hexadecimal digits; copy “Public Key” from the application's page")]
pub struct NotAKey;

impl PublicKey {
    /// Whether Discord sent this body about now.
    ///
    /// `time` and `signature` are the headers `X-Signature-Timestamp` and `X-Signature-Ed25519`; `body` is as it came.
    pub fn verify(&self, time: Option<&str>, signature: Option<&str>, body: &[u8], now: Timestamp) -> Result<(), Forged> {
        let (Some(time), Some(signature)) = (time, signature) else { return Err(Forged::Unsigned) };
        let seconds: i64 = time.parse().map_err(|_| Forged::NoTime)?;
        if now.utc().timestamp().abs_diff(seconds) > WINDOW_SECONDS {
            return Err(Forged::Stale);
        }
        self.verifier.verify(signature, time, body).map_err(|()| Forged::Mismatch)
    }
}

impl PublicKey {
    /// Whether these hexadecimal digits are this key.
    pub fn is(&self, digits: &str) -> bool {
        hex::decode(digits).is_ok_and(|bytes| bytes == self.bytes)
    }
}

impl FromStr for PublicKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes: [u8; KEY_BYTES] = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(NotAKey)?;
        Verifier::try_new(bytes).map(|verifier| Self { bytes, verifier }).map_err(|_| NotAKey)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key and a signature of the first test vector of RFC 8032 (7.1), which signs nothing at all.
    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    const OF_NOTHING: &str =
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    fn check(time: Option<&str>, signature: Option<&str>) -> Result<(), Forged> {
        KEY.parse::<PublicKey>().unwrap().verify(time, signature, b"{}", at(1_000_000))
    }

    #[test]
    fn what_is_missing_stale_or_malformed_is_forged() {
        assert_eq!(check(None, Some(OF_NOTHING)), Err(Forged::Unsigned));
        assert_eq!(check(Some("1000000"), None), Err(Forged::Unsigned));
        assert_eq!(check(Some("soon"), Some(OF_NOTHING)), Err(Forged::NoTime));
        assert_eq!(check(Some("999699"), Some(OF_NOTHING)), Err(Forged::Stale));
        assert_eq!(check(Some("1000301"), Some(OF_NOTHING)), Err(Forged::Stale));
        for signature in ["", "00", OF_NOTHING, &"0".repeat(128), &"é".repeat(64)] {
            assert_eq!(check(Some("1000000"), Some(signature)), Err(Forged::Mismatch), "{signature}");
        }
    }

    #[test]
    fn only_a_point_of_the_curve_is_a_key() {
        for wrong in ["", "d75a", &"zz".repeat(32), &KEY[1..], &format!("02{}", "00".repeat(31))] {
            assert_eq!(wrong.parse::<PublicKey>().map(|_| ()), Err(NotAKey), "{wrong}");
        }
        assert_eq!(format!("{:?}", KEY.parse::<PublicKey>()), "Ok(PublicKey)");
    }
}
