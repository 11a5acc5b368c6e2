//! PostgreSQL for tests: a cluster that dies with this process, and a migrated database of its own for each test.
//!
//! `COUNTERSIGN_TEST_POSTGRES` names a running cluster to use instead (`postgres://postgres@…/postgres`, a superuser).
//! Whoever starts one for many test processes makes it for one run: its template is migrated once and then only copied.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test without its database has nothing to say")]

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::fs;
use std::future::Future;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;
use url::Url;

/// Names a running cluster for tests to use.
pub const SHARED_CLUSTER: &str = "COUNTERSIGN_TEST_POSTGRES";

/// The cluster that every test of this process shares.
static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// Any number of ours: whoever makes a template holds this advisory lock.
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61;

const START_WITHIN: Duration = Duration::from_secs(30);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// What the server may do without because nothing of a test has to outlive it.
const FAST: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "max_prepared_transactions=10",
];

/// As in production: what is acknowledged is on the disk.
const DURABLE: [&str; 5] = ["listen_addresses=", "fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=300"];

/// Runs until its standard input ends, which is when the test process does, however that dies. Told to keep the folder,
/// it stops the server and leaves its data.
const WATCHDOG: &str = r#"
programs=$1 folder=$2
shift 2
"$programs/postgres" -D "$folder/data" -k "$folder" "$@" &
server=$!
read -r word
kill -QUIT $server
wait $server
[ "$word" = keep ] || rm -rf "$folder"
"#;

/// A PostgreSQL server of this process. Dropped, it stops at once.
pub struct Cluster {
    url: String,
    server: Option<Server>,
}

struct Server {
    watchdog: Child,
    folder: TempDir,
    settings: &'static [&'static str],
}

impl Server {
    /// Stops as by a crash: nobody is asked to finish.
    fn stop(&mut self, word: &[u8]) {
        drop(self.watchdog.stdin.take().map(|mut stdin| stdin.write_all(word)));
        self.watchdog.wait().expect("the watchdog of PostgreSQL");
    }
}

impl Cluster {
    /// Starts a server that listens on a socket in a folder of its own, so that no two ever meet.
    pub fn start() -> Self {
        Self::with(&FAST)
    }

    /// One that loses nothing, for measuring what that costs.
    pub fn durable() -> Self {
        Self::with(&DURABLE)
    }

    fn with(settings: &'static [&'static str]) -> Self {
        let programs = programs();
        let folder = TempDir::with_prefix_in("pg", "/tmp").expect("a folder in /tmp for PostgreSQL");
        let user = Unprivileged::find(folder.path());
        user.owns(folder.path());
        user.run(&programs.join("initdb"), folder.path());
        let watchdog = user.watch(&programs, folder.path(), settings);
        let url = format!("postgres://postgres@localhost/postgres?host={}", folder.path().display());
        let mut cluster = Self { url, server: Some(Server { watchdog, folder, settings }) };
        cluster.wait();
        cluster
    }

    /// The server is gone as by a crash, until [`Cluster::start_again`]; a cluster of others can't be stopped.
    pub fn stop(&mut self) {
        self.server.as_mut().expect("a cluster of our own").stop(b"keep\n");
    }

    /// With the data that it had.
    pub fn start_again(&mut self) {
        let server = self.server.as_mut().expect("a cluster of our own");
        let folder = server.folder.path();
        // It is not ours any more once the server's user has it, so who we are is asked of another folder.
        let probe = TempDir::new().expect("a folder in which to see who we are");
        server.watchdog = Unprivileged::find(probe.path()).watch(&programs(), folder, server.settings);
        self.wait();
    }

    fn shared_or_own() -> Self {
        std::env::var(SHARED_CLUSTER).map_or_else(|_| Self::start(), |url| Self { url, server: None })
    }

    /// The address of its maintenance database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A migrated database in this cluster.
    pub fn database(&self) -> PostgresDatabase {
        let name = blocking(async {
            let mut admin = connect(&self.url).await;
            let template = self.template(&mut admin).await;
            create(&mut admin, &template).await
        });
        self.named(name)
    }

    /// A database in this cluster that has no schema yet.
    pub fn empty_database(&self) -> PostgresDatabase {
        let name = blocking(async {
            let mut admin = connect(&self.url).await;
            create(&mut admin, "template1").await
        });
        self.named(name)
    }

    fn named(&self, name: String) -> PostgresDatabase {
        PostgresDatabase { url: self.url_of(&name), name, admin_url: self.url.clone() }
    }

    /// The migrated template, made by whichever process comes first.
    async fn template(&self, admin: &mut PgConnection) -> String {
        let name = template_name().await;
        execute(admin, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
        let exists = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&name).fetch_optional(&mut *admin).await.unwrap();
        if exists.is_none() {
            // Under its name only when it is complete.
            execute(admin, format!("DROP DATABASE IF EXISTS {name}_unfinished")).await;
            execute(admin, format!("CREATE DATABASE {name}_unfinished STRATEGY FILE_COPY")).await;
            migrations::up(&self.url_of(&format!("{name}_unfinished"))).await.expect("the schema");
            execute(admin, format!("ALTER DATABASE {name}_unfinished RENAME TO {name}")).await;
        }
        execute(admin, format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
        name
    }

    fn url_of(&self, database: &str) -> String {
        let mut url = Url::parse(&self.url).expect("the address of the cluster");
        url.set_path(database);
        url.into()
    }

    fn wait(&mut self) {
        let attempts = START_WITHIN.as_millis() / LOOK_AGAIN_AFTER.as_millis();
        for _ in 0..attempts {
            let url = self.url.clone();
            if blocking(async move { PgConnection::connect(&url).await.is_ok() }) {
                return;
            }
            std::thread::sleep(LOOK_AGAIN_AFTER);
        }
        panic!("PostgreSQL did not start within {} s", START_WITHIN.as_secs());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            server.stop(b"\n");
        }
    }
}

