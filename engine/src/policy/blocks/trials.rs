//! `tests`: what the policy has to say of changes that its author thought of.

use super::services::Service;
use crate::calendar::Wall;
use crate::event::Choice;
use crate::ids::{PersonId, RequirementName};
use crate::phase::State;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::schema::{Fact, Kind};
use crate::policy::shape::{Shape, TableShape};
use crate::policy::supposed::Supposed;
use crate::policy::trial::{Cast, Expected, Given, Release, Trial, Votes};
use crate::policy::yaml::Content;
use crate::time::Timestamp;

pub const MAX_TRIALS: usize = 200;
/// Of times, votes and names that one test lists.
const MAX_LISTED: usize = 100;
const ALL_NEEDED: &str = "all_needed";
const CHOICES: [&str; 3] = ["approve", "reject", "abstain"];

const KEYS: Keys = Keys { enforced: &["name", "given", "expect"], not_enforced: &[] };
const GIVEN: Keys =
    Keys { enforced: &["environment", "service", "change", "risk", "incident", "unknown", "at", "votes"], not_enforced: &[] };
const VOTE: Keys = Keys { enforced: &["by", "as", "choice"], not_enforced: &[] };
const EXPECT: Keys =
    Keys { enforced: &["class", "requirements", "flow", "refused", "because", "state", "holds", "release"], not_enforced: &[] };

const NAMES: Shape = Shape::List(&Shape::Text, MAX_LISTED);
const VALUES: Shape = Shape::Named(&Shape::Either(&[Shape::Flag, Shape::Number, Shape::AnyText, NAMES]), MAX_LISTED);

pub const SHAPE: Shape = Shape::List(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["name", "given", "expect"],
        shapes: &[
            ("name", Shape::Text, "What it shows."),
            ("given", Shape::Table(&GIVEN_SHAPE), "What holds. All else has its type’s default, gates pass and fields are filled in."),
            ("expect", Shape::Table(&EXPECT_SHAPE), "What has to come of it; what is left out is not looked at."),
        ],
    }),
    MAX_TRIALS,
);
const GIVEN_SHAPE: TableShape = TableShape {
    keys: GIVEN,
    required: &["environment"],
    shapes: &[
        ("environment", Shape::Text, "As a source names it."),
        ("service", VALUES, "What the catalogue says, by the names of conditions."),
        ("change", VALUES, "What the change says, by the names of conditions."),
        ("risk", VALUES, "What is known of its risk."),
        ("incident", VALUES, "What is known of an incident."),
        ("unknown", NAMES, "Names that nobody can answer, as in service.team."),
        ("at", Shape::Either(&[Shape::Text, NAMES]), "When, by the zone of the defaults; at each of several times."),
        (
            "votes",
            Shape::Either(&[Shape::Words(|| vec![ALL_NEEDED]), Shape::List(&Shape::Table(&VOTE_SHAPE), MAX_LISTED)]),
            "Who votes, in this order; all_needed: whoever has to.",
        ),
    ],
};
const VOTE_SHAPE: TableShape = TableShape {
    keys: VOTE,
    required: &["by", "as", "choice"],
    shapes: &[
        ("by", Shape::Text, "Anybody’s id."),
        ("as", Shape::Text, "The requirement to whose groups they belong."),
        ("choice", Shape::Words(|| CHOICES.to_vec()), "What they say, with a reason that is good enough."),
    ],
};
const EXPECT_SHAPE: TableShape = TableShape {
    keys: EXPECT,
    required: &[],
    shapes: &[
        ("class", Shape::Text, "The class that is found."),
        ("requirements", NAMES, "The requirements that apply, in any order."),
        ("flow", Shape::Text, "The flow that is chosen."),
        ("refused", NAMES, "Whose votes are not taken."),
        ("because", Shape::Text, "The code of a refusal, or why nobody is asked, as in unknown."),
        ("state", Shape::Words(|| State::ALL.iter().map(|state| state.word()).collect()), "How the change stands in the end."),
        (
            "holds",
            Shape::List(&Shape::Either(&[Shape::Text, NAMES]), MAX_LISTED),
            "The freezes that hold it; a list of them for each of several times.",
        ),
        ("release", Shape::Words(releases), "Whether the tool is told to go ahead."),
    ],
};

