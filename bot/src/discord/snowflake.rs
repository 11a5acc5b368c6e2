//! Discord's ids: numbers that JSON writes as strings.

use serde::Deserialize;
use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// The id of a user, channel, message or application; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Snowflake(NonZeroU64);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no id of Discord's; it is a number in quotes, by Developer Mode and “Copy ID”")]
pub struct NotASnowflake(String);

impl Snowflake {
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl FromStr for Snowflake {
    type Err = NotASnowflake;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        let number = text.parse().ok().filter(|_| is_plain);
        number.map(Self).ok_or_else(|| NotASnowflake(text.to_owned()))
    }
}

impl TryFrom<String> for Snowflake {
    type Error = NotASnowflake;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_are_ids() {
        assert_eq!("1456".parse::<Snowflake>().map(Snowflake::get), Ok(1456));
        for wrong in ["", "0", "007", "+1", "-1", "1 ", "me", "99999999999999999999999"] {
            assert_eq!(wrong.parse::<Snowflake>(), Err(NotASnowflake(wrong.to_owned())));
        }
    }
}
