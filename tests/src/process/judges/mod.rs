//! Other people's programs that judge what we send to chat, what the API answers, and the console in a browser. `make needs` installs them; without them these tests fail.

mod blocks;
mod browser;
mod conversation;
mod emulate;
mod lines;
mod schema;
mod schemathesis;

pub use blocks::{Kind, rejected};
pub use browser::{Browser, Colours, Page, Scripts, Window};
pub use conversation::Judge;
pub use emulate::Emulate;
pub use schema::allowed;
pub use schemathesis::{Inquiry, objections};

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the judges are, if not beside the compiled tests.
const FOLDER: &str = "COUNTERSIGN_JUDGES";

/// A program or file of theirs.
fn installed(name: &str) -> PathBuf {
    let beside = || std::env::current_exe().ok()?.ancestors().nth(3).map(|target| target.join("judges"));
    let folder = std::env::var_os(FOLDER).map(PathBuf::from).or_else(beside).expect("a folder above these tests");
    let path = folder.join(name);
    assert!(path.exists(), "{} is not there: run `make needs`, or name its folder by {FOLDER}", path.display());
    path
}

/// A program of ours that is written in the language of a judge.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("judges").join(name)
}

fn python(name: &str) -> Command {
    let mut command = Command::new(installed("python/bin/python"));
    // Nothing is to be left beside the sources.
    command.arg(script(name)).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