fn releases() -> Vec<&'static str> {
    Release::ALL.map(Release::word).to_vec()
}

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Trial> {
    field.items(MAX_TRIALS, reading).iter().filter_map(|item| read_trial(item, reading)).collect()
}

fn read_trial(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Trial> {
    let table = field.table(KEYS, reading)?;
    let name = table.require("name", reading).and_then(|name| name.text(reading));
    let given = table.require("given", reading).and_then(|given| read_given(&given, reading));
    let times = given.as_ref().map_or(1, |given| given.at.len());
    let expected = table.require("expect", reading).and_then(|expected| read_expected(&expected, times, reading));
    Some(Trial { name: name?.to_owned(), place: field.place(), given: given?, expected: expected? })
}

fn read_given(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Given> {
    let table = field.table(GIVEN, reading)?;
    let environment = table.require("environment", reading).and_then(|environment| environment.text(reading));
    let supposed = read_supposed(&table, reading);
    let at = table.get("at").map(|at| read_times(&at, reading)).unwrap_or_default();
    let votes = table.get("votes").map_or(Votes::Cast(Vec::new()), |votes| read_votes(&votes, reading));
    let named = |name: &str| match supposed.values.get(name) {
        Some(Fact::Text(text)) => text.clone(),
        Some(_) | None => String::new(),
    };
    let authors = match supposed.values.get("change.authors") {
        Some(Fact::Texts(authors)) => authors.iter().map(|author| PersonId::new(author.clone())).collect(),
        Some(_) | None => Vec::new(),
    };
    let service = Service { name: named("service.name"), ..Service::default() };
    Some(Given { environment: environment?.to_owned(), service, authors, supposed, at, votes })
}

/// The data classes of the service are those of the change, too, as for real changes.
fn read_supposed(table: &Table<'_>, reading: &mut Reading<'_>) -> Supposed {
    let mut supposed = Supposed::default();
    for record in ["service", "change", "risk", "incident"] {
        let Some(field) = table.get(record) else { continue };
        for (key, value) in field.entries(MAX_LISTED, reading) {
            let name = format!("{record}.{}", key.name);
            if let Some(fact) = read_value(&name, &value, reading) {
                supposed.values.insert(name, fact);
            }
        }
    }
    if let Some(unknown) = table.get("unknown") {
        for (name, item) in unknown.texts(MAX_LISTED, reading) {
            if known_kind(name, &item, reading).is_some() {
                supposed.unknown.insert(name.to_owned());
            }
        }
    }
    if let Some(Fact::Texts(of_service)) = supposed.values.get("service.data_classes").cloned() {
        let both = supposed.values.entry("change.data_classes".to_owned()).or_insert_with(|| Fact::Texts(Vec::new()));
        if let Fact::Texts(both) = both {
            both.extend(of_service);
        }
    }
    supposed
}

/// The class is what a test finds out, so it can't be given.
fn known_kind(name: &str, field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Kind> {
    let kind = reading.names.schema.kind(name).filter(|_| name != crate::policy::schema::CLASS);
    if kind.is_none() {
        let suggestion = reading.names.schema.nearest(name);
        reading.fault_like(&field.place(), format!("no condition can ask about {name}"), suggestion);
    }
    kind
}

fn read_value(name: &str, field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Fact> {
    let kind = known_kind(name, field, reading)?;
    let fact = match (kind, &field.node.content) {
        (Kind::Flag, Content::Flag(flag)) => Some(Fact::Flag(*flag)),
        (Kind::Whole, Content::Whole(number)) => Some(Fact::Whole(*number)),
        (Kind::Fraction, Content::Fraction(number)) => Some(Fact::Fraction(*number)),
        #[allow(clippy::cast_precision_loss, reason = "numbers of a test are small")]
        (Kind::Fraction, Content::Whole(number)) => Some(Fact::Fraction(*number as f64)),
        (Kind::Text | Kind::Mention, Content::Text(text)) => Some(Fact::Text(text.clone())),
        (Kind::List(_), Content::List(_)) => {
            Some(Fact::Texts(field.texts(MAX_LISTED, reading).into_iter().map(|(text, _)| text.to_owned()).collect()))
        }
        _ => None,
    };
    if fact.is_none() {
        reading.fault(&field.place(), format!("{name} is {}", kind.word()));
    }
    fact
}

fn read_times(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Timestamp> {
    match &field.node.content {
        Content::List(_) => field.items(MAX_LISTED, reading).iter().filter_map(|item| read_time(item, reading)).collect(),
        Content::Nothing | Content::Flag(_) | Content::Whole(_) | Content::Fraction(_) | Content::Text(_) | Content::Table(_) => {
            read_time(field, reading).into_iter().collect()
        }
    }
}

fn read_time(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Timestamp> {
    let zone = reading.zone_of_defaults(&field.place())?;
    let wall = field.text(reading)?.parse::<Wall>().ok().filter(|wall| wall.local().is_some());
    let at = wall.and_then(|wall| wall.instant(Timestamp::from_utc(chrono::DateTime::UNIX_EPOCH), zone));
    if at.is_none() {
        reading.fault(&field.place(), "this should be a wall time, as in 2026-12-18T18:00");
    }
    at
}

fn read_votes(field: &Field<'_>, reading: &mut Reading<'_>) -> Votes {
    if let Content::Text(_) = &field.node.content {
        field.word(&[ALL_NEEDED], reading);
        return Votes::AllNeeded;
    }
    Votes::Cast(field.items(MAX_LISTED, reading).iter().filter_map(|item| read_vote(item, reading)).collect())
}

fn read_vote(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Cast> {
    let table = field.table(VOTE, reading)?;
    let by = table.require("by", reading).and_then(|by| by.text(reading));
    let requirement = table.require("as", reading).and_then(|requirement| read_requirement(&requirement, reading));
    let choice = table.require("choice", reading).and_then(|choice| choice.word(&CHOICES, reading)).map(|word| match word {
        "approve" => Choice::Approve,
        "reject" => Choice::Reject,
        _ => Choice::Abstain,
    });
    Some(Cast { by: PersonId::new(by?.to_owned()), requirement: requirement?, choice: choice? })
}

fn read_requirement(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<RequirementName> {
    let name = field.text(reading)?;
    if reading.names.has(What::Requirement, name) {
        return Some(RequirementName::new(name));
    }
    reading.unknown(field, What::Requirement, name);
    None
}

fn read_expected(field: &Field<'_>, times: usize, reading: &mut Reading<'_>) -> Option<Expected> {
    let table = field.table(EXPECT, reading)?;
    let text = |name: &str, reading: &mut Reading<'_>| table.get(name).and_then(|field| field.text(reading)).map(str::to_owned);
    let list = |name: &str, reading: &mut Reading<'_>| table.get(name).map(|field| listed(&field, reading));
    let states: Vec<&str> = State::ALL.iter().map(|state| state.word()).collect();
    let release = table.get("release").and_then(|release| release.word(&releases(), reading));
    Some(Expected {
        class: text("class", reading),
        requirements: list("requirements", reading),
        flow: text("flow", reading),
        refused: list("refused", reading),
        because: text("because", reading),
        state: table.get("state").and_then(|state| state.word(&states, reading)).and_then(State::from_word),
        holds: table.get("holds").map(|holds| read_holds(&holds, times, reading)),
        release: Release::ALL.into_iter().find(|one| release == Some(one.word())),
    })
}

/// One list of freezes, or one for each time.
fn read_holds(field: &Field<'_>, times: usize, reading: &mut Reading<'_>) -> Vec<Vec<String>> {
    if times < 2 {
        return vec![listed(field, reading)];
    }
    let each: Vec<Vec<String>> = field.items(MAX_LISTED, reading).iter().map(|item| listed(item, reading)).collect();
    if each.len() != times {
        reading.fault(&field.place(), format!("the test has {times} times, so this is a list of {times} lists of freezes"));
    }
    each
}

fn listed(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<String> {
    field.texts(MAX_LISTED, reading).into_iter().map(|(text, _)| text.to_owned()).collect()
}
