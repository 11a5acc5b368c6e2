//! What the outside was promised, written down at the moment of the promise.

use crate::process::click::Sheet;
use router::demo::gitlab::Delivery;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Ledger {
    /// Number of the deployment → its commit.
    pub deployments: BTreeMap<i64, String>,
    /// By the delivery's own key.
    pub hooks: BTreeMap<String, Hook>,
    pub forms: Vec<Form>,
    /// Answers that contradict earlier ones.
    pub contradictions: Vec<String>,
    /// Requests of ours that have not come to their end.
    pub in_flight: usize,
}

pub struct Hook {
    pub delivery: Delivery,
    pub deployment: i64,
    /// `blocked`, `running`, …
    pub status: String,
    /// The id of the first acknowledgement; `None` before it.
    pub acknowledged: Option<String>,
    /// How often it was sent, and how often that was answered.
    pub sent: usize,
    pub answered: usize,
    /// What the service names when the hook is repeated after everything has come to rest.
    pub changes: Vec<String>,
}

pub struct Form {
    pub sheet: Sheet,
    pub person: &'static str,
    pub is_acknowledged: bool,
    pub sent: usize,
}

impl Ledger {
    /// An acknowledgement names the delivery; a later one has to name the same.
    pub fn acknowledge(&mut self, key: &str, delivery: &str) {
        let Some(hook) = self.hooks.get_mut(key) else { return };
        hook.answered += 1;
        let first = hook.acknowledged.get_or_insert_with(|| delivery.to_owned());
        if first != delivery {
            self.contradictions
                .push(format!("hook {key} was acknowledged as delivery {first}, and is new as {delivery} when it is repeated"));
        }
    }

    /// Everything that was sent has been acknowledged, and nobody is about to send.
    pub fn is_quiet(&self) -> bool {
        self.in_flight == 0
            && self.hooks.values().all(|hook| hook.acknowledged.is_some())
            && self.forms.iter().all(|form| form.is_acknowledged)
    }
}
