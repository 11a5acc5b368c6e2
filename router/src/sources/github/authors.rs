//! Who wrote and merged a commit, asked of GitHub: the commit, its trailers, the pull requests that brought it.

use super::names::{Namer, is_web_flow};
use super::target::{repository, unexpected};
use crate::sources::reading::{Fields, is_hash};
use crate::sources::trailers::{address, co_authors};
use crate::sources::{Call, Contributor, Exchange, ForgeAuthors, Turn};
use engine::request::Callback;
use engine::rules::Part;
use serde_json::Value;

/// Pull requests of one commit that are asked who merged them; a commit in more of them is looked at by a person.
const PULLS: usize = 8;

/// Commit, list of pull requests, then each merged one; a look-up that fails is a failure, an empty list adds nobody.
pub fn next(namer: &Namer, callback: &Callback, commit: &str, so_far: &[Exchange]) -> Turn {
    let repository = match repository(callback) {
        Ok(repository) if is_hash(commit) => repository,
        Ok(_) => return Turn::Failed { why: "the commit is not a hash".to_owned() },
        Err(failed) => return failed,
    };
    let at = |path: &str| Turn::Call(Call::get(format!("/repos/{repository}/{path}")));
    let Some((first, rest)) = so_far.split_first() else { return at(&format!("commits/{commit}")) };
    if first.status != 200 || !first.body.is_object() {
        return unexpected(first, "asking who wrote the commit");
    }
    // One more than is asked for, so that a longer list is seen to be one.
    let Some((list, merged)) = rest.split_first() else { return at(&format!("commits/{commit}/pulls?per_page={}", PULLS + 1)) };
    let Some(pulls) = list.body.as_array().filter(|_| list.status == 200) else {
        return unexpected(list, "asking for the commit’s pull requests");
    };
    if pulls.len() > PULLS {
        return Turn::Failed { why: format!("the commit is in more than {PULLS} pull requests") };
    }
    if let Some(failed) = merged.iter().find(|exchange| exchange.status != 200) {
        return unexpected(failed, "asking who merged a pull request");
    }
    let numbers: Vec<i64> = pulls.iter().filter(|pull| is_merged(pull)).filter_map(|pull| Fields(pull).number("/number")).collect();
    match numbers.get(merged.len()) {
        Some(number) => at(&format!("pulls/{number}")),
        None => Turn::Authors(collect(namer, commit, first, (pulls, merged))),
    }
}

/// The list says when one was merged; only the pull request itself says by whom.
fn is_merged(pull: &Value) -> bool {
    Fields(pull).text("/merged_at").is_some()
}

fn collect(namer: &Namer, commit: &str, first: &Exchange, (pulls, merged): (&[Value], &[Exchange])) -> ForgeAuthors {
    let short = commit.get(..8).unwrap_or(commit);
    let mut contributors = of_commit(namer, &first.body, short);
    contributors.extend(pulls.iter().map(|pull| of_pull(namer, pull, Part::CommitAuthor)));
    contributors.extend(merged.iter().map(|exchange| of_pull(namer, &exchange.body, Part::Merger)));
    ForgeAuthors::without_repeats(contributors)
}

fn of_commit(namer: &Namer, body: &Value, short: &str) -> Vec<Contributor> {
    let fields = Fields(body);
    let contributor = |id: Option<i64>, email: Option<String>, part: Part, role: &str| {
        let account = namer.somebody(id, address(email), format!("{role} of {short}"));
        Contributor { account, part, commit: Some(short.to_owned()) }
    };
    let mut contributors =
        vec![contributor(fields.number("/author/id"), fields.text("/commit/author/email"), Part::CommitAuthor, "author")];
    if !is_web_flow(&fields) {
        let committer = (fields.number("/committer/id"), fields.text("/commit/committer/email"));
        contributors.push(contributor(committer.0, committer.1, Part::CommitAuthor, "committer"));
    }
    let message = body.pointer("/commit/message").and_then(Value::as_str).unwrap_or_default();
    let trailers = co_authors(message).into_iter();
    contributors.extend(trailers.map(|email| contributor(None, email, Part::CommitCoAuthor, "co-author")));
    contributors
}

fn of_pull(namer: &Namer, body: &Value, part: Part) -> Contributor {
    let fields = Fields(body);
    let name = fields.number("/number").map_or_else(|| "a pull request".to_owned(), |number| format!("pull request #{number}"));
    let (pointer, role) = match part {
        Part::Merger => ("/merged_by/id", "merger"),
        Part::Initiator | Part::CommitAuthor | Part::CommitCoAuthor | Part::FactSupplier => ("/user/id", "author"),
    };
    Contributor { account: namer.somebody(fields.number(pointer), None, format!("{role} of {name}")), part, commit: None }
}
