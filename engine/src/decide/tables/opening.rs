//! Who is asked, and why nobody is.

use super::{PEOPLE, TWO, again};
use crate::decide::fixtures::{Story, author, directory, origin, person, request, rules};
use crate::effect::Effect;
use crate::event::{Actor, BlockReason, RejectedBefore};
use crate::fields::{FieldKind, FieldRule, FieldValue, Fields};
use crate::ids::{ChangeId, ChangeNumber, PersonId};
use crate::input::{Act, Previous, Submission};
use crate::phase::{Phase, State};
use crate::request::{Again, Authors, Initiator, Subject};
use crate::rules::{Part, UnknownAuthor};

#[test]
fn unknown_people_block() {
    let unknown = Authors { known: Vec::new(), unknown: vec!["author of a1b2c3d4".to_owned()] };
    let mut stranger = request();
    stranger.initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "99".to_owned() };
    let mut ghost = request();
    ghost.authors = Some(unknown.clone());
    let story = Story::opens_as(PEOPLE, Ok(rules(TWO)), stranger, None);
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownInitiator { .. } }));
    let story = Story::opens_as(PEOPLE, Ok(rules(TWO)), ghost.clone(), None);
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownAuthor { .. } }));
    let mut lenient = rules(TWO);
    lenient.separation.unknown_author = UnknownAuthor::InitiatorOnly;
    assert_eq!(Story::opens_as(PEOPLE, Ok(lenient), ghost, None).change.state(), State::Pending);
}

#[test]
fn a_late_answer_about_an_earlier_commit_names_nobody() {
    let mut unasked = request();
    unasked.authors = None;
    let mut story = Story::opens_as(PEOPLE, Ok(rules(TWO)), unasked.clone(), None);
    unasked.subject.commit = Some("0123456789ab".to_owned());
    story.system(Act::Retarget(unasked.clone().into()));
    story.system(Act::AuthorsKnown { commit: request().subject.commit, authors: author("b") });
    assert_eq!((story.change.state(), story.last.events.len()), (State::Gating, 0));
    story.system(Act::AuthorsKnown { commit: unasked.subject.commit, authors: author("a") });
    assert_eq!(story.change.state(), State::Pending);
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
}

#[test]
fn authors_are_asked_before_people_are() {
    let mut unasked = request();
    unasked.authors = None;
    let mut story = Story::opens_as(PEOPLE, Ok(rules(TWO)), unasked.clone(), None);
    assert_eq!((story.change.state(), &story.last.effects), (State::Gating, &vec![Effect::LookUpAuthors]));
    story.system(Act::AuthorsUnknown { commit: request().subject.commit, why: "gitlab-main does not answer".to_owned() });
    assert_eq!(story.change.state(), State::Blocked);
    story.system(Act::AuthorsKnown { commit: request().subject.commit, authors: author("a") });
    assert_eq!(story.change.state(), State::Pending);
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
    let mut only_initiator = rules(TWO);
    only_initiator.separation.excluded = [Part::Initiator].into();
    assert_eq!(Story::opens_as(PEOPLE, Ok(only_initiator), unasked, None).change.state(), State::Pending);
}

#[test]
fn who_comes_to_have_a_part_is_kept_apart_from_then_on() {
    let joins = |authors: Authors| Act::AuthorsJoined { commit: request().subject.commit, authors };
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a");
    story.system(Act::AuthorsJoined { commit: Some("0123456789ab".to_owned()), authors: author("a") });
    assert_eq!(story.last.events.len(), 0, "it is about another commit");
    story.system(joins(author("a")));
    assert_eq!((story.change.state(), story.change.standing_votes().count()), (State::Pending, 0));
    assert_eq!(story.change.authors.as_ref().unwrap().known.len(), 2, "those who were known stay");
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
    story.system(joins(author("a")));
    assert_eq!(story.last.events.len(), 0, "it is known already");
    story.system(joins(Authors { known: Vec::new(), unknown: vec!["merger of merge request !7".to_owned()] }));
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownAuthor { .. } }));
}

