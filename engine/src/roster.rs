//! On-call rosters: who is on duty at an instant. Each level is a rotation of its own; an override puts somebody else in
//! the place of whose turn it is.

use crate::calendar::{Cron, Rotation, instant_of};
use crate::ids::PersonId;
use crate::time::Timestamp;
use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub const MAX_LEVELS: usize = 10;
/// Of one level.
pub const MAX_MEMBERS: usize = 200;
pub const MAX_OVERRIDES: usize = 1_000;

/// As its file has it. What its reader should have refused has nobody on duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// An IANA name; the wall times are of this zone.
    pub time_zone: String,
    /// The first is level 1.
    pub levels: Vec<Level>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// When the turn of the first member begins.
    pub since: NaiveDateTime,
    /// When the turn passes to the next member: a cron expression of five fields.
    pub handover: String,
    pub members: Vec<PersonId>,
}

/// From one wall time up to a later one, which is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// From 1.
    pub level: u32,
    pub who: PersonId,
    pub from: NaiveDateTime,
    pub to: NaiveDateTime,
}

/// Who is on duty at one level, and until when nothing changes there; `None`: for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    pub person: Option<PersonId>,
    pub until: Option<Timestamp>,
}

impl Roster {
    /// One of each level, in their order.
    pub fn shifts(&self, now: Timestamp) -> Vec<Shift> {
        let Ok(zone) = self.time_zone.parse::<Tz>() else { return vec![Shift::default(); self.levels.len()] };
        (1..).zip(&self.levels).map(|(number, level)| self.relieved(level.shift(zone, now), number, zone, now)).collect()
    }

    /// Whoever is on duty at one of these levels at some time.
    pub fn everybody<'a>(&'a self, levels: &'a BTreeSet<u32>) -> impl Iterator<Item = &'a PersonId> {
        let of_levels = (1..).zip(&self.levels).filter(|(number, _)| levels.contains(number));
        let relief = self.overrides.iter().filter(|relief| levels.contains(&relief.level)).map(|relief| &relief.who);
        of_levels.flat_map(|(_, level)| &level.members).chain(relief)
    }

    /// The shift, or that of an override in its place; either ends where an override begins.
    fn relieved(&self, shift: Shift, number: u32, zone: Tz, now: Timestamp) -> Shift {
        let mut shift = shift;
        for relief in self.overrides.iter().filter(|relief| relief.level == number) {
            let (Some(from), Some(to)) = (instant_of(relief.from, zone), instant_of(relief.to, zone)) else { continue };
            if from <= now && now < to {
                return Shift { person: Some(relief.who.clone()), until: Some(to) };
            }
            if from > now && from < to {
                shift.until = Some(shift.until.map_or(from, |until| until.min(from)));
            }
        }
        shift
    }
}

impl Level {
    fn shift(&self, time_zone: Tz, now: Timestamp) -> Shift {
        let Ok(handover) = Cron::parse(&self.handover) else { return Shift::default() };
        let turn = Rotation { time_zone, begins: self.since, handover }.turn_at(now);
        let place = turn.number.and_then(|number| number.checked_rem(self.members.len()));
        Shift { person: place.and_then(|place| self.members.get(place)).cloned(), until: turn.until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_utc(text.parse().unwrap())
    }

    fn people(ids: &str) -> Vec<PersonId> {
        ids.split_whitespace().map(PersonId::from).collect()
    }

    fn relief(level: u32, who: &str, from: &str, to: &str) -> Override {
        Override { level, who: who.into(), from: local(from), to: local(to) }
    }

    /// Weekly at level 1, daily at level 2, from Monday, 2 November 2026, on.
    fn sample() -> Roster {
        let level = |handover: &str, members: &str| Level {
            since: local("2026-11-02T09:00:00"),
            handover: handover.to_owned(),
            members: people(members),
        };
        Roster {
            time_zone: "Europe/Berlin".to_owned(),
            levels: vec![level("0 9 * * MON", "a b"), level("0 9 * * *", "c d e")],
            overrides: vec![relief(1, "x", "2026-11-11T12:00:00", "2026-11-11T18:00:00")],
        }
    }

    #[test]
    fn turns_go_round_and_an_override_takes_their_place() {
        let table = [
            ("2026-11-02T07:59:59Z", "- -", "2026-11-02T08:00:00Z"),
            ("2026-11-02T08:00:00Z", "a c", "2026-11-09T08:00:00Z"),
            ("2026-11-09T08:00:00Z", "b d", "2026-11-11T11:00:00Z"),
            ("2026-11-11T11:00:00Z", "x c", "2026-11-11T17:00:00Z"),
            ("2026-11-11T17:00:00Z", "b c", "2026-11-16T08:00:00Z"),
            ("2026-11-16T08:00:00Z", "a e", "2026-11-23T08:00:00Z"),
        ];
        for (now, on_duty, until) in table {
            let shifts = sample().shifts(at(now));
            let names: Vec<&str> = shifts.iter().map(|shift| shift.person.as_ref().map_or("-", PersonId::as_str)).collect();
            assert_eq!((names.join(" "), shifts[0].until), (on_duty.to_owned(), Some(at(until))), "{now}");
        }
    }

    #[test]
    fn everybody_of_some_levels_is_known() {
        let everybody = |levels: &[u32]| -> String {
            let levels = levels.iter().copied().collect();
            sample().everybody(&levels).map(PersonId::as_str).collect::<Vec<_>>().join(" ")
        };
        assert_eq!([everybody(&[1]), everybody(&[2]), everybody(&[1, 2]), everybody(&[3])], ["a b x", "c d e", "a b c d e x", ""]);
    }

    #[test]
    fn what_can_not_be_read_has_nobody_on_duty() {
        let damage: [fn(&mut Roster); 3] =
            [|roster| roster.time_zone.clear(), |roster| roster.levels[0].handover.clear(), |roster| roster.levels[0].members.clear()];
        for damage in damage {
            let mut roster = sample();
            roster.overrides.clear();
            damage(&mut roster);
            assert_eq!(roster.shifts(at("2026-11-11T11:00:00Z"))[0].person, None);
        }
    }

    proptest! {
        /// Whoever is on duty stays so until the shift says; overrides that touch leave no gap.
        #[test]
        fn nothing_changes_before_a_shift_ends(
            zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            starts in prop::collection::vec((0i64..60 * 24, 1i64..72), 0..5),
            minutes in 0u64..60 * 24 * 60,
            later in 0.0..1.0f64,
        ) {
            let since = local("2026-10-01T09:00:00");
            let mut roster = sample();
            roster.time_zone = zone.name().to_owned();
            roster.levels.iter_mut().for_each(|level| level.since = since);
            roster.overrides = starts.iter().map(|(start, hours)| {
                let from = since + chrono::TimeDelta::hours(*start);
                Override { level: 1, who: "x".into(), from, to: from + chrono::TimeDelta::hours(*hours) }
            }).collect();
            let now = instant_of(since, zone).unwrap().plus_seconds(minutes * 60);
            let shift = roster.shifts(now).swap_remove(0);
            let until = shift.until.unwrap();
            prop_assert!(until > now && shift.person.is_some());
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "anywhere within it will do")]
            let within = now.micros() + ((until.micros() - now.micros()) as f64 * later) as i64;
            let within = Timestamp::from_micros(within.min(until.micros() - 1)).unwrap();
            prop_assert_eq!(&roster.shifts(within)[0].person, &shift.person);
        }
    }
}
