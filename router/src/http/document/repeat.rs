//! How a request says that it is the same one again.

use super::operation::{Operation, Parameter, Place};
use crate::http::changes::KEY_MAX;
use crate::http::problem::Kind;
use serde_json::json;

const MEANING: &str = "The same for every retry of the same request";

impl Operation {
    /// It can be sent again without a second effect, if it has a key.
    #[must_use]
    pub fn repeatable(self) -> Self {
        self.parameter(key()).problems(&[Kind::MissingIdempotencyKey])
    }

    /// As [`Operation::repeatable`]; without a key it is not taken.
    #[must_use]
    pub fn repeatable_by_key_only(self) -> Self {
        self.parameter(Parameter { is_required: true, ..key() }).problems(&[Kind::MissingIdempotencyKey])
    }
}

fn key() -> Parameter {
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": KEY_MAX, "pattern": "^[!-~]([ -~]*[!-~])?$" });
    Parameter { name: "Idempotency-Key", meaning: MEANING, schema, place: Place::Header, is_required: false }
}
