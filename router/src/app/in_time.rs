//! Platforms wait for seconds. By then something is settled, or it is certain that nothing happens, or it goes on and
//! its truth follows.

use super::commit_gate::CommitGate;
use crate::clock::pause;
use std::time::Duration;
use tokio::task::JoinHandle;

/// An answer is given after the commit, at the latest after this long (platforms give up after 3 s).
pub const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);

pub(super) enum InTime<T> {
    Settled(T),
    /// No commit has begun and none will.
    Nothing,
    /// A commit has begun.
    Later(JoinHandle<T>),
}

/// Does the work in a task of its own, so that a commit that has begun is carried through even after our answer.
pub(super) async fn in_time<T: Send + 'static>(gate: &CommitGate, work: impl Future<Output = T> + Send + 'static) -> InTime<T> {
    let mut working = tokio::spawn(work);
    tokio::select! {
        done = &mut working => done.map_or(InTime::Nothing, InTime::Settled),
        () = pause(ANSWER_WITHIN) => if gate.close() { InTime::Nothing } else { InTime::Later(working) },
    }
}
