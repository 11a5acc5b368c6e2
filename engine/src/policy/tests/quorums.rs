//! `quorum` and `a_rejection`: what is pinned into a change, what is said of it, and what is wrong.

use super::faults::check;
use crate::event::BlockReason;
use crate::ids::PersonId;
use crate::policy::samples::{SPINE, directory, directory_of, noon, policy, request};
use crate::quorum::{Abstain, Chair, MAX_ELECTORATE, Majority, Quorum, Rejection};
use crate::rules::Rules;
use crate::sentence;
use std::collections::BTreeSet;

const OWNERS: &str = "approve: { from: [payments-owners], count: 2 }";

fn rules(text: &str) -> Rules {
    policy(text).route(&request(), &directory(), noon()).rules.unwrap_or_else(|why| panic!("{why:?}"))
}

fn people(ids: &[&str]) -> BTreeSet<PersonId> {
    ids.iter().map(|id| PersonId::from(*id)).collect()
}

/// What is said of the board and how a rejection counts there.
fn said(quorum: &str) -> (String, Rejection) {
    let rules = rules(&SPINE.replace(OWNERS, &format!("quorum: {quorum}")));
    let board = rules.requirement(&"owners".into()).unwrap();
    (sentence::requirement(&rules, board), board.a_rejection)
}

#[test]
fn the_electorate_is_frozen_into_the_change() {
    let all = "quorum: { of: payments-owners, electorate: eligible_at_opening, majority: two_thirds, turnout: 1, \
               must_vote: payments-owners, abstain: counts_for_turnout, a_rejection: is_a_vote, close_early: when_decided }";
    let rules = rules(&SPINE.replace(OWNERS, all));
    let board = rules.requirement(&"owners".into()).unwrap();
    let expected = Quorum {
        electorate: people(&["owner-1", "owner-2"]),
        majority: Majority::TwoThirds,
        abstain: Abstain::CountsForTurnout,
        chair: Some(Chair { group: "payments-owners".into(), people: people(&["owner-1", "owner-2"]) }),
    };
    assert_eq!(board.quorum.as_ref(), Some(&expected));
    assert_eq!((board.count, board.a_rejection), (1, Rejection::IsAVote));
    let text = crate::canonical::json(board).unwrap();
    assert_eq!(&serde_json::from_str::<crate::rules::Requirement>(&text).unwrap(), board);
}

#[test]
fn a_board_is_said_in_one_sentence() {
    let start = "of the 2 people who were in payments-owners at opening and don’t abstain, other than the requester, the authors and whoever merged it";
    let table = [
        (
            "{ of: payments-owners, majority: more_than_half, turnout: 1 }",
            format!("More than half {start}; at least 1 has to vote, abstentions not counted; one rejection ends it."),
            Rejection::IsAVeto,
        ),
        (
            "{ of: payments-owners, majority: all, turnout: 2, must_vote: payments-owners, abstain: counts_for_turnout, a_rejection: is_a_vote }",
            format!(
                "All {start}; at least 2 have to vote, abstentions included, somebody of payments-owners among them; a rejection is one vote."
            ),
            Rejection::IsAVote,
        ),
    ];
    for (quorum, sentence, rejection) in table {
        assert_eq!(said(quorum), (sentence, rejection), "{quorum}");
    }
}

#[test]
fn the_word_of_the_policy_holds_where_a_board_says_nothing() {
    let text = SPINE.replace("a_rejection: is_a_veto", "a_rejection: is_a_vote");
    let quorum = text.replace(OWNERS, "quorum: { of: payments-owners, majority: all, turnout: 1 }");
    let veto = text.replace(OWNERS, "quorum: { of: payments-owners, majority: all, turnout: 1, a_rejection: is_a_veto }");
    let of = |text: &str, name: &str| rules(text).requirement(&name.into()).unwrap().a_rejection;
    assert_eq!(
        [of(&text, "owners"), of(&quorum, "owners"), of(&veto, "owners")],
        [Rejection::IsAVote, Rejection::IsAVote, Rejection::IsAVeto]
    );
    let rules = rules(&text);
    let said = sentence::requirement(&rules, rules.requirement(&"owners".into()).unwrap());
    assert!(said.starts_with("2 people from payments-owners, other than") && said.ends_with("; a rejection is one vote."), "{said}");
}

