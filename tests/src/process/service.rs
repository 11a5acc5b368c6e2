//! `countersign serve` as a process that is started, told things by signals, and killed.

use super::binary::command;
use super::installation::{Installation, LOG};
use super::patience::seen;
use reqwest::Client;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

pub const READY_WITHIN: Duration = Duration::from_secs(30);
const ENDED_WITHIN: Duration = Duration::from_secs(30);
/// Longer than the program may take for anything that a test asks of it.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

pub struct Service {
    folder: PathBuf,
    /// `http://127.0.0.1:<port>`
    base: String,
    process: Child,
}

impl Service {
    /// Starts it, and waits for nothing.
    pub fn start(installation: &Installation) -> Self {
        Self::start_with(installation, &[])
    }

    /// As [`Service::start`], with variables in its environment.
    pub fn start_with(installation: &Installation, environment: &[(&str, &str)]) -> Self {
        Self::start_in(installation.folder(), installation.base(), environment)
    }

    /// In a folder with a configuration by which it listens at `base`.
    pub fn start_in(folder: &Path, base: String, environment: &[(&str, &str)]) -> Self {
        let log = File::options().create(true).append(true).open(folder.join(LOG)).expect("the log");
        let mut command = command(folder);
        command.arg("serve").envs(environment.iter().copied());
        command.stdout(log.try_clone().expect("the log")).stderr(log);
        Self { folder: folder.to_owned(), base, process: command.spawn().expect("to start the program") }
    }

    /// Starts it and waits until it is ready.
    pub async fn ready(installation: &Installation) -> Self {
        let mut service = Self::start(installation);
        service.wait_ready().await;
        service
    }

    pub async fn wait_ready(&mut self) {
        let (url, client) = (format!("{}/readyz", self.base), client());
        let (folder, process) = (&self.folder, &mut self.process);
        seen("the service's readiness", READY_WITHIN, async || {
            let ended = process.try_wait().expect("the state of the process");
            assert!(ended.is_none(), "the service ended at its start ({ended:?}):\n{}", log(folder));
            client.get(&url).send().await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
    }

    /// The status of `/readyz` now; `None` if nobody listens.
    pub async fn readiness(&self) -> Option<u16> {
        let url = format!("{}/readyz", self.base);
        client().get(url).send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// kill -9: it gets no chance to do anything.
    pub fn kill(mut self) {
        self.process.kill().expect("to kill the process");
        self.process.wait().expect("the end of the process");
    }

    /// `TERM`, `HUP`.
    pub fn signal(&self, name: &str) {
        // The shell's own `kill`, because not every machine has the program.
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.process.id())]).status().expect("to run sh");
        assert!(status.success(), "the signal {name} could not be sent");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let process = &mut self.process;
        seen("the end of the process", ENDED_WITHIN, async || process.try_wait().expect("the state of the process")).await
    }

    /// SIGTERM, and how it ended.
    pub async fn terminate(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended().await
    }

    pub fn log(&self) -> String {
        log(&self.folder)
    }
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join(LOG)).expect("the log")
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A client for loopback: no proxy, no redirects.
pub fn client() -> Client {
    // A second installation is refused, which is what is wanted.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(ANSWER_WITHIN);
    client.build().expect("a client")
}
