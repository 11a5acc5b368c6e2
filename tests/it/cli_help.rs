//! What every command says about itself, in a terminal of 80 columns.

use tempfile::TempDir;
use tests::process::binary::run;

const COLUMNS: usize = 80;

/// The commands below these, as their own help lists them.
fn below(path: &[&str], help: &str) -> Vec<Vec<String>> {
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap_or_default();
    let names = listed.lines().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(|name| path.iter().map(ToString::to_string).chain([name.to_owned()]).collect()).collect()
}

#[test]
fn help_fits_a_terminal() {
    let folder = TempDir::new().unwrap();
    let mut paths = vec![Vec::new()];
    let mut seen = 0;
    while let Some(path) = paths.pop() {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let ran = run(folder.path(), &[&path[..], &["--help"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{path:?}");
        let wide: Vec<&str> = ran.out.lines().filter(|line| line.chars().count() > COLUMNS).collect();
        assert!(wide.is_empty(), "countersign {}: {wide:#?}", path.join(" "));
        paths.extend(below(&path, &ran.out));
        seen += 1;
    }
    assert!(seen > 12, "only {seen} commands were found");
}
