//! `deployment_status`: a deployment waits, starts or ends.

use super::Way;
use super::hook::Reading;
use super::run::Run;
use crate::sources::reading::Fields;
use crate::sources::{Reject, Signal};
use engine::event::DeploymentOutcome;
use url::Url;

pub fn read(reading: &Reading<'_>, state: &str) -> Result<Vec<Signal>, Reject> {
    let Reading { namer, way, event, fields } = reading;
    // A deployment that no workflow made can't wait for anybody, and belongs to no change.
    let Some(run) = run_of(fields) else { return Ok(Vec::new()) };
    let run = || Run::of_deployment(namer, fields, run);
    Ok(match state {
        "waiting" if can_answer(*way, fields) => vec![run()?.opens(fields, *way, event)],
        "in_progress" => vec![run()?.started(fields)],
        "success" => vec![run()?.finished(DeploymentOutcome::Success)],
        "failure" | "error" => vec![run()?.finished(DeploymentOutcome::Failure)],
        // A newer deployment has taken its place.
        "inactive" => vec![run()?.finished(DeploymentOutcome::Cancelled)],
        _ => Vec::new(),
    })
}

/// A repository's own webhook does not say which installation could answer; the rule's event does.
fn can_answer(way: Way, fields: &Fields<'_>) -> bool {
    match way {
        Way::AsApp => fields.number("/installation/id").is_some(),
        Way::AsReviewer | Way::Silent => true,
    }
}

/// The workflow run stands beside the deployment, else in the address of its log.
fn run_of(fields: &Fields<'_>) -> Option<i64> {
    let pages = ["/deployment_status/log_url", "/deployment_status/target_url"];
    fields.number("/workflow_run/id").or_else(|| pages.iter().find_map(|pointer| run_in(&fields.text(pointer)?)))
}

/// `https://github.com/example/checkout-api/actions/runs/77/job/78` → 77.
fn run_in(page: &str) -> Option<i64> {
    let url = Url::parse(page).ok()?;
    let parts: Vec<&str> = url.path_segments()?.collect();
    let at = parts.windows(2).position(|pair| pair == ["actions", "runs"])?;
    parts.get(at + 2)?.parse().ok().filter(|run| *run > 0)
}
