//! What goes wrong between the two, in the order in which a story asked for it.

use std::collections::VecDeque;

/// The calls that can be told to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Post,
    Edit,
    BeginThread,
    OpenDirect,
    FollowUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with a body that says how long, in milliseconds; nothing is done.
    Limited(u64),
    /// This status without a body, and nothing is done.
    Status(u16),
    /// 400 with this code; nothing is done.
    Code(u64),
    /// It is done, but the connection breaks before the answer.
    DoneButDropped,
}

#[derive(Default)]
pub struct Faults {
    queue: VecDeque<(Route, Fault)>,
}

impl Faults {
    pub fn queue(&mut self, route: Route, count: usize, fault: Fault) {
        self.queue.extend(std::iter::repeat_n((route, fault), count));
    }

    /// The fault that is next for this route.
    pub fn next(&mut self, route: Route) -> Option<Fault> {
        let at = self.queue.iter().position(|(queued, _)| *queued == route)?;
        self.queue.remove(at).map(|(_, fault)| fault)
    }
}
