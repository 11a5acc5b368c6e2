//! The verbs that the command knows, each with how it is written.

/// One verb. The words are those of the buttons.
#[derive(Debug, PartialEq, Eq)]
pub struct Verb {
    pub word: &'static str,
    /// What follows the verb; empty for nothing.
    pub usage: &'static str,
    pub about: &'static str,
    pub built: Built,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    Yes,
    /// Known to the grammar, refused loudly.
    NotInThisBuild,
}

const fn built(word: &'static str, usage: &'static str, about: &'static str) -> Verb {
    Verb { word, usage, about, built: Built::Yes }
}

const fn planned(word: &'static str, usage: &'static str, about: &'static str) -> Verb {
    Verb { word, usage, about, built: Built::NotInThisBuild }
}

pub const HELP: Verb = built("help", "[VERB|all]", "what can be asked here");
pub const LIST: Verb = built("list", "[for ENVIRONMENT] [mine|all]", "open changes");
pub const SHOW: Verb = built("show", "CHG-1042", "one change");
pub const APPROVE: Verb = built("approve", "CHG-1042 [because TEXT]", "approve it; without a text a form opens");
pub const REJECT: Verb = built("reject", "CHG-1042 because TEXT", "reject it");
pub const ABSTAIN: Verb = built("abstain", "CHG-1042 because TEXT", "answer, and leave the decision to others");
pub const WITHDRAW: Verb = built("withdraw", "CHG-1042 because TEXT", "take back what you asked for");
pub const OVERRIDE: Verb = built("override", "CHG-1042 because TEXT", "let it go out in spite of a freeze");
pub const PAUSE: Verb = built("pause", "SCOPE [for 2h|until 18:00] because TEXT", "let nothing be deployed; votes go on");
pub const RESUME: Verb = built("resume", "SCOPE because TEXT", "end a pause");
pub const STATUS: Verb = built("status", "[SCOPE]", "what is paused, by whom, why and until when");

pub const WHOAMI: Verb = built("whoami", "", "which person this account is");

/// In the order of the help.
pub const VERBS: [Verb; 19] = [
    LIST,
    SHOW,
    APPROVE,
    REJECT,
    ABSTAIN,
    WITHDRAW,
    OVERRIDE,
    PAUSE,
    RESUME,
    STATUS,
    WHOAMI,
    HELP,
    planned("delegate", "CHG-1042 to @person [until TIME] because TEXT", "let somebody else decide"),
    planned("snooze", "CHG-1042 for 2h", "no reminders for a while"),
    planned("feedback", "CHG-1042 TEXT", "say something about the rules"),
    planned("emergency", "SERVICE VERSION [for INCIDENT]", "deploy before approval"),
    planned("oncall", "[TEAM]", "who is asked next"),
    planned("link", "", "link this account to a person"),
    planned("unlink", "", "undo that"),
];

/// Exactly this word, whatever the case of its letters: phones write the first one large.
pub fn find(word: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.word.eq_ignore_ascii_case(word))
}

impl Verb {
    /// `show CHG-1042`
    pub fn written(&self) -> String {
        format!("{} {}", self.word, self.usage).trim_end().to_owned()
    }
}
