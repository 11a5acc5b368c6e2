//! What kinds of values there are in conditions, and which of them go together.

use crate::fact::ValueKind;

/// The kind of a value in a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Flag,
    Whole,
    Fraction,
    Text,
    /// Text that also stands for whether it is there at all.
    Mention,
    List(&'static Kind),
    /// Elements of an empty list and the like: nothing is known before the condition runs.
    Any,
}

impl From<ValueKind> for Kind {
    fn from(kind: ValueKind) -> Self {
        match kind {
            ValueKind::Flag => Self::Flag,
            ValueKind::Whole => Self::Whole,
            ValueKind::Fraction => Self::Fraction,
            ValueKind::Text => Self::Text,
        }
    }
}

impl Kind {
    pub const TEXTS: Self = Self::List(&Self::Text);

    /// The kind of a list with such elements; of lists within lists nothing is known.
    pub fn list(self) -> Self {
        Self::List(match self {
            Self::Flag => &Self::Flag,
            Self::Whole => &Self::Whole,
            Self::Fraction => &Self::Fraction,
            Self::Text | Self::Mention => &Self::Text,
            Self::List(_) | Self::Any => &Self::Any,
        })
    }

    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flag => "true or false",
            Self::Whole | Self::Fraction => "a number",
            Self::Text | Self::Mention => "text",
            Self::List(_) => "a list",
            Self::Any => "anything",
        }
    }

    pub fn is_number(self) -> bool {
        matches!(self, Self::Whole | Self::Fraction | Self::Any)
    }

    /// As a value that is compared: a mention is text.
    pub fn compared(self) -> Self {
        if self == Self::Mention { Self::Text } else { self }
    }

    /// Whether one may stand where the other is needed.
    pub fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Mention, other) | (other, Self::Mention) => matches!(other, Self::Flag | Self::Text | Self::Mention),
            (Self::List(element), Self::List(other)) => element.is_like(*other),
            _ => self == other || (self.is_number() && other.is_number()),
        }
    }
}
