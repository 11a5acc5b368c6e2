//! Slack's limits as numbers, and the order in which a card gives way to them.

use crate::budget::Budget;
use slack_morphism::prelude::*;
use templates::line::units;

/// `text` of a message: `chat.update` takes no more (posting takes 40,000).
pub const TEXT_MAX: usize = 4_000;
/// All text in the blocks of a message: refused at about 13,200 (`msg_blocks_too_long`), so with a reserve.
pub const TOTAL_MAX: usize = 10_000;
/// One text object: 3,000, with a reserve of 5 %.
pub const SECTION_MAX: usize = 2_850;
/// One field of a section: 2,000, with a reserve of 5 %.
pub const FIELD_MAX: usize = 1_900;
/// The text of a header.
pub const HEADER_MAX: usize = 150;
/// Blocks of a message.
pub const BLOCKS_MAX: usize = 50;

/// What a message is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    /// For notifications, screen readers and clients without blocks.
    pub text: String,
    pub blocks: Vec<SlackBlock>,
    /// How much had to give way.
    pub budget: Budget,
}

/// The fullest layout that fits; the barest one fits always.
pub fn degrade(text: String, build: impl Fn(Budget) -> Vec<SlackBlock>) -> Lowered {
    let fitting = Budget::ORDER.into_iter().map(|budget| (budget, build(budget))).find(|(_, blocks)| fits(blocks));
    let (budget, blocks) = fitting.unwrap_or_else(|| (Budget::Bare, build(Budget::Bare)));
    Lowered { text, blocks, budget }
}

pub fn fits(blocks: &[SlackBlock]) -> bool {
    let sizes: Vec<Size> = blocks.iter().flat_map(texts).collect();
    let each = sizes.iter().all(|size| (1..=size.max).contains(&size.units));
    each && blocks.len() <= BLOCKS_MAX && sizes.iter().map(|size| size.units).sum::<usize>() <= TOTAL_MAX
}

/// A text in a block, and what the block allows.
struct Size {
    units: usize,
    max: usize,
}

fn texts(block: &SlackBlock) -> Vec<Size> {
    // Serialised, because the library keeps the text of a plain_text to itself.
    let json = serde_json::to_value(block).unwrap_or_default();
    let one = |path: &str, max| json.pointer(path).and_then(serde_json::Value::as_str).map(|text| Size { units: units(text), max });
    let many = |path: &str, max| {
        let list = json.pointer(path).and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
        let texts = list.into_iter().filter_map(move |each| each.get("text").and_then(text_of));
        texts.map(move |text| Size { units: units(&text), max }).collect::<Vec<_>>()
    };
    let own = one("/text/text", if matches!(block, SlackBlock::Header(_)) { HEADER_MAX } else { SECTION_MAX });
    own.into_iter().chain(many("/fields", FIELD_MAX)).chain(many("/elements", SECTION_MAX)).collect()
}

/// A text object of its own, or the text object of a button.
fn text_of(value: &serde_json::Value) -> Option<String> {
    value.as_str().or_else(|| value.get("text")?.as_str()).map(ToOwned::to_owned)
}

pub fn mrkdwn_text(text: String) -> SlackBlockText {
    SlackBlockMarkDownText::new(text).with_verbatim(true).into()
}

pub fn plain_text(text: &str) -> SlackBlockPlainTextOnly {
    SlackBlockPlainText::new(text.to_owned()).with_emoji(false).into()
}
