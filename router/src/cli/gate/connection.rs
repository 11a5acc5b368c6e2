//! Which server, and with which token. The token never comes as an argument: those are shown to every user of a machine.

use super::server::Server;
use crate::cli::Format;
use crate::net::direct::Direct;
use crate::secret::Secret;
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use url::Url;

const TOKEN: &str = "COUNTERSIGN_TOKEN";

#[derive(Debug, Args)]
pub struct Connection {
    /// The server's address
    #[arg(long, env = "COUNTERSIGN_URL", hide_env_values = true, value_name = "URL")]
    server: Option<String>,
    /// A file with the token [or: COUNTERSIGN_TOKEN]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl Connection {
    pub fn server(&self) -> anyhow::Result<Server> {
        let address = self.server.as_deref().unwrap_or_default();
        if address.is_empty() {
            bail!("no server is named. Set COUNTERSIGN_URL, or use --server https://gate.example.com");
        }
        let base = base(address)?;
        let token = match &self.token_file {
            Some(file) => from_file(file)?,
            None => from_environment()?,
        };
        Ok(Server::new(Direct::new(base, token)?, address.to_owned()))
    }
}

fn base(address: &str) -> anyhow::Result<Url> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    // An address with a password in it is not repeated.
    let url = url.context("the server’s address is none. Write it like https://gate.example.com")?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        bail!("the server’s address has more than scheme, host, port and path. Leave user, password, query and fragment out.");
    }
    Ok(url)
}

fn from_file(file: &Path) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(file).with_context(|| format!("the token can’t be read from {}", file.display()))?;
    token(&text).with_context(|| format!("{} holds no token. Put one into it, made by `countersign token create`.", file.display()))
}

fn from_environment() -> anyhow::Result<Secret> {
    let text = std::env::var(TOKEN).unwrap_or_default();
    token(&text).with_context(|| format!("no token is there. Set {TOKEN}, or use --token-file; `countersign token create` makes one."))
}

fn token(text: &str) -> anyhow::Result<Secret> {
    Ok(Secret::new(text.trim())?)
}

#[cfg(test)]
mod tests {
    use super::base;

    #[test]
    fn addresses_are_plain() {
        for good in ["https://gate.example.com", "http://127.0.0.1:8080/", "https://example.com/gate"] {
            assert!(base(good).is_ok(), "{good}");
        }
        for bad in
            ["gate.example.com", "ftp://gate.example.com", "https://a:b@gate.example.com", "https://gate.example.com/?x=1", "https://"]
        {
            assert!(base(bad).is_err(), "{bad}");
        }
    }
}
