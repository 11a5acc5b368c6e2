//! The controls of a card: a row that a phone shows whole with a menu at its end, and a row for what a banner asks.

use super::card::block_id;
use super::lower::plain_text;
use super::mrkdwn::escape_within;
use crate::ids;
use slack_morphism::prelude::*;
use templates::{Action, Card, Place, Role};

/// Units of what a screen reader says of a button, and of the small print of a menu's entry.
const DESCRIPTION_MAX: usize = 75;
/// Entries of a menu.
const MENU_MAX: usize = 5;

pub fn rows(card: &Card) -> impl Iterator<Item = SlackBlock> + '_ {
    let question = row(card, "which", buttons(card, Place::Question));
    let first = buttons(card, Place::Row).into_iter().chain(menu(card)).collect();
    question.into_iter().chain(row(card, "act", first))
}

fn row(card: &Card, part: &str, elements: Vec<SlackActionBlockElement>) -> Option<SlackBlock> {
    (!elements.is_empty()).then(|| SlackActionsBlock::new(elements).with_block_id(block_id(card, part)).into())
}

fn buttons(card: &Card, place: Place) -> Vec<SlackActionBlockElement> {
    let target = ids::target(card.number, card.round);
    card.actions.iter().filter(|action| action.place == place).map(|action| button(action, &target).into()).collect()
}

fn button(action: &Action, target: &str) -> SlackBlockButtonElement {
    let description = SlackAccessibilityLabel(escape_within(action.description.as_str(), DESCRIPTION_MAX));
    let button = SlackBlockButtonElement::new(plain_text(action.label.as_str()))
        .with_action_id(ids::action(action.verb).into())
        .with_value(target.to_owned())
        .with_accessibility_label(description);
    match action.role {
        Role::Primary => button.with_style(SlackBlockButtonStyle::Primary),
        Role::Danger => button.with_style(SlackBlockButtonStyle::Danger),
        Role::Plain => button,
    }
}

fn menu(card: &Card) -> Option<SlackActionBlockElement> {
    let target = ids::target(card.number, card.round);
    let entries = card.actions.iter().filter(|action| action.place == Place::More).take(MENU_MAX);
    let options: Vec<_> = entries.map(|action| entry(action, &target)).collect();
    (!options.is_empty()).then(|| SlackBlockOverflowElement::new(options).with_action_id(ids::menu().into()).into())
}

fn entry(action: &Action, target: &str) -> SlackBlockChoiceItem<SlackBlockPlainTextOnly> {
    let entry = SlackBlockChoiceItem::new(plain_text(action.label.as_str()), ids::option(action.verb, target));
    if action.hint.is_empty() { entry } else { entry.with_description(plain_text(&escape_within(action.hint.as_str(), DESCRIPTION_MAX))) }
}
