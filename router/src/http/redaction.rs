//! What is kept of a body: compressed, and without the secrets that senders put into their payloads.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::{BufReader, Write};

/// Words in names of fields whose values are never kept.
const SECRET_NAMES: [&str; 8] = ["token", "secret", "password", "passwd", "authorization", "api_key", "apikey", "private_key"];
/// GitLab's pipeline variables: a list of names and values, any of which may be a secret.
const VARIABLES: &str = "variables";
const STRIPPED: &str = "[stripped]";

/// The gzipped copy for the inbox. A body that is not JSON can't be searched for secrets, so only its digest is kept.
pub fn kept(body: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    strip(&mut value);
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    // Writing to memory can't fail; an empty copy would say so all the same.
    match serde_json::to_writer(&mut encoder, &value).map_err(std::io::Error::from).and_then(|()| encoder.flush()) {
        Ok(()) => encoder.finish().unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

/// The kept copy as it can be read again; `None` if nothing was kept.
pub fn opened(copy: &[u8]) -> std::io::Result<Option<Value>> {
    if copy.is_empty() {
        return Ok(None);
    }
    let value = serde_json::from_reader(BufReader::new(GzDecoder::new(copy)))?;
    Ok(Some(value))
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| strip_field(name, value)),
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn strip_field(name: &str, value: &mut Value) {
    let name = name.to_lowercase();
    let is_secret = name == VARIABLES || SECRET_NAMES.iter().any(|word| name.contains(word));
    match value {
        _ if is_secret => *value = Value::String(STRIPPED.to_owned()),
        value => strip(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(copy: &[u8]) -> String {
        opened(copy).unwrap().unwrap().to_string()
    }

    #[test]
    fn secrets_are_stripped_at_any_depth() {
        let body = br#"{"a":[{"Access_Token":"hunter2","ok":1}],"object_attributes":{"variables":[{"key":"K","value":"hunter2"}]}}"#;
        let text = read(&kept(body));
        assert!(!text.contains("hunter2") && text.contains(r#""ok":1"#), "{text}");
    }

    #[test]
    fn what_is_not_json_is_not_kept() {
        assert!(kept(b"token=hunter2").is_empty());
        assert_eq!(opened(&[]).unwrap(), None);
    }
}
