//! Exceptions for gates: made by those whom the policy names, never by anybody who had a part in the change, and over by
//! themselves.

use super::draft::Draft;
use super::gate::look_again;
use super::hold;
use super::person::{Known, person};
use super::refused::refuse;
use super::submit::NOTE_MIN;
use super::wake::expire_if_due;
use crate::change::Change;
use crate::clean::clean;
use crate::duties::{asks_for_authors, had_a_part};
use crate::effect::Effect;
use crate::event::{Attempt, What};
use crate::gate::{Needed, Waiver, WaiverRule};
use crate::ids::{GateName, PersonId};
use crate::input::WaiverWish;
use crate::no_waiver::NoWaiver;
use crate::rationale;
use crate::refusal::Refusal;
use crate::rules::{RationaleRule, Rules};
use crate::time::Timestamp;

/// Characters of a ticket's name or address.
const TICKET_MAX: usize = 200;
/// Why one ends that somebody made who turns out to have written the change.
const HAD_A_PART: &str = "whoever made it had a part in the change, as is known now";

pub(super) fn waive(draft: &mut Draft<'_>, wish: &WaiverWish) {
    expire_if_due(draft);
    match judged(draft, wish) {
        Ok(waiver) => {
            let (via, interaction) = (wish.deed.via.clone(), wish.deed.interaction.clone());
            draft.say(What::GateWaived { waiver, via, interaction });
            draft.wants(Effect::ShowCards);
            look_again(draft);
            hold::changed(draft);
        }
        Err(refusal) => refuse(draft, Attempt::Waive, &wish.deed.interaction, refusal),
    }
}

fn judged(draft: &Draft<'_>, wish: &WaiverWish) -> Result<Waiver, Refusal> {
    let deed = &wish.deed;
    let by = person(draft, Known { by: &deed.by, seen: &deed.seen, interaction: &deed.interaction })?;
    let rule = rule(&draft.change, &wish.gate)?;
    may_waive(draft, rule, &by, &wish.gate)?;
    let text = clean(&wish.rationale);
    rationale::judge(&text, Attempt::Waive, RationaleRule { required: true, min_length: NOTE_MIN })?;
    Ok(Waiver {
        gate: wish.gate.clone(),
        by,
        rationale: text,
        ticket: ticket(rule, &wish.ticket)?,
        until: end(rule, wish.until, draft.now)?,
    })
}

fn rule<'c>(change: &'c Change, gate: &GateName) -> Result<&'c WaiverRule, NoWaiver> {
    let number = change.number;
    if !change.state().can_be_superseded() {
        return Err(NoWaiver::NoGatesLeft { number });
    }
    let known = change.rules.as_ref().and_then(|rules| rules.gates.rule(gate));
    let known = known.ok_or_else(|| NoWaiver::NoSuchGate { number, gate: gate.clone() })?;
    known.waiver.as_ref().ok_or_else(|| NoWaiver::NobodyMay { gate: gate.clone() })
}

fn may_waive(draft: &Draft<'_>, rule: &WaiverRule, by: &PersonId, gate: &GateName) -> Result<(), NoWaiver> {
    let (change, number) = (&draft.change, draft.change.number);
    let is_member = |rules: &Rules| rule.by.iter().any(|group| rules.is_member(group, by, draft.world.directory));
    if !change.rules.as_ref().is_some_and(is_member) {
        return Err(NoWaiver::MayNot { gate: gate.clone(), groups: rule.by.clone() });
    }
    if had_a_part(change, by) {
        return Err(NoWaiver::OwnPart { number });
    }
    match change.authors.is_none() && change.rules.as_ref().is_some_and(asks_for_authors) {
        true => Err(NoWaiver::AuthorsUnknown { number }),
        false => Ok(()),
    }
}

fn ticket(rule: &WaiverRule, text: &str) -> Result<Option<String>, NoWaiver> {
    let text: String = clean(text).chars().take(TICKET_MAX).collect();
    match text.is_empty() {
        true if rule.needs.contains(&Needed::Ticket) => Err(NoWaiver::NoTicket),
        true => Ok(None),
        false => Ok(Some(text)),
    }
}

fn end(rule: &WaiverRule, wished: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, NoWaiver> {
    let (longest_s, latest) = (rule.longest_s, now.plus_seconds(rule.longest_s));
    match wished {
        None if rule.needs.contains(&Needed::Expiry) => Err(NoWaiver::NoExpiry { longest_s }),
        None => Ok(latest),
        Some(until) if until <= now => Err(NoWaiver::InThePast),
        Some(until) if until > latest => Err(NoWaiver::TooLong { longest_s }),
        Some(until) => Ok(until),
    }
}

/// Those that are over by now.
pub(super) fn end_due(draft: &mut Draft<'_>) {
    let over: Vec<GateName> =
        draft.change.evidence.waivers().filter(|waiver| waiver.until <= draft.now).map(|waiver| waiver.gate.clone()).collect();
    end_each(draft, over, hold::OVER);
}

/// Authors that became known just now may have made one.
pub(super) fn strike(draft: &mut Draft<'_>) {
    let change = &draft.change;
    let theirs: Vec<GateName> =
        change.evidence.waivers().filter(|waiver| had_a_part(change, &waiver.by)).map(|waiver| waiver.gate.clone()).collect();
    end_each(draft, theirs, HAD_A_PART);
}

fn end_each(draft: &mut Draft<'_>, gates: Vec<GateName>, why: &str) {
    for gate in gates {
        draft.say(What::WaiverEnded { gate, why: why.to_owned() });
        draft.wants(Effect::ShowCards);
    }
}
