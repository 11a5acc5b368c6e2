//! Room for the parsers of other people, which recurse: work on a thread with a stack of known size.

use std::thread;

/// A debug build needs up to 10 MiB for the largest condition that is parsed at all.
const STACK_BYTES: usize = 16 << 20;

/// `None` if there is no memory for the stack, or the work came to grief.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let running = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work).ok()?;
        running.join().ok()
    })
}
