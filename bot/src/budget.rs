//! The order in which a card gives way to a platform's limits.

/// What gives way, in this order; state, counts, who is needed and the link never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Budget {
    Full,
    ShortReasons,
    FewFacts,
    NoSummary,
    Bare,
}

impl Budget {
    pub const ORDER: [Self; 5] = [Self::Full, Self::ShortReasons, Self::FewFacts, Self::NoSummary, Self::Bare];

    /// Units of a reason on the card.
    pub fn reason_max(self) -> usize {
        match self {
            Self::Full => templates::words::REASON_MAX,
            Self::ShortReasons | Self::FewFacts | Self::NoSummary | Self::Bare => templates::words::REASON_MAX / 3,
        }
    }
}
