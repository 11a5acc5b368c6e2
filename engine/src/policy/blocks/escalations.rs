//! `escalations`: whom else to reach when nobody answers. Steps add people; they never lower what is needed.

use crate::calendar::{Clock, HORIZON_DAYS};
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::rules::{MAX_REMINDERS, Route, Step, StepAct};
use crate::sentence::duration;
use crate::time::Timestamp;
use std::collections::BTreeSet;

pub const MAX_ESCALATIONS: usize = 50;
pub const MAX_STEPS: usize = 20;
/// What the pauses between reminders may be multiplied by.
const BACK_OFF: (u32, u32) = (1, 100);

const KEYS: Keys = Keys { enforced: &["when", "clock", "steps"], not_enforced: &[] };
const STEP_KEYS: Keys = Keys { enforced: &["after", "do", "who", "via", "back_off"], not_enforced: &[] };
const ROUTES: [&str; 3] = ["chat_dm", "chat_thread", "page"];
const WALL_CLOCK: &str = "wall";
/// The people who could fill an open requirement now.
const WAITING_ON: &str = "waiting_on";
const DEEDS: [&str; 4] = ["remind", "add", "reassign", "tell"];

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["steps"],
        shapes: &[
            ("when", Shape::Condition, "For which changes; for all if left out."),
            ("clock", Shape::Text, "A calendar that the steps are measured by, or wall."),
            ("steps", Shape::List(&Shape::Table(&STEP), MAX_STEPS), "What happens, and after how long."),
        ],
    }),
    MAX_ESCALATIONS,
);
const STEP: TableShape = TableShape {
    keys: STEP_KEYS,
    required: &["after", "do", "who"],
    shapes: &[
        ("after", Shape::Length, "Since the stage opened."),
        ("do", Shape::Words(|| DEEDS.to_vec()), "What is done. Steps add people; they never lower what is needed."),
        ("who", Shape::Text, "A group, or waiting_on: the people who could still approve."),
        ("via", Shape::List(&Shape::Words(|| ROUTES.to_vec()), ROUTES.len()), "How they are reached."),
        ("back_off", Shape::NumberWithin(BACK_OFF.0, BACK_OFF.1), "A reminder comes again, each pause so many times the one before."),
    ],
};

#[derive(Debug)]
pub struct Escalation {
    pub name: String,
    /// `None`: it applies to every change.
    pub when: Option<Condition>,
    pub clock: Clock,
    pub steps: Vec<Step>,
}

/// In the order of the file. `expire_after_s` is how long a change may wait.
pub fn read(field: &Field<'_>, expire_after_s: u64, reading: &mut Reading<'_>) -> Vec<Escalation> {
    let mut escalations: Vec<Escalation> = Vec::new();
    for (key, entry) in field.entries(MAX_ESCALATIONS, reading) {
        if escalations.last().is_some_and(applies_always) {
            reading.warn(&entry.place(), "no change gets here: the escalation before always matches");
        }
        escalations.extend(read_escalation(&key.name, &entry, expire_after_s, reading));
    }
    escalations
}

fn applies_always(escalation: &Escalation) -> bool {
    escalation.when.as_ref().is_none_or(Condition::is_always_true)
}

fn read_escalation(name: &str, field: &Field<'_>, expire_after_s: u64, reading: &mut Reading<'_>) -> Option<Escalation> {
    let table = field.table(KEYS, reading)?;
    let when = table.get("when").map(|when| reading.condition(&when));
    let clock = table.get("clock").map(|clock| read_clock(&clock, reading)).unwrap_or_default();
    let steps = table.require("steps", reading)?.items(MAX_STEPS, reading);
    let limits = Limits { clock: &clock, expire_after_s };
    let steps = steps.iter().filter_map(|step| read_step(step, limits, reading)).collect();
    let when = match when {
        Some(condition) => Some(condition?),
        None => None,
    };
    Some(Escalation { name: name.to_owned(), when, clock, steps })
}

