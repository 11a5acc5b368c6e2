//! Reading of JSON that others wrote: nothing is taken for granted, everything is bounded.

use crate::sources::Reject;
use serde_json::Value;
use url::Url;

/// The longest text that is taken from a field, in bytes. GitLab's own names and titles end at 255 characters.
pub const TEXT_BYTES: usize = 1024;

/// A body, read by JSON pointers. A field of the wrong type counts as missing.
pub struct Fields<'a>(pub &'a Value);

impl Fields<'_> {
    /// Text that says something, without the white space around it; cut if it is too long.
    pub fn text(&self, pointer: &str) -> Option<String> {
        let text = self.0.pointer(pointer)?.as_str()?.trim();
        (!text.is_empty()).then(|| cut(text, TEXT_BYTES).to_owned())
    }

    /// A positive number; digits in a string are understood, because body templates quote them.
    pub fn number(&self, pointer: &str) -> Option<i64> {
        let number = match self.0.pointer(pointer)? {
            Value::Number(number) => number.as_i64(),
            Value::String(digits) => digits.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        number.filter(|number| *number > 0)
    }

    /// A name that keys are made of: missing or too long is a fault, for a cut name would be another name.
    pub fn required_text(&self, pointer: &str) -> Result<String, Reject> {
        let text = self.0.pointer(pointer).and_then(Value::as_str).map(str::trim).unwrap_or_default();
        match text.len() {
            0 => Err(Reject::malformed(pointer, "this text is missing")),
            1..=TEXT_BYTES => Ok(text.to_owned()),
            _ => Err(Reject::malformed(pointer, format!("this text is longer than {TEXT_BYTES} bytes"))),
        }
    }

    pub fn required_number(&self, pointer: &str) -> Result<i64, Reject> {
        self.number(pointer).ok_or_else(|| Reject::malformed(pointer, "this positive number is missing"))
    }
}

/// It becomes a link on cards, so a `javascript:` address must not get through.
pub fn web_address(fields: &Fields<'_>, pointer: &str) -> Option<String> {
    fields.text(pointer).filter(|text| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https")))
}

/// A commit's hash, shortened or not, SHA-1 or SHA-256.
pub fn is_hash(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The longest beginning of at most `bytes` bytes that ends between two characters.
pub fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_types_count_as_missing() {
        let body = json!({"a": " x ", "b": "", "c": null, "d": [1], "e": 7, "f": "8", "g": -1, "h": 1.5, "i": 0});
        let fields = Fields(&body);
        assert_eq!(fields.text("/a").as_deref(), Some("x"));
        for pointer in ["/b", "/c", "/d", "/e", "/nowhere", ""] {
            assert_eq!(fields.text(pointer), None, "{pointer}");
        }
        assert_eq!((fields.number("/e"), fields.number("/f")), (Some(7), Some(8)));
        for pointer in ["/a", "/c", "/d", "/g", "/h", "/i", "/nowhere"] {
            assert_eq!(fields.number(pointer), None, "{pointer}");
        }
    }

    #[test]
    fn long_text_is_cut_or_refused() {
        let body = json!({"long": "é".repeat(TEXT_BYTES)});
        assert_eq!(Fields(&body).text("/long").unwrap().len(), TEXT_BYTES);
        assert!(matches!(Fields(&body).required_text("/long"), Err(Reject::Malformed { pointer, .. }) if pointer == "/long"));
        assert_eq!(cut("aé", 2), "a");
    }
}
