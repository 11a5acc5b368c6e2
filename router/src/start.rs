//! From settings to a running application: schema, directory, policy, integrations, chat.

use crate::app::internal::Order;
use crate::app::laws::Laws;
use crate::app::news::News;
use crate::app::together::Together;
use crate::app::{App, Failure, Parts};
use crate::attempts::Attempts;
use crate::clock::Clock;
use crate::net::{Client, ClientFault, Guard, Timeouts, connector};
use crate::people_file::{self, People};
use crate::sandbox::Sandbox;
use crate::settings::Settings;
use crate::sources::{SettingsFault, Sources};
use bot::Platform;
use bot::discord::{Discord, DiscordSettings};
use bot::slack::{Slack, SlackSettings};
use engine::event::Actor;
use engine::policy::{Document, Policy};
use engine::trial::load;
use entities::{Acceptance, ClaimedOutgoing, Fenced, NewDelivery, NewPolicy, NewRecord, Store, StoreError, StoreOptions};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Pages of one process that are kept current at the same time; further ones look again now and then.
const STREAMS_AT_MOST: usize = 512;
/// Failing sign-ins that one process answers in full; further ones of the same minute are turned away.
const FAILED_SIGN_INS_A_MINUTE: u32 = 30;

/// Why the process does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    #[error("the database’s schema can’t be brought up to date: {0}")]
    Migrate(#[from] migrations::MigrateError),
    #[error("the database’s schema is behind: {} pending. Run `countersign migrate up`, or set database.migrate = true.", .0.join(", "))]
    Behind(Vec<String>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Failure(#[from] Failure),
    #[error("{}", .0.join("\n"))]
    Files(Vec<String>),
    #[error("this build does not enforce parts of the policy, so it does not start with it:\n{}", .0.join("\n"))]
    NotEnforced(Vec<String>),
    #[error("{0}")]
    Integration(#[from] SettingsFault),
    #[error(transparent)]
    Client(#[from] ClientFault),
    #[error("policy.files names {0} files; this build reads one")]
    PolicyFiles(usize),
}

/// Brings the schema up to date, or says that it is behind.
pub async fn migrate(settings: &Settings) -> Result<(), StartFault> {
    if settings.database.migrate {
        let applied = migrations::up(&settings.database.url).await?;
        if !applied.is_empty() {
            tracing::info!(applied = applied.join(", "), "the database’s schema was brought up to date");
        }
        return Ok(());
    }
    let pending: Vec<String> =
        migrations::status(&settings.database.url).await?.into_iter().filter(|(_, applied)| !applied).map(|(name, _)| name).collect();
    if pending.is_empty() { Ok(()) } else { Err(StartFault::Behind(pending)) }
}

pub async fn connect(settings: &Settings) -> Result<Store, StartFault> {
    Ok(Store::connect(&StoreOptions { url: settings.database.url.clone(), connections: settings.database.connections }).await?)
}

/// The two files that say who may and what is asked, read and checked together.
pub struct LawFiles {
    pub people: People,
    pub policy: Policy,
    pub text: String,
}

impl LawFiles {
    pub fn read(settings: &Settings) -> Result<Self, StartFault> {
        let [file] = settings.policy.files.as_slice() else { return Err(StartFault::PolicyFiles(settings.policy.files.len())) };
        let text = std::fs::read_to_string(file).map_err(|error| StartFault::Files(vec![format!("{}: {error}", file.display())]))?;
        Self::of(&file.display().to_string(), text, people_file::read(&settings.directory.file))
    }

    /// As [`LawFiles::read`], with texts that are at hand already; `file` is what findings call the policy.
    pub fn of(file: &str, text: String, people: Result<People, Vec<String>>) -> Result<Self, StartFault> {
        let directory = people.as_ref().ok().map(People::directory);
        let loaded = load(Document { file, text: &text }, directory.as_ref());
        let faults = loaded.report.faults().map(ToString::to_string);
        let (people, policy) = match (people, loaded.policy) {
            (Ok(people), Some(policy)) => (people, policy),
            (people, _) => return Err(StartFault::Files(people.err().into_iter().flatten().chain(faults).collect())),
        };
        let not_enforced: Vec<String> = loaded.report.not_enforced().map(ToString::to_string).collect();
        if !not_enforced.is_empty() {
            return Err(StartFault::NotEnforced(not_enforced));
        }
        for warning in loaded.report.warnings() {
            tracing::warn!("{warning}");
        }
        Ok(Self { people, policy, text })
    }

    /// Into the database, in one transaction; what has not changed is not written.
    pub async fn put_in_force(&self, store: &Store, clock: &dyn Clock) -> Result<(), Failure> {
        let now = clock.now();
        let mut tx = store.begin().await?;
        let diff = tx.replace_directory(people_file::SOURCE, &self.people.people, &self.people.groups).await?;
        let other_rosters = tx.replace_rosters(people_file::SOURCE, &self.people.rosters).await?;
        if diff.changed || other_rosters {
            let removed: Vec<String> = diff.removed.iter().map(|(group, person)| format!("{person} from {}", group.group)).collect();
            let record =
                NewRecord { at: now, actor: Actor::System, kind: "directory_loaded".to_owned(), body: json!({ "removed": removed }) };
            let seq = tx.record("directory", &record).await?;
            let orders: Result<Vec<_>, Failure> =
                tx.open_changes().await?.into_iter().map(|id| Order::DirectoryChanged.addressed(id, format!("directory:{seq}"))).collect();
            tx.post_internal(&orders?, now).await?;
        }
        let reference = self.policy.reference();
        let in_force = store.policy_in_force().await?;
        if in_force.is_none_or(|policy| policy.digest != reference.digest) {
            let new = NewPolicy {
                digest: reference.digest.clone(),
                name: reference.name.clone(),
                version: reference.version,
                text: self.text.clone(),
                loaded_at: now,
            };
            tx.put_policy(&new).await?;
            let body = json!({ "name": reference.name, "version": reference.version, "digest": reference.digest });
            // Changes of the policy become changes with approvers of their own in a later build; until then the log says so.
            let record = NewRecord { at: now, actor: Actor::System, kind: "policy_loaded_unapproved".to_owned(), body };
            tx.record("policy", &record).await?;
            tracing::info!(policy = reference.name, version = reference.version, "a policy came into force");
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Everything but the doors and the loops.
pub async fn assemble(settings: Settings, clock: Arc<dyn Clock>, sandbox: Option<Sandbox>) -> Result<App, StartFault> {
    let files = LawFiles::read(&settings)?;
    assemble_with(settings, &files, clock, sandbox).await
}

/// As [`assemble`], with files that are at hand already.
pub async fn assemble_with(
    settings: Settings,
    files: &LawFiles,
    clock: Arc<dyn Clock>,
    sandbox: Option<Sandbox>,
) -> Result<App, StartFault> {
    let guard = Arc::new(Guard::new(settings.network.allow_private.clone()));
    let sources = Sources::build(&settings.integration)?;
    let timeouts = Timeouts::within(Duration::from_secs(settings.network.answer_within_s.get()));
    let client = Client::with_timeouts(guard.clone(), timeouts)?;
    let platforms = platforms(&settings, &guard)?;
    migrate(&settings).await?;
    let store = connect(&settings).await?;
    files.put_in_force(&store, clock.as_ref()).await?;
    let laws = Laws::of(clock.clone());
    let app = App::new(Parts {
        arrivals: arrivals(&store),
        endings: endings(&store, &clock),
        store,
        clock,
        settings,
        sources,
        client,
        platforms,
        laws,
        sandbox,
        news: News::default(),
        streams: Arc::new(Semaphore::new(STREAMS_AT_MOST)),
        failed_sign_ins: Attempts::new(FAILED_SIGN_INS_A_MINUTE),
        draining: AtomicBool::new(false),
    });
    app.laws.policy(&app.store).await?;
    Ok(app)
}

fn arrivals(store: &Store) -> Together<NewDelivery, Acceptance> {
    let store = store.clone();
    Together::start(move |deliveries: Vec<NewDelivery>| {
        let store = store.clone();
        async move { store.accept(&deliveries).await }
    })
}

fn endings(store: &Store, clock: &Arc<dyn Clock>) -> Together<ClaimedOutgoing, Fenced> {
    let (store, clock) = (store.clone(), clock.clone());
    Together::start(move |claims: Vec<ClaimedOutgoing>| {
        let (store, now) = (store.clone(), clock.now());
        async move { store.outgoing_done_together(&claims, now).await }
    })
}

/// One line a platform.
pub fn platforms(settings: &Settings, guard: &Arc<Guard>) -> Result<Vec<Box<dyn Platform>>, StartFault> {
    let mut platforms: Vec<Box<dyn Platform>> = Vec::new();
    if let Some(slack) = &settings.slack {
        let settings = SlackSettings { bot_token: bot::Secret::new(slack.bot_token.expose()), api_url: slack.api_url.clone() };
        platforms.push(Box::new(Slack::new(&settings, connector(guard.clone())?)));
    }
    if let Some(discord) = &settings.discord {
        let settings = DiscordSettings {
            application_id: discord.application_id,
            bot_token: bot::Secret::new(discord.bot_token.expose()),
            api_url: discord.api_url.clone(),
            public_key: discord.public_key.clone(),
            interactions_url: format!("{}/discord/interactions", settings.server.web()),
        };
        platforms.push(Box::new(Discord::new(settings, connector(guard.clone())?)));
    }
    Ok(platforms)
}
