//! `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.

use axum::http::HeaderMap;
use axum::http::header::{DATE, RETRY_AFTER};
use chrono::{DateTime, FixedOffset};

/// Nobody is left waiting longer than this because of one header.
const LONGEST_S: u64 = 3600;

/// A date counts from the answer's own `Date`, so the clocks of the two machines don't matter.
pub fn seconds(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from((date(text)? - date(headers.get(DATE)?.to_str().ok()?)?).num_seconds()).unwrap_or(0),
    };
    Some(seconds.min(LONGEST_S))
}

fn date(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc2822(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        let cases = [
            (Some("7"), None, Some(7)),
            (Some(" 0 "), None, Some(0)),
            (Some("999999999"), None, Some(LONGEST_S)),
            (Some("Wed, 21 Oct 2015 07:28:30 GMT"), Some("Wed, 21 Oct 2015 07:28:00 GMT"), Some(30)),
            (Some("Wed, 21 Oct 2015 07:27:00 GMT"), Some("Wed, 21 Oct 2015 07:28:00 GMT"), Some(0)),
            (Some("Wed, 21 Oct 2015 07:28:30 GMT"), None, None),
            (Some("soon"), Some("Wed, 21 Oct 2015 07:28:00 GMT"), None),
            (Some("-1"), None, None),
            (None, None, None),
        ];
        for (retry_after, date, expected) in cases {
            let mut headers = HeaderMap::new();
            retry_after.map(|text| headers.insert(RETRY_AFTER, text.parse().unwrap()));
            date.map(|text| headers.insert(DATE, text.parse().unwrap()));
            assert_eq!(seconds(&headers), expected, "{retry_after:?} {date:?}");
        }
    }
}
