//! Tokens as an operator makes them: on the command line.

use super::binary::run;
use super::installation::Installation;

/// A service's, for everything.
pub fn service_token(installation: &Installation, owner: &str) -> String {
    made(installation, &["--scopes", "admin", "--owner", owner])
}

/// One by which this person acts.
pub fn personal_token(installation: &Installation, person: &str, scopes: &str) -> String {
    made(installation, &["--scopes", scopes, "--owner", person, "--personal"])
}

fn made(installation: &Installation, arguments: &[&str]) -> String {
    let made = run(installation.folder(), &[&["token", "create", "--name", "test"], arguments].concat());
    assert_eq!(made.code, Some(0), "{}", made.err);
    made.out.trim().to_owned()
}
