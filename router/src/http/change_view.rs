//! A change as the API shows it.

use crate::app::App;
use crate::app::shown::Shown;
use engine::change::{Answer, Change};
use engine::event::DeploymentOutcome;
use engine::phase::{Phase, State, Unfinished};
use engine::sentence;
use engine::standing::{Standing, standing};
use entities::Summary;
use serde_json::{Value, json};

/// A row of a list.
pub fn row(summary: &Summary, web: &str) -> Value {
    json!({
        "id": summary.id,
        "number": summary.number.to_string(),
        "state": summary.state,
        "title": summary.title,
        "service": summary.service,
        "environment": summary.environment,
        "round": summary.round,
        "opened_at": summary.opened_at,
        "updated_at": summary.updated_at,
        "url": format!("{web}/changes/{}", summary.number),
    })
}

/// One change with who agreed, who is waited on, and why it stands where it stands.
pub fn whole(app: &App, shown: &Shown) -> Value {
    let change = &shown.change;
    let standing = standing(change, &shown.directory);
    json!({
        "id": change.id,
        "number": change.number.to_string(),
        "state": change.state(),
        "outcome": outcome(change),
        "why": why(change),
        "title": change.request.title,
        "service": change.service,
        "environment": change.rules.as_ref().map_or(change.request.environment.as_str(), |rules| rules.environment.as_str()),
        "subject": { "digest": change.subject_digest, "commit": change.request.subject.commit, "artifacts": change.request.subject.artifacts, "fields": change.request.subject.fields },
        "round": change.round,
        "attempt": change.attempt,
        "policy": change.rules.as_ref().map(|rules| &rules.policy),
        "class": change.rules.as_ref().map(|rules| &rules.class),
        "requested_by": change.initiator().person(),
        "requirements": requirements(change, &standing),
        "waiting_on": standing.waiting_on,
        "votes": votes(change),
        "holds": change.holds,
        "answer": answer(&change.answer),
        "verdict": Value::Null,
        "previous": change.previous,
        "opened_at": change.opened_at,
        "expires_at": change.expires_at,
        "updated_at": change.last_at,
        "url": format!("{}/changes/{}", app.settings.server.web(), change.number),
    })
}

/// What the pipeline has to know: `null` while nothing is decided.
pub fn outcome(change: &Change) -> Option<&'static str> {
    match change.state() {
        State::Draft | State::Gating | State::Blocked | State::Pending => None,
        State::Approved | State::Released | State::Deploying => Some("approved"),
        State::Succeeded => Some("succeeded"),
        State::Failed => Some("failed"),
        State::Rejected => Some("rejected"),
        State::Expired => Some("expired"),
        State::Cancelled => Some("cancelled"),
        State::Superseded => Some("superseded"),
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
        Phase::Gating
        | Phase::Pending { .. }
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. }
        | Phase::Expired { .. } => None,
    }
}

fn requirements(change: &Change, standing: &Standing) -> Vec<Value> {
    let Some(rules) = &change.rules else { return Vec::new() };
    let each = standing.requirements.iter().map(|row| {
        let sentence = rules.requirement(&row.name).map(|requirement| sentence::requirement(rules, requirement));
        let stage = rules.stages.get(row.stage).map(|stage| &stage.name);
        json!({ "name": row.name, "stage": stage, "sentence": sentence, "need": row.need, "counted": row.counted, "open": row.open })
    });
    each.collect()
}

fn votes(change: &Change) -> Vec<Value> {
    let vote = |vote: &engine::change::CastVote| json!({ "by": vote.voted.person, "choice": vote.voted.choice, "rationale": vote.voted.rationale, "via": vote.voted.via, "at": vote.at, "struck": vote.struck });
    change.votes.iter().map(vote).collect()
}

fn answer(answer: &Answer) -> Value {
    match answer {
        Answer::NotYet => Value::Null,
        Answer::Confirmed { decision, note } => json!({ "state": "confirmed", "decision": decision, "note": note }),
        Answer::Failed { decision, error } => json!({ "state": "failed", "decision": decision, "error": error }),
    }
}
