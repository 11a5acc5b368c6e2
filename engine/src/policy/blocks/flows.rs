//! `flows` and `flow_choice`: the order of the stages, and which order a change takes.

use crate::ids::StageName;
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::schema::CLASS;
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml::Content;

pub const MAX_FLOWS: usize = 100;
pub const MAX_STAGES: usize = 50;
pub const MAX_CHOICES: usize = 100;

const CHOICE_KEYS: Keys = Keys { enforced: &["when", "use"], not_enforced: &[] };

pub const SHAPE: Shape =
    Shape::Named(&Shape::List(&Shape::Either(&[Shape::Text, Shape::List(&Shape::Text, MAX_STAGES)]), MAX_STAGES), MAX_FLOWS);
pub const CHOICE_SHAPE: Shape = Shape::List(
    &Shape::Table(&TableShape {
        keys: CHOICE_KEYS,
        required: &["when", "use"],
        shapes: &[("when", Shape::Condition, "For which changes."), ("use", Shape::Text, "The flow.")],
    }),
    MAX_CHOICES,
);

/// An order of stages. An empty one says that nobody is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub name: String,
    pub steps: Vec<Together>,
}

/// Stages that are open side by side; mostly it is one.
pub type Together = Vec<StageName>;

#[derive(Debug)]
pub struct Choice {
    pub when: Condition,
    pub flow: String,
}

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Flow> {
    let entries = field.entries(MAX_FLOWS, reading);
    let flow = |(key, entry): (&crate::policy::yaml::Key, Field<'_>)| Flow { name: key.name.clone(), steps: read_steps(&entry, reading) };
    entries.into_iter().map(flow).collect()
}

fn read_steps(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Together> {
    let mut steps: Vec<Together> = Vec::new();
    for item in field.items(MAX_STAGES, reading) {
        let side_by_side = match item.node.content {
            Content::List(_) => item.items(MAX_STAGES, reading),
            Content::Nothing | Content::Flag(_) | Content::Whole(_) | Content::Fraction(_) | Content::Text(_) | Content::Table(_) => {
                vec![item.clone()]
            }
        };
        if side_by_side.is_empty() {
            reading.fault(&item.place(), "name the stages that are open side by side");
        }
        steps.push(Together::new());
        for stage in side_by_side {
            add_stage(&stage, &mut steps, reading);
        }
    }
    steps
}

/// Puts the stage beside those of the last step.
fn add_stage(field: &Field<'_>, steps: &mut [Together], reading: &mut Reading<'_>) {
    let Some(name) = field.text(reading) else { return };
    if !reading.names.has(What::Stage, name) {
        reading.unknown(field, What::Stage, name);
    }
    if steps.iter().flatten().any(|stage| stage.as_str() == name) {
        reading.fault(&field.place(), format!("the stage “{name}” stands here twice"));
    }
    if let Some(last) = steps.last_mut() {
        last.push(StageName::new(name));
    }
}

/// In the order of the file; the first that matches is taken.
pub fn read_choice(field: &Field<'_>, flows: &[Flow], reading: &mut Reading<'_>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for item in field.items(MAX_CHOICES, reading) {
        if choices.last().is_some_and(|choice| choice.when.is_always_true()) {
            reading.warn(&item.place(), "no change gets here: the choice before always matches");
        }
        choices.extend(read_one_choice(&item, flows, reading));
    }
    choices
}

fn read_one_choice(field: &Field<'_>, flows: &[Flow], reading: &mut Reading<'_>) -> Option<Choice> {
    let table = field.table(CHOICE_KEYS, reading)?;
    let when = table.require("when", reading).and_then(|when| reading.condition(&when));
    let chosen = table.require("use", reading)?;
    let name = chosen.text(reading)?;
    let when = when?;
    let Some(flow) = flows.iter().find(|flow| flow.name == name) else {
        reading.unknown(&chosen, What::Flow, name);
        return None;
    };
    // "Approved without a human" comes only from an explicit class.
    if flow.steps.is_empty() && !when.asks_about(CLASS) {
        reading.fault(&field.place(), format!("the flow “{name}” asks nobody, so its condition has to ask for {CLASS}"));
    }
    Some(Choice { when, flow: name.to_owned() })
}

/// Flows that no change can take, and classes that have none.
pub fn warn_of_gaps(field: &Field<'_>, choices: Option<&[Choice]>, reading: &mut Reading<'_>) {
    let chosen = |name: &str, reading: &Reading<'_>| match choices {
        Some(choices) => choices.iter().any(|choice| choice.flow == name),
        None => reading.names.has(What::Class, name),
    };
    for (key, entry) in field.entries(MAX_FLOWS, reading) {
        if !chosen(&key.name, reading) {
            reading.warn(&entry.place(), "no change takes this flow");
        }
    }
    let classes = if choices.is_none() { reading.names.of(What::Class).to_vec() } else { Vec::new() };
    for class in classes.iter().filter(|class| !reading.names.has(What::Flow, class)).collect::<Vec<_>>() {
        reading.warn(&field.place(), format!("the class “{class}” has no flow, so its changes are blocked"));
    }
}
