//! What a control of a card asks for, as an input of the change: before its form opens, when the form is sent, or at once.

use super::apply::Outcome;
use super::commit_gate::CommitGate;
use super::{App, Failure};
use bot::Target;
use engine::event::{Actor, Choice, Precedence};
use engine::fields::Fields;
use engine::ids::{ChangeId, InteractionId};
use engine::input::{Ballot, Deed, Sight, Submission, Voter};
use engine::{Act, Input};
use entities::ChangeAddress;
use std::collections::BTreeMap;
use templates::Verb;

/// Who does something to which change, as a platform tells it.
#[derive(Clone, Copy)]
pub(super) struct Doer<'a> {
    pub platform: &'a str,
    pub account: &'a str,
    pub target: Target,
    pub interaction: &'a InteractionId,
}

/// What somebody wrote into a form.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub rationale: &'a str,
    /// As typed, by the names of the fields.
    pub fields: &'a BTreeMap<String, String>,
}

/// A change that was found, and the person as the directory has them.
struct Found {
    change: ChangeId,
    actor: Actor,
    deed: Deed,
}

/// The vote that a control asks for, if it asks for one.
pub(super) fn choice(verb: Verb) -> Option<Choice> {
    match verb {
        Verb::Approve => Some(Choice::Approve),
        Verb::Reject => Some(Choice::Reject),
        Verb::RequestChanges => Some(Choice::RequestChanges),
        Verb::Abstain => Some(Choice::Abstain),
        Verb::WithdrawVote
        | Verb::FillIn
        | Verb::AskAgain
        | Verb::Withdraw
        | Verb::Override
        | Verb::Replace
        | Verb::Queue
        | Verb::Waive
        | Verb::Details => None,
    }
}

impl App {
    /// A press: whether its form may open, or the deed itself where it needs no form. `None` where there is no such
    /// change, or nothing to do to it.
    pub(super) async fn press_control(&self, doer: Doer<'_>, verb: Verb, gate: &CommitGate) -> Result<Option<Outcome>, Failure> {
        let Some(found) = self.find_for(doer).await? else { return Ok(None) };
        let Some(act) = pressed(verb, found.deed) else { return Ok(None) };
        self.apply_within(found.change, Input { actor: found.actor, act }, gate).await.map(Some)
    }

    /// A form that was sent. `None` as above.
    pub(super) async fn send_form(
        &self,
        doer: Doer<'_>,
        verb: Verb,
        written: Written<'_>,
        gate: &CommitGate,
    ) -> Result<Option<Outcome>, Failure> {
        let Some(found) = self.find_for(doer).await? else { return Ok(None) };
        let rationale = written.rationale.to_owned();
        let act = match verb {
            Verb::FillIn | Verb::AskAgain => {
                let fields = self.read_fields(found.change, written.fields).await?;
                Act::Submit(Submission { deed: found.deed, fields, note: rationale })
            }
            Verb::Withdraw => Act::Withdraw { deed: found.deed, rationale },
            Verb::Override => Act::Override { deed: found.deed, rationale },
            Verb::Approve | Verb::Reject | Verb::RequestChanges | Verb::Abstain => match choice(verb) {
                Some(choice) => Act::Vote(ballot(found.deed, choice, rationale)),
                None => return Ok(None),
            },
            Verb::WithdrawVote | Verb::Replace | Verb::Queue | Verb::Waive | Verb::Details => return Ok(None),
        };
        self.apply_within(found.change, Input { actor: found.actor, act }, gate).await.map(Some)
    }

    async fn find_for(&self, doer: Doer<'_>) -> Result<Option<Found>, Failure> {
        let Some(summary) = self.store.find_change(&ChangeAddress::Number(doer.target.number)).await? else { return Ok(None) };
        let directory = self.laws.directory_now(&self.store).await?;
        let (platform, account) = (doer.platform.to_owned(), doer.account.to_owned());
        let (by, actor) = match directory.by_account(&platform, &account) {
            Some(id) => (Voter::Person(id.clone()), Actor::Person { id: id.clone(), via: platform.clone() }),
            None => (
                Voter::Unlinked { platform: platform.clone(), account: account.clone() },
                Actor::Account { platform: platform.clone(), account },
            ),
        };
        let seen = Sight { round: doer.target.round, digest: None };
        let deed = Deed { by, seen, via: platform, interaction: doer.interaction.clone() };
        Ok(Some(Found { change: summary.id, actor, deed }))
    }

    /// Each answer in the shape of its field; what the policy does not ask for is left out.
    async fn read_fields(&self, change: ChangeId, typed: &BTreeMap<String, String>) -> Result<Fields, Failure> {
        let rules = self.change(change).await?.rules;
        let rules = rules.iter().flat_map(|rules| &rules.fields);
        Ok(rules.filter_map(|rule| Some((rule.name.clone(), rule.read(typed.get(&rule.name)?)))).collect())
    }
}

fn pressed(verb: Verb, deed: Deed) -> Option<Act> {
    match verb {
        Verb::Approve | Verb::Reject | Verb::RequestChanges | Verb::Abstain => Some(Act::Ask(ballot(deed, choice(verb)?, String::new()))),
        Verb::FillIn | Verb::AskAgain => Some(Act::AskSubmit(deed)),
        Verb::Withdraw => Some(Act::AskWithdraw(deed)),
        Verb::Override => Some(Act::AskOverride(deed)),
        Verb::WithdrawVote => Some(Act::WithdrawVote(deed)),
        Verb::Replace => Some(Act::Settle { deed, precedence: Precedence::Replace }),
        Verb::Queue => Some(Act::Settle { deed, precedence: Precedence::Queue }),
        // Ticket and end are asked for in the console.
        Verb::Waive | Verb::Details => None,
    }
}

fn ballot(deed: Deed, choice: Choice, rationale: String) -> Ballot {
    let Deed { by, seen, via, interaction } = deed;
    Ballot { voter: by, choice, rationale, requirement: None, seen, via, interaction }
}
