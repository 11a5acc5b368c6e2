//! Forms and details as modals.

use super::inputs;
use super::lower::{FIELD_MAX, SECTION_MAX, mrkdwn_text, plain_text};
use super::mrkdwn::{bounded, escape, escape_within, link, marked, mrkdwn};
use crate::ids;
use slack_morphism::prelude::*;
use templates::line::units;
use templates::{Details, Fact, Form, Section};

/// Title, submit and close of a view.
pub const VIEW_TITLE_MAX: usize = 24;
/// The block of a form's reason; errors are keyed by it.
pub const WHY_BLOCK: &str = "why";
/// Inputs of one form, the reason among them, with a reserve below the 100 blocks of a view.
const INPUTS_MAX: usize = 60;
/// Fields of one section.
const FIELDS_MAX: usize = 10;
/// Sections of the details, with a reserve below the 100 blocks of a view.
const SECTIONS_MAX: usize = 80;

/// The modal in which one thing is done: a vote, or what its requester fills in.
pub fn form_view(form: &Form) -> SlackView {
    let form = form.clone().within(INPUTS_MAX);
    let intro =
        SlackSectionBlock::new().with_block_id(SlackBlockId("sum".into())).with_text(mrkdwn_text(bounded(&form.intro, SECTION_MAX)));
    let blocks = std::iter::once(intro.into()).chain(inputs::inputs(&form)).collect();
    let modal = SlackModalView::new(title(form.title.as_str()), blocks)
        .with_callback_id(ids::action(form.verb).into())
        .with_private_metadata(ids::target(form.number, form.round))
        .with_submit(title(form.submit.as_str()))
        .with_close(title(form.close.as_str()))
        .with_notify_on_close(true);
    SlackView::Modal(modal)
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