#[test]
fn how_it_is_signed_is_pinned() {
    let signed = |blind: &str| {
        let rules = rules(&SPINE.replace("count: 2 }", &format!("count: 2{blind} }}")));
        let owners = rules.requirement(&"owners".into()).unwrap();
        (owners.blind, owners.step_up)
    };
    assert_eq!(signed(""), (false, false));
    assert_eq!(signed(", blind: true"), (true, false));
    assert_eq!(signed(", blind: false, step_up: true"), (false, true));
    check(&[
        ("count: 2 }", "count: 2, blind: ‸\"yes\" }", "requirements[2].approve.blind: this should be true or false, not text"),
        ("count: 2 }", "count: 2, step_up: ‸1 }", "requirements[2].approve.step_up: this should be true or false, not a number"),
    ]);
}

#[test]
fn what_an_earlier_build_wrote_is_a_veto_of_a_number() {
    let old = r#"{"name":"peer","from":["devs"],"count":1}"#;
    let read: crate::rules::Requirement = serde_json::from_str(old).unwrap();
    assert_eq!((read.quorum.is_none(), read.a_rejection), (true, Rejection::IsAVeto));
    assert_eq!(crate::canonical::json(&read).unwrap(), r#"{"count":1,"from":["devs"],"name":"peer"}"#);
}

#[test]
fn a_board_that_has_grown_too_large_blocks() {
    let text = SPINE.replace(OWNERS, "quorum: { of: payments-owners, majority: all, turnout: 1 }");
    let many: Vec<String> = (0..=MAX_ELECTORATE).map(|n| format!("owner-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let grown = directory_of(&[("payments-devs", &["dev-1"]), ("payments-owners", &many), ("security", &["security-1"])]);
    let why = policy(&text).route(&request(), &grown, noon()).rules.unwrap_err();
    assert_eq!(why, BlockReason::BoardTooLarge { requirement: "owners".into(), people: MAX_ELECTORATE + 1 });
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    let with = |quorum: &str| format!("quorum: {quorum}");
    let rows = [
        (with("‸{ of: security, turnout: 1 }"), "requirements[2].quorum: “majority” is missing"),
        (with("‸{ of: security, majority: all }"), "requirements[2].quorum: “turnout” is missing"),
        (
            with("{ of: ‸secuirty, majority: all, turnout: 1 }"),
            "requirements[2].quorum.of: there is no group “secuirty”; did you mean security?",
        ),
        (
            with("{ of: security, majority: ‸more_than_hlf, turnout: 1 }"),
            "requirements[2].quorum.majority: “more_than_hlf” is not one of more_than_half, two_thirds, all; did you mean more_than_half?",
        ),
        (
            with("{ of: payments-owners, majority: all, turnout: ‸3 }"),
            "requirements[2].quorum.turnout: 3 are needed, but payments-owners has 2 members",
        ),
        (
            with("{ of: payments-owners, majority: all, turnout: ‸0 }"),
            "requirements[2].quorum.turnout: this should be a whole number of at least 1",
        ),
        (
            with("{ of: payments-owners, majority: all, turnout: 1, must_vote: ‸security }"),
            "requirements[2].quorum.must_vote: nobody of security is in payments-owners, so nobody could meet this",
        ),
        (
            with("{ of: payments-owners, majority: all, turnout: 1, electorate: ‸eligible_now }"),
            "requirements[2].quorum.electorate: “eligible_now” is not one of eligible_at_opening",
        ),
        (
            with("{ of: payments-owners, majority: all, turnout: 1, close_early: ‸never }"),
            "requirements[2].quorum.close_early: “never” is not one of when_decided",
        ),
        (
            with("{ of: payments-owners, majority: all, turnout: 1, ‸quota: 3 }"),
            "requirements[2].quorum.quota: there is no key “quota” here",
        ),
        (
            format!("{OWNERS}\n    quorum: ‸{{ of: security, majority: all, turnout: 1 }}"),
            "requirements[2].quorum: a requirement has either approve or quorum",
        ),
    ];
    for (new, fault) in rows {
        check(&[(OWNERS, new.as_str(), fault)]);
    }
    check(&[(
        "a_rejection: is_a_veto",
        "a_rejection: ‸is_a_vot",
        "a_rejection: “is_a_vot” is not one of is_a_veto, is_a_vote; did you mean is_a_vote?",
    )]);
}
