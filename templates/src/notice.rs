//! Messages to one person: a sentence, why they get it, and a link. Never a second copy of the card.

use crate::cards::{banners, holds, quorum, summary, title};
use crate::line::Line;
use crate::rich::{Rich, WhenStyle};
use crate::view::View;
use crate::words::NAME_MAX;
use engine::event::{Event, TakenAct, What};
use engine::ids::{GroupName, PersonId};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened or is asked, in the words of the card's title.
    pub title: Line,
    pub body: Rich,
    /// Why this person gets it.
    pub because: Rich,
    pub web: String,
    pub link: Line,
}

/// The message of an escalation step to one of the people it reaches; `None` for any other event.
pub fn step_notice(view: &View<'_>, event: &Event, person: &PersonId) -> Option<Notice> {
    let What::StepTaken { act, .. } = &event.what else { return None };
    let (opening, because) = match act {
        TakenAct::Reminded => ("This still waits for a decision.", asked_because(view, person)),
        TakenAct::Added(group) => ("This has waited too long, so you are asked as well.", member_of("asked", group)),
        TakenAct::Reassigned(group) => ("This has waited too long, so you are asked now.", member_of("asked", group)),
        TakenAct::Told(group) => ("This has waited too long. Nothing is asked of you.", member_of("told", group)),
    };
    Some(notice(view, waits(view, opening), because))
}

/// The message to the requester about the state that the change is in now.
pub fn requester_notice(view: &View<'_>) -> Notice {
    let holds = holds::banners(view).map(|banner| banner.text);
    let body = holds.fold(summary::summary(view), |body, hold| body.line_break().then(hold));
    notice(view, body, Rich::from("You are told because you asked for it."))
}

/// The message to an owner of the policy about something that its rules could not hold or judge.
pub fn owners_notice(view: &View<'_>) -> Notice {
    let banners = banners::banners(view).into_iter().map(|banner| banner.text);
    let body = banners.reduce(|all, next| all.line_break().then(next)).unwrap_or_else(|| summary::summary(view));
    let owners = view.change.rules.iter().flat_map(|rules| &rules.owners);
    let names: Vec<&str> = owners.map(GroupName::as_str).collect();
    let because = if names.is_empty() {
        "You are told because you own the policy.".to_owned()
    } else {
        format!("You are told because you own the policy, as a member of {}.", names.join(" or "))
    };
    notice(view, body, Rich::from(because))
}

/// The message to an owner of the policy about a deployment that no change stands for.
pub fn unapproved_notice(service: &str, environment: &str, public_url: &str) -> Notice {
    let (service, environment) = (Line::new(service).cut(NAME_MAX), Line::new(environment).cut(NAME_MAX));
    Notice {
        title: Line::from(format!("Not approved: {service} to {environment}")),
        body: Rich::from(format!("A deployment of {service} to {environment} has started, and nobody asked Countersign about it.")),
        because: Rich::from("You are told because you own the policy."),
        web: public_url.to_owned(),
        link: Line::new("Open the list of changes"),
    }
}

fn notice(view: &View<'_>, body: Rich, because: Rich) -> Notice {
    Notice { title: title::title(view.change), body, because, web: view.web(), link: Line::from(format!("Open {}", view.change.number)) }
}

/// An opening, then how far it is and until when.
fn waits(view: &View<'_>, opening: &str) -> Rich {
    let counts = quorum::quorum(view).map(|quorum| format!(" {} of {} approvals.", quorum.given, quorum.needed)).unwrap_or_default();
    Rich::from(format!("{opening}{counts} It expires ")).when(view.change.expires_at, WhenStyle::Relative).text(".")
}

/// The groups through which this person can fill a requirement of the open stage.
fn asked_because(view: &View<'_>, person: &PersonId) -> Rich {
    let Some(rules) = &view.change.rules else { return Rich::from("You are asked to decide.") };
    let named = rules.requirements.iter().flat_map(|requirement| &requirement.from);
    let added = view.change.added.iter().map(|(_, group)| group);
    let groups: BTreeSet<&GroupName> = named.chain(added).filter(|group| rules.is_member(group, person, view.directory)).collect();
    let names: Vec<&str> = groups.into_iter().map(GroupName::as_str).collect();
    if names.is_empty() {
        return Rich::from("You are asked because an escalation step names you.");
    }
    Rich::from(format!("You are asked because you are in {}.", names.join(" and ")))
}

fn member_of(asked_or_told: &str, group: &GroupName) -> Rich {
    Rich::from(format!("You are {asked_or_told} because you are in {}.", Line::new(group.as_str()).cut(NAME_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{directory, samples};
    use crate::text::{notice_text, rich_text};
    use crate::view::Controls;

    #[test]
    fn a_notice_says_what_is_asked_and_why_this_person() {
        let (samples, directory) = (samples().unwrap(), directory());
        let sample = samples.iter().find(|sample| sample.name == "pending-escalated").unwrap();
        let view = sample.view(&directory, Controls::Vote);
        let steps: Vec<&Event> = sample.events.iter().filter(|event| matches!(event.what, What::StepTaken { .. })).collect();
        let reminder = step_notice(&view, steps[0], &"approver-2".into()).unwrap();
        assert_eq!(rich_text(&reminder.because), "You are asked because you are in operations.");
        let added = step_notice(&view, steps[1], &"lead-1".into()).unwrap();
        assert_eq!(
            notice_text(&added),
            "Approval needed: checkout-api 2.31.0 to production. This has waited too long, so you are asked as well. 1 of 3 approvals. \
             It expires 30 Nov 2026, 14:00 UTC. You are asked because you are in operations-leads. https://gate.example.com/changes/CHG-1042"
        );
        assert_eq!(step_notice(&view, &sample.events[0], &"lead-1".into()), None);
    }

    #[test]
    fn a_requester_hears_what_holds_the_release() {
        let (samples, directory) = (samples().unwrap(), directory());
        let sample = samples.iter().find(|sample| sample.name == "approved-behind").unwrap();
        let notice = requester_notice(&sample.view(&directory, Controls::Vote));
        assert!(rich_text(&notice.body).ends_with("It is not released yet. Waits for CHG-1041 to end, which came first."));
    }

    #[test]
    fn owners_hear_what_the_rules_could_not_hold() {
        let (samples, directory) = (samples().unwrap(), directory());
        let body = |name: &str| {
            let sample = samples.iter().find(|sample| sample.name == name).unwrap();
            rich_text(&owners_notice(&sample.view(&directory, Controls::Vote)).body)
        };
        assert!(body("cancelled-unapproved").starts_with("A deployment started without a confirmed release"));
        assert!(body("blocked-unknown-requester").starts_with("No class of the policy matched."));
    }
}
