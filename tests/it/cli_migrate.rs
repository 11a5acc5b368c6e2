//! `migrate`: the schema's state, and bringing it up to date, on both databases.

use tests::postgres;
use tests::process::binary::run;
use tests::process::installation::{Database, Installation};

fn migrates(database: Database<'_>) {
    let installation = Installation::plain(database);
    let migrate = |command: &str| run(installation.folder(), &["migrate", command]);
    let before = migrate("status");
    assert_eq!(before.code, Some(1), "{}", before.err);
    assert!(before.out.lines().count() > 5 && before.out.lines().all(|line| line.starts_with("pending m")), "{}", before.out);
    let up = migrate("up");
    assert_eq!(up.code, Some(0), "{}", up.err);
    assert_eq!(up.out, before.out.replace("pending", "applied"));
    let after = migrate("status");
    assert_eq!((after.code, after.out), (Some(0), up.out));
    assert_eq!(migrate("up").out, "the schema is up to date\n");
}

#[test]
fn the_schema_is_brought_up_to_date_on_sqlite() {
    migrates(Database::File);
}

#[test]
fn the_schema_is_brought_up_to_date_on_postgres() {
    let database = postgres::empty_database();
    migrates(Database::At(database.url()));
}

#[test]
fn serve_refuses_a_schema_that_is_behind() {
    let installation = Installation::plain(Database::File);
    let ran = tests::process::binary::finish(
        tests::process::binary::command(installation.folder()).arg("serve").env("COUNTERSIGN__DATABASE__MIGRATE", "false"),
    );
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("schema is behind") && ran.err.contains("countersign migrate up"), "{}", ran.err);
}
