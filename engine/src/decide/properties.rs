//! What holds for every history: random rules, people and inputs. The numbers are those of the invariants in
//! docs/architecture.md.

mod boards;
mod duties;
pub(super) mod history;
mod sound;

use super::fixtures::{Story, author, request};
use super::tables::windows::window;
use crate::event::What;
use crate::gate::{GateRule, Recheck};
use crate::hold::Hold;
use crate::ids::HoldId;
use crate::input::Act;
use crate::lock::Lock;
use crate::phase::State;
use crate::promotion::Promotion;
use crate::rules::{Requirement, Rules};
use crate::standing::standing;
use history::{
    Happens, PEOPLE, another_out, any_act, any_directory, any_rules, any_rules_on_duty, anything, everything_paused, freeze, happen,
};
use proptest::prelude::*;
use sound::{
    every_step_is_sound, knows_everybody_after, log_gives_state, no_full_stage_is_open, releases, time_goes_on, votes_are_sound,
    waits_on_something,
};

/// Casts these approvals again and again until nothing changes: what a set of votes comes to.
fn settle(groups: &str, rules: &Rules, order: &[usize]) -> Story {
    let mut story = Story::opens(groups, rules.clone());
    loop {
        let before = story.change.standing_votes().count();
        for who in order {
            story.approve(PEOPLE[*who]);
            story.now = story.now.plus_seconds(61);
        }
        if story.change.standing_votes().count() == before {
            return story;
        }
    }
}

/// How rules get stricter.
#[derive(Clone, Copy, Debug)]
enum Stricter {
    OneMore,
    AnotherRequirement,
    AnotherStage,
    StepUp,
    Freeze,
    Window,
    Promotion,
    Gate,
}

fn stricter(rules: &Rules, how: Stricter, which: prop::sample::Index) -> Rules {
    let mut rules = rules.clone();
    let extra = Requirement::of("extra".into(), vec!["ops".into()], 1);
    match how {
        Stricter::OneMore => {
            let index = which.index(rules.requirements.len());
            rules.requirements[index].count += 1;
        }
        Stricter::StepUp => {
            let index = which.index(rules.requirements.len());
            rules.requirements[index].step_up = true;
        }
        Stricter::AnotherRequirement => {
            let index = which.index(rules.stages.len());
            rules.stages[index].requirements.push(extra.name.clone());
            rules.requirements.push(extra);
        }
        Stricter::AnotherStage => {
            let index = which.index(rules.stages.len() + 1);
            rules.stages.insert(index, crate::rules::Stage { name: "extra".into(), requirements: vec![extra.name.clone()] });
            rules.requirements.push(extra);
        }
        Stricter::Promotion => rules.promotion = Some(Promotion { after: "staging".into(), soak_s: which.index(3_600) as u64 }),
        Stricter::Window => rules.window = Some(window(which.index(12) as u16, 13 + which.index(11) as u16)),
        Stricter::Gate => rules.gates.rules.push(GateRule {
            name: "extra".into(),
            fact: "lint.code".into(),
            pass: "fact.errors == 0".to_owned(),
            max_age_s: None,
            recheck: Recheck::AtRelease,
            waiver: None,
        }),
        Stricter::Freeze => rules.freezes.push(freeze("extra", &[(which.index(7_200) as u64, 1 + which.index(3_600) as u64)])),
    }
    rules
}

