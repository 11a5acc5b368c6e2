//! What was committed here, told to whoever waits for it in this process. A hint: everybody looks again by themselves as well,
//! because another node's commits are heard by nobody.

use engine::ids::ChangeId;
use entities::Written;
use tokio::sync::broadcast;
use tokio::sync::{Notify, futures::Notified};

/// Moves that a listener may be behind; one that is further behind looks anyway.
const MOVES_KEPT: usize = 256;

/// Which queue has got something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Deliveries,
    Orders,
    Outbox,
    /// Nothing is ever written for it: time passes by itself.
    Timers,
}

impl Topic {
    pub const ALL: [Self; 4] = [Self::Deliveries, Self::Orders, Self::Timers, Self::Outbox];
}

/// One for the whole process. Each loop hears of its own queue only, because a look costs a statement.
pub struct News {
    deliveries: Notify,
    orders: Notify,
    outbox: Notify,
    timers: Notify,
    /// `None` concerns everybody.
    moved: broadcast::Sender<Option<ChangeId>>,
}

/// The changes that move from now on.
pub struct Moves(broadcast::Receiver<Option<ChangeId>>);

impl Default for News {
    fn default() -> Self {
        let [deliveries, orders, outbox, timers] = [Notify::new(), Notify::new(), Notify::new(), Notify::new()];
        Self { deliveries, orders, outbox, timers, moved: broadcast::Sender::new(MOVES_KEPT) }
    }
}

impl News {
    /// What comes between this call and its awaiting is heard as well.
    pub fn of(&self, topic: Topic) -> Notified<'_> {
        self.notify(topic).notified()
    }

    /// As [`News::of`]: listening begins with the call.
    pub fn moves(&self) -> Moves {
        Moves(self.moved.subscribe())
    }

    pub fn delivered(&self) {
        self.deliveries.notify_waiters();
    }

    /// A transaction was committed.
    pub fn written(&self, written: Written) {
        if written.orders {
            self.orders.notify_waiters();
        }
        if written.outgoing {
            self.outbox.notify_waiters();
        }
    }

    pub fn moved(&self, change: ChangeId) {
        self.tell(Some(change));
    }

    /// Everybody looks: the clock was moved, the laws are new, or the process goes down.
    pub fn everything(&self) {
        for topic in Topic::ALL {
            self.notify(topic).notify_waiters();
        }
        self.tell(None);
    }

    fn notify(&self, topic: Topic) -> &Notify {
        match topic {
            Topic::Deliveries => &self.deliveries,
            Topic::Orders => &self.orders,
            Topic::Outbox => &self.outbox,
            Topic::Timers => &self.timers,
        }
    }

    /// Nobody may be listening, which is no fault.
    fn tell(&self, change: Option<ChangeId>) {
        drop(self.moved.send(change));
    }
}

impl Moves {
    /// Returns when this change may have moved.
    pub async fn of(&mut self, change: ChangeId) {
        while self.next().await.is_some_and(|moved| moved != change) {}
    }

    /// Returns when any change may have moved.
    pub async fn any(&mut self) {
        self.next().await;
    }

    /// `None` where it may have been any.
    async fn next(&mut self) -> Option<ChangeId> {
        // One that is too far behind, or alone, is told nothing: it may have been any.
        self.0.recv().await.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;
    use uuid::Uuid;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn each_loop_hears_of_its_own_queue() {
        let news = News::default();
        let (orders, outbox) = (news.of(Topic::Orders), news.of(Topic::Outbox));
        news.written(Written { orders: false, outgoing: true });
        assert!(timeout(SOON, outbox).await.is_ok(), "it listened before it waited");
        assert!(timeout(SOON, orders).await.is_err());
        let deliveries = news.of(Topic::Deliveries);
        news.everything();
        assert!(timeout(SOON, deliveries).await.is_ok());
    }

    #[tokio::test]
    async fn who_waits_for_a_change_hears_of_that_one() {
        let news = News::default();
        let (mine, other) = (ChangeId(Uuid::from_u128(1)), ChangeId(Uuid::from_u128(2)));
        let mut moves = news.moves();
        news.moved(other);
        assert!(timeout(SOON, moves.of(mine)).await.is_err());
        news.moved(mine);
        assert!(timeout(SOON, moves.of(mine)).await.is_ok());
        for _ in 0..=MOVES_KEPT {
            news.moved(other);
        }
        assert!(timeout(SOON, moves.of(mine)).await.is_ok(), "one that is behind looks");
        news.everything();
        assert!(timeout(SOON, moves.of(mine)).await.is_ok());
    }
}
