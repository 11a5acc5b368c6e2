//! The votes of a blind stage in the thread: none of them is told by itself, and all of them once the stage is decided.

use crate::form::RATIONALE_MAX;
use crate::line::Line;
use crate::rich::{PersonRef, Rich};
use crate::view::View;
use crate::words;
use engine::change::CastVote;
use engine::event::{Event, What};
use engine::sealed::{is_blind, is_left_out};

/// Whether this is a vote that is told with the others of its stage.
pub fn is_of_blind_stage(view: &View<'_>, event: &Event) -> bool {
    let What::Voted(voted) = &event.what else { return false };
    let mut votes = view.change.votes.iter();
    let cast = votes.find(|vote| vote.voted.interaction == voted.interaction);
    is_left_out(view.change, voted) || cast.and_then(|vote| vote.stage).is_some_and(|stage| is_blind_here(view, stage))
}

/// The line of an event by which a blind stage is decided, with the votes of that stage.
pub fn opened(view: &View<'_>, event: &Event, line: Rich) -> Rich {
    let stage = match &event.what {
        What::StageOpened { index, .. } => index.checked_sub(1),
        What::Approved { .. }
        | What::Rejected { .. }
        | What::Outvoted(_)
        | What::Expired { .. }
        | What::Cancelled { .. }
        | What::Superseded { .. } => view.change.votes.iter().filter_map(|vote| vote.stage).max(),
        What::Opened(_)
        | What::InitiatorKnown { .. }
        | What::AuthorsKnown { .. }
        | What::AuthorsUnknown { .. }
        | What::Blocked { .. }
        | What::DutyKnown(_)
        | What::LaneTaken
        | What::Voted(_)
        | What::VoteStruck { .. }
        | What::VoteWithdrawn { .. }
        | What::Refused(_)
        | What::FieldsMissing { .. }
        | What::ChangesRequested { .. }
        | What::Submitted(_)
        | What::SubjectChanged { .. }
        | What::Held { .. }
        | What::HoldLifted { .. }
        | What::Settled { .. }
        | What::OverrideSigned(_)
        | What::StepTaken { .. }
        | What::StepSkipped { .. }
        | What::FactSupplied { .. }
        | What::GateWaived { .. }
        | What::WaiverEnded { .. }
        | What::Retargeted { .. }
        | What::Reported { .. }
        | What::Answered { .. }
        | What::AnswerFailed { .. }
        | What::DecidedOutside { .. }
        | What::DeploymentStarted { .. }
        | What::UnapprovedDeployment { .. }
        | What::DeploymentFinished { .. } => None,
    };
    let Some(stage) = stage.filter(|stage| is_blind_here(view, *stage)) else { return line };
    let votes = view.change.standing_votes().filter(|vote| vote.stage == Some(stage));
    votes.fold(line, |line, vote| told(view, line, vote))
}

fn told(view: &View<'_>, line: Rich, vote: &CastVote) -> Rich {
    let reason = Line::new(&vote.voted.rationale).cut(RATIONALE_MAX as usize);
    let line = line.text(" ").person(PersonRef::of(&vote.voted.person, view.directory).named_only());
    let line = line.text(format!(" {} blind", words::chosen(vote.voted.choice)));
    if reason.is_empty() { line.text(".") } else { line.text(format!(": “{reason}”")) }
}

fn is_blind_here(view: &View<'_>, stage: usize) -> bool {
    view.change.rules.as_ref().is_some_and(|rules| is_blind(rules, stage))
}

#[cfg(test)]
mod tests {
    use crate::samples::{Sample, directory, samples};
    use crate::text::{card_text, rich_text};
    use crate::view::Controls;
    use crate::{card, details, thread_line, timeline};

    const REASON: &str = "Canary is clean so far.";

    fn sample(name: &str) -> Sample {
        samples().unwrap().into_iter().find(|sample| sample.name == name).unwrap()
    }

    /// Everything that is made of a change for people.
    fn everything(name: &str) -> Vec<String> {
        let (sample, directory) = (sample(name), directory());
        let view = sample.view(&directory, Controls::Vote);
        let details = details(&view).sections.into_iter().flat_map(|section| section.lines);
        let entries = timeline::timeline(&view, &sample.events).into_iter().map(|entry| format!("{entry:?}"));
        let thread = sample.events.iter().filter_map(|event| thread_line(&view, event)).map(|line| rich_text(&line));
        let told = details.map(|line| rich_text(&line)).chain(entries).chain(thread);
        told.chain([card_text(&card(&view)), format!("{:?}", card(&view).quorum.unwrap().votes)]).collect()
    }

    #[test]
    fn a_sealed_vote_stands_nowhere() {
        for line in everything("pending-blind") {
            assert!(!line.contains(REASON) && !line.contains("Approver One approved"), "{line}");
        }
        let (sample, directory) = (sample("pending-blind"), directory());
        let card = card(&sample.view(&directory, Controls::Vote));
        assert_eq!(rich_text(&card.banners[0].text), "This stage is signed blind: its votes are shown when all who sign blind have voted.");
        assert_eq!(card.quorum.map(|quorum| quorum.given), Some(0));
        let said = everything("pending-blind").into_iter().filter(|line| line.contains("A vote was given.")).count();
        assert_eq!(said, 2, "in the thread and in the history");
    }

    #[test]
    fn what_decides_the_stage_opens_it() {
        let told = everything("expired-blind");
        let line = format!("○ Expired without a decision. Nothing is released. Approver One approved blind: “{REASON}”");
        assert!(told.iter().any(|told| told.ends_with(&line[4..])), "{told:#?}");
        assert!(told.iter().any(|told| told.contains("A vote was given.")), "the thread told it sealed");
    }
}
