//! The thread below a card: one line for each event that people want to read later or be woken by.

use crate::blind;
use crate::card::Mark;
use crate::form::RATIONALE_MAX;
use crate::line::Line;
use crate::rich::{Rich, Span};
use crate::sentences::{self, SEALED};
use crate::view::View;
use engine::Event;
use engine::event::What;
use engine::rules::Route;

/// The line for an event; `None` for what is no news to a channel: refused attempts, look-ups, repeats.
///
/// People are named; only an escalation step that goes to the thread mentions them, because a mention notifies.
pub fn thread_line(view: &View<'_>, event: &Event) -> Option<Rich> {
    if !is_news(&event.what) {
        return None;
    }
    if blind::is_of_blind_stage(view, event) {
        return Some(Rich::from(format!("{} {SEALED}", Mark::Open.symbol())));
    }
    let line = Rich::from(format!("{} ", sentences::mark(event).symbol())).then(sentences::sentence(view, event));
    let line = blind::opened(view, event, line);
    if let Some(words) = sentences::own_words(&event.what) {
        return Some(quoted(line, words));
    }
    let is_ping = matches!(&event.what, What::StepTaken { via, .. } if via.contains(&Route::ChatThread));
    Some(if is_ping { mentioning(&line) } else { line })
}

/// The whole reason: the card has only its beginning.
fn quoted(line: Rich, rationale: &str) -> Rich {
    let reason = Line::new(rationale).cut(RATIONALE_MAX as usize);
    if reason.is_empty() { line } else { line.text(format!(" “{reason}”")) }
}

fn mentioning(line: &Rich) -> Rich {
    line.spans().iter().cloned().map(mentioned).fold(Rich::new(), Rich::with)
}

fn mentioned(span: Span) -> Span {
    let Span::Person(person) = span else { return span };
    Span::Person(person.mentioned())
}

fn is_news(what: &What) -> bool {
    match what {
        What::StageOpened { index, .. } => *index > 0,
        What::FactSupplied { .. }
        | What::GateWaived { .. }
        | What::WaiverEnded { .. }
        | What::Voted(_)
        | What::VoteStruck { .. }
        | What::VoteWithdrawn { .. }
        | What::FieldsMissing { .. }
        | What::ChangesRequested { .. }
        | What::Submitted(_)
        | What::SubjectChanged { .. }
        | What::Held { .. }
        | What::HoldLifted { .. }
        | What::Settled { .. }
        | What::OverrideSigned(_)
        | What::Blocked { .. }
        | What::Approved { .. }
        | What::Rejected { .. }
        | What::Outvoted(_)
        | What::Expired { .. }
        | What::Cancelled { .. }
        | What::Superseded { .. }
        | What::StepTaken { .. }
        | What::AnswerFailed { .. }
        | What::DecidedOutside { .. }
        | What::DeploymentStarted { .. }
        | What::UnapprovedDeployment { .. }
        | What::DeploymentFinished { .. } => true,
        What::Opened(_)
        | What::InitiatorKnown { .. }
        | What::AuthorsKnown { .. }
        | What::AuthorsUnknown { .. }
        | What::DutyKnown(_)
        | What::LaneTaken
        | What::Refused(_)
        | What::StepSkipped { .. }
        | What::Retargeted { .. }
        | What::Reported { .. }
        | What::Answered { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich::Mention;
    use crate::samples::{directory, samples};
    use crate::text::rich_text;
    use crate::view::Controls;

    fn lines(name: &str) -> Vec<Rich> {
        let samples = samples().unwrap();
        let sample = samples.iter().find(|sample| sample.name == name).unwrap();
        let directory = directory();
        sample.events.iter().filter_map(|event| thread_line(&sample.view(&directory, Controls::Vote), event)).collect()
    }

    #[test]
    fn a_thread_tells_the_story_without_noise() {
        let told: Vec<String> = lines("succeeded").iter().map(rich_text).collect();
        assert_eq!(
            told,
            [
                "✓ Approver One approved. “Canary is clean so far, rollback tested.”",
                "✓ Approver Two approved. “Read the diff, it only touches validation.”",
                "○ Stage 2 of 2 is open: business.",
                "✓ Approver Three approved. “Announced to the shops, they are ready.”",
                "✓ Approved, with 3 votes counted.",
                "› The deployment started.",
                "✓ Deployed.",
            ]
        );
    }

    #[test]
    fn only_an_escalation_to_the_thread_mentions_people() {
        let mentions = |name: &str| {
            let lines = lines(name);
            let spans = lines.iter().flat_map(|line| line.spans().to_vec());
            spans.filter(|span| matches!(span, Span::Person(person) if person.mention == Mention::Notify)).count()
        };
        assert_eq!(mentions("succeeded"), 0);
        assert_eq!(mentions("rejected"), 0);
        assert_eq!(mentions("pending-escalated"), 2);
    }
}
