//! `[integration.fields]`: our names for what stands elsewhere in somebody's body.

use crate::sources::Reject;
use crate::sources::step::{KEYS, Step};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Our name → JSON pointer.
#[derive(Debug)]
pub struct Mapping(BTreeMap<String, String>);

impl Mapping {
    pub fn of(written: &BTreeMap<String, String>) -> Result<Self, String> {
        for (name, pointer) in written {
            if !KEYS.contains(&name.as_str()) {
                return Err(format!("“{name}” is none of {}", KEYS.join(", ")));
            }
            if !pointer.starts_with('/') {
                return Err(format!("“{pointer}” is no JSON pointer: it begins with “/”"));
            }
        }
        Ok(Self(written.clone()))
    }

    /// What the pointers lead to is the step; the rest of the body is not looked at. Faults point into the body as it came.
    pub fn read(&self, body: &Value) -> Result<Step, Reject> {
        let found = self.0.iter().filter_map(|(name, pointer)| Some((name.clone(), body.pointer(pointer)?.clone())));
        Step::read(&Value::Object(found.collect::<Map<_, _>>())).map_err(|reject| self.translated(reject))
    }

    fn translated(&self, reject: Reject) -> Reject {
        match reject {
            Reject::Malformed { detail, pointer } => {
                let name = pointer.trim_start_matches('/');
                match self.0.get(name) {
                    Some(theirs) => Reject::Malformed { detail: format!("{name}: {detail}"), pointer: theirs.clone() },
                    None => Reject::Malformed {
                        detail: format!("{name}: {detail}, and [integration.fields] does not say where it stands"),
                        pointer,
                    },
                }
            }
            Reject::BadSignature(detail) => Reject::BadSignature(detail),
        }
    }
}
