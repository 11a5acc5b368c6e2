//! A line that fails three calls in ten, in every way that a call can fail: every tool holds every decision once.

use engine::change::Answer;
use engine::event::ToolDecision;
use router::demo::gitlab::{BOT, JobStatus};
use std::collections::BTreeSet;
use std::mem::discriminant;
use std::time::Duration;
use tests::chance::{Chance, seed};
use tests::fakes::door::Call;
use tests::fakes::fault::Fault;
use tests::fakes::jenkins::Input;
use tests::fakes::line::{Attempt, Bad};
use tests::world::argocd::{ARGOCD, Argocd, revision};
use tests::world::deployment::Deployment;
use tests::world::generic::foreign;
use tests::world::github::WaitingRun;
use tests::world::jenkins::Running;
use tests::world::{Plan, Played, World};

/// How much is decided, and how long the pauses are that tools ask for.
#[derive(Clone, Copy)]
struct Measure {
    /// Decisions of each of the five tools.
    each: u8,
    longest_pause_s: u64,
}

const USUAL: Measure = Measure { each: 12, longest_pause_s: 120 };
/// Where pauses are waited for.
const REAL_TIME: Measure = Measure { each: 5, longest_pause_s: 5 };
/// Looks at the outbox, each at the moment at which something is due.
const LOOKS: usize = 5_000;
const OPERATIONS: &str =
    "  - { name: operations, when: \"environment == 'production'\", stage: approve, approve: { from: [operations], count: 1 } }\n";

