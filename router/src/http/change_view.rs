//! A change as the API shows it.

use super::document::shapes::{instant_schema, state_schema, uuid_schema};
use super::gate_view::{GateView, awaited, gates};
use crate::app::App;
use crate::app::shown::Shown;
use engine::Timestamp;
use engine::change::{CastVote, Change};
use engine::event::{Choice, DeploymentOutcome};
use engine::hold::Hold;
use engine::ids::{ChangeId, ClassName, Digest, PersonId, RequirementName, StageName};
use engine::overriding::rule_of;
use engine::phase::{Phase, State, Unfinished};
use engine::quorum::{Rejection, Tally};
use engine::rules::PolicyRef;
use engine::sentence;
use engine::standing::{RequirementStanding, Standing, standing};
use entities::Summary;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// A change in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeRow)]
pub struct Row {
    #[schema(schema_with = uuid_schema)]
    id: ChangeId,
    /// `CHG-1042`
    number: String,
    #[schema(schema_with = state_schema)]
    state: State,
    title: String,
    service: String,
    environment: String,
    round: u32,
    #[schema(schema_with = instant_schema)]
    opened_at: Timestamp,
    #[schema(schema_with = instant_schema)]
    updated_at: Timestamp,
    /// Its page in the console.
    url: String,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangePage)]
pub struct Page {
    pub changes: Vec<Row>,
    /// For the next page; null on the last.
    pub cursor: Option<String>,
}

/// One change with who agreed, who is waited on, and why it stands where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub struct Whole {
    #[schema(schema_with = uuid_schema)]
    id: ChangeId,
    /// `CHG-1042`
    number: String,
    #[schema(schema_with = state_schema)]
    state: State,
    outcome: Option<Outcome>,
    /// Why it is blocked or how it ended, in words.
    why: Option<String>,
    title: String,
    service: String,
    environment: String,
    subject: SubjectView,
    round: u32,
    attempt: u32,
    #[schema(value_type = Option<PolicyView>)]
    policy: Option<PolicyRef>,
    #[schema(value_type = Option<String>)]
    class: Option<ClassName>,
    /// A person's id; null for an account that is linked to nobody.
    #[schema(value_type = Option<String>)]
    requested_by: Option<PersonId>,
    requirements: Vec<RequirementView>,
    /// People who could fill an open requirement now.
    #[schema(value_type = Vec<String>)]
    waiting_on: BTreeSet<PersonId>,
    /// What its facts have to say before it goes out.
    gates: Vec<GateView>,
    votes: Vec<VoteView>,
    /// What keeps an approved change from being released.
    #[schema(value_type = Vec<Object>)]
    holds: Vec<Value>,
    answer: Option<AnswerView>,
    /// Null until decisions are signed.
    #[schema(value_type = Option<Object>)]
    verdict: Option<Value>,
    /// The ended change with the same key.
    #[schema(schema_with = super::document::shapes::maybe_uuid_schema)]
    previous: Option<ChangeId>,
    #[schema(schema_with = instant_schema)]
    opened_at: Timestamp,
    #[schema(schema_with = instant_schema)]
    expires_at: Timestamp,
    #[schema(schema_with = instant_schema)]
    updated_at: Timestamp,
    /// Its page in the console.
    url: String,
}

/// What a pipeline has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Approved,
    Succeeded,
    Failed,
    Rejected,
    Expired,
    Cancelled,
    Superseded,
}

/// What is approved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subject)]
pub struct SubjectView {
    #[schema(value_type = String)]
    digest: Digest,
    commit: Option<String>,
    /// Artifact name → digest.
    artifacts: BTreeMap<String, String>,
    /// Documentation fields, by name.
    #[schema(value_type = Object)]
    fields: Value,
}

/// The policy that the change was opened under.
#[derive(Debug, ToSchema)]
#[schema(as = PolicyReference)]
#[allow(dead_code, reason = "describes the fields of PolicyRef, which the engine can’t describe itself")]
pub struct PolicyView {
    name: String,
    version: u32,
    digest: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Requirement)]
pub struct RequirementView {
    #[schema(value_type = String)]
    name: RequirementName,
    #[schema(value_type = Option<String>)]
    stage: Option<StageName>,
    /// In words, as the card has it.
    sentence: String,
    /// Of a board, how many in favour make it certain.
    need: u32,
    /// Whose approvals count for it.
    #[schema(value_type = Vec<String>)]
    counted: Vec<PersonId>,
    open: bool,
    /// What one rejection comes to.
    #[schema(value_type = String)]
    a_rejection: Rejection,
    /// How a board has voted so far; null where a number of people is enough.
    quorum: Option<TallyView>,
}

/// The votes of a board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tally)]
pub struct TallyView {
    /// Who may vote now.
    eligible: u32,
    in_favour: u32,
    against: u32,
    abstained: u32,
    /// How many have to vote.
    turnout: u32,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Vote)]
pub struct VoteView {
    #[schema(value_type = String)]
    by: PersonId,
    #[schema(value_type = String)]
    choice: Choice,
    rationale: String,
    /// The door it came through.
    via: String,
    #[schema(schema_with = instant_schema)]
    at: Timestamp,
    /// Why it no longer counts.
    struck: Option<String>,
}

/// How far the decision got with the tool.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
#[schema(as = ToolAnswer)]
pub enum AnswerView {
    Confirmed { decision: Decided, note: String },
    Failed { decision: Decided, error: String },
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    Approve,
    Reject,
}

/// A row of a list.
pub fn row(summary: &Summary, web: &str) -> Row {
    Row {
        id: summary.id,
        number: summary.number.to_string(),
        state: summary.state,
        title: summary.title.clone(),
        service: summary.service.clone(),
        environment: summary.environment.clone(),
        round: summary.round,
        opened_at: summary.opened_at,
        updated_at: summary.updated_at,
        url: format!("{web}/changes/{}", summary.number),
    }
}

