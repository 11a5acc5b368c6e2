//! Local times: the one place that knows time zones. What it computes is stored in events, and folding never asks it again.

mod clock;
mod cron;
mod hours;
mod office;
mod rotation;
mod season;
mod wall;

pub use clock::Clock;
pub use cron::{CalendarError, Cron, MAX_LENGTH};
pub use hours::{HORIZON_DAYS, Hours};
pub use office::{Day, MINUTES_OF_A_DAY, Office, Opening};
pub use rotation::{MAX_HANDOVERS_A_YEAR, Rotation, Turn, handovers_a_year};
pub use season::{Comes, MAX_BEGINNINGS, Season};
pub use wall::{NotATime, Wall, instant_of};
