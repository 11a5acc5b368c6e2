//! Who wrote the revision, asked of Argo CD: it knows the author and the message of that one commit, and nothing of merges.

use super::Argocd;
use super::application::{Target, unexpected};
use crate::sources::reading::Fields;
use crate::sources::{Account, Contributor, Exchange, ForgeAuthors, Turn};
use engine::request::Callback;
use engine::rules::Part;
use serde_json::Value;

/// More trailers than anybody writes by hand.
const TRAILERS: usize = 100;

pub fn next(argocd: &Argocd, callback: &Callback, commit: &str, so_far: &[Exchange]) -> Turn {
    let target = match Target::of(callback) {
        Ok(target) => target,
        Err(failed) => return failed,
    };
    match so_far.last() {
        None => Turn::Call(target.metadata()),
        Some(answer) if answer.status == 200 && answer.body.is_object() => Turn::Authors(collect(argocd, commit, &answer.body)),
        Some(answer) => unexpected(answer, "asking who wrote the revision"),
    }
}

fn collect(argocd: &Argocd, commit: &str, body: &Value) -> ForgeAuthors {
    let short = commit.get(..8).unwrap_or(commit);
    let contributor = |written: &str, part: Part, role: &str| {
        let account = Account { label: format!("{role} of {short}"), ..argocd.author(written) };
        Contributor { account, part, commit: Some(short.to_owned()) }
    };
    let author = Fields(body).text("/author").unwrap_or_default();
    let mut contributors = vec![contributor(&author, Part::CommitAuthor, "author")];
    let message = body.get("message").and_then(Value::as_str).unwrap_or_default();
    let trailers = message.lines().filter_map(co_author).take(TRAILERS);
    contributors.extend(trailers.map(|written| contributor(written, Part::CommitCoAuthor, "co-author")));
    ForgeAuthors { contributors }
}

/// Who a `Co-authored-by` line names.
fn co_author(line: &str) -> Option<&str> {
    let (name, who) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("co-authored-by").then(|| who.trim())
}
