//! What somebody types after the command’s name, alike on every platform: text in, a wish or a sentence out.
//!
//! Nothing is guessed. Verbs are whole words: a typing error must neither pause production nor approve anything.
//!
//! ```text
//! command   = [ verb { argument } ] [ "because" text-to-end ] ;
//! change    = "CHG-" digits | link ;                 (* of the card or of its page *)
//! scope     = "all" | environment [ "/" service ] ;
//! end       = "for" digits ( "m" | "h" | "d" ) | "until" time ;
//! time      = [ year "-" month "-" day "T" ] hour ":" minute ;
//!
//! inbox     = ;
//! help      = "help" [ verb | "all" ] ;
//! list      = "list" { "for" environment | "mine" | "all" } ;
//! show      = "show" change ;
//! approve   = "approve" change [ reason ] ;          (* without one a form opens *)
//! deed      = ( "reject" | "abstain" | "withdraw" | "override" ) change reason ;
//! pause     = "pause" scope [ end ] reason ;
//! resume    = "resume" scope reason ;
//! status    = "status" [ scope ] ;
//! whoami    = "whoami" ;
//! ```

mod unclear;
mod verbs;
mod words;

#[cfg(test)]
mod tests;

pub use unclear::Unclear;
pub use verbs::{Built, VERBS, Verb};
pub use words::period;

use engine::calendar::Wall;
use engine::hold::Scope;
use engine::ids::ChangeNumber;
use verbs::{ABSTAIN, APPROVE, HELP, LIST, OVERRIDE, PAUSE, REJECT, RESUME, SHOW, STATUS, WHOAMI, WITHDRAW};
use words::Words;

/// Characters of a whole command; the longest reason fits.
pub const TEXT_MAX: usize = 3_000;
/// How long and until when are said by these.
const FOR: &str = "for";
const UNTIL: &str = "until";

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// What waits for them.
    Inbox,
    Help(Topic),
    List {
        environment: Option<String>,
        whose: Whose,
    },
    Show {
        change: Reference,
    },
    /// Without a reason the form opens.
    Approve {
        change: Reference,
        because: Option<String>,
    },
    Reject {
        change: Reference,
        because: String,
    },
    Abstain {
        change: Reference,
        because: String,
    },
    /// To take back the change, not a vote.
    Withdraw {
        change: Reference,
        because: String,
    },
    /// To lift the freeze that holds it, for this change.
    Override {
        change: Reference,
        because: String,
    },
    Pause {
        scope: Scope,
        end: Option<End>,
        because: String,
    },
    Resume {
        scope: Scope,
        because: String,
    },
    Status {
        scope: Option<Scope>,
    },
    /// Which person their account is.
    WhoAmI,
    /// A verb of the grammar that this build does not carry out.
    NotBuilt(&'static Verb),
}

/// How somebody names a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    Number(ChangeNumber),
    /// Of a message with its card, or of its page.
    Link(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those that this person asked for.
    Mine,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Short,
    All,
    Verb(&'static Verb),
}

/// When a pause ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// In so many seconds.
    After(u64),
    At(Wall),
}

/// Reads the text after the command’s name.
pub fn parse(text: &str) -> Result<Wish, Unclear> {
    if text.chars().count() > TEXT_MAX {
        return Err(Unclear::TooLong { most: TEXT_MAX });
    }
    let first = text.split_whitespace().next();
    let Some(first) = first else { return Ok(Wish::Inbox) };
    let verb = verbs::find(first).ok_or_else(|| Unclear::UnknownVerb { word: first.to_owned() })?;
    let mut words = Words::of(text);
    words.next();
    if verb.built == Built::NotInThisBuild {
        return Ok(Wish::NotBuilt(verb));
    }
    wish(verb, &mut words)
}

fn wish(verb: &'static Verb, words: &mut Words<'_>) -> Result<Wish, Unclear> {
    match *verb {
        HELP => help(verb, words),
        LIST => list(verb, words),
        PAUSE => pause(verb, words),
        RESUME => {
            let scope = words::scope(words.need(verb, "What is to go on")?)?;
            Ok(Wish::Resume { scope, because: words.because(verb)? })
        }
        STATUS => {
            let scope = words.next().map(words::scope).transpose()?;
            words.end(verb)?;
            Ok(Wish::Status { scope })
        }
        WHOAMI => words.end(verb).map(|()| Wish::WhoAmI),
        _ => about_one_change(verb, words),
    }
}

fn about_one_change(verb: &'static Verb, words: &mut Words<'_>) -> Result<Wish, Unclear> {
    let change = words::change(words.need(verb, "The change")?)?;
    match *verb {
        SHOW => words.end(verb).map(|()| Wish::Show { change }),
        APPROVE => Ok(Wish::Approve { change, because: words.maybe_because(verb)? }),
        REJECT => Ok(Wish::Reject { change, because: words.because(verb)? }),
        ABSTAIN => Ok(Wish::Abstain { change, because: words.because(verb)? }),
        WITHDRAW => Ok(Wish::Withdraw { change, because: words.because(verb)? }),
        OVERRIDE => Ok(Wish::Override { change, because: words.because(verb)? }),
        _ => Err(Unclear::UnknownVerb { word: verb.word.to_owned() }),
    }
}

fn help(verb: &'static Verb, words: &mut Words<'_>) -> Result<Wish, Unclear> {
    let topic = match words.next() {
        None => Topic::Short,
        Some("all") => Topic::All,
        Some(word) => Topic::Verb(verbs::find(word).ok_or_else(|| Unclear::UnknownVerb { word: word.to_owned() })?),
    };
    words.end(verb)?;
    Ok(Wish::Help(topic))
}

fn list(verb: &'static Verb, words: &mut Words<'_>) -> Result<Wish, Unclear> {
    let (mut environment, mut whose) = (None, None);
    while let Some(word) = words.next() {
        match word {
            FOR if environment.is_none() => environment = Some(words.need(verb, "The environment")?.to_owned()),
            "mine" if whose.is_none() => whose = Some(Whose::Mine),
            "all" if whose.is_none() => whose = Some(Whose::All),
            other => return Err(Unclear::Unexpected { verb, word: other.to_owned() }),
        }
    }
    words.end(verb)?;
    Ok(Wish::List { environment, whose: whose.unwrap_or(Whose::All) })
}

fn pause(verb: &'static Verb, words: &mut Words<'_>) -> Result<Wish, Unclear> {
    let scope = words::scope(words.need(verb, "What is to be paused")?)?;
    let end = match words.next() {
        None => None,
        Some(FOR) => Some(words::period(words.need(verb, "The length of time")?)?),
        Some(UNTIL) => Some(words::time(words.need(verb, "The time")?)?),
        Some(other) => return Err(Unclear::Unexpected { verb, word: other.to_owned() }),
    };
    Ok(Wish::Pause { scope, end, because: words.because(verb)? })
}
