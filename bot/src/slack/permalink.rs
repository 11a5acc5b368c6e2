//! “Copy link” of a message: `https://example.slack.com/archives/C000000001/p1795449600000100`.

use crate::platform::Posted;
use url::Url;

/// Digits after the point of a message's time.
const FRACTION: usize = 6;

/// The channel and the message, if it is such a link.
pub fn read(link: &str) -> Option<Posted> {
    let url = Url::parse(link).ok()?;
    let mut path = url.path_segments()?;
    let (archives, channel, stamp) = (path.next()?, path.next()?, path.next()?);
    let digits = stamp.strip_prefix('p').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (seconds, fraction) = digits.split_at_checked(digits.len().checked_sub(FRACTION)?)?;
    (archives == "archives" && !channel.is_empty() && !seconds.is_empty())
        .then(|| Posted { channel: channel.to_owned(), message: format!("{seconds}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_message() {
        let posted = Posted { channel: "C000000001".to_owned(), message: "1795449600.000100".to_owned() };
        let link = "https://example.slack.com/archives/C000000001/p1795449600000100";
        assert_eq!(read(link), Some(posted.clone()));
        assert_eq!(read(&format!("{link}?thread_ts=1795449600.000100&cid=C000000001")), Some(posted));
        for other in [
            "",
            "https://gate.example.com/changes/CHG-1",
            "https://x/archives/C1/1795449600000100",
            "https://x/archives/C1/p12",
            "https://x/archives/C1/pé12345678",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
