//! The paths of Jenkins that belong to one input of one build, and how its answers are read.

use crate::sources::reading::cut;
use crate::sources::{Call, Exchange, Turn, Verb, segment};
use engine::request::Callback;
use serde_json::{Value, json};

/// How much of an answer's message is repeated to people, in bytes.
const MESSAGE_BYTES: usize = 300;
/// `tree` of the build: whether it runs, how it ended, and one `userId` for each input that was let through.
const STATE: &str = "api/json?tree=building%2Cresult%2Cactions%5BuserId%5D";

/// A callback's parameters, encoded: they become parts of a path.
pub struct Target<'a> {
    build: String,
    input: String,
    pub input_id: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Pending,
    Settle,
    State,
}

impl<'a> Target<'a> {
    pub fn of(callback: &'a Callback) -> Result<Self, Turn> {
        let param = |name: &str| callback.params.get(name).map(String::as_str).unwrap_or_default();
        let fault = |name: &str| Turn::Failed { why: format!("the callback’s {name} can’t be part of a path") };
        let folders = param("job").split('/').map(|name| segment::encoded(name).map(|name| format!("/job/{name}")));
        let job: String = folders.collect::<Option<_>>().ok_or_else(|| fault("job"))?;
        let number = Some(param("build")).filter(|build| !build.is_empty() && build.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.ok_or_else(|| fault("build"))?;
        let input = segment::encoded(param("input_id")).ok_or_else(|| fault("input_id"))?;
        let input_id = callback.params.get("input_id").map(String::as_str).unwrap_or_default();
        Ok(Self { build: format!("{job}/{number}"), input, input_id })
    }

    /// Of the plugin Pipeline: REST API: inputs that wait now, and only they.
    pub fn pending(&self) -> Call {
        Call::get(format!("{}/wfapi/pendingInputActions", self.build))
    }

    pub fn abort(&self) -> Call {
        Call::post(format!("{}/input/{}/abort", self.build, self.input), None)
    }

    /// `proceedEmpty` sets no parameter, not even to its default, so it is for inputs that have none.
    pub fn proceed(&self, parameters: &[Value]) -> Call {
        if parameters.is_empty() {
            return Call::post(format!("{}/input/{}/proceedEmpty", self.build, self.input), None);
        }
        let form = json!({ "parameter": parameters }).to_string();
        Call::submit(format!("{}/input/{}/proceed", self.build, self.input), vec![("json", form)])
    }

    pub fn state(&self) -> Call {
        Call::get(format!("{}/{STATE}", self.build))
    }

    pub fn step(&self, call: &Call) -> Step {
        match call.verb {
            Verb::Post => Step::Settle,
            Verb::Get if *call == self.state() => Step::State,
            Verb::Get => Step::Pending,
        }
    }
}

/// Jenkins answers with pages; of the input step's own refusals the sentence is taken out.
pub fn message(answer: &Exchange) -> String {
    let Value::String(page) = &answer.body else { return String::new() };
    let own = ["This input has been already given", "You need to be", "No valid crumb"].into_iter().find_map(|words| page.find(words));
    let said = match own {
        Some(at) => page[at..].split(['<', '\n']).next().unwrap_or_default(),
        None if page.trim_start().starts_with('<') => "",
        None => page.as_str(),
    };
    cut(said.trim(), MESSAGE_BYTES).to_owned()
}

/// An answer that no step expects: it may pass, or somebody has to look.
pub fn unexpected(answer: &Exchange, doing: &str) -> Turn {
    let why = match (answer.status, message(answer)) {
        (401, _) => format!("{doing}: Jenkins does not accept user and API token (401)"),
        (403, said) if said.contains("crumb") => format!("{doing}: Jenkins wants a crumb (403): use an API token in place of a password"),
        (status, said) if said.is_empty() => format!("{doing}: Jenkins answered {status}"),
        (status, said) => format!("{doing}: Jenkins answered {status}: {said}"),
    };
    match answer.status {
        408 | 425 | 429 | 500.. => Turn::Wait { why },
        _ => Turn::Failed { why },
    }
}
