//! What an application is at: the revision of its source, or one revision for each of its sources, in their order.

use crate::sources::reading::{Fields, is_hash};
use engine::request::Callback;
use serde_json::Value;

/// Sources of one application at most; people write a handful.
const SOURCES: usize = 20;
/// Between the revisions of several sources. Neither Git nor charts have it in theirs.
const BETWEEN: char = ',';
/// The callback's parameter that an application with a list of sources has, even with a list of one.
const LIST: &str = "sources";
const SHORT: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// It names all of them: two of the same text are the same.
    pub text: String,
    /// Argo CD tells an application with one source from one with a list of sources.
    is_list: bool,
}

impl Revision {
    /// `<place>revision`, or the list `<place>revisions` where it says anything. A list with gaps is none.
    pub fn read(fields: &Fields<'_>, place: &str) -> Option<Self> {
        match fields.0.pointer(&format!("{place}revisions")).and_then(Value::as_array) {
            Some(list) if !list.is_empty() => Self::of_list(list),
            Some(_) | None => fields.text(&format!("{place}revision")).map(|text| Self { text, is_list: false }),
        }
    }

    fn of_list(list: &[Value]) -> Option<Self> {
        let each = list.iter().map(|one| one.as_str().map(str::trim).filter(|one| !one.is_empty() && !one.contains(BETWEEN)));
        let all: Vec<&str> = each.collect::<Option<_>>()?;
        (all.len() <= SOURCES).then(|| Self { text: all.join(&BETWEEN.to_string()), is_list: true })
    }

    pub fn of(callback: &Callback) -> Self {
        let text = callback.params.get("revision").cloned().unwrap_or_default();
        Self { text, is_list: callback.params.contains_key(LIST) }
    }

    /// The callback's parameters that [`Revision::of`] reads.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let list = self.is_list.then(|| (LIST, self.parts().len().to_string()));
        std::iter::once(("revision", self.text.clone())).chain(list).collect()
    }

    /// The revisions of a list of sources; `None` for an application with one source.
    pub fn list(&self) -> Option<Vec<&str>> {
        self.is_list.then(|| self.parts())
    }

    pub fn parts(&self) -> Vec<&str> {
        if self.is_list { self.text.split(BETWEEN).collect() } else { vec![&self.text] }
    }

    /// The first that is a commit: others may be versions of charts.
    pub fn commit(&self) -> Option<&str> {
        self.parts().into_iter().find(|one| is_hash(one))
    }

    /// For titles, where the commit alone does not say it: a chart's version, or all of several.
    pub fn version(&self) -> Option<String> {
        let short = |one: &str| if is_hash(one) { one.get(..SHORT).unwrap_or(one).to_owned() } else { one.to_owned() };
        match self.parts().as_slice() {
            [one] => (!is_hash(one)).then(|| (*one).to_owned()),
            all => Some(all.iter().map(|one| short(one)).collect::<Vec<_>>().join(" + ")),
        }
    }
}
