//! What a story plays on: its policy, its people, its databases, and whether the console can be voted on.

use super::database::Kind;
use super::{World, checks, log};
use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};

const POLICY: &str = include_str!("policy.yaml");
const PEOPLE: &str = include_str!("people.yaml");

/// Stories of one process play one after the other: they share its log.
static STAGE: Mutex<()> = Mutex::new(());

/// With what our integration of the fake GitHub is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    App,
    Reviewer,
    Nothing,
}

/// In which form Countersign takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// The router's own code in the process of the story, which holds the clock and says when work is done.
    Inside,
    /// The program in a process of its own, by the machine's clock; the story waits until nothing is left to do.
    AsShipped,
}

#[derive(Clone)]
pub struct Plan {
    pub policy: String,
    pub people: String,
    pub is_sandbox: bool,
    pub is_on_discord: bool,
    pub kinds: Vec<Kind>,
    pub played: Vec<Played>,
    pub github: Credentials,
    /// Real time that a tool has for one answer.
    pub answer_within_s: NonZeroU64,
}

impl Default for Plan {
    fn default() -> Self {
        let kinds = vec![Kind::Sqlite, Kind::Postgres];
        let (policy, people) = (POLICY.to_owned(), PEOPLE.to_owned());
        let answer_within_s = NonZeroU64::MIN.saturating_add(14);
        let played = vec![Played::Inside];
        Self { policy, people, is_sandbox: false, is_on_discord: false, kinds, played, github: Credentials::App, answer_within_s }
    }
}

impl Plan {
    /// People are chosen, not proven: the console takes votes.
    pub fn in_sandbox(self) -> Self {
        Self { is_sandbox: true, ..self }
    }

    /// The story is played a second time, with the program as it ships.
    pub fn also_as_shipped(self) -> Self {
        Self { played: vec![Played::Inside, Played::AsShipped], ..self }
    }

    pub fn with_github(self, github: Credentials) -> Self {
        Self { github, ..self }
    }

    /// A tool that does not answer within a second is given up, so that a story can have many of them.
    pub fn impatient(self) -> Self {
        Self { answer_within_s: NonZeroU64::MIN, ..self }
    }

    /// Discord beside Slack: cards go to both, and everybody has an account on both.
    pub fn with_discord(self) -> Self {
        let channels = "slack: { deploys: [production] }";
        let both = format!("{channels}, discord: {{ \"{}\": [production] }}", super::discord::CHANNEL);
        // `U000000012` of Slack is `1412` of Discord.
        let people = (11..=17).fold(self.people.clone(), |people, number| {
            people.replace(&format!("U0000000{number} }}"), &format!("U0000000{number}, discord: \"14{number}\" }}"))
        });
        Self { people, is_on_discord: true, ..self.with_policy(channels, &both) }
    }

    /// The line may be stopped by whoever leads operations, with a reason, for a day at most.
    pub fn with_stop_the_line(self) -> Self {
        let by = "incidents:\n  stop_the_line: { by: [operations-leads], needs: rationale, longest: 1d }\n\nnotifications:";
        self.with_policy("notifications:", by)
    }

    pub fn only_on(self, kind: Kind) -> Self {
        Self { kinds: vec![kind], ..self }
    }

    /// The usual catalogue, with the service's names in the systems that send steps and notifications.
    pub fn with_pipelines(self) -> Self {
        let api = r#""api:checkout-api""#;
        let names = ["jenkins:payments/checkout-api", "argocd:payments/checkout-api", "generic:checkout-api"];
        let names: String = names.iter().map(|name| format!(r#", "{name}""#)).collect();
        self.with_policy(api, &format!("{api}{names}"))
    }

    /// The usual policy with one passage replaced.
    pub fn with_policy(self, passage: &str, by: &str) -> Self {
        Self { policy: replaced(&self.policy, passage, by), ..self }
    }

    /// The usual people with one passage replaced.
    pub fn with_people(self, passage: &str, by: &str) -> Self {
        Self { people: replaced(&self.people, passage, by), ..self }
    }

    /// Plays the story on each database, from nothing, and looks behind the scenes at its end.
    pub fn run(&self, story: impl AsyncFn(&World)) {
        let _alone = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
        log::listen();
        let played = forced().map_or(self.played.clone(), |played| vec![played]);
        let all = played.iter().flat_map(|played| self.kinds.iter().map(|kind| (*kind, *played)));
        for (kind, played) in all {
            drop(log::take());
            let _curtain = Curtain(kind, played);
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let world = World::new(self, kind, played).await;
                story(&world).await;
                checks::at_the_end(&world).await;
                world.ends().await;
            });
        }
    }
}

fn replaced(text: &str, passage: &str, by: &str) -> String {
    assert!(text.contains(passage), "the file does not say “{passage}”");
    text.replace(passage, by)
}

/// `COUNTERSIGN_STORIES=as-shipped` plays every story in that form alone.
fn forced() -> Option<Played> {
    (std::env::var("COUNTERSIGN_STORIES").ok()? == "as-shipped").then_some(Played::AsShipped)
}

/// Says on which database, and in which form, a story failed.
struct Curtain(Kind, Played);

impl Drop for Curtain {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the story failed on {}, played {:?}", self.0.name(), self.1);
        }
    }
}
