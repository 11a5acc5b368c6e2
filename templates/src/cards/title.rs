//! The title: state word, service, version, environment; the state first, so that it survives a phone's cut.

use crate::line::Line;
use crate::words::{self, TITLE_MAX};
use engine::Change;

/// Units that version and environment keep where the whole is too long.
const SHORT: usize = 24;

pub fn title(change: &Change) -> Line {
    let state = words::state(change.state());
    let room = TITLE_MAX - state.len() - ": ".len();
    Line::from(format!("{state}: {}", fitted(change, room)))
}

/// Service, version and environment, as a title without its state.
pub fn what(change: &Change) -> Line {
    fitted(change, TITLE_MAX)
}

/// The whole if it fits; else the service loses most, because version and environment tell changes apart.
fn fitted(change: &Change, room: usize) -> Line {
    let whole = Line::from(change.what());
    if whole.units() <= room {
        return whole;
    }
    let environment = Line::new(&change.request.environment).cut(SHORT);
    let version = change.request.version.clone().or_else(|| change.short_commit()).map(|version| Line::from(version).cut(SHORT));
    let rest = version.map_or_else(|| format!("to {environment}"), |version| format!("{version} to {environment}"));
    let service = Line::new(&change.service).cut(room.saturating_sub(crate::line::units(&rest) + 1));
    Line::from(format!("{service} {rest}"))
}
