//! The fixed words of every surface, in one place: states, buttons, labels, and the lengths that pieces are cut to.

use crate::card::Verb;
use engine::Timestamp;
use engine::event::{Attempt, Choice, ToolDecision};
use engine::ids::Digest;
use engine::phase::State;
use engine::rules::Part;

/// Units of a card's title; platforms take at least 150.
pub const TITLE_MAX: usize = 120;
/// Units of the change's own title on a card.
pub const ABOUT_MAX: usize = 200;
/// Units of a reason on a card; the thread has the whole of it.
pub const REASON_MAX: usize = 120;
/// Units of any other text that somebody else provides.
pub const FOREIGN_MAX: usize = 300;
/// Units of a short name: a version, an environment, a class, a branch.
pub const NAME_MAX: usize = 60;
/// Characters of an id, where its kind is said.
const SHORT_ID: usize = 6;

/// The state's word, with which every title begins.
///
/// “Approved” stands from the decision until the tool reports the start.
pub fn state(state: State) -> &'static str {
    match state {
        State::Draft => "Input needed",
        State::Gating => "Checking",
        State::Blocked => "Blocked",
        State::Pending => "Approval needed",
        State::Approved | State::Released => "Approved",
        State::Deploying => "Deploying",
        State::Succeeded => "Deployed",
        State::Failed => "Deployment failed",
        State::Rejected => "Rejected",
        State::Expired => "Expired",
        State::Cancelled => "Withdrawn",
        State::Superseded => "Replaced",
    }
}

/// A button's label; “…” says that a form follows.
pub fn button(verb: Verb) -> &'static str {
    match verb {
        Verb::Approve => "Approve…",
        Verb::Reject => "Reject…",
        Verb::RequestChanges => "Request changes…",
        Verb::Abstain => "Abstain…",
        Verb::WithdrawVote => "Take my vote back",
        Verb::FillIn => "Fill in…",
        Verb::AskAgain => "Ask again…",
        Verb::Withdraw => "Withdraw…",
        Verb::Override => "Override freeze…",
        Verb::Replace => "Replace the older",
        Verb::Queue => "Wait behind it",
        Verb::Waive => "Waive the gate",
        Verb::Details => "Details",
    }
}

/// What a menu says beside a control that stands in it.
pub fn menu_hint(verb: Verb) -> &'static str {
    match verb {
        Verb::RequestChanges => "Ends this round; its requester mends it",
        Verb::Abstain => "Recorded, counts for nobody",
        Verb::WithdrawVote => "Until its stage is decided",
        Verb::Withdraw => "For whoever asked for it",
        Verb::Override => "For the group that the freeze names",
        Verb::Approve | Verb::Reject | Verb::FillIn | Verb::AskAgain | Verb::Replace | Verb::Queue | Verb::Waive | Verb::Details => "",
    }
}

/// The words of a form.
pub struct FormWords {
    pub verb: Verb,
    pub submit: &'static str,
    pub label: &'static str,
    pub placeholder: &'static str,
}

pub fn form(choice: Choice) -> FormWords {
    match choice {
        Choice::Approve => {
            FormWords { verb: Verb::Approve, submit: "Approve", label: "Why is this safe to ship?", placeholder: "What did you check?" }
        }
        Choice::Reject => {
            FormWords { verb: Verb::Reject, submit: "Reject", label: "What has to change?", placeholder: "What did you find?" }
        }
        Choice::RequestChanges => {
            FormWords { verb: Verb::RequestChanges, submit: "Send back", label: "What has to change?", placeholder: "What is missing?" }
        }
        Choice::Abstain => {
            FormWords { verb: Verb::Abstain, submit: "Abstain", label: "Why do you leave it to others?", placeholder: "Who knows better?" }
        }
    }
}

/// “approved”, as in “approved by”.
pub fn chosen(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approved",
        Choice::Reject => "rejected",
        Choice::RequestChanges => "asked for changes",
        Choice::Abstain => "abstained",
    }
}

