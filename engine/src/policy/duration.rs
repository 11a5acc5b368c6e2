//! Lengths of time as a policy writes them: a number and one of `s m h d w`.

/// Ten years, in seconds: longer than anything a policy can mean.
pub const MAX_SECONDS: u64 = 10 * 365 * 24 * 60 * 60;

/// Seconds; `None` for anything that is not a whole number with a unit, or longer than `MAX_SECONDS`.
pub fn seconds(text: &str) -> Option<u64> {
    let unit = text.chars().next_back()?;
    let digits = &text[..text.len() - unit.len_utf8()];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    number.checked_mul(unit_seconds(unit)?).filter(|seconds| *seconds <= MAX_SECONDS)
}

fn unit_seconds(unit: char) -> Option<u64> {
    match unit {
        's' => Some(1),
        'm' => Some(60),
        'h' => Some(60 * 60),
        'd' => Some(24 * 60 * 60),
        'w' => Some(7 * 24 * 60 * 60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_number_and_a_unit() {
        let table = [
            ("0m", Some(0)),
            ("30s", Some(30)),
            ("15m", Some(900)),
            ("2h", Some(7_200)),
            ("14d", Some(1_209_600)),
            ("1w", Some(604_800)),
            ("", None),
            ("m", None),
            ("15", None),
            ("1.5h", None),
            ("-1h", None),
            ("+1h", None),
            ("1 h", None),
            ("1H", None),
            ("15é", None),
            ("99999999999999999999s", None),
            ("999999w", None),
        ];
        for (text, expected) in table {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
