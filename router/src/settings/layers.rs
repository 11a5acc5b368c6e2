//! Three layers of TOML: what ships, what the file says, what the environment says.

use super::{DEFAULTS, Settings};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const PREFIX: &str = "COUNTERSIGN__";

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{}: {why}. Write one with `countersign init`, or name another with --config.", path.display())]
    Unreadable { path: PathBuf, why: String },
    /// With line and column where the fault lies in the file.
    #[error("{place}: {why}")]
    Wrong { place: String, why: String },
}

pub(super) fn read(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Settings, SettingsError> {
    let mut layers = parse(DEFAULTS, "the defaults")?;
    if let Some(path) = file {
        let text =
            std::fs::read_to_string(path).map_err(|error| SettingsError::Unreadable { path: path.to_owned(), why: error.to_string() })?;
        let place = path.display().to_string();
        in_place(&text, &place)?;
        lay_over(&mut layers, parse(&text, &place)?);
    }
    for (name, value) in environment {
        if let Some(key) = name.strip_prefix(PREFIX) {
            lay_over(&mut layers, variable(key, &value));
        }
    }
    // The file alone was right, so what is wrong now came with a variable.
    let wrong =
        |error: toml::de::Error| SettingsError::Wrong { place: format!("the environment ({PREFIX}…)"), why: error.message().to_owned() };
    Settings::deserialize(Value::Table(layers)).map_err(wrong)
}

/// The file alone, over the defaults' text, so that a fault is named with its line: merged values have none.
fn in_place(text: &str, place: &str) -> Result<(), SettingsError> {
    /// The file's own shape: the same sections, each of them free to be absent.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read for its faults alone")]
    struct File {
        server: Option<Server>,
        database: Option<Database>,
        policy: Option<super::PolicyFiles>,
        directory: Option<super::DirectoryFile>,
        network: Option<Network>,
        log: Option<Log>,
        slack: Option<super::Slack>,
        discord: Option<super::Discord>,
        #[serde(default)]
        integration: Vec<super::Integration>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read for its faults alone")]
    struct Server {
        listen: Option<std::net::SocketAddr>,
        public_url: Option<url::Url>,
        body_limit: Option<usize>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read for its faults alone")]
    struct Network {
        allow_private: Option<Vec<ipnet::IpNet>>,
        answer_within_s: Option<std::num::NonZeroU64>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read for its faults alone")]
    struct Database {
        url: Option<String>,
        connections: Option<u32>,
        migrate: Option<bool>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read for its faults alone")]
    struct Log {
        level: Option<String>,
        format: Option<super::LogFormat>,
    }
    toml::from_str::<File>(text).map(drop).map_err(|error| wrong(&error, text, place))
}

fn parse(text: &str, place: &str) -> Result<Table, SettingsError> {
    text.parse::<Table>().map_err(|error| wrong(&error, text, place))
}

fn wrong(error: &toml::de::Error, text: &str, place: &str) -> SettingsError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    SettingsError::Wrong { place: format!("{place}:{line}:{column}"), why: error.message().to_owned() }
}

/// Tables are merged key by key; anything else of the upper layer wins.
fn lay_over(lower: &mut Table, upper: Table) {
    for (key, value) in upper {
        match (lower.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
}

/// `SERVER__LISTEN` → `[server] listen`. A value that is TOML (`false`, `5`, `["a"]`) is read as such, else as text.
fn variable(key: &str, text: &str) -> Table {
    let names: Vec<String> = key.split("__").map(str::to_lowercase).collect();
    let mut names = names.into_iter().rev();
    let read = format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
    let value = read.unwrap_or_else(|| Value::String(text.to_owned()));
    let mut table = Table::from_iter(names.next().map(|name| (name, value)));
    for name in names {
        table = Table::from_iter([(name, Value::Table(table))]);
    }
    table
}
