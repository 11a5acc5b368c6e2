//! What is kept of a body: compressed, and without the secrets that senders put into their payloads.

use flate2::read::GzDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use serde_json::Value;
use std::cell::RefCell;
use std::io::BufReader;

/// Words in names of fields whose values are never kept.
const SECRET_NAMES: [&str; 8] = ["token", "secret", "password", "passwd", "authorization", "api_key", "apikey", "private_key"];
/// GitLab's pipeline variables: a list of names and values, any of which may be a secret.
const VARIABLES: &str = "variables";
const STRIPPED: &str = "[stripped]";

/// A third of a forge's JSON remains; higher levels save little more and take longer.
const LEVEL: u32 = 2;
/// 2^15 bytes, gzip's own window.
const WINDOW_BITS: u8 = 15;
/// What gzip adds to a text that can't be compressed: its header and trailer, and a little for each block.
const OVERHEAD: usize = 64;

thread_local! {
    // Its tables are some hundred KiB: to make them anew takes longer than to compress a hook with them.
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::new(LEVEL), WINDOW_BITS));
}

/// The gzipped copy for the inbox. A body that is not JSON can't be searched for secrets, so only its digest is kept.
pub fn kept(body: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    strip(&mut value);
    serde_json::to_vec(&value).map(|text| gzipped(&text)).unwrap_or_default()
}

/// Compressing in memory can't fail; an empty copy would say so all the same.
fn gzipped(text: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        let mut copy = Vec::with_capacity(text.len() / 2 + OVERHEAD);
        loop {
            let read = usize::try_from(compressor.total_in()).unwrap_or(usize::MAX);
            let rest = text.get(read..).unwrap_or_default();
            match compressor.compress_vec(rest, &mut copy, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => return copy,
                Ok(Status::Ok | Status::BufError) => copy.reserve(text.len() / 2 + OVERHEAD),
                Err(_) => return Vec::new(),
            }
        }
    })
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
    match value {
        _ if is_secret(name.as_bytes()) => *value = Value::String(STRIPPED.to_owned()),
        value => strip(value),
    }
}

/// In any case of letters. Most names of a body are none, so each place in a name is first looked at for the words' first
/// letters: searching for every word in turn took longer than all the rest of a hook.
fn is_secret(name: &[u8]) -> bool {
    let begins = |rest: &[u8], word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    let holds_word = |at: usize| SECRET_NAMES.iter().any(|word| begins(&name[at..], word));
    let may_begin = |letter: u8| SECRET_NAMES.iter().any(|word| word.as_bytes().first() == Some(&letter.to_ascii_lowercase()));
    name.eq_ignore_ascii_case(VARIABLES.as_bytes()) || (0..name.len()).any(|at| may_begin(name[at]) && holds_word(at))
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
    fn names_of_secrets_are_known_wherever_the_word_stands() {
        for name in ["token", "Access_Token", "X-API_KEY", "clientSecret", "tokens", "variables", "Variables", "old_private_key_2"] {
            assert!(is_secret(name.as_bytes()), "{name}");
        }
        for name in ["", "t", "toke", "key", "variables_changed", "stoken_", "passage", "authors"] {
            assert_eq!(is_secret(name.as_bytes()), name == "stoken_", "{name}");
        }
    }

    #[test]
    fn copies_are_whole_and_independent() {
        let noise: Vec<u64> = (1..20_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        for body in [serde_json::json!({}), serde_json::json!({ "noise": noise }), serde_json::json!({ "filler": "x".repeat(100_000) })] {
            let text = body.to_string();
            assert_eq!(read(&kept(text.as_bytes())), text);
        }
    }

    #[test]
    fn what_is_not_json_is_not_kept() {
        assert!(kept(b"token=hunter2").is_empty());
        assert_eq!(opened(&[]).unwrap(), None);
    }
}