fn any_order() -> impl Strategy<Value = Vec<usize>> {
    Just((0..PEOPLE.len()).collect::<Vec<_>>()).prop_shuffle()
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("COUNTERSIGN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_history_is_sound(groups in any_directory(), rules in any_rules_on_duty(), asked in any::<bool>(), history in prop::collection::vec(anything(), 0..40)) {
        let mut wish = request();
        if asked {
            wish.authors = None;
        }
        let mut story = Story::opens_as(&groups, Ok(rules), wish, None);
        waits_on_something(None, &story)?;
        let mut knows_everybody = true;
        for what in history {
            let before = story.change.clone();
            let is_time = matches!(what, Happens::Wait { .. });
            knows_everybody = knows_everybody_after(knows_everybody, &what);
            story.last.events.clear();
            story.last.effects.clear();
            story.last.refusal = None;
            let sight = happen(&mut story, what);
            every_step_is_sound(&before, &story)?;
            votes_are_sound(&before, &story, sight.as_ref())?;
            duties::are_true(&story)?;
            waits_on_something(Some(&before), &story)?;
            if is_time {
                time_goes_on(&before, &story)?;
            }
            if knows_everybody {
                no_full_stage_is_open(&story)?;
            }
        }
        log_gives_state(&story)?;
    }

    #[test]
    fn the_order_of_votes_does_not_matter(groups in any_directory(), rules in any_rules(), order in any_order()) {
        let (one, other) = (settle(&groups, &rules, &[0, 1, 2, 3, 4, 5, 6, 7]), settle(&groups, &rules, &order));
        prop_assert_eq!(one.change.state(), other.change.state(), "6");
        let given = |story: &Story| standing(&story.change, &story.directory).given();
        prop_assert_eq!(given(&one), given(&other), "6");
    }

    #[test]
    fn more_rules_never_release(
        groups in any_directory(), rules in any_rules(), order in any_order(), which in any::<prop::sample::Index>(),
        how in prop::sample::select(vec![
            Stricter::OneMore, Stricter::AnotherRequirement, Stricter::AnotherStage, Stricter::StepUp, Stricter::Freeze, Stricter::Window,
            Stricter::Promotion, Stricter::Gate,
        ]),
    ) {
        let mut lenient = settle(&groups, &rules, &order);
        let mut strict = settle(&groups, &stricter(&rules, how, which), &order);
        // Freezes come and go by time alone, so both are looked at in the same moment.
        let now = lenient.now.max(strict.now);
        for story in [&mut lenient, &mut strict] {
            story.after(now.seconds_since(story.now));
        }
        prop_assert!(strict.change.state() != State::Approved || lenient.change.state() == State::Approved, "7: {:?}", how);
        prop_assert!(strict.change.state() != lenient.change.state() || strict.change.holds.len() >= lenient.change.holds.len(), "7: {:?}", how);
        let mut excluded = Story::opens(&groups, rules);
        excluded.change.authors = Some(author(PEOPLE[order[0]]));
        excluded.approve(PEOPLE[order[0]]);
        prop_assert!(excluded.change.standing_votes().next().is_none(), "7: an excluded person voted");
    }

    /// A freeze that outlasts the change lets nothing out.
    #[test]
    fn a_freeze_never_releases(groups in any_directory(), rules in any_rules(), history in prop::collection::vec(anything(), 0..32)) {
        let mut rules = rules;
        rules.freezes.push(freeze("all", &[(0, 10_000_000)]));
        let mut story = Story::opens(&groups, rules);
        for what in history {
            story.last.effects.clear();
            happen(&mut story, what);
            prop_assert!(!releases(&story), "7: a frozen change went out");
        }
        log_gives_state(&story)?;
    }

    /// While another change of the lane is out, nothing goes out.
    #[test]
    fn a_taken_lane_never_releases(groups in any_directory(), rules in any_rules(), history in prop::collection::vec(anything(), 0..32)) {
        let mut story = Story::opens(&groups, Rules { lock: Lock::OneAtATime, ..rules });
        let out = another_out(story.now.plus_seconds(10_000_000));
        for what in history {
            story.out = Some(out.clone());
            if !matches!(what, Happens::Lane { .. }) {
                story.last.effects.clear();
                happen(&mut story, what);
            }
            prop_assert!(!releases(&story), "7: it went out beside another one");
        }
        log_gives_state(&story)?;
    }

    /// A pause of everything lets nothing out, whatever else happens.
    #[test]
    fn a_hold_never_releases(groups in any_directory(), rules in any_rules(), history in prop::collection::vec(anything(), 0..32)) {
        let paused: Hold = everything_paused(HoldId::from("pause:all"), None, None);
        let mut story = Story::opens(&groups, rules);
        story.holds.push(paused);
        story.system(Act::HoldsChanged);
        for what in history {
            story.last.effects.clear();
            happen(&mut story, what);
            prop_assert!(!releases(&story), "7: a held change went out");
        }
    }

    #[test]
    fn silence_never_approves(groups in any_directory(), rules in any_rules(), waits in prop::collection::vec(0u64..100_000, 0..12), acts in prop::collection::vec(any_act(), 0..6)) {
        let mut story = Story::opens(&groups, rules);
        for seconds in waits {
            story.after(seconds);
        }
        for act in acts {
            story.system(act);
        }
        prop_assert!(!story.log.iter().any(|event| matches!(event.what, What::Approved { .. })), "9");
    }

    #[test]
    fn unknown_authors_never_help(groups in any_directory(), rules in any_rules(), votes in prop::collection::vec(0..PEOPLE.len(), 0..12)) {
        let mut wish = request();
        wish.authors = None;
        let mut story = Story::opens_as(&groups, Ok(rules), wish, None);
        story.system(Act::AuthorsUnknown { commit: request().subject.commit, why: "no answer".to_owned() });
        for who in votes {
            story.approve(PEOPLE[who]);
        }
        prop_assert!(story.change.standing_votes().next().is_none(), "8");
    }
}
