//! One segment of a URL's path, encoded so that nothing in it can lead elsewhere.

/// Everything but RFC 3986's unreserved characters is encoded. `None` for what stays a step even when it is encoded:
/// nothing at all, `.` and `..`.
pub fn encoded(segment: &str) -> Option<String> {
    if matches!(segment, "" | "." | "..") {
        return None;
    }
    let each = segment.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    Some(each.collect())
}

/// The text of an encoded segment. `None` for broken escapes, and for what is no UTF-8 afterwards.
pub fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, others) = rest.split_at_checked(2)?;
        bytes.extend(hex::decode(digits).ok()?);
        rest = others;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_elsewhere_and_everything_comes_back() {
        let cases =
            [("a b", "a%20b"), ("feature%2Fx", "feature%252Fx"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("é", "%C3%A9"), ("a-b_c.d~", "a-b_c.d~")];
        for (plain, written) in cases {
            assert_eq!(encoded(plain).as_deref(), Some(written));
            assert_eq!(decoded(written).as_deref(), Some(plain));
        }
        for step in ["", ".", ".."] {
            assert_eq!(encoded(step), None);
        }
        for broken in ["%", "%2", "%zz", "%ff", "a%é"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }
}
