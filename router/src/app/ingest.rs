//! Acceptance of deliveries: many wait, one writer commits them together, because an fsync costs the same for one as
//! for two hundred.

use super::Failure;
use entities::{Acceptance, NewDelivery, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// Deliveries that may wait for the writer; beyond that the door answers 503 at once.
const QUEUE: usize = 4_096;
/// Deliveries that are committed together at most.
const BATCH: usize = 256;

type Waiting = (NewDelivery, oneshot::Sender<Result<Acceptance, StoreError>>);

/// The way to the writer. Cheap to clone.
#[derive(Clone)]
pub struct Ingest(mpsc::Sender<Waiting>);

impl Ingest {
    /// Starts the writer task; it ends when the last `Ingest` is gone and everything accepted is committed.
    pub fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write(store, receiver));
        Self(sender)
    }

    /// Returns once the delivery is durable, or known not to be.
    pub async fn accept(&self, delivery: NewDelivery) -> Result<Acceptance, Failure> {
        let (sender, receiver) = oneshot::channel();
        self.0.try_send((delivery, sender)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Failure::Store(StoreError::Unavailable(format!("{QUEUE} deliveries wait already"))),
            mpsc::error::TrySendError::Closed(_) => Failure::ShuttingDown,
        })?;
        Ok(receiver.await.map_err(|_| Failure::ShuttingDown)??)
    }
}

/// Takes what is waiting, without a delay of its own.
async fn write(store: Store, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting: Vec<Waiting> = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut waiting, BATCH).await > 0 {
        let (deliveries, answers): (Vec<NewDelivery>, Vec<_>) = waiting.drain(..).unzip();
        match store.accept(&deliveries).await {
            // A sender that has gone away will ask again and be told that it is a duplicate.
            Ok(acceptances) => answers.into_iter().zip(acceptances).for_each(|(answer, acceptance)| drop(answer.send(Ok(acceptance)))),
            Err(error) => refuse(answers, &error),
        }
    }
}

fn refuse(answers: Vec<oneshot::Sender<Result<Acceptance, StoreError>>>, error: &StoreError) {
    tracing::error!(%error, deliveries = answers.len(), "deliveries could not be stored; their senders are told to try again");
    for answer in answers {
        drop(answer.send(Err(StoreError::Unavailable(error.to_string()))));
    }
}
