//! Who wrote the revisions, asked of Argo CD: it knows author and message of each one commit, and nothing of merges.

use super::Argocd;
use super::application::{Target, unexpected};
use crate::sources::reading::{Fields, cut, is_hash};
use crate::sources::{Account, Contributor, Exchange, ForgeAuthors, Turn};
use engine::request::Callback;
use engine::rules::Part;
use serde_json::Value;

/// More trailers than anybody writes by hand.
const TRAILERS: usize = 100;
/// How much of a chart’s version is repeated to people, in bytes.
const VERSION_BYTES: usize = 100;

/// Every commit among the revisions is asked about; who made a chart is not to be had.
pub fn next(argocd: &Argocd, callback: &Callback, so_far: &[Exchange]) -> Turn {
    let target = match Target::of(callback) {
        Ok(target) => target,
        Err(failed) => return failed,
    };
    let parts = target.revision.parts();
    let commits: Vec<(usize, &str)> =
        parts.iter().enumerate().filter(|(_, one)| is_hash(one)).map(|(source, one)| (source, *one)).collect();
    if let Some(answer) = so_far.last().filter(|answer| answer.status != 200 || !answer.body.is_object()) {
        return unexpected(answer, "asking who wrote the revision");
    }
    if let Some((source, commit)) = commits.get(so_far.len()) {
        let why = || "the callback’s revision can’t be part of a path".to_owned();
        return target.metadata(*source, commit).map_or_else(|| Turn::Failed { why: why() }, Turn::Call);
    }
    let charts = parts.iter().filter(|one| !is_hash(one)).map(|chart| nobody_of(argocd, chart));
    let written = commits.iter().zip(so_far).flat_map(|((_, commit), answer)| of_commit(argocd, commit, &answer.body));
    Turn::Authors(ForgeAuthors { contributors: written.chain(charts).collect() })
}

fn nobody_of(argocd: &Argocd, chart: &str) -> Contributor {
    let account = argocd.nobody(&format!("author of version {}", cut(chart, VERSION_BYTES)));
    Contributor { account, part: Part::CommitAuthor, commit: None }
}

fn of_commit(argocd: &Argocd, commit: &str, body: &Value) -> Vec<Contributor> {
    let short = commit.get(..8).unwrap_or(commit);
    let contributor = |written: &str, part: Part, role: &str| {
        let account = Account { label: format!("{role} of {short}"), ..argocd.author(written) };
        Contributor { account, part, commit: Some(short.to_owned()) }
    };
    let author = Fields(body).text("/author").unwrap_or_default();
    let message = body.get("message").and_then(Value::as_str).unwrap_or_default();
    let trailers = message.lines().filter_map(co_author).take(TRAILERS);
    let co_authors = trailers.map(|written| contributor(written, Part::CommitCoAuthor, "co-author"));
    std::iter::once(contributor(&author, Part::CommitAuthor, "author")).chain(co_authors).collect()
}

/// Who a `Co-authored-by` line names.
fn co_author(line: &str) -> Option<&str> {
    let (name, who) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("co-authored-by").then(|| who.trim())
}
