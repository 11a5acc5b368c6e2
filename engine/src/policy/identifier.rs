//! Names that stand in conditions, forms and addresses: small letters, digits and `_`.

/// In characters.
pub const MAX_LENGTH: usize = 50;

pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|first| first.is_ascii_lowercase());
    let goes_on = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    begins && name.len() <= MAX_LENGTH && letters.all(goes_on)
}

/// What is wrong with the name of `what`: `a field`.
pub fn rule(name: &str, what: &str) -> String {
    format!("“{name}” is no name of {what}: small letters, digits and _, {MAX_LENGTH} at most, a letter first")
}