/// What waits in a tool.
enum Waiting<'w> {
    Gitlab(Deployment<'w>),
    Github(WaitingRun<'w>),
    Jenkins(Running<'w>),
    Argocd(Argocd<'w>),
    Callback,
}

/// One change and what was decided.
struct Asked<'w> {
    world: &'w World,
    waiting: Waiting<'w>,
    /// `CHG-1042`.
    number: String,
    /// By what calls about it are known.
    marks: Vec<String>,
    decision: ToolDecision,
}

fn plan() -> Plan {
    let plan = Plan::default().with_pipelines().with_policy("argocd:payments/checkout-api", "argocd:payments/*");
    plan.with_policy(OPERATIONS, "").impatient()
}

#[test]
fn every_tool_holds_every_decision_once() {
    let seed = seed();
    plan().run(async |w| {
        let Measure { each, longest_pause_s } = match w.played() {
            Played::Inside => USUAL,
            Played::AsShipped => REAL_TIME,
        };
        let mut chance = Chance::seeded(seed);
        let mut all = Vec::new();
        let applications: Vec<(String, String)> = (0..each).map(|n| (format!("app-{n:02}"), format!("prod-argocd-{n}"))).collect();
        for (n, (application, environment)) in (0..each).zip(&applications) {
            Box::pin(wait_everywhere(w, n, w.argocd_application(application, environment), &mut all)).await;
        }
        w.line().turns_bad(Bad { seed, longest_pause_s });
        for asked in &mut all {
            asked.is_decided(if chance.is_one_in(3) { ToolDecision::Reject } else { ToolDecision::Approve }).await;
        }
        until_nothing_is_left_to_tell(w, &all).await;
        for asked in &all {
            asked.is_held_once().await;
        }
        let attempts = w.line().attempts();
        every_way_to_fail_was_met(&attempts);
        pauses_were_kept(&all, &attempts);
        repeats_are_the_same_to_the_byte(&all, &attempts);
    });
}

/// One more deployment of each tool comes to wait, each in an environment of its own so that none replaces another.
async fn wait_everywhere<'w>(w: &'w World, n: u8, application: Argocd<'w>, all: &mut Vec<Asked<'w>>) {
    let environment = |tool: &str| format!("prod-{tool}-{n}");
    w.gitlab().protects("checkout-api", &environment("gitlab"));
    let deployment = w.gitlab().deployment_waits("checkout-api", &environment("gitlab")).await;
    let marks = vec![format!("/deployments/{}/", deployment.id), format!("/jobs/{}/", deployment.job_id())];
    all.push(Asked::new(w, &environment("gitlab"), marks, Waiting::Gitlab(deployment)).await);
    let run = w.github().deployment_waits(&environment("github")).await;
    let marks = vec![format!("/actions/runs/{}/", run.id)];
    all.push(Asked::new(w, &environment("github"), marks, Waiting::Github(run)).await);
    let build = w.jenkins_build(u64::from(n) + 100);
    assert_eq!(build.asks_for(&environment("jenkins")).await.status, 202);
    build.reaches_its_input();
    all.push(Asked::new(w, &environment("jenkins"), vec![format!("/checkout-api/{}/", n + 100)], Waiting::Jenkins(build)).await);
    assert_eq!(application.is_out_of_sync(ARGOCD, 1).await.status, 202);
    let marks = vec![format!("/applications/app-{n:02}")];
    all.push(Asked::new(w, &environment("argocd"), marks, Waiting::Argocd(application)).await);
    let mut body = foreign();
    body["target"]["name"] = environment("generic").into();
    assert_eq!(w.posts_signed(&format!("msg_{n}"), &body.to_string(), &body.to_string()).await.status, 202);
    w.settle().await;
    let mut asked = Asked::new(w, &environment("generic"), Vec::new(), Waiting::Callback).await;
    asked.marks.push(w.record_of(&asked.number).await.change.id.to_string());
    all.push(asked);
}

impl<'w> Asked<'w> {
    async fn new(world: &'w World, environment: &str, marks: Vec<String>, waiting: Waiting<'w>) -> Self {
        let changes = world.changes().await;
        let change = changes.iter().find(|change| change.source_environment == environment).expect("a change of it");
        Self { world, waiting, number: change.number.to_string(), marks, decision: ToolDecision::Approve }
    }

    /// Nothing of what follows is done yet.
    async fn is_decided(&mut self, decision: ToolDecision) {
        let (number, verb) = (
            &self.number,
            match decision {
                ToolDecision::Approve => "approve",
                ToolDecision::Reject => "reject",
            },
        );
        let told = self.world.acts_typed("approver-1", &format!("{verb} {number} because canary is clean")).await;
        assert!(told.starts_with("Recorded: you "), "{told}");
        self.decision = decision;
    }

    fn is_about(&self, call: &Call) -> bool {
        self.marks.iter().any(|mark| call.path.contains(mark) || call.header("webhook-id").contains(mark))
    }

    async fn is_held_once(&self) {
        let expected = match (&self.waiting, self.decision) {
            // There is no way to tell it no.
            (Waiting::Argocd(_), ToolDecision::Reject) => Vec::new(),
            (_, decision) => vec![decision],
        };
        assert_eq!(self.held(), expected, "what the tool holds of {}", self.number);
        if let Waiting::Gitlab(deployment) = &self.waiting {
            assert_eq!(deployment.job() == JobStatus::Pending, self.decision == ToolDecision::Approve, "{:?}", deployment.job());
        }
        let change = self.world.record_of(&self.number).await.change;
        let is_confirmed = matches!(&change.answer, Answer::Confirmed { decision, .. } if *decision == self.decision);
        assert!(is_confirmed && change.outside.is_empty(), "{}: {:?} {:?}", self.number, change.answer, change.outside);
    }

    /// The decisions of ours that are in the tool's hands.
    fn held(&self) -> Vec<ToolDecision> {
        let sorted = |is_approval: bool| if is_approval { ToolDecision::Approve } else { ToolDecision::Reject };
        match &self.waiting {
            Waiting::Gitlab(deployment) => {
                let deployment = self.world.gitlab().pretend().deployment(deployment.id).expect("a deployment");
                let ours = deployment.approvals.into_iter().filter(|approval| approval.user == BOT);
                ours.map(|approval| sorted(approval.approved)).collect()
            }
            Waiting::Github(run) => run.our_reviews().into_iter().map(sorted).collect(),
            Waiting::Jenkins(build) => {
                let rejected = usize::from(build.input() == Input::Aborted);
                [vec![ToolDecision::Approve; build.approvals()], vec![ToolDecision::Reject; rejected]].concat()
            }
            Waiting::Argocd(application) => {
                application.synced().iter().filter(|synced| **synced == revision(1)).map(|_| ToolDecision::Approve).collect()
            }
            Waiting::Callback => {
                let held = self.world.receiver().held();
                let ours = held.values().filter(|told| told["data"]["change"]["number"] == *self.number);
                ours.map(|told| sorted(told["data"]["decision"] == "approved")).collect()
            }
        }
    }
}

/// Time goes on to whatever is due next. Syncs that were begun fail meanwhile, so that a second one would be taken.
async fn until_nothing_is_left_to_tell(w: &World, all: &[Asked<'_>]) {
    for _ in 0..LOOKS {
        w.settle().await;
        for asked in all {
            if let Waiting::Argocd(application) = &asked.waiting {
                application.with(|application| application.ends("Failed"));
            }
        }
        let counts = w.app().store.outgoing_counts().await.unwrap();
        let Some(due) = counts.oldest_due else { return };
        let wait = due.micros().saturating_sub(w.now().micros()).max(0);
        w.time_passes(Duration::from_micros(wait.unsigned_abs())).await;
    }
    panic!("after {LOOKS} looks something is still to be told");
}

fn every_way_to_fail_was_met(attempts: &[Attempt]) {
    let faults: Vec<Fault> = attempts.iter().filter_map(|attempt| attempt.fault).collect();
    let share = 100 * faults.len() / attempts.len();
    println!("{} calls, {share} % of them failed", attempts.len());
    assert!((15..=45).contains(&share), "{share} % of {} calls failed", attempts.len());
    let ways =
        [Fault::Unheard, Fault::DoneButSilent, Fault::Status(0), Fault::DoneBut(0), Fault::Limited(0), Fault::Reset, Fault::DoneButDropped];
    for way in ways {
        assert!(faults.iter().any(|fault| discriminant(fault) == discriminant(&way)), "no call met {way:?}");
    }
}

/// Nothing more is asked about a decision before the time that the tool named.
fn pauses_were_kept(all: &[Asked<'_>], attempts: &[Attempt]) {
    for asked in all {
        let about: Vec<&Attempt> = attempts.iter().filter(|attempt| asked.is_about(&attempt.call)).collect();
        assert!(!about.is_empty(), "nobody was called about {}", asked.number);
        for pair in about.windows(2) {
            let Some(pause_s) = pair[0].fault.and_then(Fault::pause_s) else { continue };
            assert!(pair[1].at >= pair[0].at.plus_seconds(pause_s), "{}: {pair:#?}", asked.number);
        }
    }
}

/// Whoever takes signed callbacks knows a repeat by its id, and finds nothing new in it.
fn repeats_are_the_same_to_the_byte(all: &[Asked<'_>], attempts: &[Attempt]) {
    let told = |asked: &Asked<'_>| {
        let about = attempts.iter().filter(|attempt| asked.is_about(&attempt.call));
        about.map(|attempt| (attempt.call.header("webhook-id").to_owned(), attempt.call.body.clone())).collect::<BTreeSet<_>>()
    };
    for asked in all.iter().filter(|asked| matches!(asked.waiting, Waiting::Callback)) {
        assert_eq!(told(asked).len(), 1, "{} was told in several ways: {:#?}", asked.number, told(asked));
    }
}
