//! A pipeline's step that asks for a change, and which input of it waits for the decision.

use super::{CALLBACK, Jenkins, KIND, run};
use crate::sources::step::{EVENT, Sender, Step};
use crate::sources::{Parsed, Reject, Signal, delivery, segment};
use axum::http::HeaderMap;
use engine::ids::ChangeKey;
use engine::request::Callback;
use serde_json::Value;
use std::collections::BTreeMap;

pub fn parse(jenkins: &Jenkins, headers: &HeaderMap, body: &[u8], json: &Value) -> Result<Parsed, Reject> {
    let key = delivery::header(headers, "Idempotency-Key").unwrap_or_else(|| delivery::digest(&[EVENT.as_bytes(), body]));
    let step = Step::read(json)?;
    let sender = Sender { kind: KIND, integration: &jenkins.integration, realm: &jenkins.realm };
    let (change, callback) = place(jenkins, &sender, &step)?;
    let wish = step.wish(&sender, change, callback);
    Ok(Parsed { key, event: EVENT.to_owned(), signals: vec![Signal::Opens(Box::new(wish))] })
}

/// Without an input nobody waits in Jenkins: the pipeline polls for the decision itself.
fn place(jenkins: &Jenkins, sender: &Sender<'_>, step: &Step) -> Result<(ChangeKey, Option<Callback>), Reject> {
    let (Some(job), Some(build)) = (&step.job, step.build) else {
        if step.input_id.is_some() {
            return Err(Reject::malformed("/input_id", "an input is found by its job and build: send both"));
        }
        let (integration, digest) = (&jenkins.integration, step.subject(sender).digest());
        return Ok((ChangeKey::new(format!("{integration}:{}:{}:{digest}", step.service, step.environment)), None));
    };
    if job.split('/').any(|name| segment::encoded(name).is_none()) || job.contains(['#', ':']) {
        return Err(Reject::malformed("/job", "this is not the full name of a job, as in JOB_NAME"));
    }
    let begin = jenkins.keys_begin(job, build);
    let Some(input) = step.input_id.as_deref().map(as_jenkins_writes_it) else {
        return Ok((ChangeKey::new(format!("{begin}:{}", step.environment)), None));
    };
    let params = BTreeMap::from([
        (Callback::RUN.to_owned(), run(job, build)),
        ("job".to_owned(), job.clone()),
        ("build".to_owned(), build.to_string()),
        ("input_id".to_owned(), input.clone()),
        ("environment".to_owned(), step.environment.clone()),
    ]);
    let callback = Callback { integration: jenkins.integration.clone(), kind: CALLBACK.to_owned(), params };
    Ok((ChangeKey::new(format!("{begin}{input}")), Some(callback)))
}

/// The input step capitalises its id: those that begin with a small letter are reserved for its own URLs.
fn as_jenkins_writes_it(id: &str) -> String {
    let mut letters = id.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
