//! One spelling for each JSON value: keys sorted, no white space, so that equal values have equal digests.
//!
//! Floats do not occur in events; they would have more than one spelling.

use crate::ids::Digest;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The canonical JSON text of a value.
pub fn json<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, &mut text);
    Ok(text)
}

/// `sha256:` and the hexadecimal digest of the canonical JSON text.
pub fn digest<T: Serialize>(value: &T) -> Result<Digest, serde_json::Error> {
    json(value).map(|text| digest_of_bytes(text.as_bytes()))
}

/// `sha256:` and the hexadecimal digest of these bytes.
pub fn digest_of_bytes(bytes: &[u8]) -> Digest {
    Digest::new(format!("sha256:{}", hex::encode(Sha256::digest(bytes))))
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            text.push('{');
            for (n, key) in keys.into_iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(key.clone()).to_string());
                text.push(':');
                write(&map[key], text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}