/// One change as it stands now.
pub fn whole(app: &App, shown: &Shown) -> Whole {
    let change = &shown.public;
    let standing = standing(change, &shown.directory);
    let rules = change.rules.as_ref();
    Whole {
        id: change.id,
        number: change.number.to_string(),
        state: change.state(),
        outcome: outcome(change),
        why: why(change),
        title: change.request.title.clone(),
        service: change.service.clone(),
        environment: rules.map_or(change.request.environment.as_str(), |rules| rules.environment.as_str()).to_owned(),
        subject: subject(change),
        round: change.round,
        attempt: change.attempt,
        policy: rules.map(|rules| rules.policy.clone()),
        class: rules.map(|rules| rules.class.clone()),
        requested_by: change.initiator().person().cloned(),
        requirements: requirements(change, &standing),
        waiting_on: standing.waiting_on,
        gates: gates(change, app.clock.now()),
        votes: change.votes.iter().map(vote).collect(),
        holds: holds(change),
        answer: answer(&change.answer),
        verdict: None,
        previous: change.previous,
        opened_at: change.opened_at,
        expires_at: change.expires_at,
        updated_at: change.last_at,
        url: format!("{}/changes/{}", app.settings.server.web(), change.number),
    }
}

/// What the pipeline has to know: `None` while nothing is decided.
pub fn outcome(change: &Change) -> Option<Outcome> {
    match change.state() {
        State::Draft | State::Gating | State::Blocked | State::Pending => None,
        State::Approved | State::Released | State::Deploying => Some(Outcome::Approved),
        State::Succeeded => Some(Outcome::Succeeded),
        State::Failed => Some(Outcome::Failed),
        State::Rejected => Some(Outcome::Rejected),
        State::Expired => Some(Outcome::Expired),
        State::Cancelled => Some(Outcome::Cancelled),
        State::Superseded => Some(Outcome::Superseded),
    }
}

fn why(change: &Change) -> Option<String> {
    match &change.phase {
        Phase::Draft { why: Unfinished::FieldsMissing { fields } } => Some(format!("The requester has to fill in {}.", fields.join(", "))),
        Phase::Draft { why: Unfinished::ChangesRequested { rationale, .. } } => Some(rationale.clone()),
        Phase::Blocked { why } => Some(why.sentence()),
        Phase::Rejected { rationale, .. } => Some(rationale.clone()),
        Phase::Cancelled { why } => Some(why.clone()),
        Phase::Superseded { by } => Some(format!("Replaced by {}.", by.number)),
        Phase::Finished { outcome: DeploymentOutcome::Cancelled, .. } => Some("The deployment was cancelled.".to_owned()),
        Phase::Gating => awaited(change),
        Phase::Pending { .. }
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. }
        | Phase::Expired { .. } => None,
    }
}

/// As the engine records them: an id, `because`, and what belongs to that.
pub fn holds(change: &Change) -> Vec<Value> {
    change.holds.iter().map(|hold| held(change, hold)).collect()
}

/// With who may override it, if anybody.
fn held(change: &Change, hold: &Hold) -> Value {
    let mut shown = json!(hold);
    if let Some(rule) = hold.frozen().and_then(|frozen| rule_of(change, frozen)) {
        shown["override"] = json!({ "by": rule.by, "count": rule.count, "sentence": sentence::overriding(rule) });
    }
    shown
}

fn subject(change: &Change) -> SubjectView {
    let subject = &change.request.subject;
    SubjectView {
        digest: change.subject_digest.clone(),
        commit: subject.commit.clone(),
        artifacts: subject.artifacts.clone(),
        fields: json!(subject.fields),
    }
}

fn requirements(change: &Change, standing: &Standing) -> Vec<RequirementView> {
    let Some(rules) = &change.rules else { return Vec::new() };
    let each = |row: &RequirementStanding| {
        let requirement = rules.requirement(&row.name)?;
        Some(RequirementView {
            name: row.name.clone(),
            stage: rules.stages.get(row.stage).map(|stage| stage.name.clone()),
            sentence: sentence::requirement(rules, requirement),
            need: row.need,
            counted: row.counted.clone(),
            open: row.open,
            a_rejection: requirement.a_rejection,
            quorum: row.tally.map(|tally| tally_view(tally, requirement.count)),
        })
    };
    standing.requirements.iter().filter_map(each).collect()
}

fn tally_view(tally: Tally, turnout: u32) -> TallyView {
    let Tally { eligible, in_favour, against, abstained } = tally;
    TallyView { eligible, in_favour, against, abstained, turnout }
}

fn vote(vote: &CastVote) -> VoteView {
    VoteView {
        by: vote.voted.person.clone(),
        choice: vote.voted.choice,
        rationale: vote.voted.rationale.clone(),
        via: vote.voted.via.clone(),
        at: vote.at,
        struck: vote.struck.clone(),
    }
}

fn answer(answer: &engine::change::Answer) -> Option<AnswerView> {
    use engine::change::Answer;
    match answer {
        Answer::NotYet => None,
        Answer::Confirmed { decision, note } => Some(AnswerView::Confirmed { decision: (*decision).into(), note: note.clone() }),
        Answer::Failed { decision, error } => Some(AnswerView::Failed { decision: (*decision).into(), error: error.clone() }),
    }
}

impl From<engine::event::ToolDecision> for Decided {
    fn from(decision: engine::event::ToolDecision) -> Self {
        match decision {
            engine::event::ToolDecision::Approve => Self::Approve,
            engine::event::ToolDecision::Reject => Self::Reject,
        }
    }
}
