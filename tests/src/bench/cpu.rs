//! What a process has used so far, from `/proc`: unlike wall time it does not depend on who else works here.

use std::fs;
use std::time::Duration;

/// Of one tick in `/proc/<id>/stat`; the kernel tells it to user space as 1/100 s on every machine.
const TICK: Duration = Duration::from_millis(10);
/// Fields of `stat` after the program's name, up to the time that was spent in user mode.
const BEFORE_USER_TIME: usize = 11;

/// Processor time of this process.
pub fn own() -> Duration {
    of("self")
}

/// Processor time of a process by its id.
pub fn of(id: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("the process's statistics");
    let (_, fields) = stat.rsplit_once(") ").expect("a program's name");
    let ticks = fields.split_whitespace().skip(BEFORE_USER_TIME).take(2).map(|ticks| ticks.parse::<u32>().expect("a number of ticks"));
    TICK * ticks.sum::<u32>()
}
