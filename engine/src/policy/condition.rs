//! Conditions: the one place that knows the expression language (CEL, crate `cel`).
//!
//! A condition is checked and compiled when the policy is loaded. Asked about a change, it is true, false or
//! unknown; a missing fact, an error and too much work are all unknown, and what follows from that is the asker's
//! business.

mod constant;
mod cost;
mod facts;
mod mention;
mod scan;
mod typing;

pub use facts::Facts;

use super::schema::{INCIDENT, Schema};
use cel::common::ast::{Expr, LiteralValue};
use cel::{IdedExpr, Program, Value};
use cost::MAX_STEPS;
use std::fmt;

/// What is wrong with a condition, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// In characters from the condition's first.
    pub offset: usize,
    pub message: String,
    pub suggestion: Option<String>,
}

impl Flaw {
    fn at(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into(), suggestion: None }
    }
}

/// The three answers of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    /// And why.
    Unknown(String),
}

/// A condition that was found to be sound.
pub struct Condition {
    source: String,
    expression: IdedExpr,
    asked: typing::Asked,
}

impl Condition {
    /// The first flaw of its shape, or all flaws of its meaning.
    pub fn compile(source: &str, schema: &Schema) -> Result<Self, Vec<Flaw>> {
        scan::check(source).map_err(|flaw| vec![flaw])?;
        let program = Program::compile(source).map_err(|errors| vec![syntax_flaw(source, &errors)])?;
        let asked = typing::check(&program, schema)?;
        let mut expression = program.expression().clone();
        mention::expand(&mut expression, schema);
        constant::expand(&mut expression, schema);
        Ok(Self { source: source.to_owned(), expression, asked })
    }

    /// Whether it is the word `true`.
    pub fn is_always_true(&self) -> bool {
        matches!(&self.expression.expr, Expr::Literal(LiteralValue::Boolean(flag)) if *flag.inner())
    }

    /// As it stands in the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names that it asks about.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.asked.names.iter().map(String::as_str)
    }

    /// The lists of the policy that it names.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        self.asked.lists.iter().map(String::as_str)
    }

    /// Whether it asks about this name.
    pub fn asks_about(&self, name: &str) -> bool {
        self.asked.names.contains(name)
    }

    /// Whether it asks about an incident.
    pub fn asks_about_incidents(&self) -> bool {
        self.names().any(|name| name.starts_with(INCIDENT))
    }

    pub fn evaluate(&self, facts: &Facts) -> Truth {
        // The language would answer `false` for has(an unknown name); but not to know is not to know that it is not.
        if let Some(why) = self.asked.tested.iter().find_map(|name| facts.why_unknown(name)) {
            return Truth::Unknown(why);
        }
        if cost::steps(&self.expression, facts) > MAX_STEPS {
            return Truth::Unknown(format!("it would take more than {MAX_STEPS} steps"));
        }
        match Value::resolve(&self.expression, facts.context()) {
            Ok(Value::Bool(true)) => Truth::True,
            Ok(Value::Bool(false)) => Truth::False,
            Ok(other) => Truth::Unknown(format!("it gives {}, not true or false", other.type_of())),
            Err(error) => Truth::Unknown(self.why_failed(facts).unwrap_or_else(|| error.to_string())),
        }
    }

    fn why_failed(&self, facts: &Facts) -> Option<String> {
        self.asked.names.iter().find_map(|name| facts.why_unknown(name))
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.source).finish()
    }
}

fn syntax_flaw(source: &str, errors: &cel::ParseErrors) -> Flaw {
    let Some(first) = errors.errors.first() else { return Flaw::at(0, "this is not a condition") };
    let (line, column) = first.pos;
    let before: usize = source.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(|line| line.chars().count()).sum();
    let offset = before + usize::try_from(column - 1).unwrap_or(0);
    let message = first.msg.lines().next().unwrap_or_default();
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message).replace("'<EOF>'", "the end");
    Flaw::at(offset.min(source.chars().count()), format!("this is not a condition: {message}"))
}
