//! One `countersign serve` of its own: its files, its process, what it uses.

use super::cpu;
use super::peers::Peers;
use crate::process::installation::{BOT_TOKEN, GITLAB_TOKEN, HOOK_SECRET, SIGNING_SECRET};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What hooks of the GitHub integration are signed with.
pub const GITHUB_SECRET: &str = "a secret of the bench";
/// The sample that `countersign init` writes.
pub const POLICY: &str = include_str!("../../../router/init/policy.yaml");
pub const PEOPLE: &str = include_str!("../../../router/init/people.yaml");
const READY_WITHIN: Duration = Duration::from_secs(20);

/// What a node works with.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub database: &'a str,
    /// A chat and a tool that answers go to. Without them the sample policy is in force, and nobody is told anything.
    pub peers: Option<&'a Peers>,
}

impl Site<'_> {
    fn policy(&self) -> String {
        match self.peers {
            Some(_) => crate::process::installation::POLICY.to_owned(),
            None => POLICY.split("\nnotifications:").next().expect("the policy before its channels").to_owned(),
        }
    }

    fn people(&self) -> &'static str {
        if self.peers.is_some() { crate::process::installation::PEOPLE } else { PEOPLE }
    }

    fn settings(&self, address: SocketAddr) -> String {
        let database = self.database;
        let mut text = format!(
            "[server]\nlisten = \"{address}\"\n[database]\nurl = \"{database}\"\n[log]\nlevel = \"warn\"\n\
             [network]\nallow_private = [\"127.0.0.0/8\"]\n\
             [[integration]]\nname = \"github\"\nkind = \"github\"\nsecret = \"{GITHUB_SECRET}\"\n\
             [[integration]]\nname = \"gitlab-main\"\nkind = \"gitlab\"\nsecret = \"{HOOK_SECRET}\"\n"
        );
        if let Some(Peers { gitlab_api, slack_api, .. }) = self.peers {
            let slack = format!("[slack]\nbot_token = \"{BOT_TOKEN}\"\nsigning_secret = \"{SIGNING_SECRET}\"\napi_url = \"{slack_api}\"\n");
            text += &format!("api_url = \"{gitlab_api}\"\ntoken = \"{GITLAB_TOKEN}\"\n{slack}");
        }
        text
    }
}

pub struct Node {
    pub address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Node {
    /// Starts the shipped binary; the node and how long it took from its start to ready.
    pub fn start(site: &Site<'_>) -> (Self, Duration) {
        let (folder, binary) = (TempDir::new().expect("a folder"), release_binary());
        let address = free_address();
        write(folder.path(), "policy.yaml", &site.policy());
        write(folder.path(), "people.yaml", site.people());
        write(folder.path(), "countersign.toml", &site.settings(address));
        let log = std::fs::File::create(folder.path().join("log")).expect("a log");
        let began = Instant::now();
        let mut command = Command::new(&binary);
        command.arg("serve").current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let process = command.spawn().unwrap_or_else(|error| panic!("{}: {error}; build it with cargo build --release", binary.display()));
        let node = Self { address, process, _folder: folder };
        while !node.is_ready() {
            assert!(began.elapsed() < READY_WITHIN, "not ready within {READY_WITHIN:?}; its log: {}", node.log());
            std::thread::sleep(Duration::from_millis(1));
        }
        (node, began.elapsed())
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let mut answer = [0_u8; 12];
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n").is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer.ends_with(b"200")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self._folder.path().join("log")).unwrap_or_default()
    }

    /// Processor time that it has used.
    pub fn cpu(&self) -> Duration {
        cpu::of(&self.process.id().to_string())
    }

    /// Resident memory, in MB of 1,048,576 bytes.
    pub fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("the process's status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        let kib: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number of KiB");
        kib / 1024.0
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).expect("a free port")
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// The shipped binary.
fn release_binary() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    std::env::var_os("COUNTERSIGN_BIN").map_or_else(|| target.join("release/countersign"), PathBuf::from)
}
