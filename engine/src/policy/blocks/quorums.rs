//! `requirements[].quorum`: the vote of a board.

use super::requirements::judge_count;
use crate::directory::Directory;
use crate::ids::GroupName;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::quorum::{Abstain, Chair, MAX_ELECTORATE, Majority, Quorum, Rejection};
use crate::rules::Group;
use std::collections::{BTreeMap, BTreeSet};

const KEYS: Keys = Keys {
    enforced: &["of", "electorate", "majority", "turnout", "must_vote", "abstain", "a_rejection", "close_early"],
    not_enforced: &[],
};
const MAJORITIES: [(&str, Majority); 3] =
    [("more_than_half", Majority::MoreThanHalf), ("two_thirds", Majority::TwoThirds), ("all", Majority::All)];
const ABSTAIN: [(&str, Abstain); 2] = [("counts_for_turnout", Abstain::CountsForTurnout), ("does_not_count", Abstain::DoesNotCount)];
const REJECTIONS: [(&str, Rejection); 2] = [("is_a_veto", Rejection::IsAVeto), ("is_a_vote", Rejection::IsAVote)];
/// The keys that have one answer: any other would make a result depend on the order of votes, or on who joins late.
const FIXED: [(&str, &str); 2] = [("electorate", "eligible_at_opening"), ("close_early", "when_decided")];

pub const SHAPE: TableShape = TableShape {
    keys: KEYS,
    required: &["of", "majority", "turnout"],
    shapes: &[
        ("of", Shape::Text, "The group that votes."),
        ("electorate", Shape::Words(|| vec!["eligible_at_opening"]), "Who joins the group later does not vote."),
        ("majority", Shape::Words(|| words(&MAJORITIES)), "How many of those who don’t abstain have to be in favour."),
        ("turnout", Shape::Whole(1), "How many have to vote."),
        ("must_vote", Shape::Text, "A group of which somebody has to vote, in favour or not."),
        ("abstain", Shape::Words(|| words(&ABSTAIN)), "Whether abstentions count for the turnout; they don’t if left out."),
        ("a_rejection", REJECTION_SHAPE, "Whether one rejection ends the change; as in the whole policy if left out."),
        ("close_early", Shape::Words(|| vec!["when_decided"]), "It closes when no vote to come could change the result."),
    ],
};
pub const REJECTION_SHAPE: Shape = Shape::Words(|| words(&REJECTIONS));

/// A board as the policy describes it: who is in it is found when a change opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    pub of: GroupName,
    pub majority: Majority,
    /// At least 1.
    pub turnout: u32,
    pub must_vote: Option<GroupName>,
    pub abstain: Abstain,
    /// `None`: as everywhere in the policy.
    pub a_rejection: Option<Rejection>,
}

impl Board {
    /// With the people who are in it now.
    pub fn of_today(&self, groups: &BTreeMap<GroupName, Group>, directory: &Directory) -> Quorum {
        let members = |group: &GroupName| {
            groups.get(group).into_iter().flat_map(|group| group.people(directory)).filter(|id| directory.person(id).is_some())
        };
        let electorate: BTreeSet<_> = members(&self.of).cloned().collect();
        let chair = self.must_vote.as_ref().map(|group| Chair {
            group: group.clone(),
            people: members(group).filter(|person| electorate.contains(*person)).cloned().collect(),
        });
        Quorum { electorate, majority: self.majority, abstain: self.abstain, chair }
    }
}

pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Board> {
    let table = field.table(KEYS, reading)?;
    for (key, only) in FIXED {
        if let Some(field) = table.get(key) {
            field.word(&[only], reading);
        }
    }
    let of_field = table.require("of", reading);
    let of = of_field.as_ref().and_then(|of| read_group(of, reading));
    let majority = table.require("majority", reading).and_then(|field| one_of(&field, &MAJORITIES, reading));
    let turnout_field = table.require("turnout", reading);
    let turnout = turnout_field.as_ref().and_then(|turnout| turnout.whole(1, reading));
    let must_vote = optional(&table, "must_vote", reading, read_group);
    let abstain = optional(&table, "abstain", reading, |field, reading| one_of(field, &ABSTAIN, reading));
    let a_rejection = optional(&table, "a_rejection", reading, read_rejection);
    let board = Board {
        of: of?,
        majority: majority?,
        turnout: turnout?,
        must_vote: must_vote?,
        abstain: abstain?.unwrap_or(Abstain::DoesNotCount),
        a_rejection: a_rejection?,
    };
    judge_count(&turnout_field?.place(), std::slice::from_ref(&board.of), board.turnout, reading);
    judge_people(&of_field?, &table, &board, reading);
    Some(board)
}

/// `a_rejection`, of a board or of the whole policy.
pub fn read_rejection(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Rejection> {
    one_of(field, &REJECTIONS, reading)
}

/// A board is of those who were members at opening. Nobody stays on duty, so a roster has no such people.
fn read_group(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<GroupName> {
    let name = field.text(reading)?;
    if reading.names.has(What::Roster, name) {
        reading.fault(&field.place(), format!("{name} is a roster of duty, and a board needs people who stay; name a group"));
        return None;
    }
    reading.group(field)
}

/// A board that is too large, or that nobody who must vote belongs to, as far as the people are known.
fn judge_people(of: &Field<'_>, table: &Table<'_>, board: &Board, reading: &mut Reading<'_>) {
    let Some(directory) = reading.directory else { return };
    let is_known = |name: &GroupName| reading.groups.get(name).is_some_and(|group| group.is_known(directory));
    if !is_known(&board.of) {
        return;
    }
    let quorum = board.of_today(&reading.groups, directory);
    if quorum.electorate.len() > MAX_ELECTORATE {
        let message = format!("{} has {} members, and a board has at most {MAX_ELECTORATE}", board.of, quorum.electorate.len());
        return reading.fault(&of.place(), message);
    }
    let absent = quorum.chair.filter(|chair| chair.people.is_empty() && is_known(&chair.group));
    if let (Some(chair), Some(field)) = (absent, table.get("must_vote")) {
        reading.fault(&field.place(), format!("nobody of {} is in {}, so nobody could meet this", chair.group, board.of));
    }
}

/// The inner `None` stands for a key that is not there, the outer one for a fault.
fn optional<T>(
    table: &Table<'_>,
    key: &str,
    reading: &mut Reading<'_>,
    read: impl FnOnce(&Field<'_>, &mut Reading<'_>) -> Option<T>,
) -> Option<Option<T>> {
    match table.get(key) {
        None => Some(None),
        Some(field) => read(&field, reading).map(Some),
    }
}

fn one_of<T: Copy>(field: &Field<'_>, known: &[(&'static str, T)], reading: &mut Reading<'_>) -> Option<T> {
    let word = field.word(&words(known), reading)?;
    known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn words<T>(known: &[(&'static str, T)]) -> Vec<&'static str> {
    known.iter().map(|(word, _)| *word).collect()
}
