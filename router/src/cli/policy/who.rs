//! `countersign policy who CHANGE`

use super::stored::{Asked, Stored};
use crate::cli::Format;
use crate::cli::terminal::wrapped;
use crate::clock::{Clock, SystemClock};
use engine::change::Change;
use engine::decide::{Member, Wanted, World, who};
use engine::directory::Directory;
use engine::refusal::Refusal;
use engine::sentence;
use serde_json::{Value, json};
use std::process::ExitCode;

pub async fn run(asked: Asked) -> anyhow::Result<ExitCode> {
    let Stored { store, change, .. } = match asked.stored().await? {
        Ok(stored) => stored,
        Err(code) => return Ok(code),
    };
    let now = SystemClock.now();
    let directory = store.directory().await?.1.at(now);
    let holds = store.holds_in_force(now).await?;
    let wanted = who(&change, World { holds: &holds, ..World::of(&directory) }, now);
    let seen = Seen { change: &change, directory: &directory };
    match asked.format {
        Format::Json => println!("{}", seen.json(&wanted)),
        Format::Text => seen.print(&wanted),
    }
    let too_few = wanted.is_ok_and(|wanted| wanted.iter().any(Wanted::is_short));
    Ok(if too_few { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Seen<'a> {
    change: &'a Change,
    directory: &'a Directory,
}

impl Seen<'_> {
    fn print(&self, wanted: &Result<Vec<Wanted>, Refusal>) {
        match wanted {
            Err(refusal) => println!("{}", wrapped(&refusal.sentence(self.directory), 0)),
            Ok(wanted) => wanted.iter().for_each(|wanted| self.print_one(wanted)),
        }
    }

    fn print_one(&self, wanted: &Wanted) {
        println!("{}", wrapped(&format!("{}: {}", wanted.requirement, self.sentence(wanted)), 0));
        println!("  {}", if wanted.can().next().is_some() { "can approve now:" } else { "none of its people can approve now" });
        wanted.can().for_each(|member| println!("{}", wrapped(&self.named(member), 4)));
        if !wanted.movers.is_empty() {
            println!("  can approve another requirement now, which frees somebody for this one:");
        }
        wanted.movers.iter().for_each(|person| println!("{}", wrapped(&format!("{person} ({})", self.directory.name(person)), 4)));
        let others: Vec<_> = wanted.members.iter().filter_map(|member| Some((member, member.refusal.as_ref()?))).collect();
        if !others.is_empty() {
            println!("  can’t, and would be told:");
        }
        for (member, refusal) in others {
            println!("{}", wrapped(&self.named(member), 4));
            println!("{}", wrapped(&refusal.sentence(self.directory), 6));
        }
    }

    /// As the card says it.
    fn sentence(&self, wanted: &Wanted) -> String {
        let rules = self.change.rules.as_ref();
        let asked = rules.and_then(|rules| Some(sentence::missing(rules, rules.requirement(&wanted.requirement)?, wanted.missing)));
        format!("Still needed: {}", asked.unwrap_or_default())
    }

    fn named(&self, member: &Member) -> String {
        let name = self.directory.name(&member.person);
        let counts = member.counts_for.as_ref().map(|requirement| format!(", counts for {requirement}")).unwrap_or_default();
        let account = if self.has_account(member) { "" } else { ", has no linked account" };
        format!("{} ({name}){counts}{account}", member.person)
    }

    /// Whoever has none can act by a personal token only.
    fn has_account(&self, member: &Member) -> bool {
        self.directory.person(&member.person).is_some_and(|person| !person.accounts.is_empty())
    }

    fn json(&self, wanted: &Result<Vec<Wanted>, Refusal>) -> Value {
        let requirements: Vec<Value> = wanted.iter().flatten().map(|wanted| self.requirement(wanted)).collect();
        let why = wanted.as_ref().err().map(|refusal| refusal.sentence(self.directory));
        json!({ "change": self.change.number.to_string(), "state": self.change.state(), "why": why, "requirements": requirements })
    }

    fn requirement(&self, wanted: &Wanted) -> Value {
        let members: Vec<Value> = wanted.members.iter().map(|member| self.member(member)).collect();
        json!({ "name": wanted.requirement, "missing": wanted.missing, "sentence": self.sentence(wanted), "members": members, "movers": wanted.movers })
    }

    fn member(&self, member: &Member) -> Value {
        json!({
            "person": member.person, "name": self.directory.name(&member.person), "can": member.refusal.is_none(),
            "code": member.refusal.as_ref().map(Refusal::code),
            "why": member.refusal.as_ref().map(|refusal| refusal.sentence(self.directory)),
            "counts_for": member.counts_for, "has_account": self.has_account(member),
        })
    }
}
