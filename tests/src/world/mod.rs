//! A small world around Countersign: a GitLab, a Slack, people, a clock, one or two nodes on one database. Stories play
//! in it from outside, and say what people and tools see.
//!
//! Time moves only when a story moves it, and work is done when something has happened: nothing sleeps, nothing polls.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a story ends at the first surprise")]

pub mod api;
pub mod argocd;
pub mod card;
pub mod command;
pub mod console;
pub mod database;
pub mod deployment;
pub mod discord;
pub mod generic;
pub mod github;
pub mod gitlab;
pub mod hooks;
pub mod jenkins;
pub mod person;
pub mod slack;

mod checks;
mod clock;
mod log;
mod node;
mod plan;
mod told;

pub use node::Node;
pub use plan::{Credentials, Plan};
pub use told::Told;

use crate::fakes::argocd::FakeArgocd;
use crate::fakes::discord::{APPLICATION, FakeDiscord};
use crate::fakes::door::serve;
use crate::fakes::github::{APP, APP_KEY, FakeGithub, REVIEWER_TOKEN};
use crate::fakes::jenkins::FakeJenkins;
use crate::fakes::line::Line;
use crate::fakes::receiver::Receiver;
use crate::fakes::slack::FakeSlack;
use clock::StoryClock;
use database::{Database, Kind};
use engine::ids::IntegrationName;
use github::Github;
use gitlab::Gitlab;
use router::app::App;
use router::clock::Clock;
use router::demo::gitlab::PretendGitlab;
use router::secret::Secret;
use router::settings::{Discord as DiscordSettings, Settings, Slack as SlackSettings};
use router::sources::Integration;
use slack::Slack;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What links on cards and comments begin with; nodes come and go behind it.
pub const PUBLIC_URL: &str = "https://gate.example.com";
/// Hooks of GitLab go to `/hooks/gitlab-main`, those of GitHub to `/hooks/github-main`.
pub const GITLAB: &str = "gitlab-main";
pub const GITHUB: &str = "github-main";
pub const GITHUB_SECRET: &str = "a secret of the webhook";
const SLACK_TOKEN: &str = "xoxb-of-the-stories";
const SLACK_SECRET: &str = "a secret of the app";
const DISCORD_TOKEN: &str = "a-bot-token-of-the-stories";

pub struct World {
    plan: RefCell<Plan>,
    settings: Settings,
    clock: Arc<StoryClock>,
    gitlab: PretendGitlab,
    projects: gitlab::Projects,
    /// How many were made, so that each is another.
    commits: Cell<u64>,
    hooks_prove: Cell<gitlab::Proof>,
    github: FakeGithub,
    slack: FakeSlack,
    jenkins: Arc<FakeJenkins>,
    argocd: Arc<FakeArgocd>,
    receiver: Arc<Receiver>,
    line: Line,
    discord: FakeDiscord,
    nodes: RefCell<Vec<Rc<Node>>>,
    http: reqwest::Client,
    announced: Announced,
    /// While its store is away nobody can work.
    is_store_away: Cell<bool>,
    // Last, so that it goes when nobody uses it any more.
    database: RefCell<Database>,
}

/// What a story says beforehand about its end.
#[derive(Default)]
struct Announced {
    errors: Cell<bool>,
    dead: Cell<u64>,
    waiting: Cell<u64>,
}

impl World {
    /// Plays a story on SQLite and on PostgreSQL.
    pub fn run(story: impl AsyncFn(&Self)) {
        Plan::default().run(story);
    }

