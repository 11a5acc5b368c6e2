//! The GitHub of a story: workflow runs that wait, what happens to them there, and what it heard of us.

use super::hooks::Answer;
use super::{GITHUB, World};
use crate::fakes::github::{APP_USER, Commit, Delivery, Deploy, FakeGithub, Fault, Gate, REVIEWER, Review};
use sha2::{Digest, Sha256};

/// User ids of the fake GitHub, as the people of the stories have them.
pub const REQUESTER: i64 = 21;
pub const APPROVER: i64 = 22;
pub const AUTHOR: i64 = 24;

#[derive(Clone, Copy)]
pub struct Github<'w> {
    pub(super) world: &'w World,
}

impl<'w> Github<'w> {
    pub fn fake(self) -> &'w FakeGithub {
        &self.world.github
    }

    /// A run of requester-1 comes to its deployment job, with a new commit of author-1, and waits for our rule.
    pub async fn deployment_waits(self, environment: &str) -> WaitingRun<'w> {
        self.waits_for(Gate::Rule, environment).await
    }

    pub async fn waits_for(self, gate: Gate, environment: &str) -> WaitingRun<'w> {
        let sha = self.commits();
        let deploy = Deploy { environment: environment.to_owned(), sha, user: REQUESTER, gate };
        let id = self.fake().deploy(deploy);
        self.world.settle().await;
        WaitingRun { world: self.world, id }
    }

    /// The next `count` reviews of ours end like this.
    pub fn fails_next(self, count: usize, fault: Fault) {
        self.fake().fail_next(count, fault);
    }

    /// Sends the hooks that were set off. Whether there were any.
    pub(super) async fn delivers_hooks(self) -> bool {
        let deliveries = self.fake().take_deliveries();
        for Delivery { headers, body } in &deliveries {
            let answer: Answer = self.world.posts_to(&self.world.node(), GITHUB, headers.clone(), body.clone()).await;
            assert!(matches!(answer.status, 200 | 202), "a hook was answered {answer:?}");
        }
        !deliveries.is_empty()
    }

    /// How often a token was borrowed.
    pub fn tokens_lent(self) -> u64 {
        self.fake().state().lent
    }

    fn commits(self) -> String {
        let number = self.world.commits.get() + 1;
        self.world.commits.set(number);
        let sha = hex::encode(Sha256::digest(number.to_be_bytes()))[..40].to_owned();
        let message = "Validate cards faster".to_owned();
        self.fake().add_commit(Commit { sha: sha.clone(), message, author: AUTHOR, pull: Some((AUTHOR, AUTHOR)) });
        sha
    }
}

pub struct WaitingRun<'w> {
    world: &'w World,
    pub id: i64,
}

impl WaitingRun<'_> {
    pub async fn comes_to(&self, status: &'static str) {
        self.world.github.comes_to(self.id, status);
        self.world.settle().await;
    }

    /// Somebody runs it again.
    pub async fn is_run_again(&self, user: i64) {
        self.world.github.run_again(self.id, user);
        self.world.settle().await;
    }

    pub async fn is_cancelled(&self) {
        self.world.github.cancel(self.id);
        self.world.settle().await;
    }

    /// A required reviewer decides on GitHub's own pages.
    pub async fn is_reviewed_there(&self, user: i64, is_approval: bool) {
        self.world.github.is_reviewed(self.id, Review { user, is_approval, comment: "looked at it here".to_owned() });
        self.world.settle().await;
    }

    /// The reviews of ours that GitHub holds: whether each is an approval.
    pub fn our_reviews(&self) -> Vec<bool> {
        let state = self.world.github.state();
        let ours = state.run(self.id).reviews.iter().filter(|review| matches!(review.user, APP_USER | REVIEWER));
        ours.map(|review| review.is_approval).collect()
    }

    /// How often it was asked to take a review of ours, whether it did or not.
    pub fn reviews_asked(&self) -> usize {
        self.world.github.state().calls.iter().filter(|call| call.is_review()).count()
    }

    /// What our rule shows there while it waits, oldest first.
    pub fn reports(&self) -> Vec<String> {
        self.world.github.state().run(self.id).reports.clone()
    }

    /// What our last review says there.
    pub fn comment(&self) -> String {
        let state = self.world.github.state();
        state.run(self.id).reviews.last().expect("GitHub holds a review").comment.clone()
    }
}
