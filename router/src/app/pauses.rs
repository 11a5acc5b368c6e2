//! Pausing and resuming releases by hand, from whichever door: placed, recorded, and told to every change it covers.

use super::internal::Order;
use super::{App, Failure};
use engine::directory::Directory;
use engine::event::Actor;
use engine::hold::{Hold, Scope};
use engine::ids::{HoldId, InteractionId, PersonId};
use engine::no_pause::NoPause;
use engine::stop_the_line::{self, PauseWish, may_stop, pause};
use engine::{Refusal, Timestamp};
use entities::{NewRecord, StoreError, Tx, VersionName};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The stream that pauses are recorded in.
const STREAM: &str = "holds";
/// Writers of the same rows that may come before this one, before it gives up.
const MAX_CONFLICTS: u32 = 16;

/// How far ahead freezes of the policy are told beside the pauses: two weeks.
pub const FORESEEN_S: u64 = 14 * 24 * 60 * 60;

/// Of a digest, in a pause's name: as many as a UUID has.
const NAME_BYTES: usize = 16;

/// Refusals of one actor that are recorded within a minute, as with votes; further ones leave no record.
const REFUSALS_PER_MINUTE: usize = 10;
const MINUTE_MICROS: i64 = 60 * 1_000_000;
const REFUSED: &str = "hold_refused";

/// What came of a wish to pause or resume.
#[derive(Clone, Debug)]
pub enum Paused {
    /// `changes` are being told.
    Done {
        holds: Vec<Hold>,
        changes: usize,
    },
    Refused {
        refusal: Refusal,
        directory: Arc<Directory>,
    },
}

/// Which pauses are to end.
#[derive(Clone, Debug)]
pub enum Which {
    Id(HoldId),
    /// Every pause of exactly this scope.
    Scope(Scope),
}

/// Who resumes, and why.
#[derive(Clone, Debug)]
pub struct Resume {
    pub by: PersonId,
    pub which: Which,
    pub reason: String,
}

