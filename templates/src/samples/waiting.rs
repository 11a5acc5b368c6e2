//! Changes that wait for their requester, or that something holds.

use super::hostile::HOSTILE;
use super::people;
use super::story::{Story, request};
use engine::Timestamp;
use engine::event::{ChangeRef, Choice, SignedOverride, What};
use engine::fields::{Entry, FieldKind, FieldRule, FieldValue, Fields};
use engine::freeze::{Freeze, OverrideRule};
use engine::hold::{Because, Closed, Frozen, Hold, LetThrough, Out, Pause, Scope, Unproven};
use engine::ids::{ChangeId, ChangeNumber, HoldId};
use engine::quorum::{Outvoted, Tally};
use engine::rules::Rules;
use std::collections::BTreeSet;

pub fn all() -> Vec<(&'static str, Story)> {
    [drafts(), held(), boards(), hostile()].into_iter().flatten().collect()
}

fn drafts() -> Vec<(&'static str, Story)> {
    let mended = "Say how to go back from the new index.";
    let back = filled().vote("approver-2", Choice::RequestChanges, mended);
    let requested = What::ChangesRequested { by: "approver-2".into(), rationale: mended.to_owned(), round: 2 };
    let abstained = filled().vote("approver-2", Choice::Abstain, "I am new in this team, ask somebody else.");
    let taken_back = What::VoteWithdrawn { person: "approver-1".into(), interaction: "sample/back".into() };
    vec![
        ("draft", some().then(missing(&["summary", "backout_plan"]))),
        ("draft-changes-requested", back.then(requested)),
        ("draft-many-fields", many("field", "")),
        ("pending-filled-in", filled()),
        ("pending-abstained", abstained),
        ("pending-taken-back", Story::begin().asked().approve("approver-1", "Canary is clean so far.").then(taken_back)),
    ]
}

fn held() -> Vec<(&'static str, Story)> {
    let pending = || Story::begin().asked();
    let approved = || pending().approved();
    let paused = |story: Story| story.then(pause(place(), "INC-88 card errors", None));
    let newer = ChangeRef { id: ChangeId(uuid::Uuid::nil()), number: ChangeNumber(1043) };
    vec![
        ("pending-paused", paused(pending())),
        ("pending-behind", pending().then(behind())),
        ("pending-which-first", pending().then(which_first())),
        ("approved-paused", paused(approved()).then(pause(everywhere(), "", until()))),
        ("pending-frozen", pending().then(frozen("year-end", BTreeSet::new()))),
        ("approved-frozen", approved().then(frozen("friday-evening", BTreeSet::from([LetThrough::Emergency])))),
        ("pending-overridable", overridable().asked().then(frozen("friday-evening", BTreeSet::new()))),
        (
            "approved-overridable",
            overridable().asked().approved().then(frozen("friday-evening", BTreeSet::new())).then(signed("friday-evening")),
        ),
        ("approved-outside", approved().then(outside(until()))),
        ("approved-outside-for-years", approved().then(outside(None))),
        ("pending-unproven", pending().then(unproven(None))),
        ("approved-soaking", approved().then(unproven(until()))),
        ("approved-locked", approved().then(locked())),
        ("approved-behind", approved().then(behind())),
        ("approved-which-first", approved().then(which_first())),
        ("superseded-which-first", pending().then(which_first()).then(What::Superseded { by: newer })),
    ]
}

/// Operations sign blind, or vote as a board with everybody else of the directory.
fn boards() -> Vec<(&'static str, Story)> {
    let asked = || Story::of(request(), Some(people::board())).asked();
    let divided =
        || asked().vote("approver-1", Choice::Approve, "The risk is understood.").vote("lead-1", Choice::Reject, "Not this week.");
    let tally = Tally { eligible: 4, in_favour: 1, against: 3, abstained: 0 };
    let down = What::Outvoted(Outvoted { requirement: "operations".into(), tally });
    let voted =
        divided().vote("approver-2", Choice::Reject, "The tests are thin.").vote("approver-3", Choice::Reject, "Nobody told the shops.");
    let blind = || Story::of(request(), Some(people::blind())).asked().approve("approver-1", "Canary is clean so far.");
    vec![
        ("pending-blind", blind()),
        ("expired-blind", blind().then(What::Expired { waiting_on: vec!["operations".into()] })),
        ("pending-board", divided()),
        ("rejected-board", voted.then(down)),
    ]
}

fn hostile() -> Vec<(&'static str, Story)> {
    let scope = || Scope { environment: Some(HOSTILE.to_owned()), service: Some("x".repeat(200)) };
    let crowded = (0..12).fold(Story::begin().asked(), |story, index| story.then(numbered(index, pause(scope(), HOSTILE, until()))));
    let answered = many("pending", HOSTILE).asked();
    vec![
        ("pending-hostile-holds", crowded),
        ("pending-hostile-fields", answered),
        ("draft-hostile", some().then(What::ChangesRequested { by: "nobody-we-know".into(), rationale: HOSTILE.to_owned(), round: 2 })),
    ]
}

/// Under a policy that asks for four fields, of which two are known.
fn some() -> Story {
    Story::of(with_fields(&[("customer_impact", text("none")), ("affected_systems", systems())]), Some(rules()))
}

fn filled() -> Story {
    let plan = text("Roll the deployment back; the index may stay.");
    let summary = text("Cards are validated before the payment is made.");
    let fields = [("summary", summary), ("backout_plan", plan), ("customer_impact", text("none")), ("affected_systems", systems())];
    Story::of(with_fields(&fields), Some(rules())).asked()
}

