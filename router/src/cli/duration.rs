//! Lengths of time on the command line, as in policies: a number and one of `s m h d`.

use std::time::Duration;

/// A year: longer than any pipeline waits.
const LONGEST_S: u64 = 365 * 24 * 60 * 60;

pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err("write a number and one of s, m, h, d, such as 30m".to_owned()),
    };
    let seconds = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).filter(|seconds| *seconds <= LONGEST_S);
    seconds.map(Duration::from_secs).ok_or_else(|| "write a whole number of at most a year, such as 30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_number_and_a_unit() {
        let table = [
            ("0s", Some(0)),
            ("90s", Some(90)),
            ("30m", Some(1_800)),
            ("2h", Some(7_200)),
            ("1d", Some(86_400)),
            ("366d", None),
            ("30", None),
            ("m", None),
            ("", None),
            ("1.5h", None),
            ("-1h", None),
            ("1 h", None),
            ("30é", None),
            ("99999999999999999999s", None),
        ];
        for (text, expected) in table {
            assert_eq!(duration(text).ok(), expected.map(Duration::from_secs), "{text}");
        }
    }
}
