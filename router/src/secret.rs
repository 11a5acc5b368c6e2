//! A secret of the configuration: read once at load, shown never.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use std::fmt;
use std::path::PathBuf;

/// Written as a string, `{ env = "NAME" }` or `{ file = "PATH" }` (final line breaks are cut). Never empty.
///
/// There is no `Display` and no `Serialize`, so that a secret can't reach a log, an error or a page by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Inline(String),
    From(Place),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Place {
    Env(String),
    File(PathBuf),
}

/// Names the place, never what was found there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    #[error("the secret is empty")]
    Empty,
    #[error("the environment variable {0} is not set or not UTF-8")]
    NoVariable(String),
    #[error("the environment variable {0} is empty")]
    EmptyVariable(String),
    #[error("the file {} can't be read: {why}", path.display())]
    NoFile { path: PathBuf, why: String },
    #[error("the file {} is empty", .0.display())]
    EmptyFile(PathBuf),
}

impl Secret {
    /// A secret that is already at hand, such as one that was made for the demo.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretFault> {
        let text = text.into();
        if text.is_empty() { Err(SecretFault::Empty) } else { Ok(Self(text)) }
    }

    /// The one way to the text. What is done with it must not be logged.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn from_variable(name: String) -> Result<Self, SecretFault> {
        match std::env::var(&name) {
            Ok(text) if text.is_empty() => Err(SecretFault::EmptyVariable(name)),
            Ok(text) => Ok(Self(text)),
            Err(_) => Err(SecretFault::NoVariable(name)),
        }
    }

    fn from_file(path: PathBuf) -> Result<Self, SecretFault> {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => return Err(SecretFault::NoFile { path, why: error.kind().to_string() }),
        };
        match text.trim_end_matches(['\r', '\n']) {
            "" => Err(SecretFault::EmptyFile(path)),
            text => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Whatever was written in the wrong shape may be the secret itself, so the error does not repeat it.
        let written = Written::deserialize(deserializer)
            .map_err(|_| D::Error::custom("a secret is a string, { env = \"NAME\" } or { file = \"PATH\" }"))?;
        let secret = match written {
            Written::Inline(text) => Self::new(text),
            Written::From(Place::Env(name)) => Self::from_variable(name),
            Written::From(Place::File(path)) => Self::from_file(path),
        };
        secret.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Secret, String> {
        #[derive(Deserialize)]
        struct Table {
            secret: Secret,
        }
        toml::from_str::<Table>(toml).map(|table| table.secret).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn is_read_from_the_string_the_environment_or_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "from the file\r\n").unwrap();
        assert_eq!(read("secret = 'plain'").unwrap().expose(), "plain");
        assert_eq!(read("secret = { env = 'CARGO_PKG_NAME' }").unwrap().expose(), "router");
        assert_eq!(read(&format!("secret = {{ file = '{}' }}", path.display())).unwrap().expose(), "from the file");
    }

    #[test]
    fn faults_name_the_place_and_nothing_else() {
        assert_eq!(read("secret = ''").unwrap_err(), "the secret is empty");
        assert!(read("secret = { env = 'COUNTERSIGN_NOT_SET' }").unwrap_err().contains("COUNTERSIGN_NOT_SET"));
        assert!(read("secret = { file = '/nowhere/token' }").unwrap_err().contains("/nowhere/token"));
        for wrong in ["secret = 4711", "secret = { text = 'hunter2' }", "secret = ['hunter2']"] {
            let message = read(wrong).unwrap_err();
            assert!(message.starts_with("a secret is a string"), "{message}");
        }
    }

    #[test]
    fn is_never_shown() {
        assert_eq!(format!("{:?}", Secret::new("hunter2").unwrap()), "Secret(…)");
    }
}
