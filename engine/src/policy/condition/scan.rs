//! A look at a condition before it is parsed: how long, how many tokens, how deep.
//!
//! The parser and the interpreter recurse along operators, so a long flat chain would overflow the stack and end
//! the process. What this scanner could read otherwise than the parser does (raw and triple-quoted strings,
//! comments, escaped names) is refused, so that nothing can be hidden from the count.

use super::Flaw;

/// In bytes.
pub const MAX_LENGTH: usize = 1024;
pub const MAX_TOKENS: usize = 200;
/// Brackets within brackets.
pub const MAX_NESTING: usize = 12;

const TWO_LETTER_OPERATORS: [&str; 6] = ["&&", "||", "==", "!=", "<=", ">="];
const ONE_LETTER_OPERATORS: &str = ".,?:+-*/%<>!";

/// Refuses what is too long, too deep, or not made of the tokens that conditions may have.
pub fn check(source: &str) -> Result<(), Flaw> {
    if source.len() > MAX_LENGTH {
        return Err(Flaw::at(0, format!("the condition is longer than {MAX_LENGTH} bytes")));
    }
    let mut scan = Scan { source, at: 0, depth: 0 };
    let mut tokens = 0;
    while scan.skip_token()? {
        tokens += 1;
        if tokens > MAX_TOKENS {
            return Err(Flaw::at(scan.at, format!("the condition has more than {MAX_TOKENS} words and signs")));
        }
    }
    Ok(())
}

struct Scan<'s> {
    source: &'s str,
    /// In bytes.
    at: usize,
    depth: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn flaw(&self, message: impl Into<String>) -> Flaw {
        Flaw::at(self.at, message)
    }

    /// Goes past one token and the space before it; `false` at the end.
    fn skip_token(&mut self) -> Result<bool, Flaw> {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
        let Some(first) = self.rest().chars().next() else { return Ok(false) };
        match first {
            'a'..='z' | 'A'..='Z' | '_' | '0'..='9' => self.skip_word(),
            '\'' | '"' => self.skip_text(first)?,
            '(' | '[' => self.open_bracket()?,
            ')' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
            }
            other => self.skip_operator(other)?,
        }
        Ok(true)
    }

    fn skip_word(&mut self) {
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        self.at += self.rest().len() - self.rest().trim_start_matches(word).len();
    }

    fn open_bracket(&mut self) -> Result<(), Flaw> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(self.flaw(format!("brackets stand more than {MAX_NESTING} deep")));
        }
        self.at += 1;
        Ok(())
    }

    fn skip_operator(&mut self, first: char) -> Result<(), Flaw> {
        if self.rest().starts_with("//") {
            return Err(self.flaw("a condition has no comments; write them beside it"));
        }
        if TWO_LETTER_OPERATORS.iter().any(|operator| self.rest().starts_with(operator)) {
            self.at += 2;
        } else if ONE_LETTER_OPERATORS.contains(first) {
            self.at += 1;
        } else {
            return Err(self.flaw(format!("“{first}” has no meaning in a condition")));
        }
        Ok(())
    }

    /// A text in single or double quotes, on one line.
    fn skip_text(&mut self, quote: char) -> Result<(), Flaw> {
        if self.source[..self.at].ends_with(['r', 'R', 'b', 'B']) {
            return Err(self.flaw("raw texts and bytes are not used in conditions"));
        }
        if self.rest()[1..].starts_with([quote]) && self.rest()[2..].starts_with([quote]) {
            return Err(self.flaw("a text has one quote on each side"));
        }
        let mut escaped = false;
        for (offset, letter) in self.rest().char_indices().skip(1) {
            match letter {
                '\n' | '\r' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if letter == quote => {
                    self.at += offset + 1;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(self.flaw("a text is not closed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_conditions_of_ordinary_size() {
        let table = [
            "true",
            "change.class in ['normal', 'major']",
            "change.paths.exists(p, p.startsWith(\"auth/\")) || !(change.size >= 100)",
            r"service.name.matches('^a\\.b\'$')",
            "change.services.size() > 5 ? environment == 'production' : false",
        ];
        for source in table {
            assert_eq!(check(source), Ok(()), "{source}");
        }
    }

    #[test]
    fn refuses_what_is_too_much_or_could_hide() {
        let chain = vec!["1"; 2048].join("+");
        let spread = vec!["1"; 101].join(" + ");
        let deep = format!("{}true{}", "(".repeat(40), ")".repeat(40));
        let table = [
            (chain.as_str(), "longer than"),
            (&spread, "more than 200"),
            (&deep, "more than 12 deep"),
            ("true // it's ' + 1", "no comments"),
            ("r'\\' + 'x'", "raw texts"),
            ("environment == b'x'", "raw texts"),
            ("'''a'''", "one quote"),
            ("\"\"\"a\"\"\"", "one quote"),
            ("environment == 'x", "not closed"),
            ("environment == 'x\n'", "not closed"),
            ("a.`b`", "no meaning"),
            ("{'a': 1}", "no meaning"),
            ("a & b", "no meaning"),
            ("ä == 1", "no meaning"),
        ];
        for (source, expected) in table {
            let flaw = check(source).expect_err(source);
            assert!(flaw.message.contains(expected), "{source}: {}", flaw.message);
        }
    }
}
