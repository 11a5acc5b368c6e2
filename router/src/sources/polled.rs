//! A question of a tool that polls us, as it stands in a URL: `/v1/gates/<kind>/<path>?<query>`.

use crate::sources::Reject;
use std::collections::BTreeMap;

pub struct Polled<'a> {
    /// Decoded, without a slash at its beginning.
    pub path: &'a str,
    pub query: &'a BTreeMap<String, String>,
}

impl Polled<'_> {
    /// A part of the query that the answer depends on.
    pub fn required(&self, name: &str) -> Result<&str, Reject> {
        let value = self.query.get(name).map(|value| value.trim()).unwrap_or_default();
        if value.is_empty() { Err(Reject::malformed("", format!("?{name}=… is missing"))) } else { Ok(value) }
    }
}
