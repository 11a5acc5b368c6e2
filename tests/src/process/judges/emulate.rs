//! `emulate`: a stateful Slack Web API that we did not write, with single-use triggers, scopes and memberships.

use super::{installed, script};
use crate::process::installation::free_port;
use crate::process::patience::seen;
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const UP_WITHIN: Duration = Duration::from_secs(20);

pub struct Emulate {
    process: Child,
    /// `http://127.0.0.1:<port>/api`
    pub api: String,
}

impl Emulate {
    pub async fn start() -> Self {
        let port = free_port();
        let mut command = Command::new("node");
        command.arg(installed("node/node_modules/emulate/dist/index.js")).args(["--service", "slack", "--port", &port.to_string()]);
        command.arg("--seed").arg(script("seed.yaml")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("node, to run `emulate`: install it (Debian: nodejs)");
        let emulate = Self { process, api: format!("http://127.0.0.1:{port}/api") };
        seen("emulate's port", UP_WITHIN, async || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()).await;
        emulate
    }
}

impl Drop for Emulate {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
