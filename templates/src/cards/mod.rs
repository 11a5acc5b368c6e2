//! The card of a change: one file for each of its parts, put together here in reading order.

pub mod actions;
pub mod banners;
pub mod facts;
pub mod gates;
pub mod holds;
pub mod quorum;
pub mod summary;
pub mod title;

use crate::card::{Card, Tone};
use crate::line::Line;
use crate::rich::Rich;
use crate::view::{Controls, View};
use crate::words;

/// The card that everybody sees for this change now.
pub fn card(view: &View<'_>) -> Card {
    let change = view.change;
    let state = change.state();
    Card {
        number: change.number,
        round: change.round,
        seq: change.last_seq,
        state,
        tone: if holds::banners(view).next().is_some() { Tone::Warning } else { Tone::of(state) },
        title: title::title(change),
        about: summary::about(view),
        summary: summary::summary(view),
        banners: banners::banners(view),
        facts: facts::facts(view),
        quorum: quorum::quorum(view),
        actions: actions::actions(view),
        foot: foot(view),
        web: view.web(),
    }
}

fn foot(view: &View<'_>) -> Rich {
    let mut foot = Rich::new().text(view.change.number.to_string());
    if let Some(rules) = &view.change.rules {
        let policy = Line::new(&rules.policy.name).cut(words::NAME_MAX);
        foot = foot.text(format!(" · policy {policy} v{}", rules.policy.version));
    }
    match view.controls {
        Controls::Vote => foot.text(" · ").link(&view.web(), "same card on the web"),
        Controls::ReadOnly => foot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Sample, directory, samples};
    use crate::text::{card_text, rich_text};
    use crate::words::TITLE_MAX;
    use engine::phase::State;
    use std::collections::BTreeSet;

    fn shown(sample: &Sample, controls: Controls) -> Card {
        card(&sample.view(&directory(), controls))
    }

    fn named(name: &str) -> Card {
        let samples = samples().unwrap();
        shown(samples.iter().find(|sample| sample.name == name).unwrap(), Controls::Vote)
    }

    #[test]
    fn titles_begin_with_the_state_and_fit() {
        for sample in samples().unwrap() {
            let card = shown(&sample, Controls::Vote);
            assert!(card.title.as_str().starts_with(words::state(card.state)), "{}: {}", sample.name, card.title);
            assert!(card.title.units() <= TITLE_MAX, "{}", sample.name);
        }
        assert_eq!(named("pending").title.as_str(), "Approval needed: checkout-api 2.31.0 to production");
        assert_eq!(named("blocked-unknown-requester").title.as_str(), "Blocked: checkout-api a1b2c3d4 to production");
        assert_eq!(named("released").title.as_str(), "Approved: checkout-api 2.31.0 to production");
    }

    #[test]
    fn what_is_held_is_never_in_the_colour_of_what_goes_ahead() {
        for (name, tone) in [("pending", Tone::Calm), ("pending-paused", Tone::Warning), ("approved", Tone::Good), ("rejected", Tone::Bad)]
        {
            assert_eq!(named(name).tone, tone, "{name}");
        }
    }

    #[test]
    fn a_long_service_leaves_version_and_environment_readable() {
        let title = named("pending-long").title.to_string();
        assert!(title.contains(" to xxxxxxxxxxxxxxxxxxxxxxx…"), "{title}");
    }

    #[test]
    fn a_surface_without_controls_has_none() {
        for sample in samples().unwrap() {
            assert!(shown(&sample, Controls::ReadOnly).actions.is_empty(), "{}", sample.name);
            assert!(!shown(&sample, Controls::Vote).actions.is_empty(), "{}", sample.name);
        }
    }

    #[test]
    fn every_state_says_what_happened_and_what_happens_next() {
        let table = [
            ("draft", "Nobody is asked before its requester has filled in: Summary, Backout plan."),
            (
                "draft-changes-requested",
                "Changes requested by Approver Two: “Say how to go back from the new index.” Its requester can ask again, or push a fix.",
            ),
            ("approved-paused", "Approved 3 of 3 by Approver One, Approver Two and Approver Three. It is not released yet."),
            ("gating", "Nobody is asked yet: its authors are being looked up."),
            ("blocked", "Nobody is asked, and nothing is released, until this is mended."),
            ("pending", "Stage 1 of 2: technical. Once approved, GitLab is told to go ahead."),
            ("approved", "Approved 3 of 3 by Approver One, Approver Two and Approver Three. GitLab is told now."),
            ("approved-by-rule", "Approved by rule: the class pre-approved asks for nobody. GitLab is told now."),
            (
                "released",
                "Approved 3 of 3 by Approver One, Approver Two and Approver Three. GitLab was told 16 Nov 2026, 15:03 UTC. The deployment has not started yet.",
            ),
            (
                "deploying",
                "Approved 3 of 3 by Approver One, Approver Two and Approver Three. The deployment started 16 Nov 2026, 15:10 UTC.",
            ),
            ("succeeded", "Approved 3 of 3 by Approver One, Approver Two and Approver Three. Deployed 16 Nov 2026, 15:17 UTC."),
            ("failed", "Approved 3 of 3 by Approver One, Approver Two and Approver Three. The deployment failed 16 Nov 2026, 15:17 UTC."),
            (
                "rejected",
                "Rejected by Approver Two: “The migration locks the orders table for minutes.” To try again, push a fix or ask for a new approval.",
            ),
            (
                "rejected-board",
                "Rejected: operations was voted down, with 1 in favour and 3 against. To try again, push a fix or ask for a new approval.",
            ),
            ("expired", "No decision by 30 Nov 2026, 14:00 UTC: 1 of 3 approvals. To try again, ask for it anew from GitLab."),
            ("cancelled", "Withdrawn: The pipeline was cancelled."),
            ("superseded", "Replaced by CHG-1043, which is newer."),
        ];
        for (name, expected) in table {
            assert_eq!(rich_text(&named(name).summary), expected, "{name}");
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_stands_in_a_banner() {
        let banner = |name: &str| named(name).banners.iter().map(|banner| rich_text(&banner.text)).collect::<Vec<_>>().join(" | ");
        assert_eq!(banner("pending"), "");
        assert!(banner("blocked").starts_with("The policy’s catalogue does not know"));
        assert_eq!(
            banner("pending-escalated"),
            "Escalated to operations-leads, 16 Nov 2026, 14:42 UTC (step 2 of 3). Next 16 Nov 2026, 18:21 UTC: operations-leads are asked, and nobody else is reminded."
        );
        assert_eq!(
            banner("approved-undelivered"),
            "The decision could not be delivered to GitLab: HTTP 403 from gitlab.example.com: the token lacks the scope api."
        );
        assert_eq!(banner("approved-no-token"), "The decision can’t be sent to GitLab: gitlab-main has no token.");
        assert!(banner("pending-outside").starts_with("Approved in GitLab by gitlab user 4711, not here, 16 Nov 2026"));
        assert_eq!(
            banner("approved-paused"),
            "Paused by Lead One (production) until it is resumed: “INC-88 card errors”. | \
             Paused by Lead One (checkout-api everywhere) until 16 Nov 2026, 18:00 UTC."
        );
        assert!(banner("pending-paused").ends_with("“INC-88 card errors”. Voting goes on."));
        assert_eq!(
            banner("pending-frozen"),
            "Paused by the freeze year-end until 16 Nov 2026, 18:00 UTC. Nothing goes out before. Voting goes on."
        );
        assert_eq!(
            banner("approved-frozen"),
            "Paused by the freeze friday-evening until 16 Nov 2026, 18:00 UTC. Only emergencies go out before."
        );
        let overridable = "Paused by the freeze friday-evening until 16 Nov 2026, 18:00 UTC. \
                           2 people from operations-leads can override it, each with a reason.";
        assert_eq!(banner("pending-overridable"), format!("{overridable} Voting goes on."));
        assert_eq!(banner("approved-overridable"), format!("{overridable} 1 person has."));
        assert_eq!(banner("approved-outside"), "Waits for the window release-hours, which opens 16 Nov 2026, 18:00 UTC.");
        assert_eq!(banner("approved-outside-for-years"), "Waits for the window release-hours, which does not open for years.");
        assert_eq!(banner("pending-unproven"), "Waits until it has succeeded in staging. Voting goes on.");
        assert_eq!(banner("approved-soaking"), "Has succeeded in staging, and soaks until 16 Nov 2026, 18:00 UTC.");
        assert_eq!(
            banner("approved-locked"),
            "Waits for CHG-1041 to end, which is out there now, or until 16 Nov 2026, 18:00 UTC at the latest."
        );
        assert_eq!(banner("superseded-which-first"), "");
        assert_eq!(banner("pending-behind"), "Waits for CHG-1041 to end, which came first.");
        assert_eq!(
            banner("pending-which-first"),
            "It is newer than CHG-1041, which is still open. Say whether it replaces that one or waits."
        );
        assert!(banner("cancelled-unapproved").starts_with("A deployment started without a confirmed release (5107)."));
    }

    #[test]
    fn approvals_are_counted_and_what_is_missing_is_said_in_words() {
        let quorum = named("pending-one").quorum.unwrap();
        assert_eq!((quorum.given, quorum.needed), (1, 3));
        let missing: Vec<&str> = quorum.missing.iter().map(Line::as_str).collect();
        assert_eq!(
            missing,
            [
                "Still needed: 1 person from operations, other than the requester and the authors.",
                "After that: 1 person from business-owners, other than the requester and the authors.",
            ]
        );
        let asked: Vec<&str> = quorum.asked.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(asked, ["Approver Two"]);
        let board = named("pending-board").quorum.unwrap();
        assert_eq!(
            board.missing[0].as_str(),
            "Still needed: 2 more in favour from change-board, other than the requester and the authors. So far: 1 in favour and 1 against."
        );
        let struck = named("pending-struck").quorum.unwrap();
        assert_eq!((struck.given, struck.votes.len()), (0, 1));
        assert_eq!(struck.votes[0].struck.as_ref().unwrap().as_str(), "no longer a member of operations");
    }

    #[test]
    fn what_its_requester_filled_in_stands_on_the_card_as_far_as_there_is_room() {
        let facts = |name: &str, controls| {
            let samples = samples().unwrap();
            let facts = shown(samples.iter().find(|sample| sample.name == name).unwrap(), controls).facts;
            facts.iter().skip(4).map(|fact| format!("{}: {}", fact.label, rich_text(&fact.value))).collect::<Vec<_>>()
        };
        let filled = [
            "Summary: Cards are validated before the payment is made.",
            "Backout plan: Roll the deployment back; the index may stay.",
            "Customer impact: none",
            "Affected systems: checkout, ledger",
        ];
        assert_eq!(facts("pending-filled-in", Controls::Vote), filled);
        assert_eq!(facts("pending", Controls::Vote), [""; 0]);
        assert_eq!(facts("pending-hostile-fields", Controls::Vote).len(), 4);
        assert_eq!(facts("pending-hostile-fields", Controls::ReadOnly).len(), 12);
    }

    #[test]
    fn a_hold_is_said_before_anything_else_that_is_read_aloud() {
        let text = card_text(&named("approved-paused"));
        assert!(
            text.starts_with("Approved: checkout-api 2.31.0 to production. Approvals: 3 of 3. Paused by Lead One (production)"),
            "{text}"
        );
    }

    #[test]
    fn the_text_stands_alone() {
        for sample in samples().unwrap() {
            let card = shown(&sample, Controls::Vote);
            let text = card_text(&card);
            assert!(text.starts_with(card.title.as_str()), "{}", sample.name);
            assert!(text.ends_with("https://gate.example.com/changes/CHG-1042"), "{}", sample.name);
            assert!(crate::line::units(&text) <= crate::text::TEXT_MAX, "{}", sample.name);
            if let Some(quorum) = card.quorum {
                assert!(text.contains(&format!("Approvals: {} of {}", quorum.given, quorum.needed)), "{}", sample.name);
            }
        }
    }

    #[test]
    fn the_first_forty_characters_tell_states_apart() {
        let words: BTreeSet<String> = State::ALL.into_iter().map(|state| words::state(state).chars().take(40).collect()).collect();
        // Approved and released share their word on purpose.
        assert_eq!(words.len(), State::ALL.len() - 1);
    }
}
