//! What is said while somebody waits, on standard error: a terminal gets one line that stays current, a log gets a line
//! when something has changed.

use crate::clock::{Clock, SystemClock, pause};
use engine::Timestamp;
use std::io::{IsTerminal, Write, stderr};
use std::time::Duration;

const TICK: Duration = Duration::from_secs(1);
/// Characters of the line on a terminal: a line that wraps can't be written over.
const WIDTH: usize = 78;

pub struct Progress {
    is_terminal: bool,
    line: String,
    began: Timestamp,
}

impl Progress {
    pub fn begin() -> Self {
        Self { is_terminal: stderr().is_terminal(), line: String::new(), began: SystemClock.now() }
    }

    /// The same line again says nothing new.
    pub fn says(&mut self, line: String) {
        if line == self.line {
            return;
        }
        self.line = line;
        match self.is_terminal {
            true => self.draw(),
            false => eprintln!("{}", self.line),
        }
    }

    /// Comes back every second, so that the line shows how long it has been.
    pub async fn tick(&self) {
        pause(TICK).await;
        if self.is_terminal && !self.line.is_empty() {
            self.draw();
        }
    }

    /// Before anything else is written.
    pub fn ends(&mut self) {
        if self.is_terminal && !self.line.is_empty() {
            write("\r\x1b[2K");
        }
        self.line.clear();
    }

    fn draw(&self) {
        let since = spelled(SystemClock.now().seconds_since(self.began));
        let room = WIDTH.saturating_sub(since.len() + 1);
        let line: String = self.line.chars().take(room).collect();
        write(&format!("\r\x1b[2K{line} {since}"));
    }
}

/// A terminal that is gone is no reason to stop waiting.
fn write(text: &str) {
    let mut stderr = stderr();
    drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
}

/// `1h02m03s`
pub fn spelled(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds:02}s"),
        (_, _) => format!("{hours}h{minutes:02}m{seconds:02}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn lengths_of_time_are_short_to_read() {
        for (seconds, text) in [(0, "0s"), (59, "59s"), (60, "1m00s"), (3_599, "59m59s"), (3_723, "1h02m03s")] {
            assert_eq!(spelled(seconds), text);
        }
    }
}
