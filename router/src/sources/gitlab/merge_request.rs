//! The merge request hook: who brings a commit to its branch has a part in it, even if that happens while others vote.
//!
//! It opens nothing, and approvals that merge requests get say nothing about a deployment.

use super::Namer;
use crate::sources::reading::{Fields, cut, is_hash};
use crate::sources::{Contributor, ForgeAuthors, Reject, Signal};
use engine::rules::Part;

/// How much of an action is kept in the event's name, in bytes.
const ACTION_BYTES: usize = 40;
/// The commits that a merge request stands for: its newest, and those that its merge has made.
const COMMITS: [&str; 3] = ["last_commit/id", "merge_commit_sha", "squash_commit_sha"];

/// A merge request's people, by user ids.
pub struct MergeRequest {
    pub number: Option<i64>,
    pub author: Option<i64>,
    /// Nobody has merged one that is still open.
    pub merger: Option<i64>,
}

impl MergeRequest {
    pub fn contributors(&self, namer: &Namer) -> Vec<Contributor> {
        let name = self.number.map_or_else(|| "a merge request".to_owned(), |number| format!("merge request !{number}"));
        let contributor = |id: Option<i64>, part: Part, role: &str| {
            let account = namer.somebody(id, None, format!("{role} of {name}"));
            Contributor { account, part, commit: None }
        };
        let mut contributors = vec![contributor(self.author, Part::CommitAuthor, "author")];
        contributors.extend(self.merger.map(|id| contributor(Some(id), Part::Merger, "merger")));
        contributors
    }
}

/// The event's name, and what it says.
pub fn read(namer: &Namer, hook: &str, fields: &Fields<'_>) -> Result<(String, Vec<Signal>), Reject> {
    let Some(action) = fields.text("/object_attributes/action") else { return Ok((hook.to_owned(), Vec::new())) };
    let event = format!("{hook}/{}", cut(&action, ACTION_BYTES));
    let merger = match action.as_str() {
        "merge" => merger(fields),
        "open" | "reopen" | "update" => None,
        _ => return Ok((event, Vec::new())),
    };
    let (number, author) = (fields.number("/object_attributes/iid"), fields.number("/object_attributes/author_id"));
    let people = ForgeAuthors::without_repeats(MergeRequest { number, author, merger }.contributors(namer));
    let keys_begin = namer.keys_begin(fields.required_number("/project/id")?);
    Ok((event, vec![Signal::PeopleJoined { keys_begin, commits: commits(fields), people }]))
}

/// Who had it merged as soon as its pipeline succeeds stands in the merge request; else whoever sets the hook off merges it.
fn merger(fields: &Fields<'_>) -> Option<i64> {
    fields.number("/object_attributes/merge_user_id").or_else(|| fields.number("/user/id"))
}

fn commits(fields: &Fields<'_>) -> Vec<String> {
    let named = COMMITS.iter().filter_map(|name| fields.text(&format!("/object_attributes/{name}")));
    named.map(|commit| commit.to_ascii_lowercase()).filter(|commit| is_hash(commit)).collect()
}
