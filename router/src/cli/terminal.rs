//! Text for people at a terminal of 80 columns.

/// The width of a terminal.
pub const COLUMNS: usize = 80;

/// One line, cut where the terminal ends.
pub fn shortened(line: &str) -> String {
    let line = line.trim_end();
    match line.chars().count() > COLUMNS {
        true => line.chars().take(COLUMNS - 1).chain(['…']).collect(),
        false => line.to_owned(),
    }
}

/// The text in as many lines as it needs, each behind so many spaces. A word that is longer than a line stays whole.
pub fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && indent + last + 1 + word.chars().count() > COLUMNS {
            lines.push(String::new());
        }
        let Some(line) = lines.last_mut() else { continue };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.iter().map(|line| format!("{}{line}", " ".repeat(indent))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_the_terminal_does() {
        let text = "You can’t approve this: you asked for it. Any other member of payments-owners or payments-leads can.";
        let lines: Vec<String> = wrapped(text, 6).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS && line.starts_with("      ")), "{lines:#?}");
        assert_eq!(lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "), text);
        let long = "x".repeat(100);
        assert_eq!(wrapped(&format!("a {long} b"), 2), format!("  a\n  {long}\n  b"));
        assert_eq!(shortened(&long).chars().count(), COLUMNS);
    }
}
