//! The words of a command, one after the other, and what each of them can be.

use super::unclear::Unclear;
use super::verbs::Verb;
use super::{End, Reference};
use engine::calendar::Wall;
use engine::hold::{SCOPE_MAX, Scope};
use engine::ids::ChangeNumber;

/// The word that the reason follows.
const BECAUSE: &str = "because";
const NUMBER_START: &str = "CHG-";
/// Everything is paused by this name.
const ALL: &str = "all";
/// Digits of a length of time, so that it fits into any calendar.
const PERIOD_DIGITS: usize = 5;
const UNITS: [(char, u64); 3] = [('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];

/// What was typed: the words before the reason, and the reason as it was typed.
pub struct Words<'t> {
    head: Vec<&'t str>,
    next: usize,
    reason: Option<&'t str>,
}

impl<'t> Words<'t> {
    pub fn of(text: &'t str) -> Self {
        let (head, reason) = split(text);
        Self { head: head.split_whitespace().collect(), next: 0, reason: reason.map(str::trim) }
    }

    pub fn next(&mut self) -> Option<&'t str> {
        let word = self.head.get(self.next).copied();
        self.next += usize::from(word.is_some());
        word
    }

    /// The next word, which the verb can't do without.
    pub fn need(&mut self, verb: &'static Verb, what: &'static str) -> Result<&'t str, Unclear> {
        self.next().ok_or(Unclear::Missing { verb, what })
    }

    /// Nothing more stands there, and no reason.
    pub fn end(&mut self, verb: &'static Verb) -> Result<(), Unclear> {
        self.end_of_head(verb)?;
        match self.reason {
            None => Ok(()),
            Some(_) => Err(Unclear::Unexpected { verb, word: BECAUSE.to_owned() }),
        }
    }

    /// Nothing more stands there but perhaps a reason.
    pub fn maybe_because(&mut self, verb: &'static Verb) -> Result<Option<String>, Unclear> {
        self.end_of_head(verb)?;
        Ok(self.reason.filter(|reason| !reason.is_empty()).map(ToOwned::to_owned))
    }

    /// Nothing more stands there but a reason.
    pub fn because(&mut self, verb: &'static Verb) -> Result<String, Unclear> {
        let reason = self.maybe_because(verb)?;
        reason.ok_or_else(|| Unclear::NoReason { completed: self.head.join(" ") })
    }

    fn end_of_head(&mut self, verb: &'static Verb) -> Result<(), Unclear> {
        match self.next() {
            None => Ok(()),
            Some(word) => Err(Unclear::Unexpected { verb, word: word.to_owned() }),
        }
    }
}

/// At the first word that is “because”; phones may write it large.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut from = 0;
    for word in text.split_whitespace() {
        let Some(at) = text.get(from..).and_then(|rest| rest.find(word)).map(|at| from + at) else { break };
        from = at + word.len();
        if word.eq_ignore_ascii_case(BECAUSE) {
            return (text.get(..at).unwrap_or_default(), text.get(from..));
        }
    }
    (text, None)
}

/// `CHG-1042`, or a link, which may come as `<link|text>`.
pub fn change(word: &str) -> Result<Reference, Unclear> {
    let is_number = word.get(..NUMBER_START.len()).is_some_and(|start| start.eq_ignore_ascii_case(NUMBER_START));
    if is_number {
        let digits = word.get(NUMBER_START.len()..).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok()).map(|number| Reference::Number(ChangeNumber(number)));
        return number.ok_or_else(|| Unclear::NotAChange { word: word.to_owned() });
    }
    let bare = word.strip_prefix('<').and_then(|word| word.strip_suffix('>')).unwrap_or(word);
    let link = bare.split('|').next().unwrap_or_default();
    if link.starts_with("https://") || link.starts_with("http://") {
        return Ok(Reference::Link(link.to_owned()));
    }
    Err(Unclear::NotAChange { word: word.to_owned() })
}

/// `all`, `production`, `production/checkout-api`. A service may have further slashes in its name.
pub fn scope(word: &str) -> Result<Scope, Unclear> {
    let unclear = || Unclear::NotAScope { word: word.to_owned() };
    if word.eq_ignore_ascii_case(ALL) {
        return Ok(Scope::default());
    }
    let (environment, service) = word.split_once('/').map_or((word, None), |(environment, service)| (environment, Some(service)));
    let fits = |part: &str| !part.is_empty() && part.chars().count() <= SCOPE_MAX;
    if !fits(environment) || !service.is_none_or(fits) || environment.eq_ignore_ascii_case(ALL) {
        return Err(unclear());
    }
    Ok(Scope { environment: Some(environment.to_owned()), service: service.map(ToOwned::to_owned) })
}

/// `30m`, `2h`, `1d`; more than nothing.
pub fn period(word: &str) -> Result<End, Unclear> {
    let seconds = || {
        let unit = word.chars().last()?;
        let (_, seconds) = UNITS.into_iter().find(|(letter, _)| *letter == unit)?;
        let digits = word.strip_suffix(unit)?;
        let is_count = !digits.is_empty() && digits.len() <= PERIOD_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u64>().ok().filter(|count| is_count && *count > 0)?.checked_mul(seconds)
    };
    seconds().map(End::After).ok_or_else(|| Unclear::NotAPeriod { word: word.to_owned() })
}

/// `18:00`, `2026-11-24T18:00`.
pub fn time(word: &str) -> Result<End, Unclear> {
    let wall: Result<Wall, _> = word.parse();
    wall.map(End::At).map_err(|_| Unclear::NotATime { word: word.to_owned() })
}
