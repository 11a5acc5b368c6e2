//! `countersign gate` as a pipeline's step runs it: with its variables around it, and nothing else of this machine.

use super::binary::{Ran, finish, path};
use super::installation::Installation;
use std::process::{Command, Stdio};

/// What a pipeline's environment and command line are.
pub struct Step {
    server: String,
    token: String,
    variables: Vec<(String, String)>,
}

impl Step {
    pub fn new(installation: &Installation, token: &str) -> Self {
        Self::at(&installation.base(), token)
    }

    pub fn at(server: &str, token: &str) -> Self {
        Self { server: server.to_owned(), token: token.to_owned(), variables: Vec::new() }
    }

    /// Variables that a CI system would set.
    #[must_use]
    pub fn with(mut self, variables: &[(&str, &str)]) -> Self {
        self.variables.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// To its end, while the test goes on.
    pub async fn runs(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || finish(&mut command)).await.expect("the end of a step")
    }

    /// As [`Step::runs`], begun at once: for a step that waits for what the test does.
    pub fn begins(&self, arguments: &[&str]) -> tokio::task::JoinHandle<Ran> {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || finish(&mut command))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(path());
        command.env_clear().envs(std::env::var_os("PATH").map(|value| ("PATH", value))).stdin(Stdio::null());
        command.env("COUNTERSIGN_URL", &self.server).env("COUNTERSIGN_TOKEN", &self.token).envs(self.variables.iter().cloned());
        command.arg("gate").args(arguments);
        command
    }
}
