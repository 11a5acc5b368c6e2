//! The JSON Schema of a policy's file, so that editors complete its keys and mark slips while they are typed.

use super::blocks::{
    attributes, calendars, classes, defaults, duty, environments, escalations, fields, flows, freezes, gates, groups, incidents, lists,
    notifications, quorums, requirements, separation, services, trials, windows,
};
use super::load::{BLOCKS, LANGUAGE_VERSION, MAX_OWNERS};
use super::shape::{Shape, TableShape};
use serde_json::{Value, json};

pub(super) const FILE: TableShape = TableShape {
    keys: BLOCKS,
    required: &["version", "name", "owners", "groups", "environments", "classes", "requirements"],
    shapes: &[
        ("version", Shape::Whole(1), "The version of the language."),
        ("name", Shape::Text, "What the policy is called."),
        ("owners", Shape::List(&Shape::Text, MAX_OWNERS), "The groups that answer for the policy and are told what it could not judge."),
        ("defaults", defaults::SHAPE, "The time zone, how long a change waits, and what a vote has to say."),
        ("services", services::SHAPE, "The catalogue that gives a change its attributes."),
        ("attributes", attributes::SHAPE, "What a change may say of itself beyond what every change can."),
        ("lists", lists::SHAPE, "Named constants that conditions may name."),
        ("groups", groups::SHAPE, "The names that the policy uses for groups of the directory."),
        ("duty", duty::SHAPE, "The names that the policy uses for on-call rosters. They stand wherever a group may."),
        ("environments", environments::SHAPE, "Where a change may go. A change to anywhere else is blocked."),
        ("separation_of_duties", separation::SHAPE, "Who may not approve because of their part in the change."),
        ("classes", classes::SHAPE, "How a change is treated. The first that holds is taken; the last is for every other change."),
        ("fields", fields::SHAPE, "What the requester writes before anybody is asked."),
        ("requirements", requirements::SHAPE, "Who has to agree. Every one that matches applies, and all are needed."),
        ("flows", flows::SHAPE, "The order of the stages, by name. An empty one asks nobody."),
        ("flow_choice", flows::CHOICE_SHAPE, "Which flow a change takes: the first that holds. Without it, the one with its class’s name."),
        ("calendars", calendars::SHAPE, "When somebody is at work, for the clocks of escalations."),
        ("escalations", escalations::SHAPE, "Whom else to reach when nobody answers. The first that holds is taken."),
        ("windows", windows::SHAPE, "When what is approved goes out, by name, for environments."),
        ("freezes", freezes::SHAPE, "When nothing goes out."),
        ("gates", gates::SHAPE, "What facts have to say before a change goes out."),
        ("incidents", incidents::SHAPE, "Who may stop the line by hand."),
        ("notifications", notifications::SHAPE, "Where cards go, and what the requester hears directly."),
        ("a_rejection", quorums::REJECTION_SHAPE, "Whether one rejection ends the change, or is one vote."),
        ("tests", trials::SHAPE, "What the policy has to say; the file does not load if one fails."),
        ("asking_again", Shape::Words(|| vec!["needs_new_facts"]), "What was rejected is not asked again as it is."),
    ],
};

/// JSON Schema 2020-12 of a policy's file.
pub fn editor_schema() -> Value {
    let mut schema = FILE.schema();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(format!("urn:countersign:schema:policy:{LANGUAGE_VERSION}"));
    schema["title"] = json!("A policy of Countersign");
    schema["properties"]["version"]["const"] = json!(LANGUAGE_VERSION);
    schema
}
