//! `Co-authored-by` lines at the end of a commit's message.

/// More than anybody writes by hand.
const TRAILERS: usize = 100;

/// The address of each, lower-case; `None` where a line has none.
pub fn co_authors(message: &str) -> Vec<Option<String>> {
    message.lines().filter_map(co_author).take(TRAILERS).collect()
}

fn co_author(line: &str) -> Option<Option<String>> {
    let (name, who) = line.split_once(':')?;
    if !name.trim().eq_ignore_ascii_case("co-authored-by") {
        return None;
    }
    let inside = who.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inside, _)| inside.trim().to_owned());
    Some(address(inside))
}

/// What can be an address, lower-case.
pub fn address(text: Option<String>) -> Option<String> {
    text.filter(|text| text.contains('@')).map(|text| text.to_lowercase())
}
