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

mod backlog;
mod checks;
mod clock;
mod configuration;
mod log;
mod node;
mod plan;
mod told;

pub use node::Node;
pub use plan::{Credentials, Plan, Played};
pub use told::Told;

use crate::fakes::argocd::FakeArgocd;
use crate::fakes::discord::FakeDiscord;
use crate::fakes::door::serve;
use crate::fakes::github::FakeGithub;
use crate::fakes::jenkins::FakeJenkins;
use crate::fakes::line::Line;
use crate::fakes::receiver::Receiver;
use crate::fakes::slack::FakeSlack;
use clock::StoryClock;
use configuration::{Configuration, DISCORD_TOKEN, SLACK_SECRET, SLACK_TOKEN};
use database::{Database, Kind};
use github::Github;
use gitlab::Gitlab;
use router::app::App;
use router::clock::Clock;
use router::demo::gitlab::PretendGitlab;
use serde_json::Value;
use slack::Slack;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// What links on cards and comments begin with; nodes come and go behind it.
pub const PUBLIC_URL: &str = "https://gate.example.com";
/// Hooks of GitLab go to `/hooks/gitlab-main`, those of GitHub to `/hooks/github-main`.
pub const GITLAB: &str = "gitlab-main";
pub const GITHUB: &str = "github-main";
pub const GITHUB_SECRET: &str = "a secret of the webhook";

pub struct World {
    plan: RefCell<Plan>,
    played: Played,
    configuration: Configuration,
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

    async fn new(plan: &Plan, kind: Kind, played: Played) -> Self {
        let database = Database::new(kind);
        let clock = Arc::new(match played {
            Played::Inside => StoryClock::held(),
            Played::AsShipped => StoryClock::Machine,
        });
        let slack = FakeSlack::serve(SLACK_TOKEN, SLACK_SECRET, clock.clone()).await;
        slack.add_channel("deploys");
        let discord = FakeDiscord::serve(DISCORD_TOKEN, clock.clone()).await;
        discord.add_channel(discord::CHANNEL);
        let line = Line::new(clock.clone());
        let (gitlab, gitlab_url) = gitlab::serve(&line).await;
        let projects = gitlab::Projects::furnish(&gitlab);
        let github = FakeGithub::serve(GITHUB_SECRET, clock.clone(), &line).await;
        let (jenkins, argocd, receiver) = (Arc::<FakeJenkins>::default(), Arc::<FakeArgocd>::default(), Arc::<Receiver>::default());
        let mut integrations =
            vec![configuration::gitlab_integration(&gitlab_url), configuration::github_integration(&github, plan.github)];
        integrations.push(jenkins::integration(&serve(jenkins.clone(), &line).await));
        integrations.extend(argocd::integrations(&serve(argocd.clone(), &line).await));
        integrations.extend(generic::integrations(&serve(receiver.clone(), &line).await));
        let mut sections = configuration::general(plan, database.url(), &slack, &discord);
        sections["integration"] = Value::from(integrations);
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let world = Self {
            plan: RefCell::new(plan.clone()),
            played,
            configuration: Configuration::write(plan, &sections),
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

    pub fn played(&self) -> Played {
        self.played
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
        let node = Rc::new(Node::start(&plan, self.played, &self.configuration, self.clock.clone()).await);
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
        self.database.borrow().url().to_owned()
    }

    async fn stops(&self) {
        let nodes = std::mem::take(&mut *self.nodes.borrow_mut());
        for node in nodes {
            Rc::into_inner(node).expect("a story keeps no node over a restart").stop().await;
        }
    }

    /// Time passes, and what is due then is done.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by).await;
        self.settle().await;
    }

    /// Only the clock moves; nobody looks at it.
    pub async fn time_passes(&self, by: Duration) {
        self.clock.advance(by).await;
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
        self.configuration.put_laws(&changed);
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
