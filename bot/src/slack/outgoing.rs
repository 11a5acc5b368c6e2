//! What our messages hold: text that stands alone, the blocks, and ids in the metadata.

use super::card;
use super::lower::{Lowered, SECTION_MAX, TEXT_MAX, mrkdwn_text};
use super::mrkdwn::{bounded, escape_within, link, marked};
use crate::budget::Budget;
use crate::platform::{Place, ThreadLine};
use slack_morphism::prelude::*;
use std::collections::HashMap;
use templates::{Card, Notice, notice_text, rich_text};

/// Slack's `parse`: nothing in our text becomes a link or a mention (an edit's own default would do that).
const PARSE: &str = "none";
/// The kinds of the metadata on our cards and lines, and the names in them.
pub const CARD: &str = "gate_card";
pub const APPROVAL: &str = "approval";
pub const REVISION: &str = "revision";
pub const LINE: &str = "gate_line";
pub const SEQ: &str = "seq";

pub fn post(channel: &str, content: SlackMessageContent) -> SlackApiChatPostMessageRequest {
    let request = SlackApiChatPostMessageRequest::new(channel.into(), content).with_parse(PARSE.into());
    request.with_unfurl_links(false).with_unfurl_media(false)
}

pub fn edit(place: Place<'_>, content: SlackMessageContent) -> SlackApiChatUpdateRequest {
    SlackApiChatUpdateRequest::new(place.channel.into(), content, place.message.into()).with_parse(PARSE.into())
}

pub fn whisper(channel: &str, user: &str, text: &str) -> SlackApiChatPostEphemeralRequest {
    let content = SlackMessageContent::new().with_text(escape_within(text, SECTION_MAX));
    SlackApiChatPostEphemeralRequest::new(channel.into(), user.into(), content).with_parse(PARSE.into())
}

pub fn card_content(card: &Card) -> SlackMessageContent {
    let Lowered { text, blocks, budget } = card::card(card);
    if budget > Budget::Full {
        tracing::info!(change = %card.number, ?budget, "a card did not fit as a whole");
    }
    SlackMessageContent::new()
        .with_text(text)
        .with_blocks(blocks)
        .with_metadata(metadata(CARD, &[(APPROVAL, card.number.to_string()), (REVISION, card.seq.to_string())]))
}

pub fn line_content(line: ThreadLine<'_>) -> SlackMessageContent {
    let text = escape_within(&rich_text(line.words), TEXT_MAX);
    let content = SlackMessageContent::new().with_text(text).with_blocks(vec![section(bounded(line.words, SECTION_MAX))]);
    content.with_metadata(metadata(LINE, &[(SEQ, line.seq.to_string())]))
}

pub fn notice_content(notice: &Notice) -> SlackMessageContent {
    let lines = [marked(notice.title.as_str(), '*'), bounded(&notice.body, SECTION_MAX), link(&notice.web, notice.link.as_str())];
    let because = SlackBlockMarkDownText::new(bounded(&notice.because, SECTION_MAX)).with_verbatim(true);
    let because = SlackContextBlock::new(vec![SlackContextBlockElement::MarkDown(because)]);
    let blocks = lines.into_iter().map(section).chain([because.into()]).collect();
    SlackMessageContent::new().with_text(escape_within(&notice_text(notice), TEXT_MAX)).with_blocks(blocks)
}

/// The same message without a layout.
pub fn post_as_text(mut request: SlackApiChatPostMessageRequest) -> SlackApiChatPostMessageRequest {
    request.content.blocks = None;
    request.content.metadata = None;
    request
}

/// The same edit in one plain section: an edit without blocks would leave the old buttons' fate to Slack.
pub fn edit_as_text(mut request: SlackApiChatUpdateRequest) -> SlackApiChatUpdateRequest {
    let text = request.content.text.clone().unwrap_or_default();
    let text: String = text.chars().take(SECTION_MAX).collect();
    request.content.blocks = Some(vec![SlackSectionBlock::new().with_text(SlackBlockPlainText::new(text).into()).into()]);
    request.content.metadata = None;
    request
}

/// Ids only: anybody in the workspace can read it.
fn metadata(kind: &str, ids: &[(&str, String)]) -> SlackMessageMetadata {
    let ids: HashMap<String, String> = ids.iter().map(|(name, id)| ((*name).to_owned(), id.clone())).collect();
    SlackMessageMetadata::new(kind.to_owned()).with_event_payload(ids)
}

fn section(text: String) -> SlackBlock {
    SlackSectionBlock::new().with_text(mrkdwn_text(text)).into()
}
