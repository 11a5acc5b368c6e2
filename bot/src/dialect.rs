//! What cards say in the same words on every platform, in the markup that the platform reads.

use crate::budget::Budget;
use templates::line::{cut, units};
use templates::{PersonRef, Quorum, Rich, VoteLine, rich_text};

/// Votes that a card lists; the rest is under Details.
const VOTES_SHOWN: usize = 8;
/// Lines about who is still needed, and units of each: so few that they fit on the barest card.
const MISSING_SHOWN: usize = 4;
const MISSING_MAX: usize = 450;

/// How a platform writes.
pub struct Dialect {
    /// So that nobody's words become markup.
    pub escape: fn(&str) -> String,
    /// The most units that escaping makes of one unit more.
    pub longest_escape: usize,
    pub strong: fn(&str) -> String,
    pub person: fn(&PersonRef) -> String,
    pub rich: fn(&Rich) -> String,
}

impl Dialect {
    /// Escaped text of at most `max` units; cut before escaping, so that no escape is cut in two.
    pub fn escape_within(&self, text: &str, max: usize) -> String {
        let mut room = max;
        loop {
            let escaped = (self.escape)(&cut(text, room));
            let over = units(&escaped).saturating_sub(max);
            if over == 0 {
                return escaped;
            }
            // Each step loses at least one letter.
            room = room.saturating_sub(over.div_ceil(self.longest_escape).max(1));
        }
    }

    /// A sentence as it is, or as plain words where its markup makes it longer than `max` units.
    pub fn bounded(&self, rich: &Rich, max: usize) -> String {
        let whole = (self.rich)(rich);
        if units(&whole) <= max { whole } else { self.escape_within(&rich_text(rich), max) }
    }

    /// The counts, the votes and who is still needed, a line each.
    pub fn votes(&self, quorum: &Quorum, budget: Budget) -> Vec<String> {
        let mut lines = vec![self.counts(quorum)];
        lines.extend(quorum.votes.iter().take(VOTES_SHOWN).map(|vote| self.vote_line(vote, budget)));
        lines.extend(hidden(quorum.votes.len(), VOTES_SHOWN));
        lines.extend(self.missing(quorum));
        lines
    }

    pub fn counts(&self, quorum: &Quorum) -> String {
        (self.strong)(&format!("Approvals: {} of {}", quorum.given, quorum.needed))
    }

    pub fn missing(&self, quorum: &Quorum) -> Vec<String> {
        let shown = quorum.missing.iter().take(MISSING_SHOWN).map(|line| self.escape_within(line.as_str(), MISSING_MAX));
        shown.chain(hidden(quorum.missing.len(), MISSING_SHOWN)).collect()
    }

    fn vote_line(&self, vote: &VoteLine, budget: Budget) -> String {
        let escape = self.escape;
        let reason = cut(vote.reason.as_str(), budget.reason_max());
        let counts_for = vote.counts_for.as_ref().map(|name| format!(", for {}", escape(name.as_str()))).unwrap_or_default();
        let reason = if reason.is_empty() { String::new() } else { format!(" – “{}”", escape(&reason)) };
        let struck = vote.struck.as_ref().map(|why| format!(" – no longer counts: {}", escape(why.as_str()))).unwrap_or_default();
        format!("{} {}{counts_for}{reason}{struck}", vote.mark.symbol(), (self.person)(&vote.who))
    }
}

fn hidden(all: usize, shown: usize) -> Option<String> {
    all.checked_sub(shown).filter(|hidden| *hidden > 0).map(|hidden| format!("and {hidden} more – Details"))
}
