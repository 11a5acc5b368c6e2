//! SQLite for tests: a migrated file of its own for each test, copied from one that was migrated once.

#![allow(clippy::expect_used, reason = "a test without its database has nothing to say")]

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The migrated file of this process.
static TEMPLATE: OnceLock<TempDir> = OnceLock::new();

const FILE: &str = "countersign.db";

/// A database of one test, gone with it.
pub struct SqliteDatabase {
    url: String,
    _folder: TempDir,
}

impl SqliteDatabase {
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// A migrated database file.
pub fn database() -> SqliteDatabase {
    let template = TEMPLATE.get_or_init(template).path().join(FILE);
    let folder = TempDir::new().expect("a folder for the database");
    fs::copy(template, folder.path().join(FILE)).expect("to copy the template");
    SqliteDatabase { url: url(folder.path()), _folder: folder }
}

/// A folder for a database that does not exist yet, and the address that it would have.
pub fn nothing_yet() -> SqliteDatabase {
    let folder = TempDir::new().expect("a folder for the database");
    SqliteDatabase { url: url(folder.path()), _folder: folder }
}

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(FILE).display())
}

fn template() -> TempDir {
    let folder = TempDir::new().expect("a folder for the template");
    let url = url(folder.path());
    crate::postgres::blocking(async move { migrations::up(&url).await.expect("the schema") });
    folder
}
