//! `classes`: how a change is treated. The first that matches is taken, and the last always matches.

use crate::ids::ClassName;
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::schema::CLASS;
use crate::policy::shape::{Shape, TableShape};

pub const MAX_CLASSES: usize = 50;

const KEYS: Keys = Keys { enforced: &["name", "when"], not_enforced: &[] };

pub const SHAPE: Shape = Shape::List(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["name", "when"],
        shapes: &[
            ("name", Shape::Text, "What the class is called."),
            ("when", Shape::Condition, "For which changes; “true” for all that are left."),
        ],
    }),
    MAX_CLASSES,
);

#[derive(Debug)]
pub struct Class {
    pub name: ClassName,
    pub when: Condition,
}

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Class> {
    let items = field.items(MAX_CLASSES, reading);
    let mut classes: Vec<Class> = Vec::new();
    for item in &items {
        if classes.last().is_some_and(|class| class.when.is_always_true()) {
            reading.warn(&item.place(), "no change gets here: the class before always matches");
        }
        let Some(class) = read_class(item, reading) else { continue };
        if classes.iter().any(|earlier| earlier.name == class.name) {
            reading.fault(&item.place(), format!("the class “{}” stands here twice", class.name));
        }
        classes.push(class);
    }
    let complete = classes.len() == items.len();
    if complete && !classes.last().is_some_and(|class| class.when.is_always_true()) {
        let place = items.last().unwrap_or(field).place();
        reading.fault(&place, "the last class must be for every other change: when: \"true\"");
    }
    classes
}

fn read_class(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Class> {
    let table = field.table(KEYS, reading)?;
    let name = table.require("name", reading).and_then(|name| name.text(reading));
    let when = table.require("when", reading)?;
    let condition = reading.condition(&when)?;
    if condition.asks_about(CLASS) {
        reading.fault(&when.place(), format!("{CLASS} is not known yet: these conditions find it"));
    }
    Some(Class { name: ClassName::new(name?), when: condition })
}