/// Twelve fields; all of them missing, or all of them `answer`.
fn many(name: &str, answer: &str) -> Story {
    let names: Vec<String> = (0..12).map(|index| format!("{name}_{index}_{}", "long".repeat(8))).collect();
    let mut rules = rules();
    rules.fields = names.iter().map(|name| FieldRule::of(name, FieldKind::Text { min_length: 1, reject_boilerplate: false })).collect();
    let mut request = request();
    if answer.is_empty() {
        return Story::of(request, Some(rules)).then(What::FieldsMissing { fields: names });
    }
    request.subject.fields = names.into_iter().map(|name| (name, text(&answer.repeat(10)))).collect();
    Story::of(request, Some(rules))
}

fn rules() -> Rules {
    let field = |name: &str, kind: FieldKind| FieldRule::of(name, kind);
    let of = ["none", "degraded", "outage"].map(str::to_owned).to_vec();
    let mut rules = people::rules();
    rules.fields = vec![
        field("summary", FieldKind::Text { min_length: 20, reject_boilerplate: false }),
        field("backout_plan", FieldKind::Text { min_length: 30, reject_boilerplate: false }),
        field("customer_impact", FieldKind::Choice { of }),
        field("affected_systems", FieldKind::List { min_items: 1, entry: Entry::Text }),
    ];
    rules
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn systems() -> FieldValue {
    FieldValue::List(vec!["checkout".to_owned(), "ledger".to_owned()])
}

fn with_fields(fields: &[(&str, FieldValue)]) -> engine::request::Request {
    let mut request = request();
    request.subject.fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Fields>();
    request
}

fn missing(names: &[&str]) -> What {
    What::FieldsMissing { fields: names.iter().map(|name| (*name).to_owned()).collect() }
}

fn place() -> Scope {
    Scope { environment: Some("production".to_owned()), service: None }
}

fn everywhere() -> Scope {
    Scope { environment: None, service: Some("checkout-api".to_owned()) }
}

/// 16 November 2026, 18:00 UTC.
fn until() -> Option<Timestamp> {
    Timestamp::from_micros(1_794_852_000_000_000)
}

fn pause(scope: Scope, reason: &str, until: Option<Timestamp>) -> What {
    let id = HoldId::new(format!("pause:{}", scope.to_string().len()));
    let since = until.unwrap_or_else(|| Timestamp::from_utc(Default::default()));
    let pause = Pause { scope, reason: reason.to_owned(), by: "lead-1".into(), since, until };
    What::Held { hold: Hold { id, because: Because::Paused(pause) } }
}

/// Under a policy whose freeze two leads may override.
fn overridable() -> Story {
    let mut rules = people::rules();
    let overridden_by = Some(OverrideRule { by: "operations-leads".into(), by_roster: false, count: 2, min_length: 40 });
    rules.freezes = vec![Freeze { name: "friday-evening".to_owned(), lets_through: BTreeSet::new(), spans: Vec::new(), overridden_by }];
    Story::of(request(), Some(rules))
}

fn signed(freeze: &str) -> What {
    What::OverrideSigned(SignedOverride {
        freeze: freeze.to_owned(),
        since: noon(),
        person: "lead-1".into(),
        rationale: "Cards are declined since noon, and this is the fix.".to_owned(),
        on_duty: Vec::new(),
        via: "slack".to_owned(),
        interaction: "sample/override".into(),
    })
}

/// 16 November 2026, 12:00 UTC.
fn noon() -> Timestamp {
    Timestamp::from_micros(1_794_830_400_000_000).unwrap_or_else(|| Timestamp::from_utc(Default::default()))
}

/// From noon until 18:00.
fn frozen(freeze: &str, lets_through: BTreeSet<LetThrough>) -> What {
    let until = until().unwrap_or_else(noon);
    let frozen = Frozen { freeze: freeze.to_owned(), since: noon(), until, lets_through };
    What::Held { hold: Hold { id: HoldId::new(format!("freeze:{freeze}")), because: Because::Frozen(frozen) } }
}

fn outside(opens: Option<Timestamp>) -> What {
    let closed = Closed { window: "release-hours".to_owned(), opens };
    What::Held { hold: Hold { id: HoldId::from("window:release-hours"), because: Because::OutsideWindow(closed) } }
}

fn unproven(soaks_until: Option<Timestamp>) -> What {
    let unproven = Unproven { environment: "staging".into(), soaks_until };
    What::Held { hold: Hold { id: HoldId::from("promotion:staging"), because: Because::Unproven(unproven) } }
}

fn locked() -> What {
    let change = ChangeRef { id: ChangeId(uuid::Uuid::nil()), number: ChangeNumber(1041) };
    let out = Out { change, until: until().unwrap_or_else(noon) };
    What::Held { hold: Hold { id: HoldId::from("lock:1041"), because: Because::Lock(out) } }
}

fn numbered(index: usize, what: What) -> What {
    match what {
        What::Held { hold } => What::Held { hold: Hold { id: HoldId::new(format!("pause:{index}")), ..hold } },
        other => other,
    }
}

fn older() -> ChangeRef {
    ChangeRef { id: ChangeId(uuid::Uuid::from_u128(7)), number: ChangeNumber(1041) }
}

fn behind() -> What {
    What::Held { hold: Hold { id: Hold::id_behind(&older()), because: Because::Behind { change: older() } } }
}

fn which_first() -> What {
    What::Held { hold: Hold { id: Hold::id_behind(&older()), because: Because::NewerThan { change: older() } } }
}