    async fn new(plan: &Plan, kind: Kind) -> Self {
        let database = Database::new(kind);
        let clock = Arc::new(StoryClock::default());
        let slack = FakeSlack::serve(SLACK_TOKEN, SLACK_SECRET, clock.clone()).await;
        slack.add_channel("deploys");
        let discord = FakeDiscord::serve(DISCORD_TOKEN, clock.clone()).await;
        discord.add_channel(discord::CHANNEL);
        let line = Line::new(clock.clone());
        let (gitlab, gitlab_url) = gitlab::serve(&line).await;
        let projects = gitlab::Projects::furnish(&gitlab);
        let github = FakeGithub::serve(GITHUB_SECRET, clock.clone(), &line).await;
        let (jenkins, argocd, receiver) = (Arc::<FakeJenkins>::default(), Arc::<FakeArgocd>::default(), Arc::<Receiver>::default());
        let mut settings = settings(database.url(), &slack, gitlab_url);
        settings.integration.push(github_integration(&github, plan.github));
        settings.integration.push(jenkins::integration(&serve(jenkins.clone(), &line).await));
        settings.integration.extend(argocd::integrations(&serve(argocd.clone(), &line).await));
        settings.integration.extend(generic::integrations(&serve(receiver.clone(), &line).await));
        settings.network.answer_within_s = plan.answer_within_s;
        settings.discord = plan.is_on_discord.then(|| discord_settings(&discord));
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let world = Self {
            plan: RefCell::new(plan.clone()),
            settings,
            clock,
            gitlab,
            projects,
            commits: Cell::default(),
            hooks_prove: Cell::default(),
            github,
            slack,
            jenkins,
            argocd,
            receiver,
            line,
            discord,
            nodes: RefCell::default(),
            http,
            announced: Announced::default(),
            is_store_away: Cell::default(),
            database: RefCell::new(database),
        };
        world.another_node().await;
        world
    }

    pub fn gitlab(&self) -> Gitlab<'_> {
        Gitlab { world: self }
    }

    pub fn github(&self) -> Github<'_> {
        Github { world: self }
    }

    pub fn slack(&self) -> Slack<'_> {
        Slack { world: self }
    }

    /// Between us and the tools that we call.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The node that people and tools talk to unless a story says otherwise.
    pub fn node(&self) -> Rc<Node> {
        self.nodes.borrow().first().expect("a node that runs").clone()
    }

    pub fn nodes(&self) -> Vec<Rc<Node>> {
        self.nodes.borrow().clone()
    }

    pub fn app(&self) -> App {
        self.node().app.clone()
    }

    /// A further node on the same database.
    pub async fn another_node(&self) -> Rc<Node> {
        let plan = self.plan.borrow().clone();
        let node = Rc::new(Node::start(&plan, self.settings.clone(), self.clock.clone()).await);
        self.nodes.borrow_mut().push(node.clone());
        node
    }

    /// Everything ends as by a power cut and one node starts again.
    pub async fn restarts(&self) {
        self.stops().await;
        self.another_node().await;
        self.settle().await;
    }

    /// The first node dies as by a power cut; the others go on.
    pub async fn first_node_dies(&self) {
        let node = self.nodes.borrow_mut().remove(0);
        Rc::into_inner(node).expect("a story keeps no node that dies").stop().await;
    }

    /// What this does, and the beginnings of the statements that it takes, but for BEGIN and COMMIT.
    pub fn hears_statements<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = (T, Vec<String>)> {
        // Boxed: many of these in one story are more than a test's stack.
        let work = Box::pin(work);
        async move {
            drop(log::take_statements());
            (work.await, log::take_statements())
        }
    }

    pub fn database_url(&self) -> String {
        self.settings.database.url.clone()
    }

    async fn stops(&self) {
        let nodes = std::mem::take(&mut *self.nodes.borrow_mut());
        for node in nodes {
            Rc::into_inner(node).expect("a story keeps no node over a restart").stop().await;
        }
    }

    /// Time passes, and what is due then is done.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.settle().await;
    }

    /// Only the clock moves; nobody looks at it.
    pub fn time_passes(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub fn now(&self) -> engine::Timestamp {
        self.clock.now()
    }

    /// Hooks that were set off arrive, and everything that is due is done, until nothing is left to do.
    pub async fn settle(&self) {
        while !self.is_store_away.get() {
            let nodes = self.nodes.borrow().clone();
            for node in nodes {
                node.settle().await;
            }
            let (gitlab, github) = (self.gitlab().delivers_hooks().await, self.github().delivers_hooks().await);
            if !gitlab && !github {
                return;
            }
        }
    }

    /// As `settle`, but every node reaches for the same work at the same moment.
    pub async fn settles_at_once(&self) {
        let nodes = self.nodes.borrow().clone();
        futures_util::future::join_all(nodes.iter().map(|node| node.settle())).await;
        self.settle().await;
    }

    /// Policy or people change while everything runs, as by SIGHUP.
    pub async fn changes_people(&self, passage: &str, by: &str) {
        let changed = self.plan.borrow().clone().with_people(passage, by);
        *self.plan.borrow_mut() = changed.clone();
        let app = self.app();
        node::laws(&changed).put_in_force(&app.store, self.clock.as_ref()).await.unwrap();
        self.settle().await;
    }

    /// At the end so many rows of the outbox are put aside.
    pub fn expects_dead(&self, rows: u64) {
        self.announced.dead.set(rows);
    }

    /// At the end so many rows of the outbox wait for a later time.
    pub fn expects_waiting(&self, rows: u64) {
        self.announced.waiting.set(rows);
    }

    /// Errors are logged in this story, and it is about them.
    pub fn expects_errors(&self) {
        self.announced.errors.set(true);
    }

    /// Nobody else can decide anything until what this gives is dropped.
    pub async fn store_is_busy(&self) -> entities::Tx {
        let mut tx = self.app().store.begin().await.expect("a store that answers");
        tx.bump_version(entities::VersionName::Holds).await.expect("a store that answers");
        tx
    }

    /// The database's server is gone; nothing is worked on until it is back.
    pub fn store_goes_away(&self) {
        self.is_store_away.set(true);
        self.database.borrow_mut().server().stop();
    }

    pub fn store_comes_back(&self) {
        self.database.borrow_mut().server().start_again();
        self.is_store_away.set(false);
    }

    async fn ends(self) {
        self.stops().await;
    }
}

