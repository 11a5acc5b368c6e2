//! The published schema of facts: each kind, its fields, their types and what they mean.
//!
//! The only table of these names: conditions are checked against it, values are read by it, documents are made from it.

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    Flag,
    /// Of at least 0.
    Whole,
    /// A number of at least 0, with six decimals at most.
    Fraction,
    Text,
}

/// Whether a fact may leave a field out. A gate that asks about one that was left out does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Needed,
    MayBeLeftOut,
}

#[derive(Clone, Copy, Debug)]
pub struct FactField {
    pub name: &'static str,
    pub kind: ValueKind,
    pub presence: Presence,
    pub meaning: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct FactKind {
    /// As gates and the API name it.
    pub name: &'static str,
    pub meaning: &'static str,
    pub fields: &'static [FactField],
}

impl FactKind {
    pub fn named(name: &str) -> Option<&'static Self> {
        FACTS.iter().find(|kind| kind.name == name)
    }
}

/// Every kind.
pub const FACTS: &[FactKind] = &[
    FactKind { name: "tests.unit", meaning: "A run of the unit tests.", fields: TEST_RUN },
    FactKind { name: "tests.integration", meaning: "A run of the integration tests.", fields: TEST_RUN },
    FactKind {
        name: "tests.coverage",
        meaning: "How much of the code the tests reach.",
        fields: &[
            needed("line_percent", ValueKind::Fraction, "The share of lines, 0 to 100."),
            optional("base_percent", ValueKind::Fraction, "The same of what it is compared with."),
            optional("branch_percent", ValueKind::Fraction, "The share of branches, 0 to 100."),
        ],
    },
    FactKind {
        name: "tests.performance",
        meaning: "A run of the performance tests.",
        fields: &[
            needed("p95_ms", ValueKind::Fraction, "95 of 100 answers came within so many milliseconds."),
            optional("base_p95_ms", ValueKind::Fraction, "The same of what it is compared with."),
            optional("error_percent", ValueKind::Fraction, "The share of answers that failed, 0 to 100."),
        ],
    },
    FactKind { name: "lint.code", meaning: "What a linter found in the code.", fields: LINT },
    FactKind { name: "iac.lint", meaning: "What a linter found in the description of the infrastructure.", fields: LINT },
    FactKind {
        name: "iac.drift",
        meaning: "How the infrastructure differs from its description.",
        fields: &[needed("changed", ValueKind::Whole, "Resources that differ.")],
    },
    FactKind {
        name: "scan.sast",
        meaning: "What a scanner found in the source.",
        fields: &[
            needed("new_critical", ValueKind::Whole, "Critical findings that were not there before."),
            needed("new_high", ValueKind::Whole, "High findings that were not there before."),
            optional("critical", ValueKind::Whole, "All critical findings."),
            optional("high", ValueKind::Whole, "All high findings."),
        ],
    },
    FactKind {
        name: "scan.dast",
        meaning: "What a scanner found in the running program.",
        fields: &[
            needed("critical", ValueKind::Whole, "Critical findings."),
            needed("high", ValueKind::Whole, "High findings."),
            optional("medium", ValueKind::Whole, "Medium findings."),
        ],
    },
    FactKind {
        name: "tracker.defects",
        meaning: "What the tracker knows of open defects.",
        fields: &[
            needed("open_blocker", ValueKind::Whole, "Open defects that block a release."),
            optional("open_critical", ValueKind::Whole, "Open critical defects."),
        ],
    },
    FactKind {
        name: "db.migration",
        meaning: "What a trial of the database migration showed.",
        fields: &[
            needed("schema_compatible", ValueKind::Flag, "Whether the program of today works with the new schema."),
            needed("reversible", ValueKind::Flag, "Whether it can be taken back."),
            needed("backup_age_minutes", ValueKind::Whole, "How old the newest backup is."),
            needed("affected_rows", ValueKind::Whole, "Rows that it writes."),
        ],
    },
    FactKind {
        name: "supply.attestation",
        meaning: "What the artifact’s attestation says.",
        fields: &[
            needed("verified", ValueKind::Flag, "Whether its signature was verified."),
            needed("builder", ValueKind::Text, "Who built it, as the attestation names it."),
        ],
    },
];

const TEST_RUN: &[FactField] = &[
    needed("total", ValueKind::Whole, "Tests that there are."),
    needed("failed", ValueKind::Whole, "Tests that failed or ended with an error."),
    optional("skipped", ValueKind::Whole, "Tests that were not run."),
];

const LINT: &[FactField] =
    &[needed("errors", ValueKind::Whole, "Findings of the worst kind."), optional("warnings", ValueKind::Whole, "Other findings.")];

const fn needed(name: &'static str, kind: ValueKind, meaning: &'static str) -> FactField {
    FactField { name, kind, presence: Presence::Needed, meaning }
}

const fn optional(name: &'static str, kind: ValueKind, meaning: &'static str) -> FactField {
    FactField { name, kind, presence: Presence::MayBeLeftOut, meaning }
}
