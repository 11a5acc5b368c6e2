//! What an `input` step asks for besides yes or no: each parameter is a field of the change, else what the step has as default.
//!
//! Let through without them, a step would go on with none of its parameters set, defaults included.

use crate::sources::reading::{Fields as Json, cut};
use engine::fields::{FieldValue, Fields};
use serde_json::{Value, json};

/// How much of a name or a value is repeated to people, in bytes.
const SHOWN_BYTES: usize = 100;

/// The form's `parameter` list; empty for an input without parameters. `Err` says what can't be filled in.
pub fn filled(input: &Value, fields: &Fields) -> Result<Vec<Value>, String> {
    let asked = input.get("inputs").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    asked.iter().map(|parameter| one(parameter, fields)).collect()
}

fn one(parameter: &Value, fields: &Fields) -> Result<Value, String> {
    let json = Json(parameter);
    let name = json.text("/name").ok_or("Jenkins does not name a parameter of the input")?;
    let value = match fields.get(&name) {
        Some(field) => of_field(&name, parameter, field)?,
        None => by_default(&name, parameter)?,
    };
    Ok(json!({ "name": name, "value": value }))
}

fn by_default(name: &str, parameter: &Value) -> Result<Value, String> {
    let default = parameter.pointer("/definition/defaultVal").filter(|default| !default.is_null());
    let missing = || format!("the input asks for “{}”: send it in the step’s fields", cut(name, SHOWN_BYTES));
    default.cloned().ok_or_else(missing)
}

fn of_field(name: &str, parameter: &Value, field: &FieldValue) -> Result<Value, String> {
    let text = match field {
        FieldValue::Text(text) => text.clone(),
        FieldValue::List(items) => items.join(","),
    };
    let unfit = |why: &str| {
        let (name, text) = (cut(name, SHOWN_BYTES), cut(&text, SHOWN_BYTES));
        Err(format!("the field {name} is “{text}”, and the input takes {why}"))
    };
    let choices = parameter.pointer("/definition/choices").and_then(Value::as_array);
    let kind = Json(parameter).text("/type").unwrap_or_default();
    match (kind.as_str(), text.as_str()) {
        ("BooleanParameterDefinition", "true") => Ok(Value::Bool(true)),
        ("BooleanParameterDefinition", "false") => Ok(Value::Bool(false)),
        ("BooleanParameterDefinition", _) => unfit("true or false"),
        _ if choices.is_some_and(|choices| !choices.iter().any(|choice| choice.as_str() == Some(&text))) => unfit("only its own choices"),
        _ => Ok(Value::String(text)),
    }
}
