//! The table of what was aimed at and what was seen.

use std::fmt::{Display, Formatter, Result};

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
    /// Shown beside the others; nothing was promised.
    None,
}

#[derive(Clone, Debug)]
pub struct Figure {
    pub what: &'static str,
    pub engine: &'static str,
    pub unit: &'static str,
    pub aim: Aim,
    pub seen: f64,
}

impl Figure {
    fn verdict(&self) -> &'static str {
        match self.aim {
            Aim::AtLeast(aim) if self.seen < aim => "MISSED",
            Aim::AtMost(aim) if self.seen > aim => "MISSED",
            Aim::AtLeast(_) | Aim::AtMost(_) => "met",
            Aim::None => "",
        }
    }

    fn aimed(&self) -> String {
        match self.aim {
            Aim::AtLeast(aim) => format!("≥ {aim:.0} {}", self.unit),
            Aim::AtMost(aim) => format!("≤ {aim:.0} {}", self.unit),
            Aim::None => String::new(),
        }
    }
}

impl Display for Figure {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let digits = if self.seen >= 100.0 { 0 } else { 2 };
        let seen = format!("{:.digits$} {}", self.seen, self.unit);
        write!(out, "{:<11} {:<52} {seen:>14}   {:>12}  {}", self.engine, self.what, self.aimed(), self.verdict())
    }
}

/// The value below which so large a part of them lies; they need not be sorted.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    assert!(!values.is_empty(), "nothing was measured");
    values.sort_unstable_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_met_or_missed() {
        let cases = [
            (Aim::AtLeast(10.0), 9.9, "MISSED"),
            (Aim::AtLeast(10.0), 10.0, "met"),
            (Aim::AtMost(10.0), 10.1, "MISSED"),
            (Aim::AtMost(10.0), 10.0, "met"),
            (Aim::None, 0.0, ""),
        ];
        for (aim, seen, verdict) in cases {
            let figure = Figure { what: "this", engine: "SQLite", unit: "ms", aim, seen };
            assert_eq!(figure.verdict(), verdict, "{figure:?}");
        }
    }

    #[test]
    fn quantiles_are_of_the_sorted() {
        let mut values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!([0.0, 0.5, 1.0].map(|part| quantile(&mut values, part)), [1.0, 3.0, 5.0]);
    }
}
