//! The directory, the pauses, the incidents and the policy in force, as the transaction at hand sees them.
//!
//! They are kept in memory by their version; a decision compares the version inside its transaction, so a change of
//! any is seen at once, and nothing is read again that has not changed.

use super::Failure;
use super::beside::Beside;
use super::incidents::known_since;
use crate::clock::Clock;
use engine::Timestamp;
use engine::decide::World;
use engine::directory::Directory;
use engine::hold::Hold;
use engine::incident::Incident;
use engine::policy::{Document, Policy, load};
use entities::{Store, Tx};
use std::sync::{Arc, Mutex, PoisonError};

pub struct Laws {
    clock: Arc<dyn Clock>,
    directory: Kept<Directory>,
    holds: Kept<Vec<Hold>>,
    incidents: Kept<Vec<Incident>>,
    policy: Kept<Policy>,
}

struct Kept<T>(Mutex<Option<(u64, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Kept<T> {
    fn at(&self, version: u64) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| *at == version).map(|(_, value)| value.clone())
    }

    fn newest(&self) -> Option<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, value)| value.clone())
    }

    fn keep(&self, version: u64, value: T) -> Arc<T> {
        let value = Arc::new(value);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, value.clone()));
        value
    }
}

/// What a decision reads beside its own stream, held until its transaction ends.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub directory: Arc<Directory>,
    pub holds: Arc<Vec<Hold>>,
    pub incidents: Arc<Vec<Incident>>,
    pub policy: Arc<Policy>,
}

impl Surroundings {
    pub fn world<'a>(&'a self, beside: &'a Beside) -> World<'a> {
        let Beside { succeeded, out } = beside;
        World {
            directory: &self.directory,
            holds: &self.holds,
            incidents: &self.incidents,
            succeeded: succeeded.as_ref(),
            out: out.as_ref(),
            catalogue: self.policy.catalogue(),
        }
    }
}

impl Laws {
    pub fn of(clock: Arc<dyn Clock>) -> Self {
        Self { clock, directory: Kept::default(), holds: Kept::default(), incidents: Kept::default(), policy: Kept::default() }
    }

    /// What this transaction decides by; it can't change until the transaction ends.
    ///
    /// Pauses that have run out since they were read are still among them, and incidents that were resolved long ago; who asks
    /// knows the time.
    pub async fn surroundings(&self, tx: &mut Tx, store: &Store, now: Timestamp) -> Result<Surroundings, Failure> {
        let versions = tx.read_versions().await?;
        let directory = self.directory_at(versions.directory, tx, now).await?;
        let holds = match self.holds.at(versions.holds) {
            Some(holds) => holds,
            None => self.holds.keep(versions.holds, tx.holds_in_force(now).await?),
        };
        let incidents = match self.incidents.at(versions.holds) {
            Some(incidents) => incidents,
            None => self.incidents.keep(versions.holds, tx.incidents_known(known_since(now)).await?),
        };
        let policy = self.policy_at(versions.policy, store).await?;
        Ok(Surroundings { directory, holds, incidents, policy })
    }

    /// The directory that this transaction decides by; it can't change until the transaction ends.
    pub async fn directory(&self, tx: &mut Tx) -> Result<Arc<Directory>, Failure> {
        let version = tx.read_versions().await?.directory;
        self.directory_at(version, tx, self.clock.now()).await
    }

    /// With those on duty at this instant.
    async fn directory_at(&self, version: u64, tx: &mut Tx, now: Timestamp) -> Result<Arc<Directory>, Failure> {
        match self.directory.at(version) {
            Some(directory) => Ok(self.on_duty(version, directory, now)),
            None => Ok(self.directory.keep(version, tx.directory().await?.at(now))),
        }
    }

    /// Rosters are asked once for each handover: counting their turns takes time.
    fn on_duty(&self, version: u64, directory: Arc<Directory>, now: Timestamp) -> Arc<Directory> {
        if directory.is_of(now) { directory } else { self.directory.keep(version, directory.at(now)) }
    }

    /// The newest directory, with those on duty now, for showing.
    pub async fn directory_now(&self, store: &Store) -> Result<Arc<Directory>, Failure> {
        let version = store.versions().await?.directory;
        let now = self.clock.now();
        if let Some(directory) = self.directory.at(version) {
            return Ok(self.on_duty(version, directory, now));
        }
        let (version, directory) = store.directory().await?;
        Ok(self.directory.keep(version, directory.at(now)))
    }

    /// The policy that this transaction decides by; it can't change until the transaction ends.
    pub async fn policy_in(&self, tx: &mut Tx, store: &Store) -> Result<Arc<Policy>, Failure> {
        let version = tx.read_versions().await?.policy;
        self.policy_at(version, store).await
    }

    /// The policy in force now.
    pub async fn policy(&self, store: &Store) -> Result<Arc<Policy>, Failure> {
        let version = store.versions().await?.policy;
        self.policy_at(version, store).await
    }

    async fn policy_at(&self, version: u64, store: &Store) -> Result<Arc<Policy>, Failure> {
        if let Some(policy) = self.policy.at(version) {
            return Ok(policy);
        }
        let record = store.policy_in_force().await?.ok_or(Failure::NoPolicy)?;
        let loaded = load(Document { file: &record.name, text: &record.text }, None);
        let fault = || loaded.report.faults().next().map(ToString::to_string).unwrap_or_default();
        let policy = loaded.policy.ok_or_else(|| Failure::PolicyUnreadable(fault()))?;
        Ok(self.policy.keep(record.store_version, policy))
    }

    /// The policy that was in force when it was last asked for; nothing is read.
    pub fn known_policy(&self) -> Option<Arc<Policy>> {
        self.policy.newest()
    }
}