#[test]
fn nobody_left_is_said_at_once() {
    let story = Story::opens("devs: a requester-1 author-1, leads: l, owners: w", rules(TWO));
    assert!(
        matches!(&story.change.phase, Phase::Blocked { why: BlockReason::NobodyCanApprove { requirement, .. } } if requirement.as_str() == "peer")
    );
}

#[test]
fn an_explicit_class_that_asks_nobody_is_approved() {
    let story = Story::opens(PEOPLE, rules(""));
    assert_eq!(story.change.state(), State::Approved);
    assert!(story.change.counted.is_empty());
    assert!(story.last.effects.contains(&Effect::ShowCards));
}

#[test]
fn a_rejected_subject_is_not_asked_again() {
    for by in [Some(person("b")), None] {
        let rationale = "it breaks the ledger".to_owned();
        let previous = rejected(request().subject, by.clone(), &rationale);
        let story = Story::opens_as(PEOPLE, Ok(rules(TWO)), request(), Some(previous));
        let why = BlockReason::AlreadyRejected { number: ChangeNumber(1001), by, rationale };
        assert_eq!(story.change.phase, Phase::Blocked { why });
    }
}

fn rejected(subject: Subject, by: Option<PersonId>, rationale: &str) -> Previous {
    let rejected = RejectedBefore { number: ChangeNumber(1001), digest: subject.digest(), by, rationale: rationale.to_owned() };
    Previous { id: ChangeId(uuid::Uuid::from_u128(9)), rejected: Some(rejected) }
}

#[test]
fn what_was_rejected_is_not_asked_again_by_filling_in_the_same() {
    let filled = |plan: &str| Fields::from([("backout_plan".to_owned(), FieldValue::Text(plan.to_owned()))]);
    let mut rules = rules(TWO);
    rules.fields = vec![FieldRule::of("backout_plan", FieldKind::Text { min_length: 10, reject_boilerplate: false })];
    for (plan, state) in [("roll it back", State::Blocked), ("roll it back and tell everybody", State::Pending)] {
        let subject = Subject { fields: filled("roll it back"), ..request().subject };
        let previous = rejected(subject, None, "the plan is thin");
        let mut story = Story::opens_as(PEOPLE, Ok(rules.clone()), request(), Some(previous));
        assert_eq!(story.change.state(), State::Draft);
        let submission = Submission { deed: story.deed("requester-1"), fields: filled(plan), note: String::new() };
        story.act(Actor::Person { id: person("requester-1"), via: "slack".to_owned() }, Act::Submit(submission));
        assert_eq!(story.change.state(), state, "{plan}");
    }
}

#[test]
fn whoever_asks_again_is_an_initiator_too() {
    let mut story = Story::opens("devs: a b c d requester-1, leads: l, owners: w", rules(TWO));
    story.approve("a").system(again("901", "a"));
    assert!(story.change.standing_votes().next().is_none(), "the vote is struck");
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
    story.approve("requester-1");
    assert_eq!(story.code(), Some("separation_of_duties"), "the first one stays an initiator");
    story.system(again("901", "b")).approve("b");
    assert_eq!(story.code(), Some("separation_of_duties"), "also without another run");
}

#[test]
fn an_unknown_account_that_asks_again_blocks_until_it_is_linked() {
    let initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "account of c".to_owned() };
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.system(Act::Retarget(Again {
        origin: origin("901"),
        sequence: None,
        initiator,
        co_initiators: Vec::new(),
        subject: None,
        authors: None,
    }));
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownInitiator { .. } }));
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Pending);
    for who in ["c", "requester-1"] {
        story.approve(who);
        assert_eq!(story.code(), Some("separation_of_duties"));
    }
}

