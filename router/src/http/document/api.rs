//! `/v1` as it is documented.

use super::operation::{Content, Operation};
use super::shapes::{shape, state_schema};
use crate::http::problem::Kind;
use crate::http::recorded::Recorded;
use crate::http::{change_view, changes, decision, deeds, directory, facts, inbox, votes, waivers, wish};
use serde_json::json;

pub fn changes() -> Vec<Operation> {
    vec![list(), open(), one(), decision(), vote(), take_back(), withdraw(), override_freeze(), supply_fact(), waive(), inbox()]
}

pub fn directory() -> Vec<Operation> {
    vec![
        Operation::get("/v1/people", "Everybody in the directory, with their groups").scope("changes:read").answers(
            200,
            "Everybody, by id",
            Content::Json(shape::<directory::People>()),
        ),
        Operation::get("/v1/policies", "The policy in force").scope("changes:read").answers(
            200,
            "One row: an installation has one policy",
            Content::Json(shape::<directory::Policies>()),
        ),
    ]
}

fn list() -> Operation {
    let states = serde_json::to_value(state_schema()).unwrap_or_default();
    Operation::get("/v1/changes", "Changes, newest first")
        .scope("changes:read")
        .query("state", "Only those in this state", states)
        .query("environment", "Only those into this environment of the policy", json!({ "type": "string" }))
        .query("service", "Only those of this service of the catalogue", json!({ "type": "string" }))
        .query("cursor", "What the page before answered as `cursor`", json!({ "type": "string", "pattern": "^CHG-(0|[1-9][0-9]{0,17})$" }))
        .answers(200, "A page", Content::Json(shape::<change_view::Page>()))
        .problems(&[Kind::Invalid])
}

fn open() -> Operation {
    Operation::post("/v1/changes", "Ask for a change; the same key again opens no second one")
        .scope("changes:write")
        .repeatable_by_key_only()
        .takes(Content::Json(shape::<wish::Wish>()))
        .answers(201, "It was opened, or the open change with the same subject was found", opened())
        .answers(200, "The same request came before; this was its answer", opened())
        .problems(&[Kind::Invalid, Kind::KeyReused, Kind::NotInThisBuild])
}

fn opened() -> Content {
    Content::Json(shape::<changes::Opened>())
}

fn one() -> Operation {
    Operation::get("/v1/changes/{id}", "One change: who agreed, who is waited on, and why")
        .scope("changes:read")
        .answers(200, "The change", Content::Json(shape::<change_view::Whole>()))
        .problems(&[Kind::NotFound])
}

fn decision() -> Operation {
    let seconds = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "default": 0 });
    Operation::get("/v1/changes/{id}/decision", "The decision, waited for as long as the caller likes")
        .scope("changes:read")
        .query("wait", "Seconds to wait for a decision; at most a minute is waited", seconds)
        .answers(200, "The decision, or null for its outcome", Content::Json(shape::<decision::Decision>()))
        .problems(&[Kind::NotFound, Kind::Invalid])
}

fn vote() -> Operation {
    Operation::post("/v1/changes/{id}/votes", "Vote as the person whose token this is")
        .scope("votes:write")
        .repeatable()
        .takes(Content::Json(shape::<votes::Ballot>()))
        .answers(200, "It was recorded", Content::Json(shape::<Recorded>()))
        .problems(&[Kind::NotFound, Kind::Invalid, Kind::Refused])
}

fn take_back() -> Operation {
    Operation::delete("/v1/changes/{id}/votes/mine", "Take one’s own vote back, until the stage is decided")
        .scope("votes:write")
        .repeatable()
        .answers(200, "It no longer counts", Content::Json(shape::<Recorded>()))
        .problems(&[Kind::NotFound, Kind::Refused])
}

fn withdraw() -> Operation {
    Operation::post("/v1/changes/{id}/withdraw", "Withdraw a change that one has asked for")
        .scope("changes:write")
        .repeatable()
        .takes(Content::Json(shape::<deeds::Withdrawal>()))
        .answers(200, "It is withdrawn", Content::Json(shape::<Recorded>()))
        .problems(&[Kind::NotFound, Kind::Invalid, Kind::Refused])
}

fn override_freeze() -> Operation {
    Operation::post("/v1/changes/{id}/override", "Sign that a change goes out in spite of the freeze that holds it")
        .scope("votes:write")
        .repeatable()
        .takes(Content::Json(shape::<deeds::Signature>()))
        .answers(200, "It was recorded", Content::Json(shape::<Recorded>()))
        .problems(&[Kind::NotFound, Kind::Invalid, Kind::Refused])
}

fn supply_fact() -> Operation {
    Operation::post("/v1/changes/{id}/facts", "Supply a measurement for the gates of a change")
        .scope("facts:write")
        .takes(Content::Json(shape::<facts::NewFact>()))
        .answers(200, "It was recorded, or says nothing new", Content::Json(shape::<Recorded>()))
        .problems(&[Kind::NotFound, Kind::Invalid, Kind::Refused])
}

fn waive() -> Operation {
    Operation::post("/v1/changes/{id}/waivers", "Make an exception for a gate, as the person whose token this is")
        .scope("votes:write")
        .repeatable()
        .takes(Content::Json(shape::<waivers::NewWaiver>()))
        .answers(200, "It was recorded", Content::Json(shape::<Recorded>()))
        .problems(&[Kind::NotFound, Kind::Invalid, Kind::Refused])
}

fn inbox() -> Operation {
    Operation::get("/v1/inbox", "Changes that wait for the person whose token this is").scope("changes:read").answers(
        200,
        "Votes first, then answers; the next to expire first",
        Content::Json(shape::<inbox::Inbox>()),
    )
}