fn settings(database_url: &str, slack: &FakeSlack, gitlab_url: Url) -> Settings {
    let mut settings = Settings::read(None, std::iter::empty()).unwrap();
    settings.server.public_url = Url::parse(PUBLIC_URL).unwrap();
    database_url.clone_into(&mut settings.database.url);
    settings.network.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
    settings.integration = vec![Integration {
        api_url: Some(gitlab_url),
        token: Some(secret(gitlab::TOKEN)),
        ..integration(GITLAB, "gitlab", gitlab::SECRET)
    }];
    settings.slack = Some(SlackSettings {
        bot_token: secret(SLACK_TOKEN),
        signing_secret: vec![secret(SLACK_SECRET)],
        api_url: slack.api_url(),
        command: "/gate".to_owned(),
    });
    settings
}

fn github_integration(github: &FakeGithub, credentials: Credentials) -> Integration {
    let silent = Integration { api_url: Some(github.api_url()), ..integration(GITHUB, "github", GITHUB_SECRET) };
    match credentials {
        Credentials::App => Integration { app_id: Some(APP), private_key: Some(secret(APP_KEY)), ..silent },
        Credentials::Reviewer => Integration { token: Some(secret(REVIEWER_TOKEN)), ..silent },
        Credentials::Nothing => silent,
    }
}

fn discord_settings(discord: &FakeDiscord) -> DiscordSettings {
    DiscordSettings {
        application_id: APPLICATION.to_string().parse().unwrap(),
        public_key: discord.public_key().parse().unwrap(),
        bot_token: secret(DISCORD_TOKEN),
        api_url: discord.api_url(),
    }
}

fn integration(name: &str, kind: &str, hook_secret: &str) -> Integration {
    Integration::listening(IntegrationName::new(name), kind, vec![secret(hook_secret)])
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}
