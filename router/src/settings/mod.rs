//! `countersign.toml`: defaults, file and environment laid over each other, then read strictly.

mod layers;

use crate::secret::Secret;
use crate::sources::Integration;
use crate::sources::settings::one_or_many;
use bot::discord::{PublicKey, Snowflake};
use ipnet::IpNet;
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use url::Url;

pub use layers::SettingsError;

/// Every key with a default, as it ships.
pub const DEFAULTS: &str = include_str!("../../default.toml");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub policy: PolicyFiles,
    pub directory: DirectoryFile,
    pub network: Network,
    pub log: Log,
    #[serde(default)]
    pub slack: Option<Slack>,
    #[serde(default)]
    pub discord: Option<Discord>,
    #[serde(default)]
    pub integration: Vec<Integration>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: Url,
    pub body_limit: usize,
}

impl Server {
    /// The public address without a slash at its end.
    pub fn web(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// May hold a password, so it is not shown by `Debug`.
    pub url: String,
    pub connections: u32,
    pub migrate: bool,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("connections", &self.connections).field("migrate", &self.migrate).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFiles {
    pub files: Vec<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryFile {
    pub file: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    pub allow_private: Vec<IpNet>,
    /// How long a tool may take for one answer.
    pub answer_within_s: NonZeroU64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slack {
    pub bot_token: Secret,
    /// Several while rotating.
    #[serde(deserialize_with = "one_or_many")]
    pub signing_secret: Vec<Secret>,
    #[serde(default = "slack_api")]
    pub api_url: Url,
    #[serde(default = "slack_command")]
    pub command: String,
}

fn slack_api() -> Url {
    #[allow(clippy::expect_used, reason = "a constant that the tests parse")]
    Url::parse("https://slack.com/api").expect("a URL")
}

fn slack_command() -> String {
    "/gate".to_owned()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discord {
    pub application_id: Snowflake,
    /// Not a secret: it verifies what Discord signs.
    pub public_key: PublicKey,
    pub bot_token: Secret,
    #[serde(default = "discord_api")]
    pub api_url: Url,
}

fn discord_api() -> Url {
    #[allow(clippy::expect_used, reason = "a constant that the tests parse")]
    Url::parse("https://discord.com").expect("a URL")
}

impl Settings {
    /// Reads the file, with the defaults below and `COUNTERSIGN__…` variables above it. Paths in it are relative to
    /// its folder. Without a file only defaults and environment count.
    pub fn read(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        let mut settings = layers::read(file, environment)?;
        let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
        settings.directory.file = folder.join(&settings.directory.file);
        for path in &mut settings.policy.files {
            *path = folder.join(&*path);
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("countersign.toml");
        std::fs::write(&file, text).unwrap();
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::read(Some(&file), environment).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let settings = read("", &[]).unwrap();
        assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
        assert!(settings.slack.is_none() && settings.integration.is_empty());
        assert!(settings.directory.file.ends_with("people.yaml") && settings.directory.file.is_absolute());
    }

    #[test]
    fn the_environment_lies_over_the_file() {
        let text = "[server]\nlisten = '127.0.0.1:1'\n[database]\nurl = 'sqlite://a.db'";
        let environment = [("COUNTERSIGN__SERVER__LISTEN", "127.0.0.1:2"), ("COUNTERSIGN__DATABASE__MIGRATE", "false"), ("PATH", "/bin")];
        let settings = read(text, &environment).unwrap();
        assert_eq!(settings.server.listen.port(), 2);
        assert!(!settings.database.migrate);
        assert_eq!(settings.database.url, "sqlite://a.db");
    }

    #[test]
    fn unknown_keys_and_wrong_types_are_errors_with_a_place() {
        let fault = read("[server]\nlisen = '127.0.0.1:1'", &[]).unwrap_err();
        assert!(fault.contains("lisen") && fault.contains("listen"), "{fault}");
        let fault = read("\n\n[server]\nlisten = 5", &[]).unwrap_err();
        assert!(fault.contains(":4:"), "{fault}");
        let fault = read("", &[("COUNTERSIGN__SERVER__LISEN", "x")]).unwrap_err();
        assert!(fault.contains("lisen"), "{fault}");
    }

    #[test]
    fn a_password_in_the_database_address_is_not_shown() {
        let settings = read("[database]\nurl = 'postgres://gate:hunter2@db/gate'", &[]).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn slack_has_its_own_defaults() {
        let settings = read("[slack]\nbot_token = 'xoxb-1'\nsigning_secret = ['a', 'b']", &[]).unwrap();
        let slack = settings.slack.unwrap();
        assert_eq!((slack.api_url.as_str(), slack.command.as_str(), slack.signing_secret.len()), ("https://slack.com/api", "/gate", 2));
    }

    #[test]
    fn discord_is_read_with_its_faults() {
        let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let text = format!("[discord]\napplication_id = '42'\npublic_key = '{key}'\nbot_token = 'a token'");
        let discord = read(&text, &[]).unwrap().discord.unwrap();
        assert_eq!((discord.api_url.as_str(), discord.application_id.to_string().as_str()), ("https://discord.com/", "42"));
        assert!(!format!("{discord:?}").contains("a token"));
        let fault = read(&text.replace("'42'", "'my app'"), &[]).unwrap_err();
        assert!(fault.contains("my app") && fault.contains(":2:"), "{fault}");
        let fault = read(&text.replace(key, "abc"), &[]).unwrap_err();
        assert!(fault.contains("Ed25519") && fault.contains(":3:"), "{fault}");
    }
}
