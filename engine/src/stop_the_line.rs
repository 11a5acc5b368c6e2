//! Pausing and resuming releases by hand: who may, for how long, with which reason (policy `incidents.stop_the_line`).

use crate::clean::clean;
use crate::directory::Directory;
use crate::event::Attempt;
use crate::hold::{Because, Hold, Pause, Scope};
use crate::ids::{GroupName, HoldId, PersonId};
use crate::no_pause::NoPause;
use crate::rationale;
use crate::refusal::Refusal;
use crate::rules::{Group, RationaleRule};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// A reason has at least as many visible characters where the policy asks for one.
const REASON_MIN: u32 = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopTheLine {
    /// Members of any of them may pause and resume.
    pub by: BTreeMap<GroupName, Group>,
    /// Whether a reason is asked for.
    pub needs: Needs,
    /// The longest that a pause lasts; one without an end gets this one.
    pub longest_s: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Rationale,
    Nothing,
}

/// What somebody wants to be paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PauseWish {
    pub by: PersonId,
    pub scope: Scope,
    pub reason: String,
    pub until: Option<Timestamp>,
}

/// The hold that this wish makes, if the policy lets this person place it.
pub fn pause(rules: Option<&StopTheLine>, directory: &Directory, id: HoldId, wish: PauseWish, now: Timestamp) -> Result<Hold, Refusal> {
    let rules = may_stop(rules, directory, &wish.by)?;
    let reason = rules.reason(&wish.reason)?;
    let until = rules.end(wish.until, now)?;
    let pause = Pause { scope: wish.scope, reason, by: wish.by, since: now, until };
    Ok(Hold { id, because: Because::Paused(pause) })
}

/// The reason as it is kept, if the policy lets this person end pauses for it.
pub fn resume(rules: Option<&StopTheLine>, directory: &Directory, by: &PersonId, reason: &str) -> Result<String, Refusal> {
    may_stop(rules, directory, by)?.reason(reason)
}

/// Whether this person may pause or resume at all.
pub fn may_stop<'a>(rules: Option<&'a StopTheLine>, directory: &Directory, person: &PersonId) -> Result<&'a StopTheLine, Refusal> {
    let rules = rules.ok_or(NoPause::NobodyMay)?;
    if directory.person(person).is_none() {
        return Err(Refusal::NotInDirectory { person: person.clone() });
    }
    if rules.by.values().any(|group| group.has(person, directory)) {
        return Ok(rules);
    }
    Err(NoPause::MayNot { groups: rules.by.keys().cloned().collect() }.into())
}

impl StopTheLine {
    fn reason(&self, text: &str) -> Result<String, Refusal> {
        let rule = RationaleRule { required: self.needs == Needs::Rationale, min_length: REASON_MIN };
        let text = clean(text);
        match rationale::judge(&text, Attempt::Reject, rule) {
            Ok(()) => Ok(text),
            Err(Refusal::RationaleTooShort { min_length, .. }) => Err(NoPause::Unexplained { min_length }.into()),
            Err(refusal) => Err(refusal),
        }
    }

    fn end(&self, wished: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>, NoPause> {
        let latest = self.longest_s.map(|seconds| (now.plus_seconds(seconds), seconds));
        match (wished, latest) {
            (Some(until), _) if until <= now => Err(NoPause::InThePast),
            (Some(until), Some((latest, longest_s))) if until > latest => Err(NoPause::TooLong { longest_s }),
            (Some(until), _) => Ok(Some(until)),
            (None, latest) => Ok(latest.map(|(latest, _)| latest)),
        }
    }
}
