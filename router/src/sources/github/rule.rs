//! `deployment_protection_rule`: a deployment waits for the application that stands behind the rule.

use super::Way;
use super::hook::Reading;
use super::run::{Run, repository};
use crate::sources::{Reject, Signal};
use url::Url;

const CALLBACK: &str = "/deployment_callback_url";

pub fn read(reading: &Reading<'_>, action: &str) -> Result<Vec<Signal>, Reject> {
    if action != "requested" {
        return Ok(Vec::new());
    }
    let Reading { namer, way, event, fields } = reading;
    let (_, path) = repository(fields)?;
    let run = run_of(&fields.required_text(CALLBACK)?, &namer.api, &path)?;
    if *way == Way::AsApp {
        // Without it nothing could be answered: only a webhook of the application carries it.
        fields.required_number("/installation/id")?;
    }
    let run = Run::of_deployment(namer, fields, run)?;
    Ok(vec![run.opens(fields, *way, event)])
}

/// The address is only read, never called: it has to lead to the configured API, to this repository, and to one run.
fn run_of(callback_url: &str, api: &Url, path: &str) -> Result<i64, Reject> {
    let foreign = |what: &str| Reject::malformed(CALLBACK, format!("this address {what}"));
    let url = Url::parse(callback_url).map_err(|_| foreign("is none"))?;
    if url.origin() != api.origin() {
        return Err(foreign(&format!("is not of {api}: set api_url of this integration to the API that sends it")));
    }
    let below = url.path().strip_prefix(api.path().trim_end_matches('/')).unwrap_or_default();
    let parts: Vec<&str> = below.trim_start_matches('/').split('/').collect();
    let ["repos", owner, name, "actions", "runs", run, "deployment_protection_rule"] = parts.as_slice() else {
        return Err(foreign("does not lead to a deployment protection rule"));
    };
    if !format!("{owner}/{name}").eq_ignore_ascii_case(path) {
        return Err(foreign("is of another repository"));
    }
    run.parse().ok().filter(|run| *run > 0).ok_or_else(|| foreign("names no workflow run"))
}
