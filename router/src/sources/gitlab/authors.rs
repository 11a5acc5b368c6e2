//! Who wrote and merged a commit, asked of GitLab: the commit, its trailers, the merge requests that contain it.

use super::Namer;
use super::merge_request::MergeRequest;
use super::target::{Project, unexpected};
use crate::sources::reading::{Fields, is_hash};
use crate::sources::trailers::{address, co_authors};
use crate::sources::{Contributor, Exchange, ForgeAuthors, Turn};
use engine::request::Callback;
use engine::rules::Part;
use serde_json::Value;

/// GitLab's largest page.
const PER_PAGE: usize = 100;
/// A commit in more merge requests than these pages hold is looked at by a person.
const PAGES: usize = 5;

/// Commit, then merge requests page by page; a look-up that fails is a failure, an empty list adds nobody.
pub fn next(namer: &Namer, callback: &Callback, commit: &str, so_far: &[Exchange]) -> Turn {
    let project = match Project::of(callback) {
        Ok(project) if is_hash(commit) => project,
        Ok(_) => return Turn::Failed { why: "the commit is not a hash".to_owned() },
        Err(failed) => return failed,
    };
    let Some((first, pages)) = so_far.split_first() else { return Turn::Call(project.commit(commit)) };
    if first.status != 200 || !first.body.is_object() {
        return unexpected(first, "asking who wrote the commit");
    }
    let Some(last) = pages.last() else { return Turn::Call(project.merge_requests(commit, 1, PER_PAGE)) };
    let Some(found) = last.body.as_array().filter(|_| last.status == 200) else {
        return unexpected(last, "asking for the commit’s merge requests");
    };
    match (found.len() < PER_PAGE, pages.len() < PAGES) {
        (true, _) => Turn::Authors(collect(namer, commit, first, pages)),
        (false, true) => Turn::Call(project.merge_requests(commit, pages.len() + 1, PER_PAGE)),
        (false, false) => Turn::Failed { why: format!("the commit is in more than {} merge requests", PER_PAGE * PAGES) },
    }
}

fn collect(namer: &Namer, commit: &str, first: &Exchange, pages: &[Exchange]) -> ForgeAuthors {
    let short = commit.get(..8).unwrap_or(commit);
    let mut contributors = of_commit(namer, &first.body, short);
    let requests = pages.iter().filter_map(|page| page.body.as_array()).flatten();
    contributors.extend(requests.flat_map(|request| of_merge_request(namer, request)));
    ForgeAuthors::without_repeats(contributors)
}

fn of_commit(namer: &Namer, body: &Value, short: &str) -> Vec<Contributor> {
    let fields = Fields(body);
    let contributor = |email: Option<String>, part: Part, role: &str| {
        let account = namer.somebody(None, email, format!("{role} of {short}"));
        Contributor { account, part, commit: Some(short.to_owned()) }
    };
    let mut contributors = vec![
        contributor(address(fields.text("/author_email")), Part::CommitAuthor, "author"),
        contributor(address(fields.text("/committer_email")), Part::CommitAuthor, "committer"),
    ];
    let message = body.get("message").and_then(Value::as_str).unwrap_or_default();
    let trailers = co_authors(message);
    contributors.extend(trailers.into_iter().map(|email| contributor(email, Part::CommitCoAuthor, "co-author")));
    contributors
}

/// `merged_by` is the older name of `merge_user`.
fn of_merge_request(namer: &Namer, body: &Value) -> Vec<Contributor> {
    let fields = Fields(body);
    let merger = fields.number("/merge_user/id").or_else(|| fields.number("/merged_by/id"));
    MergeRequest { number: fields.number("/iid"), author: fields.number("/author/id"), merger }.contributors(namer)
}
