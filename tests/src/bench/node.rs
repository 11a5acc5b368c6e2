//! One `countersign serve` of its own: its files, its process, its memory.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What hooks of the GitHub integration are signed with.
pub const GITHUB_SECRET: &str = "a secret of the bench";
/// What hooks of the GitLab integration carry.
pub const GITLAB_SECRET: &str = "another secret of the bench";

const POLICY: &str = include_str!("../../../router/init/policy.yaml");
const PEOPLE: &str = include_str!("../../../router/init/people.yaml");
const READY_WITHIN: Duration = Duration::from_secs(20);

pub struct Node {
    pub address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Node {
    /// Starts the binary on this database; the node and how long it took from its start to ready.
    pub fn start(binary: &Path, database: &str) -> (Self, Duration) {
        let folder = TempDir::new().expect("a folder");
        let address = free_address();
        // No chat: what is measured is the way in.
        let policy: String = POLICY.split("\nnotifications:").next().expect("the policy before its channels").to_owned();
        write(folder.path(), "policy.yaml", &policy);
        write(folder.path(), "people.yaml", PEOPLE);
        write(folder.path(), "countersign.toml", &settings(address, database));
        let log = std::fs::File::create(folder.path().join("log")).expect("a log");
        let began = Instant::now();
        let mut command = Command::new(binary);
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

    /// Resident memory, in KiB.
    pub fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("the process's status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number of KiB")
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

fn settings(address: SocketAddr, database: &str) -> String {
    format!(
        "[server]\nlisten = \"{address}\"\n[database]\nurl = \"{database}\"\n[log]\nlevel = \"warn\"\n\
         [[integration]]\nname = \"github\"\nkind = \"github\"\nsecret = \"{GITHUB_SECRET}\"\n\
         [[integration]]\nname = \"gitlab\"\nkind = \"gitlab\"\nsecret = \"{GITLAB_SECRET}\"\n"
    )
}

/// The shipped binary.
pub fn release_binary() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    std::env::var_os("COUNTERSIGN_BIN").map_or_else(|| target.join("release/countersign"), PathBuf::from)
}
