//! “Copy message link”: `https://discord.com/channels/<server>/<channel>/<message>`.

use super::snowflake::Snowflake;
use crate::platform::Posted;
use url::Url;

/// The channel and the message, if it is such a link.
pub fn read(link: &str) -> Option<Posted> {
    let url = Url::parse(link).ok()?;
    let mut path = url.path_segments()?;
    let (channels, _server, channel, message) = (path.next()?, path.next()?, path.next()?, path.next()?);
    let is_id = |id: &str| id.parse::<Snowflake>().is_ok();
    (channels == "channels" && is_id(channel) && is_id(message))
        .then(|| Posted { channel: channel.to_owned(), message: message.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_message() {
        let posted = Posted { channel: "7".to_owned(), message: "900".to_owned() };
        assert_eq!(read("https://discord.com/channels/3/7/900"), Some(posted.clone()));
        assert_eq!(read("https://discord.com/channels/@me/7/900"), Some(posted));
        for other in
            ["", "https://gate.example.com/changes/CHG-1", "https://discord.com/channels/3/7", "https://discord.com/channels/3/7/x"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
