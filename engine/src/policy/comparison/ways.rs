//! In which direction a key of a policy has to go to ask more: the table that differences are weighed by. A key without a
//! row can't be decided, so it counts as looser.

use crate::difference::Weight;
use crate::policy::blocks::defaults::DEFAULT_EXPIRE_AFTER_S;

/// What of a key is stricter.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// Of a number or a length of time, more; so much holds if it is left out.
    More(u64),
    /// Less; so much holds if it is left out.
    Less(u64),
    /// Of a list of names that has to be there, fewer.
    Fewer,
    /// As `Fewer`, where left out means none.
    FewerThanNone,
    /// More names; these hold if they are left out.
    Further(&'static [&'static str]),
    /// `true`; left out means this.
    Yes(bool),
    /// A later word of these; the last one means what holds if it is left out.
    Ladder(&'static [&'static str], &'static str),
    /// A wall time, earlier.
    Earlier,
    /// A wall time, later.
    Later,
    /// That it is there.
    There,
    /// That it is not there.
    Absent,
    /// It does something only where something else names it: it may come and go, but not say another thing.
    Named,
    /// Any value: it decides nothing about what goes out.
    Any,
    /// Whether it comes or goes can't be decided; where it stays, its keys can.
    Open,
}

/// No limit, of what is stricter when it is less.
const NONE: u64 = u64::MAX;
const AUTHORS: &[&str] = &["approver + initiator", "approver + commit_author", "approver + commit_co_author"];
const WAIVED_WITH: &[&str] = &["ticket", "expiry"];

/// Blocks of which the first entry that holds is taken, and what another order comes to.
pub const ORDERED: &[(&str, Weight)] = &[
    ("services", Weight::Looser),
    ("environments", Weight::Looser),
    ("classes", Weight::Looser),
    ("escalations", Weight::Looser),
    ("requirements", Weight::Neither),
];

/// Keys from their block on, `*` for a name.
pub const WAYS: &[(&str, Way)] = &[
    ("version", Way::Any),
    ("name", Way::Any),
    ("tests.*", Way::Any),
    ("notifications.*", Way::Any),
    ("asking_again", Way::Any),
    ("a_rejection", Way::Ladder(&["is_a_vote", "is_a_veto"], "is_a_veto")),
    ("defaults.uncovered_change", Way::Any),
    ("defaults.on_unknown", Way::Any),
    ("defaults.on_timeout", Way::Any),
    ("defaults.expire_after", Way::Less(DEFAULT_EXPIRE_AFTER_S)),
    ("defaults.service", Way::Absent),
    ("defaults.rationale.approve", Way::There),
    ("defaults.rationale.approve.required", Way::Yes(true)),
    ("defaults.rationale.approve.min_length", Way::More(0)),
    ("defaults.rationale.reject", Way::Any),
    ("groups.*", Way::Named),
    ("groups.*.notify", Way::Any),
    ("duty.*", Way::Named),
    ("duty.*.when_empty", Way::Any),
    ("lists.*", Way::Named),
    ("attributes.*", Way::Named),
    ("calendars.*", Way::Named),
    ("windows.*", Way::Named),
    ("windows.*.earliest_after_approval", Way::More(0)),
    ("windows.*.not_in_last", Way::More(0)),
    ("separation_of_duties.never_same_person", Way::Further(AUTHORS)),
    ("separation_of_duties.one_person_one_requirement", Way::Yes(true)),
    ("separation_of_duties.unknown_author", Way::Ladder(&["initiator_only", "block"], "block")),
    ("services.*", Way::Open),
    ("classes.*", Way::Open),
    ("escalations.*", Way::Open),
    ("environments.*", Way::Open),
    ("environments.*.promote_when", Way::Further(&[])),
    ("environments.*.window", Way::There),
    ("environments.*.lock", Way::There),
    ("environments.*.after", Way::There),
    ("environments.*.soak", Way::More(0)),
    ("environments.*.when_newer_arrives", Way::Any),
    ("environments.*.superseded", Way::Any),
    ("fields.all.*", Way::There),
    ("fields.all.*.min_length", Way::More(1)),
    ("fields.all.*.min_items", Way::More(1)),
    ("fields.all.*.reject_boilerplate", Way::Yes(false)),
    ("fields.all.*.required_when", Way::Absent),
    ("fields.emergency.*", Way::There),
    ("fields.emergency.*.min_length", Way::More(1)),
    ("fields.emergency.*.min_items", Way::More(1)),
    ("fields.emergency.*.reject_boilerplate", Way::Yes(false)),
    ("fields.emergency.*.required_when", Way::Absent),
    ("requirements.*", Way::There),
    ("requirements.*.when", Way::Absent),
    ("requirements.*.stage", Way::Any),
    ("requirements.*.approve", Way::Open),
    ("requirements.*.quorum", Way::Open),
    ("requirements.*.approve.from", Way::Fewer),
    ("requirements.*.approve.count", Way::More(1)),
    ("requirements.*.approve.blind", Way::Yes(false)),
    ("requirements.*.approve.step_up", Way::Yes(false)),
    ("requirements.*.quorum.turnout", Way::More(1)),
    ("requirements.*.quorum.majority", Way::Ladder(&["more_than_half", "two_thirds", "all"], "more_than_half")),
    ("requirements.*.quorum.must_vote", Way::There),
    ("requirements.*.quorum.abstain", Way::Ladder(&["counts_for_turnout", "does_not_count"], "does_not_count")),
    ("requirements.*.quorum.electorate", Way::Any),
    ("requirements.*.quorum.close_early", Way::Any),
    ("gates.*", Way::Named),
    ("gates.*.when", Way::Absent),
    ("gates.*.max_age", Way::Less(NONE)),
    ("gates.*.recheck", Way::There),
    ("gates.*.waiver", Way::Absent),
    ("gates.*.waiver.by", Way::Fewer),
    ("gates.*.waiver.needs", Way::Further(WAIVED_WITH)),
    ("gates.*.waiver.longest", Way::Less(NONE)),
    ("freezes.*", Way::There),
    ("freezes.*.where", Way::Absent),
    ("freezes.*.from", Way::Earlier),
    ("freezes.*.to", Way::Later),
    ("freezes.*.duration", Way::More(0)),
    ("freezes.*.stops", Way::Any),
    ("freezes.*.lets_through", Way::FewerThanNone),
    ("freezes.*.override", Way::Absent),
    ("freezes.*.override.count", Way::More(1)),
    ("freezes.*.override.rationale.required", Way::Any),
    ("freezes.*.override.rationale.min_length", Way::More(0)),
];

/// The way of a key; `None`: it can't be decided.
pub fn way(path: &[&str]) -> Option<Way> {
    let fits = |pattern: &str| {
        let steps: Vec<&str> = pattern.split('.').collect();
        steps.len() == path.len() && steps.iter().zip(path).all(|(step, key)| *step == "*" || step == key)
    };
    WAYS.iter().find(|(pattern, _)| fits(pattern)).map(|(_, way)| *way)
}