#[test]
fn a_changed_directory_blocks_and_unblocks() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a");
    story.directory = directory("devs: a, leads: l, owners: w");
    story.system(Act::DirectoryChanged);
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::NobodyCanApprove { .. } }));
    story.directory = directory("devs: a b, leads: l, owners: w");
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Pending);
    story.approve("b");
    assert_eq!(story.change.state(), State::Approved, "the vote from before the block still stands");
}

#[test]
fn a_linked_account_unblocks() {
    let mut stranger = request();
    stranger.initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "account of requester-1".to_owned() };
    let mut story = Story::opens_as(PEOPLE, Ok(rules(TWO)), stranger, None);
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Pending);
    story.approve("requester-1");
    assert_eq!(story.code(), Some("separation_of_duties"));
}

#[test]
fn a_change_with_no_rules_waits_for_its_end() {
    let why = BlockReason::UnknownEnvironment { environment: "mars".to_owned() };
    let mut story = Story::opens_as(PEOPLE, Err(why), request(), None);
    assert_eq!(story.change.state(), State::Blocked);
    story.approve("a");
    assert_eq!(story.code(), Some("not_open"));
    story.after(3600);
    assert_eq!(story.change.state(), State::Expired);
}

#[test]
fn an_event_that_kept_no_evaluation_still_folds() {
    let story = Story::opens(PEOPLE, rules(TWO));
    let mut written = serde_json::to_value(&story.log[0]).unwrap();
    assert!(written["data"].as_object_mut().unwrap().remove("evaluation").is_some());
    let mut log = story.log.clone();
    log[0] = serde_json::from_value(written).unwrap();
    assert_ne!(log, story.log);
    assert_eq!(crate::change::Change::fold(&log).unwrap(), story.change);
}

#[test]
fn it_is_said_which_rule_nobody_can_meet_and_why() {
    let chair = || crate::decide::fixtures::board(rules("board: board cab*2"), "a b c", Some("c"));
    let table = [
        ("ops: o", rules(TWO), "requirement peer: nobody is in devs."),
        ("devs: requester-1 author-1", rules(TWO), "requirement peer: everybody in its groups asked for this or wrote it."),
        (
            "devs: a requester-1 author-1",
            rules(TWO),
            "requirement peer: it needs 2 of devs, and of the 3 members 2 asked for this or wrote it.",
        ),
        (
            "devs: a, ops: a",
            rules("review: peer devs*1, operations ops*1"),
            "requirement operations: it needs 1 of ops, and of the 1 member 0 asked for this or wrote it; the others are needed elsewhere, \
             and one person is for one requirement.",
        ),
        (
            "cab: a b, chairs: c",
            chair(),
            "requirement board: it needs 2 of cab, and of the 2 members 0 asked for this or wrote it; somebody of chairs has to vote, \
             and nobody of them can.",
        ),
    ];
    for (people, rules, said) in table {
        let story = Story::opens(&format!("{people}, leads: l, owners: w"), rules);
        let Phase::Blocked { why } = &story.change.phase else { panic!("{people}: {:?}", story.change.phase) };
        let expected = format!("Nobody left can fill the {said} Add people to its groups.");
        assert_eq!(why.sentence(), expected);
        assert!(story.last.effects.iter().any(|effect| matches!(effect, Effect::TellOwners { .. })), "{people}: the owners are told");
    }
}

#[test]
fn open_changes_are_judged_again_when_memberships_change() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.directory = directory("devs: a, leads: l, owners: w");
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Blocked);
    assert!(story.last.effects.iter().any(|effect| matches!(effect, Effect::TellOwners { .. })));
    story.system(Act::DirectoryChanged);
    assert!(story.last.events.is_empty(), "the same is not said twice");
    story.directory = directory("devs: a b, leads: l, owners: w");
    story.system(Act::DirectoryChanged).approve("a").approve("b");
    assert_eq!(story.change.state(), State::Approved);
}
