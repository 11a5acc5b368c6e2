//! People who decide about every card that appears, each with a form of their own, sent until it closes.

use super::ledger::Form;
use super::scene::Scene;
use crate::chance::Chance;
use crate::process::click::{Reply, Sheet};
use crate::process::service::client;
use reqwest::Client;
use router::clock::pause;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(20);
/// The longest that somebody thinks about a card.
const THINK_WITHIN_MS: u64 = 1_200;
/// The longest pause before a form that did not close is sent again.
const AGAIN_WITHIN_MS: u64 = 150;

/// Id in the directory, id in Slack.
type Voter = (&'static str, &'static str);
const REQUESTER: Voter = ("requester-1", "U000000001");
const PEER: Voter = ("approver-1", "U000000002");
const OPERATOR: Voter = ("approver-2", "U000000003");

/// Looks for cards and has people decide about each of them once, for ever.
pub async fn cast(scene: Arc<Scene>, mut chance: Chance) {
    let client = client();
    let (mut looked_at, mut known) = (0, BTreeSet::new());
    loop {
        let (targets, calls) = scene.workspace.asked(looked_at);
        looked_at = calls;
        // A card that is posted twice is one change.
        for target in targets.into_iter().filter(|target| known.insert(target.clone())) {
            for (voter, verb) in plan(&mut chance) {
                let form = note(&scene, voter, verb, &target);
                tokio::spawn(send(scene.clone(), client.clone(), form, chance.fork()));
            }
        }
        pause(LOOK).await;
    }
}

/// Most changes are approved by two; some are rejected, some are left alone, and some requesters try it themselves.
fn plan(chance: &mut Chance) -> Vec<(Voter, &'static str)> {
    match chance.below(10) {
        0 => Vec::new(),
        1 => vec![(OPERATOR, "reject")],
        2 => vec![(PEER, "approve")],
        3 => vec![(REQUESTER, "approve"), (PEER, "approve"), (OPERATOR, "approve")],
        _ => vec![(PEER, "approve"), (OPERATOR, "approve")],
    }
}

/// The form's place in the ledger.
fn note(scene: &Scene, (person, user): Voter, verb: &'static str, target: &str) -> usize {
    let mut ledger = scene.ledger();
    let number = ledger.forms.len();
    let view = format!("V{number:09}");
    let rationale = "read the diff, tests are green".to_owned();
    let sheet = Sheet { user: user.to_owned(), verb, target: target.to_owned(), rationale, view };
    ledger.forms.push(Form { sheet, person, is_acknowledged: false, sent: 0 });
    ledger.in_flight += 1;
    number
}

async fn send(scene: Arc<Scene>, client: Client, form: usize, mut chance: Chance) {
    pause(chance.millis_below(THINK_WITHIN_MS)).await;
    let (sheet, base) = (scene.ledger().forms[form].sheet.clone(), scene.installation.base());
    loop {
        scene.ledger().forms[form].sent += 1;
        match sheet.send(&client, &base).await {
            Reply::Closed => break,
            Reply::Kept(sentence) if says_try_again(&sentence) => {}
            Reply::Kept(sentence) => scene.ledger().contradictions.push(format!("{}: the form stayed open: {sentence}", sheet.target)),
            Reply::Failed(_) => {}
        }
        pause(chance.millis_below(AGAIN_WITHIN_MS)).await;
    }
    let mut ledger = scene.ledger();
    ledger.forms[form].is_acknowledged = true;
    ledger.in_flight -= 1;
}

fn says_try_again(sentence: &str) -> bool {
    sentence.contains("couldn’t record") || sentence.contains("takes longer than usual")
}
