//! The console's pages, as far as programs need to know of them: they are for people and change with every release.

use super::operation::{Content, Operation};

/// Pages that are read; forms on them are posted to addresses of their own and are no part of the API.
const PAGES: [(&str, &str); 3] = [
    ("/", "Every change, newest first"),
    ("/changes/{id}", "One change with its card and its history"),
    ("/sign-in", "Where one signs in"),
];

pub fn operations() -> Vec<Operation> {
    let html = || Content::Text("text/html");
    let page = |(path, summary): (&'static str, &'static str)| {
        Operation::get(path, summary)
            .answers(200, "The page", html())
            .answers(303, "To the sign-in page", Content::Nothing)
            .answers(400, "The query can’t be read", Content::Text("text/plain"))
            .answers(403, "Not from here", html())
            .answers(404, "There is no such thing", html())
            .answers(500, "A fault of ours", html())
            .answers(503, "The database does not answer", html())
    };
    PAGES.into_iter().map(page).collect()
}
