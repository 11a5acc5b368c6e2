//! The program's file, and one run of it to its end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run said, and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// `None` if a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// `COUNTERSIGN_BIN`, else the one that was built beside these tests.
pub fn path() -> PathBuf {
    let beside = || {
        std::env::current_exe().expect("the path of these tests").parent().and_then(Path::parent).map(|folder| folder.join("countersign"))
    };
    let path = std::env::var_os("COUNTERSIGN_BIN").map(PathBuf::from).or_else(beside).expect("a folder above these tests");
    assert!(path.is_file(), "{} is not there: cargo build -p router --bin countersign, or set COUNTERSIGN_BIN", path.display());
    path
}

/// In this folder, with none of our own variables around it.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("COUNTERSIGN")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Ran {
    finish(command(folder).args(arguments))
}

pub fn finish(command: &mut Command) -> Ran {
    let output = command.output().expect("to run the program");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}
