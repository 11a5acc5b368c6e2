//! A length of time in words.

/// Seconds in a unit, largest first.
pub(crate) const UNITS: [(u64, &str); 4] = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];

/// The two largest units: `15 minutes`, `1 hour 30 minutes`, `2 days`.
pub fn duration(seconds: u64) -> String {
    in_units(seconds, &UNITS)
}

pub(crate) fn in_units(seconds: u64, units: &[(u64, &str)]) -> String {
    let mut left = seconds;
    let mut words = Vec::new();
    for (length, unit) in units {
        let number = left / length;
        left %= length;
        if number > 0 {
            words.push(format!("{number} {unit}{}", if number == 1 { "" } else { "s" }));
        }
    }
    words.truncate(2);
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}
