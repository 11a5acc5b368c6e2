//! Answering an `input` step: it is let through or aborted once, when it waits.
//!
//! An input that does not wait has not been reached yet, or was answered before; Jenkins says 404 to both. So nothing
//! is sent before the input was seen waiting, and that it was seen is written down before our one call.

use super::parameters;
use super::target::{Step, Target, message, unexpected};
use crate::sources::reading::Fields as Json;
use crate::sources::{Call, Earlier, Exchange, Occasion, Turn};
use engine::event::ToolDecision;
use engine::fields::Fields;
use engine::request::Callback;
use serde_json::Value;

/// The longest conversation is pending, answer, state; anything longer runs in circles.
const EXCHANGES: usize = 4;

pub fn next(callback: &Callback, decision: ToolDecision, occasion: &Occasion, so_far: &[Exchange]) -> Turn {
    let target = match Target::of(callback) {
        Ok(target) => target,
        Err(failed) => return failed,
    };
    let Some(last) = so_far.last() else { return Turn::Call(target.pending()) };
    if so_far.len() >= EXCHANGES {
        return Turn::Wait { why: "Jenkins keeps giving answers that lead nowhere".to_owned() };
    }
    match target.step(&last.call) {
        Step::Pending => pending(&target, decision, occasion, last),
        Step::Settle => settled(&target, last),
        Step::State => state(decision, &occasion.earlier, so_far, last),
    }
}

fn pending(target: &Target<'_>, decision: ToolDecision, occasion: &Occasion, answer: &Exchange) -> Turn {
    let inputs = match (answer.status, &answer.body) {
        (200, Value::Array(inputs)) => inputs,
        (404, _) => return Turn::Call(target.state()),
        _ => return unexpected(answer, "asking for the build’s pending inputs"),
    };
    let waiting = inputs.iter().find(|input| input.get("id").and_then(Value::as_str) == Some(target.input_id));
    let Some(input) = waiting else { return Turn::Call(target.state()) };
    match settling(target, decision, input, &occasion.fields) {
        Err(why) => Turn::Failed { why },
        Ok(_) if occasion.earlier == Earlier::Nothing => Turn::NoteFirst { seen: String::new() },
        Ok(call) => Turn::Call(call),
    }
}

fn settling(target: &Target<'_>, decision: ToolDecision, input: &Value, fields: &Fields) -> Result<Call, String> {
    match decision {
        ToolDecision::Reject => Ok(target.abort()),
        ToolDecision::Approve => parameters::filled(input, fields).map(|filled| target.proceed(&filled)),
    }
}

/// Gone or given in between: how the build goes on tells what it was.
fn settled(target: &Target<'_>, answer: &Exchange) -> Turn {
    match answer.status {
        200..=299 => Turn::Confirmed { note: String::new() },
        300..=399 | 404 => Turn::Call(target.state()),
        _ if message(answer).contains("already given") => Turn::Call(target.state()),
        _ => unexpected(answer, "answering the input"),
    }
}

/// A build as Jenkins's own API shows it.
struct Build {
    result: Option<String>,
    was_let_through: bool,
}

fn state(decision: ToolDecision, earlier: &Earlier, so_far: &[Exchange], answer: &Exchange) -> Turn {
    if answer.status == 404 {
        return Turn::Failed { why: "Jenkins shows no such build: it was deleted, or the token’s user may not read it (404)".to_owned() };
    }
    let Some(building) = answer.body.get("building").and_then(Value::as_bool).filter(|_| answer.status == 200) else {
        return unexpected(answer, "reading the build");
    };
    let approvals = answer.body.get("actions").and_then(Value::as_array);
    let was_let_through = approvals.into_iter().flatten().any(|action| action.get("userId").is_some_and(Value::is_string));
    let build = Build { result: Json(&answer.body).text("/result").filter(|_| !building), was_let_through };
    if so_far.first().is_some_and(|first| first.status == 404) && building {
        return Turn::Failed { why: "Jenkins does not list pending inputs (404): it needs the plugin Pipeline: REST API".to_owned() };
    }
    match (&build.result, decision) {
        (None, _) => running(decision, earlier, &build),
        (Some(result), ToolDecision::Approve) => over_approved(result, earlier, &build),
        (Some(result), ToolDecision::Reject) => over_rejected(result),
    }
}

/// The input does not wait, and the build goes on.
fn running(decision: ToolDecision, earlier: &Earlier, build: &Build) -> Turn {
    let wait = |why: &str| Turn::Wait { why: why.to_owned() };
    match (earlier, decision) {
        (Earlier::Nothing, _) => wait("the build has not reached its input yet, or somebody answered it in Jenkins"),
        (Earlier::Noted { .. }, ToolDecision::Approve) if build.was_let_through => {
            Turn::Confirmed { note: "the input waits no longer and the build goes on: it was let through already".to_owned() }
        }
        (Earlier::Noted { .. }, ToolDecision::Approve | ToolDecision::Reject) => {
            wait("the input waits no longer; how it was answered shows when the build ends")
        }
    }
}

fn over_approved(result: &str, earlier: &Earlier, build: &Build) -> Turn {
    match result {
        "SUCCESS" | "UNSTABLE" => Turn::Confirmed { note: format!("the build had gone ahead and is over: {result}") },
        "FAILURE" | "ABORTED" if *earlier != Earlier::Nothing && build.was_let_through => {
            Turn::Confirmed { note: format!("the input had been let through, and the build is over: {result}") }
        }
        "FAILURE" | "ABORTED" | "NOT_BUILT" => Turn::DecidedOtherwise {
            decision: ToolDecision::Reject,
            note: format!("the build was over before its input could be let through: {result}"),
        },
        unknown => Turn::Failed { why: format!("reading the build: its result “{unknown}” is not known to this build") },
    }
}

fn over_rejected(result: &str) -> Turn {
    match result {
        "FAILURE" | "ABORTED" | "NOT_BUILT" => Turn::Confirmed { note: format!("the build is over: {result}") },
        "SUCCESS" | "UNSTABLE" => {
            Turn::DecidedOtherwise { decision: ToolDecision::Approve, note: format!("the build had gone ahead and is over: {result}") }
        }
        unknown => Turn::Failed { why: format!("reading the build: its result “{unknown}” is not known to this build") },
    }
}
