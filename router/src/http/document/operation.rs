//! One operation of the API as it is documented: what it takes, every status that it answers, who may.

use super::shapes::Shape;
use crate::http::problem::Kind;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody who reaches the server.
    Open,
    /// A token with this scope.
    Token(&'static str),
    /// Whoever signs as the sender does.
    Signed,
}

/// What a body or an answer is made of.
#[derive(Clone)]
pub enum Content {
    Json(Shape),
    /// JSON of a form that others have published, as this media type.
    Foreign(&'static str),
    /// This media type.
    Text(&'static str),
    Nothing,
}

#[derive(Clone)]
pub struct Parameter {
    pub name: &'static str,
    pub meaning: &'static str,
    pub schema: Value,
    pub place: Place,
    pub is_required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Query,
    Header,
}

impl Place {
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub meaning: &'static str,
    pub content: Content,
}

#[derive(Clone)]
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub group: &'static str,
    pub summary: &'static str,
    pub access: Access,
    pub parameters: Vec<Parameter>,
    pub body: Content,
    pub answers: Vec<Answer>,
    pub problems: Vec<Kind>,
}

impl Operation {
    pub fn get(path: &'static str, summary: &'static str) -> Self {
        Self::new("get", path, summary)
    }

    pub fn post(path: &'static str, summary: &'static str) -> Self {
        Self::new("post", path, summary)
    }

    pub fn delete(path: &'static str, summary: &'static str) -> Self {
        Self::new("delete", path, summary)
    }

    fn new(method: &'static str, path: &'static str, summary: &'static str) -> Self {
        let (answers, problems, parameters) = (Vec::new(), Vec::new(), Vec::new());
        Self { method, path, group: "", summary, access: Access::Open, parameters, body: Content::Nothing, answers, problems }
    }

    /// A token with this scope is needed, and the store is asked.
    #[must_use]
    pub fn scope(mut self, scope: &'static str) -> Self {
        self.access = Access::Token(scope);
        self.problems(&[Kind::Unauthorized, Kind::Forbidden, Kind::Unavailable, Kind::Broken])
    }

    #[must_use]
    pub fn signed(mut self) -> Self {
        self.access = Access::Signed;
        self.problems(&[Kind::BadSignature, Kind::Unavailable, Kind::Broken])
    }

    #[must_use]
    pub fn query(self, name: &'static str, meaning: &'static str, schema: Value) -> Self {
        self.parameter(Parameter { name, meaning, schema, place: Place::Query, is_required: false })
    }

    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    #[must_use]
    pub fn takes(mut self, body: Content) -> Self {
        self.body = body;
        self.problems(&[Kind::Malformed, Kind::TooLarge])
    }

    #[must_use]
    pub fn answers(mut self, status: u16, meaning: &'static str, content: Content) -> Self {
        self.answers.push(Answer { status, meaning, content });
        self
    }

    #[must_use]
    pub fn problems(mut self, problems: &[Kind]) -> Self {
        self.problems.extend(problems);
        self
    }

    /// `{id}` → id.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_start_matches('*'))
    }

    /// The path as OpenAPI writes it.
    pub fn template(&self) -> String {
        self.path.replace("{*", "{")
    }

    /// The operation's object.
    pub fn object(&self) -> Value {
        let mut object = json!({
            "operationId": self.id(), "tags": [self.group], "summary": self.summary, "parameters": self.all_parameters(),
            "responses": self.responses(),
        });
        if let Access::Token(scope) = self.access {
            object["security"] = json!([{ "token": [scope] }]);
            object["description"] = json!(format!("The token needs the scope `{scope}`."));
        }
        if let Some(content) = content(&self.body) {
            object["requestBody"] = json!({ "required": true, "content": content });
        }
        object
    }

    fn id(&self) -> String {
        let words = self.path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        std::iter::once(self.method).chain(words).collect::<Vec<_>>().join("_")
    }

    fn all_parameters(&self) -> Vec<Value> {
        let path = self.path_parameters().map(
            |name| json!({ "name": name, "in": "path", "required": true, "description": meaning(name), "schema": { "type": "string" } }),
        );
        let others = self.parameters.iter().map(|parameter| {
            json!({
                "name": parameter.name, "in": parameter.place.word(), "required": parameter.is_required,
                "description": parameter.meaning, "schema": parameter.schema,
            })
        });
        path.chain(others).collect()
    }

    fn responses(&self) -> Value {
        let mut responses = Map::new();
        for answer in &self.answers {
            let mut response = json!({ "description": answer.meaning });
            if let Some(content) = content(&answer.content) {
                response["content"] = content;
            }
            responses.insert(answer.status.to_string(), response);
        }
        for (status, kinds) in self.problems_by_status() {
            let problem = problem_response(&kinds);
            match responses.get_mut(&status.to_string()) {
                // One status, two kinds of body: told apart by their media type.
                Some(answer) => beside(answer, problem),
                None => drop(responses.insert(status.to_string(), problem)),
            }
        }
        Value::Object(responses)
    }

    pub fn problems_by_status(&self) -> BTreeMap<u16, Vec<Kind>> {
        let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
        for kind in &self.problems {
            let kinds = by_status.entry(kind.status().as_u16()).or_default();
            if !kinds.contains(kind) {
                kinds.push(*kind);
            }
        }
        by_status
    }
}

fn meaning(parameter: &str) -> &'static str {
    match parameter {
        "id" => "The number (`CHG-1042`) or the UUID.",
        "integration" => "The name of an `[[integration]]` of the configuration.",
        _ => "A part of the address.",
    }
}

fn content(content: &Content) -> Option<Value> {
    match content {
        Content::Json(shape) => {
            Some(json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{}", shape.name) } } }))
        }
        Content::Foreign(media) => Some(json!({ (*media): { "schema": {} } })),
        Content::Text(media) => Some(json!({ (*media): { "schema": { "type": "string" } } })),
        Content::Nothing => None,
    }
}

fn beside(answer: &mut Value, mut problem: Value) {
    answer["description"] = json!(format!("{}; {}", text(&answer["description"]), text(&problem["description"])));
    answer["content"]["application/problem+json"] = problem["content"]["application/problem+json"].take();
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn problem_response(kinds: &[Kind]) -> Value {
    let described: Vec<String> = kinds.iter().map(|kind| format!("`{}`: {}", kind.name(), kind.title())).collect();
    let types: Vec<String> = kinds.iter().map(|kind| kind.uri()).collect();
    let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Problem" }, { "properties": { "type": { "enum": types } } }] });
    json!({ "description": described.join("; "), "content": { "application/problem+json": { "schema": schema } } })
}
