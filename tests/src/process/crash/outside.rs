//! What anybody can see: the API's changes against the ledger, and the pretend GitLab against both.

use super::scene::Scene;
use super::summary::Summary;
use crate::process::reader::Reader;
use router::demo::gitlab::Deployment;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, a line each.
pub async fn judge(scene: &Scene, reader: &Reader, summary: &mut Summary) -> Vec<String> {
    let mut faults = hooks_have_one_change(scene);
    let mut changes = BTreeMap::new();
    for row in reader.changes(None).await {
        let change = reader.change(row["number"].as_str().unwrap_or_default()).await;
        changes.insert(change["subject"]["commit"].as_str().unwrap_or_default().to_owned(), change);
    }
    summary.saw(changes.values());
    faults.extend(deployments_have_one_change(scene, &changes));
    faults.extend(votes_stand_once(scene, &changes));
    faults
}

/// Every hook of a deployment belongs to the same one change, and no two deployments share one.
fn hooks_have_one_change(scene: &Scene) -> Vec<String> {
    let ledger = scene.ledger();
    let mut owners: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    let mut faults = Vec::new();
    for (key, hook) in &ledger.hooks {
        match hook.changes.as_slice() {
            [change] => drop(owners.entry(change).or_default().insert(hook.deployment)),
            changes => faults.push(format!("hook {key} ({}) has {} changes", hook.status, changes.len())),
        }
    }
    let shared = owners.iter().filter(|(_, deployments)| deployments.len() != 1);
    faults.extend(shared.map(|(change, deployments)| format!("change {change} stands for the deployments {deployments:?}")));
    if owners.len() != ledger.deployments.len() {
        faults.push(format!("{} deployments came to {} changes", ledger.deployments.len(), owners.len()));
    }
    faults
}

fn deployments_have_one_change(scene: &Scene, changes: &BTreeMap<String, Value>) -> Vec<String> {
    let deployments = scene.ledger().deployments.clone();
    let mut faults = Vec::new();
    for (id, sha) in &deployments {
        let deployment = scene.forge.gitlab.deployment(*id).expect("the pretend GitLab forgets nothing");
        match changes.get(sha) {
            None => faults.push(format!("deployment {id} has no change")),
            Some(change) => faults.extend(told_once(scene, &deployment, change)),
        }
    }
    if changes.len() != deployments.len() {
        faults.push(format!("{} changes for {} deployments", changes.len(), deployments.len()));
    }
    faults
}

/// The decision reached GitLab once, and no other decision did.
fn told_once(scene: &Scene, deployment: &Deployment, change: &Value) -> Option<String> {
    let (decisions, plays) = (scene.forge.decisions(deployment), scene.forge.plays(deployment));
    let is_approved = deployment.approvals.iter().any(|approval| approval.approved);
    let is_right = match change["state"].as_str().unwrap_or_default() {
        "succeeded" => decisions == 1 && is_approved && plays == 1,
        "rejected" => decisions == 1 && !is_approved && plays == 0,
        // It may have been approved, and the approval on its way, when a newer one came.
        "superseded" => decisions == 1 && plays <= 1,
        "pending" => decisions == 0 && plays == 0,
        _ => false,
    };
    let (number, state) = (&change["number"], &change["state"]);
    (!is_right).then(|| {
        format!("{number} is {state}: GitLab took {decisions} decisions (approved: {is_approved}) and started the job {plays} times")
    })
}

fn votes_stand_once(scene: &Scene, changes: &BTreeMap<String, Value>) -> Vec<String> {
    let by_number: BTreeMap<&str, &Value> = changes.values().filter_map(|change| Some((change["number"].as_str()?, change))).collect();
    let mut faults = Vec::new();
    for form in &scene.ledger().forms {
        let Some(change) = by_number.get(form.sheet.number()) else {
            faults.push(format!("{} was voted on and is not there", form.sheet.number()));
            continue;
        };
        let votes = change["votes"].as_array().map_or(0, |votes| votes.iter().filter(|vote| vote["by"] == form.person).count());
        let is_decided = change["state"] != "pending";
        let may_be_refused = is_decided || form.person == "requester-1";
        if votes > 1 || (votes == 0 && !may_be_refused) {
            faults.push(format!("{}: {} has {votes} votes", form.sheet.number(), form.person));
        }
    }
    faults
}
