//! Group commit: many callers wait, one writer commits what they have together, because an fsync costs the same for one as for
//! two hundred.

use super::Failure;
use entities::StoreError;
use tokio::sync::{mpsc, oneshot};

/// Entries that may wait for the writer; beyond that a caller hears so at once.
const QUEUE: usize = 4_096;
/// Entries that are committed together at most.
const BATCH: usize = 256;

type Waiting<T, A> = (T, oneshot::Sender<Result<A, StoreError>>);

/// The way to the writer. Cheap to clone.
pub struct Together<T, A>(mpsc::Sender<Waiting<T, A>>);

impl<T, A> Clone for Together<T, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Send + 'static, A: Send + 'static> Together<T, A> {
    /// Starts the writer task, which ends when the last way to it is gone and everything that waits is written. `write` answers for
    /// each entry, in order.
    pub fn start<F>(write: impl Fn(Vec<T>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<Vec<A>, StoreError>> + Send,
    {
        let (sender, mut receiver) = mpsc::channel::<Waiting<T, A>>(QUEUE);
        tokio::spawn(async move {
            let mut waiting = Vec::with_capacity(BATCH);
            // Takes what is waiting, without a delay of its own.
            while receiver.recv_many(&mut waiting, BATCH).await > 0 {
                let (entries, callers): (Vec<T>, Vec<_>) = waiting.drain(..).unzip();
                answer(callers, write(entries).await);
            }
        });
        Self(sender)
    }

    /// Returns once it is durable, or known not to be.
    pub async fn write(&self, entry: T) -> Result<A, Failure> {
        let (sender, receiver) = oneshot::channel();
        self.0.try_send((entry, sender)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                Failure::Store(StoreError::Unavailable(format!("{QUEUE} entries wait to be written already")))
            }
            mpsc::error::TrySendError::Closed(_) => Failure::ShuttingDown,
        })?;
        Ok(receiver.await.map_err(|_| Failure::ShuttingDown)??)
    }
}

/// A caller that has gone away needs no answer.
fn answer<A>(callers: Vec<oneshot::Sender<Result<A, StoreError>>>, written: Result<Vec<A>, StoreError>) {
    match written {
        Ok(answers) => callers.into_iter().zip(answers).for_each(|(caller, answer)| drop(caller.send(Ok(answer)))),
        Err(error) => {
            tracing::error!(%error, entries = callers.len(), "entries could not be stored; who sent them is told to try again");
            for caller in callers {
                drop(caller.send(Err(StoreError::Unavailable(error.to_string()))));
            }
        }
    }
}
