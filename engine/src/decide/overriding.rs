//! A person signs that a change goes out in spite of the freeze that holds it; enough of them lift it, for this change.

use super::draft::Draft;
use super::duty::duties_of;
use super::hold;
use super::person::{Known, person};
use super::refused::refuse;
use super::wake::expire_if_due;
use crate::clean::clean;
use crate::duties::own_part;
use crate::effect::Effect;
use crate::event::{Attempt, SignedOverride, What};
use crate::ids::PersonId;
use crate::input::Deed;
use crate::overriding::{Overridable, has_signed, knows_authors, overridable};
use crate::phase::State;
use crate::rationale;
use crate::refusal::Refusal;
use crate::rules::RationaleRule;

/// A click on the button: refused like a signature, else nothing happens yet.
pub(super) fn ask(draft: &mut Draft<'_>, deed: &Deed) {
    expire_if_due(draft);
    let refused = may_sign(draft, deed).err();
    if let Some(refusal) = refused {
        refuse(draft, Attempt::Override, &deed.interaction, refusal);
    }
}

pub(super) fn sign(draft: &mut Draft<'_>, deed: Deed, rationale: &str) {
    expire_if_due(draft);
    let judged = judge(draft, &deed, rationale);
    match judged {
        Ok(signed) => {
            draft.say(What::OverrideSigned(signed));
            draft.wants(Effect::ShowCards);
            hold::changed(draft);
        }
        Err(refusal) => refuse(draft, Attempt::Override, &deed.interaction, refusal),
    }
}

fn judge(draft: &Draft<'_>, deed: &Deed, rationale: &str) -> Result<SignedOverride, Refusal> {
    let (person, of) = may_sign(draft, deed)?;
    let rationale = clean(rationale);
    let rule = RationaleRule { required: true, min_length: of.rule.min_length };
    rationale::judge(&rationale, Attempt::Override, rule)?;
    Ok(SignedOverride {
        freeze: of.frozen.freeze.clone(),
        since: of.frozen.since,
        on_duty: duties_of(draft, &person),
        person,
        rationale,
        via: deed.via.clone(),
        interaction: deed.interaction.clone(),
    })
}

/// Of several freezes the oldest that this person may lift and has not signed for: each has a signature of its own.
fn may_sign<'d>(draft: &'d Draft<'_>, deed: &Deed) -> Result<(PersonId, Overridable<'d>), Refusal> {
    let person = person(draft, Known { by: &deed.by, seen: &deed.seen, interaction: &deed.interaction })?;
    let (change, directory) = (&draft.change, draft.world.directory);
    let number = change.number;
    // What is not yet asked for may still become another subject.
    let is_settled = matches!(change.state(), State::Pending | State::Approved);
    let (true, Some(rules)) = (is_settled, &change.rules) else { return Err(Refusal::NothingToOverride { number }) };
    let lifted_by = |of: &Overridable<'_>| rules.is_member(&of.rule.by, &person, directory);
    if overridable(change).next().is_none() {
        return Err(Refusal::NothingToOverride { number });
    }
    if overridable(change).all(|of| !lifted_by(&of)) {
        return Err(Refusal::NotEligible { groups: overridable(change).map(|of| of.rule.by.clone()).collect() });
    }
    if let Some(own) = own_part(change, rules, &person) {
        let others = overridable(change).map(|of| of.rule.by.clone()).collect();
        return Err(Refusal::OwnPart { attempt: Attempt::Override, part: own.part, commit: own.commit, others });
    }
    if !knows_authors(change, rules) {
        return Err(Refusal::AuthorsNotKnown { number });
    }
    let open = overridable(change).find(|of| lifted_by(of) && !has_signed(change, of.frozen, &person));
    open.map(|of| (person, of)).ok_or(Refusal::NotNeeded { number })
}