/// A calendar with a fault stops the policy there; whichever clock stands here then does not matter.
fn read_clock(field: &Field<'_>, reading: &mut Reading<'_>) -> Clock {
    let Some(name) = field.text(reading).filter(|name| *name != WALL_CLOCK) else { return Clock::Wall };
    if !reading.names.has(What::Calendar, name) {
        reading.unknown(field, What::Calendar, name);
    }
    reading.calendars.get(name).cloned().map_or(Clock::Wall, Clock::Open)
}

/// What a step is judged by.
#[derive(Clone, Copy)]
struct Limits<'a> {
    clock: &'a Clock,
    expire_after_s: u64,
}

fn read_step(field: &Field<'_>, limits: Limits<'_>, reading: &mut Reading<'_>) -> Option<Step> {
    let table = field.table(STEP_KEYS, reading)?;
    let after = table.require("after", reading).and_then(|after| read_after(&after, limits.clock, reading));
    let act = read_act(&table, reading);
    let via = table.get("via").map_or_else(|| BTreeSet::from([Route::ChatThread]), |via| read_routes(&via, reading));
    let back_off = table.get("back_off");
    let back_off_percent = back_off.as_ref().and_then(|times| times.hundredths(BACK_OFF.0, BACK_OFF.1, reading));
    let step = Step { after_s: after?, back_off_percent, act: act?, via };
    if let Some(field) = back_off {
        judge_back_off(&step, limits.expire_after_s, &field, reading);
    }
    Some(step)
}

/// All reminders are written into the change when a stage opens, so there are only so many.
fn judge_back_off(step: &Step, expire_after_s: u64, field: &Field<'_>, reading: &mut Reading<'_>) {
    match &step.act {
        StepAct::RemindWaitingOn | StepAct::Remind(_) => {}
        StepAct::Add(_) | StepAct::Reassign(_) | StepAct::Tell(_) => {
            reading.fault(&field.place(), "only what is a reminder comes again; “do” says another thing");
        }
    }
    if step.after_s == 0 {
        reading.fault(&field.place(), "a reminder at once has no pause that could grow; say after how long it comes");
    } else if step.times_s().take_while(|at| *at < expire_after_s).nth(MAX_REMINDERS).is_some() {
        let within = duration(expire_after_s);
        let message = format!(
            "this reminds more than {MAX_REMINDERS} times within {within}, after which a change expires; let it begin later or grow faster"
        );
        reading.fault(&field.place(), message);
    }
}

/// A step that the clock never reaches is a fault. Any year will do to see that: hours come back every week.
fn read_after(field: &Field<'_>, clock: &Clock, reading: &mut Reading<'_>) -> Option<u64> {
    let seconds = field.seconds(reading)?;
    let comes = Timestamp::from_micros(0).and_then(|from| clock.after(from, seconds)).is_some();
    if !comes {
        reading.fault(&field.place(), format!("this step never comes: its calendar is not open for so long within {HORIZON_DAYS} days"));
    }
    Some(seconds)
}

fn read_act(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<StepAct> {
    let deed = table.require("do", reading).and_then(|deed| deed.word(&DEEDS, reading));
    let who = table.require("who", reading)?;
    if who.text(reading)? == WAITING_ON {
        if deed.is_some_and(|deed| deed != "remind") {
            reading.fault(&who.place(), format!("{WAITING_ON} can only be reminded; name a group"));
        }
        return Some(StepAct::RemindWaitingOn);
    }
    let group = reading.group(&who)?;
    match deed? {
        "add" => Some(StepAct::Add(group)),
        "reassign" => Some(StepAct::Reassign(group)),
        "tell" => Some(StepAct::Tell(group)),
        _ => Some(StepAct::Remind(group)),
    }
}

fn read_routes(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<Route> {
    let mut routes = BTreeSet::new();
    for (_, item) in field.texts(ROUTES.len(), reading) {
        match item.word(&ROUTES, reading) {
            Some("chat_dm") => {
                routes.insert(Route::ChatDm);
            }
            Some("chat_thread") => {
                routes.insert(Route::ChatThread);
            }
            Some(_) => reading.not_enforced(&item.place()),
            None => {}
        }
    }
    routes
}
