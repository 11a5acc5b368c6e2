//! A folder as an operator sets it up: countersign.toml, policy.yaml, people.yaml.

use std::fmt::Write;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use tempfile::TempDir;
use url::Url;

/// The integration: hooks go to `/hooks/gitlab-main`.
pub const INTEGRATION: &str = "gitlab-main";
pub const HOOK_SECRET: &str = "hook-secret-5b1f0a";
pub const GITLAB_TOKEN: &str = "glpat-8c2e77d0";
pub const BOT_TOKEN: &str = "xoxb-countersign";
pub const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

/// Standard output and error of every start of the service, one after the other.
pub const LOG: &str = "serve.log";
/// Lines of it that a failed test shows.
const TAIL: usize = 40;

/// The policy of every installation, and the people of most.
pub const POLICY: &str = include_str!("policy.yaml");
pub const PEOPLE: &str = include_str!("people.yaml");

/// Below the ports that systems give to outgoing connections: one of those could take ours while the program is down.
const PORTS: std::ops::Range<u16> = 12_000..32_000;

/// Where an installation keeps what it knows.
#[derive(Clone, Copy)]
pub enum Database<'a> {
    /// A SQLite file in its folder.
    File,
    At(&'a str),
}

/// What differs between installations. Addresses that are `None` leave their section out.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    pub database: Database<'a>,
    pub gitlab_api: Option<&'a Url>,
    pub slack_api: Option<&'a Url>,
    pub people: &'a str,
}

/// Gone with its value; after a failed test it stays, to be looked at.
pub struct Installation {
    folder: TempDir,
    pub port: u16,
    pub database_url: String,
}

impl Installation {
    pub fn new(plan: &Plan<'_>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let database_url = match plan.database {
            Database::File => format!("sqlite://{}", folder.path().join("countersign.db").display()),
            Database::At(url) => url.to_owned(),
        };
        let installation = Self { folder, port: free_port(), database_url };
        installation.configure(plan);
        installation.write("policy.yaml", POLICY);
        installation.write("people.yaml", plan.people);
        installation
    }

    /// Without chat and without a pipeline.
    pub fn plain(database: Database<'_>) -> Self {
        Self::new(&Plan { database, gitlab_api: None, slack_api: None, people: PEOPLE })
    }

    /// Writes countersign.toml; its database stays where it is.
    pub fn configure(&self, plan: &Plan<'_>) {
        self.write("countersign.toml", &self.settings(plan));
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).expect("to write a file of the installation");
    }

    /// Adds to a file that is there.
    pub fn append(&self, name: &str, text: &str) {
        self.write(name, &format!("{}\n{text}", self.read(name)));
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).expect("a file of the installation")
    }

    /// The last lines that the service has logged.
    pub fn log_tail(&self) -> String {
        let log = self.read(LOG);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }

    /// `http://127.0.0.1:<port>`
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the pretend GitLab's hooks go.
    pub fn hooks_url(&self) -> String {
        format!("{}/hooks/{INTEGRATION}", self.base())
    }

    fn settings(&self, plan: &Plan<'_>) -> String {
        let (base, port, database) = (self.base(), self.port, &self.database_url);
        let mut text = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"{base}\"\n\n[database]\nurl = \"{database}\"\n\n\
             [policy]\nfiles = [\"policy.yaml\"]\n\n[directory]\nfile = \"people.yaml\"\n\n\
             [network]\nallow_private = [\"127.0.0.0/8\"]\n"
        );
        if let Some(api) = plan.slack_api {
            let section = format!("\n[slack]\nbot_token = \"{BOT_TOKEN}\"\nsigning_secret = \"{SIGNING_SECRET}\"\napi_url = \"{api}\"\n");
            text.push_str(&section);
        }
        if let Some(api) = plan.gitlab_api {
            write!(text, "\n[[integration]]\nname = \"{INTEGRATION}\"\nkind = \"gitlab\"\nsecret = \"{HOOK_SECRET}\"\n")
                .expect("to write text");
            write!(text, "api_url = \"{api}\"\ntoken = \"{GITLAB_TOKEN}\"\n").expect("to write text");
        }
        text
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            println!("the installation stays in {}", self.folder.path().display());
        }
    }
}

/// Different for each test process, and for each installation of one.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let width = PORTS.end - PORTS.start;
    let first = u16::try_from(std::process::id().wrapping_mul(97) % u32::from(width)).expect("a number below the width");
    for _ in 0..width {
        let port = PORTS.start + first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % width;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port from {} to {}", PORTS.start, PORTS.end)
}
