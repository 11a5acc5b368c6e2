//! Every route that is served is in the API's document, and the document has no other.

use super::hold;
use super::sources::rust_below;
use router::http::document::{operations, published};
use std::collections::BTreeSet;

/// What a person's browser posts or loads for a page; no program calls it.
const OF_PAGES: [&str; 2] = ["/changes/{id}/vote", "/sign-out"];

/// The addresses that stand in the routes' tables.
fn served() -> BTreeSet<String> {
    let sources = rust_below("router/src/http");
    let code = sources.iter().map(|source| source.code().map(|(_, line)| format!("{line}\n")).collect::<String>());
    let addresses = code.flat_map(|code| {
        let mut found: Vec<String> = code
            .split(".route(")
            .skip(1)
            .filter_map(|rest| Some(rest.trim_start().strip_prefix('"')?.split('"').next()?.to_owned()))
            .collect();
        let planned = code.split("const PATHS").nth(1).and_then(|rest| rest.split("];").next()).unwrap_or_default();
        found.extend(planned.split('"').skip(1).step_by(2).map(str::to_owned));
        found
    });
    addresses.chain([published::PATH.to_owned()]).collect()
}

#[test]
fn every_route_is_documented_and_no_other() {
    let documented: BTreeSet<String> = operations().iter().map(|operation| operation.path.to_owned()).collect();
    let served = served();
    let missing = served.iter().filter(|path| !documented.contains(*path) && !OF_PAGES.contains(&path.as_str()));
    let stray = documented.iter().filter(|path| !served.contains(*path));
    let breaches = missing.map(|path| format!("{path} is served and not documented"));
    hold("The document has every route.", breaches.chain(stray.map(|path| format!("{path} is documented and not served"))).collect());
}
