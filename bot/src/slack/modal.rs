//! Forms and details as modals.

use super::lower::{FIELD_MAX, SECTION_MAX, mrkdwn_text, plain_text};
use super::mrkdwn::{bounded, escape, escape_within, link, marked, mrkdwn};
use crate::ids::{self, RATIONALE};
use slack_morphism::prelude::*;
use templates::line::units;
use templates::{Details, Fact, Form, RationaleField, Section};

/// Title, submit and close of a view.
pub const VIEW_TITLE_MAX: usize = 24;
/// The input block of a form; errors are keyed by it.
pub const WHY_BLOCK: &str = "why";
/// Units of a placeholder.
const PLACEHOLDER_MAX: usize = 150;
/// Fields of one section.
const FIELDS_MAX: usize = 10;
/// Sections of the details, with a reserve below the 100 blocks of a view.
const SECTIONS_MAX: usize = 80;

/// The modal in which one vote is given.
pub fn form_view(form: &Form) -> SlackView {
    let action = ids::action(form.verb);
    let intro = SlackSectionBlock::new().with_block_id(SlackBlockId("sum".into())).with_text(mrkdwn_text(mrkdwn(&form.intro)));
    let modal = SlackModalView::new(title(form.title.as_str()), vec![intro.into(), input(&form.rationale)])
        .with_callback_id(action.into())
        .with_private_metadata(ids::target(form.number, form.round))
        .with_submit(title(form.submit.as_str()))
        .with_close(title(form.close.as_str()))
        .with_notify_on_close(true);
    SlackView::Modal(modal)
}

fn input(field: &RationaleField) -> SlackBlock {
    let element = SlackBlockPlainTextInputElement::new()
        .with_action_id(RATIONALE.into())
        .with_multiline(true)
        .with_min_length(u64::from(field.min))
        .with_max_length(u64::from(field.max))
        .with_placeholder(plain_text(&escape_within(field.placeholder.as_str(), PLACEHOLDER_MAX)))
        .with_focus_on_load(true);
    SlackInputBlock::new(plain_text(field.label.as_str()), element.into())
        .with_block_id(SlackBlockId(WHY_BLOCK.into()))
        .with_hint(plain_text(field.hint.as_str()))
        .with_optional(field.min == 0)
        .into()
}

/// The modal that shows what does not fit on a card.
pub fn details_view(details: &Details) -> SlackView {
    let heading = SlackSectionBlock::new().with_text(mrkdwn_text(marked(details.title.as_str(), '*')));
    let sections = details.sections.iter().flat_map(section_blocks).take(SECTIONS_MAX);
    let web = SlackSectionBlock::new().with_text(mrkdwn_text(link(&details.web, "Open it on the web, with its whole history")));
    let blocks = std::iter::once(heading.into()).chain(fact_blocks(&details.facts)).chain(sections).chain([web.into()]);
    let title = title(&format!("Details of {}", details.number));
    SlackView::Modal(SlackModalView::new(title, blocks.collect()).with_close(plain_text("Close")))
}

fn fact_blocks(facts: &[Fact]) -> Vec<SlackBlock> {
    let rows = facts.chunks(FIELDS_MAX).map(|facts| {
        let fields = facts.iter().map(|fact| mrkdwn_text(field(fact))).collect();
        SlackSectionBlock::new().with_fields(fields).into()
    });
    rows.collect()
}

fn field(fact: &Fact) -> String {
    let whole = format!("*{}*\n{}", escape(fact.label.as_str()), mrkdwn(&fact.value));
    if units(&whole) <= FIELD_MAX { whole } else { escape(fact.label.as_str()) }
}

/// A heading and its lines, in as many sections as their length needs.
fn section_blocks(section: &Section) -> Vec<SlackBlock> {
    let mut texts = vec![format!("*{}*", escape(section.heading.as_str()))];
    for line in section.lines.iter().map(|line| bounded(line, SECTION_MAX)) {
        match texts.last_mut() {
            Some(last) if units(last) + units(&line) < SECTION_MAX => *last = format!("{last}\n{line}"),
            Some(_) | None => texts.push(line),
        }
    }
    texts.into_iter().map(|text| SlackSectionBlock::new().with_text(mrkdwn_text(text)).into()).collect()
}

fn title(text: &str) -> SlackBlockPlainTextOnly {
    plain_text(&escape_within(text, VIEW_TITLE_MAX))
}
