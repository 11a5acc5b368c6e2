//! `countersign policy explain CHANGE`: what was kept with the change when it opened, and not what would be found now.

use super::stored::{Asked, Stored};
use crate::cli::Format;
use crate::cli::terminal::wrapped;
use engine::change::Change;
use engine::evaluation::{Answer, Asker, Evaluation, Question};
use engine::fields::FieldRule;
use engine::phase::Phase;
use engine::rules::Rules;
use engine::sentence;
use serde_json::{Value, json};
use std::process::ExitCode;

pub async fn run(asked: Asked) -> anyhow::Result<ExitCode> {
    let Stored { change, opened, .. } = match asked.stored().await? {
        Ok(stored) => stored,
        Err(code) => return Ok(code),
    };
    let explained = Explained { change: &change, rules: opened.rules.as_ref(), evaluation: opened.evaluation.as_ref() };
    match asked.format {
        Format::Json => println!("{}", explained.json()),
        Format::Text => explained.print(),
    }
    // Nothing was found out about a change that kept nothing.
    Ok(if opened.evaluation.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Explained<'a> {
    change: &'a Change,
    /// As they were pinned; `None`: the change was blocked.
    rules: Option<&'a Rules>,
    evaluation: Option<&'a Evaluation>,
}

/// The parts of the tree: what of the policy, its heading, and what yes and no mean there.
const PARTS: [(&str, &str, &str, &str); 5] = [
    ("class", "class, the first that holds", "yes", "no"),
    ("requirement", "requirements, all that apply", "applies", "does not apply"),
    ("flow", "flow, the first that holds", "yes", "no"),
    ("escalation", "escalation, the first that holds", "yes", "no"),
    ("field", "fields that are not always needed", "needed", "not needed"),
];

impl Explained<'_> {
    fn print(&self) {
        println!("{}", wrapped(&self.heading(), 0));
        match self.evaluation {
            None => println!("{}", wrapped(NOT_KEPT, 0)),
            Some(evaluation) => self.print_tree(evaluation),
        }
        if let Phase::Blocked { why } = &self.change.phase {
            println!("{}", wrapped(&format!("Blocked: {}", why.sentence()), 0));
        }
    }

    fn heading(&self) -> String {
        let opened = self.change.opened_at.utc().format("%Y-%m-%d %H:%M UTC");
        let policy = self.rules.map(|rules| format!("by the policy {} ({})", rules.policy.name, rules.policy.digest));
        format!("{}, opened {opened}, {}", self.change.number, policy.unwrap_or_else(|| "for which no rules were found".to_owned()))
    }

    fn print_tree(&self, evaluation: &Evaluation) {
        for (kind, heading, yes, no) in PARTS {
            let mut asked = evaluation.questions.iter().filter(|question| name(&question.of).0 == kind).peekable();
            if asked.peek().is_some() {
                println!("{heading}");
            }
            asked.for_each(|question| self.print_question(question, yes, no));
        }
        if evaluation.left_out > 0 {
            println!("{} more conditions were asked and not kept", evaluation.left_out);
        }
        self.print_stages();
        println!("values that were read");
        for (name, value) in &evaluation.values {
            let value = value.as_ref().map_or_else(|| format!("{name} was not known"), |value| format!("{name} = {value}"));
            println!("{}", wrapped(&value, 2));
        }
    }

    fn print_question(&self, question: &Question, yes: &str, no: &str) {
        let answer = match &question.answer {
            Answer::True => yes.to_owned(),
            Answer::False => no.to_owned(),
            Answer::Unknown(why) => format!("unknown, because {why}"),
        };
        println!("{}", wrapped(&format!("{}: {answer}", name(&question.of).1), 2));
        let condition = question.condition.as_ref().map_or_else(|| "without a condition".to_owned(), |when| format!("when {when}"));
        println!("{}", wrapped(&condition, 4));
        for sentence in self.sentences(&question.of) {
            println!("{}", wrapped(&sentence, 4));
        }
    }

    /// What a part that was taken asks, as cards say it.
    fn sentences(&self, of: &Asker) -> Vec<String> {
        let Some(rules) = self.rules else { return Vec::new() };
        match of {
            Asker::Class(_) | Asker::Flow(_) | Asker::Freeze(_) | Asker::Gate(_) => Vec::new(),
            Asker::Field(name) => rules.fields.iter().filter(|field| &field.name == name).map(FieldRule::hint).collect(),
            Asker::Requirement(name) => {
                let asked = rules.requirements.iter().find(|requirement| requirement.name.as_str() == name);
                asked.map(|requirement| sentence::requirement(rules, requirement)).into_iter().collect()
            }
            Asker::Escalation(name) if self.taken_escalation() == Some(name) => {
                rules.escalation.iter().map(|step| sentence::step(step, &rules.clock)).collect()
            }
            Asker::Escalation(_) => Vec::new(),
        }
    }

    /// The one that held, else the first that was unknown.
    fn taken_escalation(&self) -> Option<&str> {
        let asked = || self.evaluation.into_iter().flat_map(|evaluation| &evaluation.questions);
        let answered = |wanted: fn(&Answer) -> bool| {
            let mut escalations = asked().filter(move |question| wanted(&question.answer));
            escalations.find_map(|question| if let Asker::Escalation(name) = &question.of { Some(name.as_str()) } else { None })
        };
        answered(|answer| *answer == Answer::True).or_else(|| answered(|answer| matches!(answer, Answer::Unknown(_))))
    }

    fn print_stages(&self) {
        let Some(rules) = self.rules else { return };
        println!("stages, one after the other");
        if rules.stages.is_empty() {
            println!("  none: the class asks for nobody");
        }
        for stage in &rules.stages {
            let names: Vec<&str> = stage.requirements.iter().map(|name| name.as_str()).collect();
            println!("{}", wrapped(&format!("{}: {}", stage.name, sentence::listed(&names, "and")), 2));
        }
    }

    fn json(&self) -> Value {
        let stages = self.rules.map(|rules| &rules.stages);
        let questions = self.evaluation.into_iter().flat_map(|evaluation| &evaluation.questions).map(|question| self.question(question));
        json!({
            "change": self.change.number.to_string(), "state": self.change.state(), "opened_at": self.change.opened_at,
            "policy": self.rules.map(|rules| &rules.policy), "class": self.rules.map(|rules| &rules.class),
            "kept": self.evaluation.is_some(), "questions": questions.collect::<Vec<Value>>(),
            "left_out": self.evaluation.map(|evaluation| evaluation.left_out), "stages": stages,
            "values": self.evaluation.map(|evaluation| &evaluation.values),
        })
    }

    fn question(&self, question: &Question) -> Value {
        let (kind, name) = name(&question.of);
        let (answer, why) = match &question.answer {
            Answer::True => ("true", None),
            Answer::False => ("false", None),
            Answer::Unknown(why) => ("unknown", Some(why)),
        };
        json!({
            "of": kind, "name": name, "condition": question.condition, "answer": answer, "why": why,
            "sentences": self.sentences(&question.of),
        })
    }
}

const NOT_KEPT: &str = "An earlier build opened it and did not keep how the policy was read.";

fn name(of: &Asker) -> (&'static str, &str) {
    match of {
        Asker::Class(name) => ("class", name),
        Asker::Requirement(name) => ("requirement", name),
        Asker::Flow(name) => ("flow", name),
        Asker::Escalation(name) => ("escalation", name),
        Asker::Freeze(name) => ("freeze", name),
        Asker::Gate(name) => ("gate", name),
        Asker::Field(name) => ("field", name),
    }
}