/// A database of one test, gone with it.
pub struct PostgresDatabase {
    url: String,
    name: String,
    admin_url: String,
}

impl PostgresDatabase {
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let (url, drop) = (self.admin_url.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        // A server that a test has stopped takes its databases with it.
        blocking(async move {
            if let Ok(mut admin) = PgConnection::connect(&url).await {
                execute(&mut admin, drop).await;
            }
        });
    }
}

/// A migrated database in the cluster of this process, which starts with the first one.
pub fn database() -> PostgresDatabase {
    CLUSTER.get_or_init(Cluster::shared_or_own).database()
}

/// As `database`, without the schema.
pub fn empty_database() -> PostgresDatabase {
    CLUSTER.get_or_init(Cluster::shared_or_own).empty_database()
}

/// A copy of the template under a name that nobody else has; answers the name.
async fn create(admin: &mut PgConnection, template: &str) -> String {
    let unique = sqlx::query_scalar("SELECT 't' || replace(gen_random_uuid()::text, '-', '')");
    let name: String = unique.fetch_one(&mut *admin).await.expect("a name for a database");
    execute(admin, format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await;
    name
}

/// PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where there is no such user.
struct Unprivileged(Option<(u32, u32)>);

impl Unprivileged {
    /// `probe` is a folder that this process has just made, so its owner is who we are.
    fn find(probe: &Path) -> Self {
        let we_are_root = fs::metadata(probe).expect("our own folder").uid() == 0;
        if !we_are_root {
            return Self(None);
        }
        let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
        let find = |name: &str| users.lines().find_map(|line| ids_of(line, name));
        Self(Some(find("postgres").or_else(|| find("nobody")).expect("a user postgres or nobody to run PostgreSQL as")))
    }

    fn owns(&self, folder: &Path) {
        if let Some((user, group)) = self.0 {
            chown(folder, Some(user), Some(group)).expect("to give the folder to the user of PostgreSQL");
        }
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        let log = fs::File::options().create(true).append(true).open(folder.join("log")).expect("the log of PostgreSQL");
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir("/").stdin(Stdio::null());
        command.stdout(log.try_clone().expect("the log of PostgreSQL")).stderr(log);
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }

    fn run(&self, initdb: &Path, folder: &Path) {
        let mut command = self.command(initdb, folder);
        command.arg("-D").arg(folder.join("data")).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
        let status = command.status().expect("to run initdb");
        assert!(status.success(), "initdb failed: {}", fs::read_to_string(folder.join("log")).unwrap_or_default());
    }

    fn watch(&self, programs: &Path, folder: &Path, settings: &[&str]) -> Child {
        let mut command = self.command(Path::new("/bin/sh"), folder);
        command.args(["-c", WATCHDOG, "watchdog"]).arg(programs).arg(folder);
        command.args(settings.iter().flat_map(|setting| ["-c", setting]));
        // A group of its own: an interrupt at the terminal ends the tests, and their end stops the server.
        command.stdin(Stdio::piped()).process_group(0).spawn().expect("to start PostgreSQL")
    }
}

/// User and group of a line of /etc/passwd, if it is this user's.
fn ids_of(line: &str, name: &str) -> Option<(u32, u32)> {
    let fields: Vec<&str> = line.split(':').collect();
    let is_theirs = fields.first() == Some(&name);
    is_theirs.then(|| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?)))?
}

/// Where PostgreSQL's programs are: Debian keeps them out of the path.
fn programs() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = installed.collect();
    places.sort();
    places.reverse();
    places.extend(std::env::split_paths(&path));
    let found = places.into_iter().find(|place| place.join("initdb").is_file() && place.join("postgres").is_file());
    found.expect("PostgreSQL: install it (Debian: postgresql), or set COUNTERSIGN_TEST_POSTGRES to a running cluster")
}

/// Another template for another schema, so that a cluster that outlives a build is no trap.
async fn template_name() -> String {
    let missing = migrations::status("sqlite:///nonexistent/countersign.db").await.expect("the names of the migrations");
    let names: String = missing.into_iter().map(|(name, _)| name).collect();
    let digest = engine::canonical::digest_of_bytes(names.as_bytes());
    format!("template_{}", &digest.as_str()["sha256:".len()..][..16])
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| panic!("PostgreSQL at {url} can't be reached: {error}"))
}

async fn execute(admin: &mut PgConnection, sql: String) {
    admin.execute(AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("PostgreSQL refused: {error}"));
}

/// Runs to its end on a thread of its own, so that it also works inside a test that is asynchronous itself.
pub(crate) fn blocking<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work);
    std::thread::scope(|scope| scope.spawn(run).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
