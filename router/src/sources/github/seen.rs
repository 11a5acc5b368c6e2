//! What GitHub holds of a deployment that it takes no review of: decided by us, by others, gone ahead, or over.

use super::decision::{Word, is_of, refused};
use crate::sources::reading::Fields;
use crate::sources::{Exchange, Turn};
use engine::event::ToolDecision;
use serde_json::Value;

/// Everything that was read back.
pub struct Seen {
    waits: bool,
    /// A review with our own comment.
    ours: Option<ToolDecision>,
    is_approved: bool,
    is_rejected: bool,
    /// The newest status of this very deployment: an earlier attempt of the run has another one.
    status: Option<String>,
    /// How the run ended, if it has.
    conclusion: Option<String>,
}

/// Where the deployment stands.
enum Course {
    /// It went on: `queued`, `in_progress`, …
    Ahead(String),
    /// It ended without having gone well.
    Over(String),
    Unclear,
}

impl Seen {
    pub fn of(word: &Word<'_>, so_far: &[Exchange]) -> Self {
        let target = &word.target;
        let answer = |call| so_far.iter().rfind(|exchange| exchange.call == call).map(|exchange| &exchange.body);
        let (pending, approvals) = (list(answer(target.pending())), list(answer(target.approvals())));
        let reviews: Vec<(&Value, ToolDecision)> = approvals.iter().filter_map(|review| Some((review, decided(review, word)?))).collect();
        let any = |wanted: ToolDecision| reviews.iter().any(|(_, decision)| *decision == wanted);
        let ours = reviews.iter().find(|(review, _)| is_ours(review, word.comment)).map(|(_, decision)| *decision);
        Self {
            waits: pending.iter().any(|waiting| is_of(waiting, target.environment)),
            ours,
            is_approved: any(ToolDecision::Approve),
            is_rejected: any(ToolDecision::Reject),
            status: newest(list(answer(target.statuses()))),
            conclusion: answer(target.run()).and_then(|run| Fields(run).text("/conclusion")),
        }
    }

    /// A run that was cancelled while it waited may leave its deployment `waiting` for ever.
    pub fn needs_run(&self) -> bool {
        !self.waits && matches!(self.course(), Course::Unclear)
    }

    pub fn judge(&self, word: &Word<'_>, so_far: &[Exchange]) -> Turn {
        if self.ours == Some(word.decision) {
            return confirmed("GitHub held our review already".to_owned());
        }
        if self.waits {
            let review = so_far.iter().rfind(|exchange| exchange.call.body.is_some());
            return review.map_or_else(|| confirmed(String::new()), |review| refused(word, review));
        }
        match (word.decision, self.course()) {
            (_, Course::Unclear) => Turn::Wait { why: "GitHub does not say yet what became of the deployment".to_owned() },
            (ToolDecision::Approve, Course::Ahead(status)) => confirmed(format!("the deployment had gone ahead already: {status}")),
            (ToolDecision::Approve, Course::Over(_)) if self.is_rejected => {
                otherwise(ToolDecision::Reject, "the deployment was rejected in GitHub".to_owned())
            }
            (ToolDecision::Approve, Course::Over(how)) => {
                otherwise(ToolDecision::Reject, format!("the deployment was over before it was approved: {how}"))
            }
            (ToolDecision::Reject, Course::Ahead(status)) => {
                otherwise(ToolDecision::Approve, format!("the deployment had gone ahead already: {status}"))
            }
            (ToolDecision::Reject, Course::Over(how)) if self.is_approved && !self.is_rejected => {
                otherwise(ToolDecision::Approve, format!("the deployment had been approved in GitHub, and is over: {how}"))
            }
            (ToolDecision::Reject, Course::Over(how)) => confirmed(format!("the deployment was over already: {how}")),
        }
    }

    fn course(&self) -> Course {
        match (self.status.as_deref(), &self.conclusion) {
            (Some(status @ ("queued" | "pending" | "in_progress" | "success" | "inactive")), _) => Course::Ahead(status.to_owned()),
            (Some(status @ ("failure" | "error")), _) => Course::Over(status.to_owned()),
            (_, Some(conclusion)) => Course::Over(conclusion.clone()),
            (_, None) => Course::Unclear,
        }
    }
}

fn list(body: Option<&Value>) -> &[Value] {
    body.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Which way a review went, if it is of our environment.
fn decided(review: &Value, word: &Word<'_>) -> Option<ToolDecision> {
    let of_ours = list(review.get("environments")).iter().any(|one| Fields(one).text("/name").as_deref() == Some(word.target.environment));
    match Fields(review).text("/state").as_deref().filter(|_| of_ours)? {
        "approved" => Some(ToolDecision::Approve),
        "rejected" => Some(ToolDecision::Reject),
        _ => None,
    }
}

/// Our comments begin with the link to the change.
fn is_ours(review: &Value, comment: &str) -> bool {
    let link = |text: &str| text.split_whitespace().next().map(str::to_owned);
    Fields(review).text("/comment").and_then(|text| link(&text)).is_some_and(|theirs| Some(theirs) == link(comment))
}

/// Ids count upwards, whatever order they are listed in.
fn newest(statuses: &[Value]) -> Option<String> {
    let newest = statuses.iter().max_by_key(|status| Fields(status).number("/id"))?;
    Fields(newest).text("/state")
}

fn confirmed(note: String) -> Turn {
    Turn::Confirmed { note }
}

fn otherwise(decision: ToolDecision, note: String) -> Turn {
    Turn::DecidedOtherwise { decision, note }
}