/// “approve”, as in “an attempt to approve”.
pub fn attempt(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Approve => "approve",
        Attempt::Reject => "reject",
        Attempt::RequestChanges => "ask for changes",
        Attempt::Abstain => "abstain",
        Attempt::WithdrawVote => "take a vote back",
        Attempt::Withdraw => "withdraw the change",
        Attempt::Submit => "fill in what was missing",
        Attempt::Settle => "say which change goes first",
        Attempt::Override => "override a freeze",
        Attempt::SupplyFact => "supply a fact",
        Attempt::Waive => "waive a gate",
    }
}

/// “Approved”, as in “Approved in GitLab by …”.
pub fn decided(decision: ToolDecision) -> &'static str {
    match decision {
        ToolDecision::Approve => "Approved",
        ToolDecision::Reject => "Rejected",
    }
}

/// What the tool was told.
pub fn answer(decision: ToolDecision) -> &'static str {
    match decision {
        ToolDecision::Approve => "go ahead",
        ToolDecision::Reject => "stop",
    }
}

/// What somebody had to do with a change.
pub fn part(part: Part) -> &'static str {
    match part {
        Part::Initiator => "asked for it",
        Part::CommitAuthor => "wrote",
        Part::CommitCoAuthor => "co-wrote",
        Part::Merger => "merged it",
        Part::FactSupplier => "supplied facts about it",
    }
}

/// `sha256:9f2c…41ab`: enough to compare by eye.
pub fn short_digest(digest: &Digest) -> String {
    let text = digest.as_str();
    let (kind, hex) = text.split_once(':').unwrap_or(("", text));
    let letters: Vec<char> = hex.chars().collect();
    if letters.len() <= 8 {
        return text.to_owned();
    }
    let head: String = letters.iter().take(4).collect();
    let tail: String = letters.iter().skip(letters.len() - 4).collect();
    if kind.is_empty() { format!("{head}…{tail}") } else { format!("{kind}:{head}…{tail}") }
}

/// `14 Nov 2026, 16:00 UTC`.
pub fn day_and_time(at: Timestamp) -> String {
    at.utc().format("%-d %b %Y, %H:%M UTC").to_string()
}

/// How far `at` is from `now`, in the one unit that matters: “in 3 hours”, “12 minutes ago”.
pub fn distance(at: Timestamp, now: Timestamp) -> String {
    let (seconds, is_past) = if at <= now { (now.seconds_since(at), true) } else { (at.seconds_since(now), false) };
    let (count, unit) = match seconds {
        0..60 => return (if is_past { "just now" } else { "in less than a minute" }).to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if is_past { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

/// Enough of an id to tell it from others, beside a text that says what it is: `…8f1dd59c3c`.
pub fn short_id(id: &str) -> String {
    let start = id.char_indices().rev().nth(SHORT_ID - 1).map_or(0, |(at, _)| at);
    if start == 0 { id.to_owned() } else { format!("…{}", &id[start..]) }
}

/// “gitlab-main” → “Gitlab-main”.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_shortened_in_the_middle() {
        assert_eq!(short_digest(&Digest::from("sha256:9f2c00000000000041ab")), "sha256:9f2c…41ab");
        assert_eq!(short_digest(&Digest::from("sha256:9f2c")), "sha256:9f2c");
        assert_eq!(short_digest(&Digest::from("äöüß0123456789")), "äöüß…6789");
    }

    #[test]
    fn distances_use_one_unit() {
        let now = Timestamp::from_micros(1_000_000_000_000_000).unwrap();
        assert_eq!(distance(now.plus_seconds(59), now), "in less than a minute");
        assert_eq!(distance(now.plus_seconds(3_600), now), "in 1 hour");
        assert_eq!(distance(now, now.plus_seconds(300)), "5 minutes ago");
        assert_eq!(distance(now.plus_seconds(14 * 86_400), now), "in 14 days");
    }
}
