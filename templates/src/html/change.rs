//! The page of one change: its card, what the reader can do, why it stands where it stands, and what happened.

use super::card::{CardView, EntryView, card_view, entry_view};
use super::offer::{Offer, OfferContext, offer};
use super::pages::{Chrome, Live, Message};
use super::pieces::{Piece, pieces};
use crate::details::{Section, details};
use crate::line::Line;
use crate::timeline::timeline;
use crate::view::{Controls, View};
use crate::words::NAME_MAX;
use engine::fields::{ANSWER_MAX, label};
use engine::{Event, Timestamp};
use serde::Serialize;

pub struct ChangePage<'a> {
    pub chrome: Chrome<'a>,
    pub view: View<'a>,
    /// The whole stream of the change.
    pub events: &'a [Event],
    pub now: Timestamp,
    pub message: Option<Message<'a>>,
    pub live: Option<Live<'a>>,
    /// `None` for readers who can do nothing here.
    pub offer: Option<Offer<'a>>,
}

#[derive(Serialize)]
pub(super) struct ChangeContext<'a> {
    chrome: Chrome<'a>,
    message: Option<Message<'a>>,
    live: Option<Live<'a>>,
    title: String,
    /// What a screen reader hears when the card has moved on.
    said: String,
    card: CardView,
    offer: Option<OfferContext<'a>>,
    answers: Vec<AnswerView>,
    sections: Vec<SectionView>,
    entries: Vec<EntryView>,
}

/// One answer of the requester.
#[derive(Serialize)]
struct AnswerView {
    label: String,
    text: String,
}

#[derive(Serialize)]
struct SectionView {
    heading: String,
    lines: Vec<Vec<Piece>>,
}

pub(super) fn change<'a>(page: &'a ChangePage<'a>) -> ChangeContext<'a> {
    let view = View { controls: Controls::ReadOnly, ..page.view };
    let card = crate::cards::card(&view);
    let approvals = card.quorum.as_ref().map(|quorum| format!(" Approvals: {} of {}.", quorum.given, quorum.needed));
    ChangeContext {
        chrome: page.chrome,
        message: page.message,
        live: page.live,
        title: card.title.to_string(),
        said: format!("{}.{}", card.title, approvals.unwrap_or_default()),
        offer: page.offer.as_ref().map(|form| offer(&view, form)),
        answers: answers(&view),
        sections: details(&view).sections.into_iter().filter(is_beside_card).map(|section| section_view(&section, page.now)).collect(),
        entries: timeline(&view, page.events).iter().map(|entry| entry_view(entry, page.now)).collect(),
        card: card_view(&card, page.now),
    }
}

/// The votes stand on the card already.
fn is_beside_card(section: &Section) -> bool {
    section.heading.as_str() != crate::details::VOTES_HEADING
}

fn section_view(section: &Section, now: Timestamp) -> SectionView {
    SectionView { heading: section.heading.to_string(), lines: section.lines.iter().map(|line| pieces(line, now)).collect() }
}

/// What was answered, in the policy's order; what it no longer asks for comes after.
fn answers(view: &View<'_>) -> Vec<AnswerView> {
    let fields = &view.change.request.subject.fields;
    let asked: Vec<&str> = view.change.rules.iter().flat_map(|rules| &rules.fields).map(|field| field.name.as_str()).collect();
    let first = asked.iter().filter_map(|name| fields.get_key_value(*name));
    let others = fields.iter().filter(|(name, _)| !asked.contains(&name.as_str()));
    let answer = |(name, value): (&String, &engine::fields::FieldValue)| AnswerView {
        label: Line::from(label(name)).cut(NAME_MAX).to_string(),
        text: Line::from(value.line()).cut(ANSWER_MAX).to_string(),
    };
    first.chain(others).map(answer).collect()
}
