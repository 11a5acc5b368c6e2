//! Who wrote a range of commits, as the repository in the current folder has it: authors and co-authors, by address.

use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::process::Command;

/// One address a line; a co-author's as `Name <address>`.
const FORMAT: &str = "--format=%ae%n%(trailers:key=Co-authored-by,valueonly,unfold)";

/// `range` is anything that `git log` takes as one: `v2.30.0..HEAD`.
pub fn of(range: &str) -> anyhow::Result<BTreeSet<String>> {
    // After this mark a range that looks like an option is none.
    let output = Command::new("git").args(["log", FORMAT, "--end-of-options", range, "--"]).output();
    let output = output.with_context(|| format!("git can’t be run to find the authors of {range}; name them with --author"))?;
    if !output.status.success() {
        bail!("git does not know the authors of {range}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let authors = addresses(&String::from_utf8_lossy(&output.stdout));
    if authors.is_empty() {
        bail!("{range} holds no commit, so nobody is known to have written it. Name another range, or authors with --author.");
    }
    Ok(authors)
}

fn addresses(log: &str) -> BTreeSet<String> {
    let bare = |line: &str| line.rsplit_once('<').map_or(line, |(_, rest)| rest.trim_end_matches('>')).trim().to_lowercase();
    log.lines().map(bare).filter(|address| !address.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_once() {
        let log = "author-1@example.com\nAuthor Two <Author-2@example.com>\n\nauthor-1@example.com\n\n";
        assert_eq!(addresses(log).into_iter().collect::<Vec<_>>(), ["author-1@example.com", "author-2@example.com"]);
    }
}