impl App {
    /// Stops releases of this scope from here on, whether or not the changes have heard of it yet. The same wish of the same
    /// interaction is the same pause, however often it is sent.
    pub async fn pause(&self, actor: &Actor, interaction: &InteractionId, wish: &PauseWish) -> Result<Paused, Failure> {
        let id = named(interaction, wish);
        for _ in 0..MAX_CONFLICTS {
            match self.pause_once(actor, id.clone(), wish.clone()).await {
                Err(Failure::Store(StoreError::Conflict)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::TooManyConflicts(MAX_CONFLICTS))
    }

    /// Ends pauses. Their changes are released as soon as they have heard of it.
    pub async fn resume(&self, actor: &Actor, wish: &Resume) -> Result<Paused, Failure> {
        for _ in 0..MAX_CONFLICTS {
            match self.resume_once(actor, wish).await {
                Err(Failure::Store(StoreError::Conflict)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::TooManyConflicts(MAX_CONFLICTS))
    }

    /// Records that somebody tried who is nobody here; the refusal that they read.
    pub async fn refuse_pause(&self, actor: &Actor, refusal: Refusal) -> Result<Refusal, Failure> {
        for _ in 0..MAX_CONFLICTS {
            match self.refused(self.store.begin().await?, actor, refusal.clone()).await {
                Err(Failure::Store(StoreError::Conflict)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::TooManyConflicts(MAX_CONFLICTS))
    }

    /// Why this person may not pause or resume; `None` where they may. For forms that are shown only to those who may.
    pub async fn pause_refusal(&self, person: &PersonId) -> Result<Option<Refusal>, Failure> {
        let policy = self.laws.policy(&self.store).await?;
        let directory = self.laws.directory_now(&self.store).await?;
        Ok(may_stop(policy.stop_the_line(), &directory, person).err())
    }

    /// The pauses that are in force now, oldest first.
    pub async fn pauses(&self) -> Result<Vec<Hold>, Failure> {
        Ok(self.store.holds_in_force(self.clock.now()).await?)
    }

    async fn pause_once(&self, actor: &Actor, id: HoldId, wish: PauseWish) -> Result<Paused, Failure> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        tx.bump_version(VersionName::Holds).await?;
        if let Some(hold) = tx.placed_hold(&id).await? {
            return placed_before(tx, hold).await;
        }
        let directory = self.laws.directory(&mut tx).await?;
        let policy = self.laws.policy_in(&mut tx, &self.store).await?;
        let scope = wish.scope.clone();
        let judged = match pause(policy.stop_the_line(), &directory, id, wish, now) {
            Ok(hold) => self.unknown_scope(&mut tx, &policy, &scope).await?.map_or(Ok(hold), Err),
            Err(refusal) => Err(refusal),
        };
        match judged {
            Ok(hold) => {
                tx.place_hold(&hold, now).await?;
                let changes = self.spread(&mut tx, &hold, "placed", now).await?;
                self.keep(tx, Entry { actor, kind: "hold_placed", body: json!({ "hold": hold, "changes": changes }), now }).await?;
                Ok(Paused::Done { holds: vec![hold], changes })
            }
            Err(refusal) => {
                let refusal = self.refused(tx, actor, refusal).await?;
                Ok(Paused::Refused { refusal, directory })
            }
        }
    }

    async fn resume_once(&self, actor: &Actor, wish: &Resume) -> Result<Paused, Failure> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        tx.bump_version(VersionName::Holds).await?;
        let directory = self.laws.directory(&mut tx).await?;
        let policy = self.laws.policy_in(&mut tx, &self.store).await?;
        let found = match stop_the_line::resume(policy.stop_the_line(), &directory, &wish.by, &wish.reason) {
            Ok(reason) => wish.which.among(tx.holds_in_force(now).await?).map(|holds| (holds, reason)),
            Err(refusal) => Err(refusal),
        };
        let (holds, reason) = match found {
            Ok(found) => found,
            Err(refusal) => {
                let refusal = self.refused(tx, actor, refusal).await?;
                return Ok(Paused::Refused { refusal, directory });
            }
        };
        let mut changes = 0;
        for hold in &holds {
            tx.lift_hold(&hold.id, now).await?;
            changes += self.spread(&mut tx, hold, "lifted", now).await?;
        }
        let ids: Vec<&HoldId> = holds.iter().map(|hold| &hold.id).collect();
        let body = json!({ "holds": ids, "by": wish.by, "reason": reason, "changes": changes });
        self.keep(tx, Entry { actor, kind: "hold_lifted", body, now }).await?;
        Ok(Paused::Done { holds, changes })
    }

    /// Every open change that the hold covers compares itself with the holds in force.
    async fn spread(&self, tx: &mut Tx, hold: &Hold, deed: &str, now: Timestamp) -> Result<usize, Failure> {
        let Some(pause) = hold.pause() else { return Ok(0) };
        let covered = tx.open_covered(&pause.scope).await?;
        let cause = format!("{deed}:{}", hold.id);
        let orders: Result<Vec<_>, Failure> = covered.iter().map(|change| Order::HoldsChanged.addressed(*change, cause.clone())).collect();
        tx.post_internal(&orders?, now).await?;
        Ok(covered.len())
    }

    /// Keeps the record of an attempt, unless this actor makes too many; what the person reads then is said by the answer.
    async fn refused(&self, mut tx: Tx, actor: &Actor, refusal: Refusal) -> Result<Refusal, Failure> {
        let now = self.clock.now();
        let since = Timestamp::from_micros(now.micros().saturating_sub(MINUTE_MICROS)).unwrap_or(now);
        let recent = tx.records_since(STREAM, since).await?;
        if recent.iter().filter(|record| record.kind == REFUSED && &record.actor == actor).count() >= REFUSALS_PER_MINUTE {
            return Ok(Refusal::TooManyAttempts);
        }
        let body = json!({ "code": refusal.code() });
        self.keep(tx, Entry { actor, kind: REFUSED, body, now }).await?;
        Ok(refusal)
    }

    async fn keep(&self, mut tx: Tx, entry: Entry<'_>) -> Result<(), Failure> {
        let Entry { actor, kind, body, now } = entry;
        tx.record(STREAM, &NewRecord { at: now, actor: actor.clone(), kind: kind.to_owned(), body }).await?;
        self.news.written(tx.commit().await?);
        Ok(())
    }
}

/// What was said the first time; nothing is written.
async fn placed_before(mut tx: Tx, hold: Hold) -> Result<Paused, Failure> {
    let changes = match hold.pause() {
        Some(pause) => tx.open_covered(&pause.scope).await?.len(),
        None => 0,
    };
    Ok(Paused::Done { holds: vec![hold], changes })
}

/// A form that comes back changed is another wish. When it ends is left out: “for two hours” is later each time.
fn named(interaction: &InteractionId, wish: &PauseWish) -> HoldId {
    let PauseWish { by, scope, reason, until: _ } = wish;
    let digest = Sha256::digest(json!([interaction, by, scope, reason]).to_string());
    HoldId::new(format!("pause:{}", hex::encode(&digest[..NAME_BYTES])))
}

struct Entry<'a> {
    actor: &'a Actor,
    kind: &'static str,
    body: serde_json::Value,
    now: Timestamp,
}

impl Which {
    fn among(&self, in_force: Vec<Hold>) -> Result<Vec<Hold>, Refusal> {
        let found: Vec<Hold> = in_force.into_iter().filter(|hold| self.is(hold)).collect();
        if found.is_empty() { Err(NoPause::NotThere { scope: self.to_string() }.into()) } else { Ok(found) }
    }

    fn is(&self, hold: &Hold) -> bool {
        match self {
            Self::Id(id) => &hold.id == id,
            Self::Scope(scope) => hold.pause().is_some_and(|pause| &pause.scope == scope),
        }
    }
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Scope(scope) => scope.fmt(f),
        }
    }
}
