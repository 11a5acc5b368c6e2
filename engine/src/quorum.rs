//! The vote of a board: how many have to be in favour, so that no vote that is still to come could change the result.
//!
//! Who has not voted yet is reckoned against it. That is why a board is decided early without ever deciding otherwise
//! than when all have voted, and why the order of its votes never matters.

use crate::ids::{GroupName, PersonId, RequirementName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// People of one board: every one of them stands in the opening event.
pub const MAX_ELECTORATE: usize = 500;

/// What makes a requirement the vote of a board. Its group is in `Requirement::from`, its turnout in `Requirement::count`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    /// The members at opening. Who joins later does not vote; who leaves votes no longer.
    pub electorate: BTreeSet<PersonId>,
    pub majority: Majority,
    pub abstain: Abstain,
    /// `None`: nobody in particular has to vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<Chair>,
}

/// One of them has to vote, in favour or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chair {
    pub group: GroupName,
    /// Those of its members who were in the electorate at opening.
    pub people: BTreeSet<PersonId>,
}

/// How many of those who don't abstain have to be in favour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Majority {
    MoreThanHalf,
    TwoThirds,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abstain {
    CountsForTurnout,
    DoesNotCount,
}

/// What one rejection comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// It ends the change.
    #[default]
    IsAVeto,
    /// It is one vote: the change ends when the requirement can't be met any more.
    IsAVote,
}

/// How the votes on a requirement stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Who may vote now.
    pub eligible: u32,
    pub in_favour: u32,
    pub against: u32,
    pub abstained: u32,
}

/// A requirement that can't be met any more, because of how people voted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outvoted {
    pub requirement: RequirementName,
    #[serde(flatten)]
    pub tally: Tally,
}

impl Rejection {
    /// What is not said leaves the opening event as earlier builds wrote it.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::IsAVeto
    }
}

impl Majority {
    /// The least number in favour among this many who don't abstain. Never 0: silence approves nothing.
    pub fn of(self, voters: u32) -> u32 {
        let least = match self {
            Self::MoreThanHalf => voters / 2 + 1,
            Self::TwoThirds => (2 * u64::from(voters)).div_ceil(3).try_into().unwrap_or(u32::MAX),
            Self::All => voters,
        };
        least.max(1)
    }
}

impl Quorum {
    /// The least number in favour that nothing still to come could outvote, where so many have to take part.
    pub fn need(&self, turnout: u32, tally: Tally) -> u32 {
        let majority = self.majority.of(tally.eligible.saturating_sub(tally.abstained));
        let others = match self.abstain {
            Abstain::CountsForTurnout => tally.against.saturating_add(tally.abstained),
            Abstain::DoesNotCount => tally.against,
        };
        majority.max(turnout.saturating_sub(others))
    }
}

impl Tally {
    pub fn has_votes(&self) -> bool {
        self.in_favour + self.against + self.abstained > 0
    }

    /// `3 in favour, 1 against and 2 abstained`
    pub fn words(&self) -> String {
        let Self { in_favour, against, abstained, .. } = self;
        match abstained {
            0 => format!("{in_favour} in favour and {against} against"),
            _ => format!("{in_favour} in favour, {against} against and {abstained} abstained"),
        }
    }
}

impl Outvoted {
    /// `board was voted down, with 1 in favour and 3 against.`
    pub fn sentence(&self) -> String {
        format!("{} was voted down, with {}.", self.requirement, self.tally.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quorum(majority: Majority, abstain: Abstain) -> Quorum {
        Quorum { electorate: BTreeSet::new(), majority, abstain, chair: None }
    }

    #[test]
    fn a_majority_is_never_nobody() {
        let table = [
            (Majority::MoreThanHalf, [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (9, 5)]),
            (Majority::TwoThirds, [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (9, 6)]),
            (Majority::All, [(0, 1), (1, 1), (2, 2), (3, 3), (4, 4), (9, 9)]),
        ];
        for (majority, rows) in table {
            for (voters, least) in rows {
                assert_eq!(majority.of(voters), least, "{majority:?} of {voters}");
            }
        }
        assert_eq!(Majority::TwoThirds.of(u32::MAX), 2_863_311_530);
    }

    #[test]
    fn abstentions_shrink_the_majority_and_fill_the_turnout_where_the_policy_says_so() {
        let tally = |against, abstained| Tally { eligible: 9, in_favour: 0, against, abstained };
        let table = [
            (Abstain::CountsForTurnout, tally(0, 0), 5),
            (Abstain::CountsForTurnout, tally(4, 0), 5),
            (Abstain::CountsForTurnout, tally(0, 4), 3),
            (Abstain::CountsForTurnout, tally(1, 6), 2),
            (Abstain::DoesNotCount, tally(0, 4), 5),
            (Abstain::DoesNotCount, tally(1, 6), 4),
        ];
        for (abstain, tally, need) in table {
            assert_eq!(quorum(Majority::MoreThanHalf, abstain).need(5, tally), need, "{abstain:?} {tally:?}");
        }
    }

    #[test]
    fn a_result_is_said_in_words() {
        let tally = Tally { eligible: 9, in_favour: 2, against: 5, abstained: 0 };
        assert_eq!(Outvoted { requirement: "board".into(), tally }.sentence(), "board was voted down, with 2 in favour and 5 against.");
        assert_eq!(Tally { abstained: 1, ..tally }.words(), "2 in favour, 5 against and 1 abstained");
    }
}
