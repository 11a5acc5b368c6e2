//! The repository's files as the rules see them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of the workspace.
pub const CRATES: [&str; 7] = ["bot", "engine", "entities", "migrations", "router", "templates", "tests"];

const TEXTS: [&str; 12] = ["css", "html", "js", "json", "md", "rs", "sql", "svg", "toml", "txt", "yaml", "yml"];
/// Where they are, besides the crates and the top.
const FOLDERS: [&str; 4] = ["docs", ".cargo", ".ci", ".config"];

/// How a file's own tests begin, at its end.
const TESTS: &str = "#[cfg(test)]\nmod tests {";

/// A text file of the repository.
pub struct Source {
    /// From the top of the repository: `engine/src/lib.rs`.
    pub path: String,
    pub text: String,
    /// Compiled for tests alone.
    pub is_of_tests: bool,
}

impl Source {
    /// Lines with their numbers, without the tests at the file's end. A file of tests has none.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.is_of_tests { 0 } else { self.text.find(TESTS).unwrap_or(self.text.len()) };
        self.text[..end].lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// As `code`, without the lines that are comments.
    pub fn statements(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// A file by its path from the top.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file of the workspace.
pub fn rust() -> Vec<Source> {
    CRATES.iter().flat_map(|name| rust_below(name)).collect()
}

/// The Rust files in a folder and below.
pub fn rust_below(folder: &str) -> Vec<Source> {
    let mut sources = below(folder, &["rs"]);
    let modules: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    let is_module = |path: &str| modules.iter().any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")));
    for source in &mut sources {
        source.is_of_tests |= is_module(&source.path);
    }
    sources
}

/// Every text file that we write.
pub fn all() -> Vec<Source> {
    let top = fs::read_dir(root()).unwrap().flatten().filter(|entry| entry.path().is_file());
    let top = top.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|name| name != "Cargo.lock");
    let mut files: Vec<Source> = top.map(source).collect();
    files.extend(CRATES.iter().chain(&FOLDERS).flat_map(|folder| below(folder, &TEXTS)));
    files
}

/// The files of these kinds in a folder and below, in a fixed order.
pub fn below(folder: &str, kinds: &[&str]) -> Vec<Source> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kinds.iter().any(|wanted| kind == *wanted)) {
                found.insert(path.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    found.into_iter().map(source).collect()
}

/// A crate's own `tests` and `examples` are no part of what it ships.
fn source(path: String) -> Source {
    let is_of_tests = path.split('/').nth(1).is_some_and(|folder| matches!(folder, "tests" | "examples" | "benches"));
    Source { text: read(&path), is_of_tests, path }
}

/// The modules that a file declares for tests alone, as paths without their ending.
fn test_modules(source: &Source) -> Vec<String> {
    let declared = source.text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| rest.lines().next());
    let names = declared.filter_map(|line| line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';'));
    let home = home(&source.path);
    names.map(|name| format!("{home}/{name}")).collect()
}

/// The folder that holds a file's submodules.
fn home(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    }
}
