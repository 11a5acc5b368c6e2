//! What our messages hold: cards, lines and notices as bodies of requests. None of them mentions anybody by accident.

use super::card::{self, Lowered};
use super::limits::{CONTENT_MAX, NONCE_MAX, THREAD_NAME_MAX};
use super::markdown::{bounded, link, strong};
use super::snowflake::Snowflake;
use crate::budget::Budget;
use crate::platform::{Audience, Place, Post, ThreadLine};
use serde_json::{Value, json};
use serenity::all::{AutoArchiveDuration, MessageFlags, Nonce};
use serenity::builder::{CreateAllowedMentions, CreateMessage, CreateThread, EditMessage};
use sha2::{Digest, Sha256};
use templates::line::cut;
use templates::{Card, Notice, Rich, rich_text};

/// A card for a channel; those who are still needed are mentioned, and hear of it.
pub fn post(post: Post<'_>, card: &Card) -> CreateMessage {
    let lowered = lowered(card);
    let message = CreateMessage::new().content(lowered.content).embed(lowered.shown.embed()).components(lowered.rows);
    sealed(message, &lowered.mentions, &post_nonce(post, card))
}

/// The same card without a layout.
pub fn post_as_text(post: Post<'_>, card: &Card) -> CreateMessage {
    sealed(CreateMessage::new().content(card::as_text(card)), &[], &post_nonce(post, card))
}

/// Edits notify nobody, and are told not to: Discord reads the mentions of an edit anew.
pub fn edit(card: &Card) -> EditMessage {
    let lowered = lowered(card);
    let edit = EditMessage::new().content(lowered.content).embed(lowered.shown.embed()).components(lowered.rows);
    edit.allowed_mentions(CreateAllowedMentions::new())
}

pub fn edit_as_text(card: &Card) -> EditMessage {
    let edit = EditMessage::new().content(card::as_text(card)).embeds(Vec::new()).components(Vec::new());
    edit.allowed_mentions(CreateAllowedMentions::new())
}

/// A line in the thread below the card.
pub fn line(place: Place<'_>, line: ThreadLine<'_>) -> CreateMessage {
    let message = CreateMessage::new().content(bounded(line.words, CONTENT_MAX)).flags(MessageFlags::SUPPRESS_EMBEDS);
    sealed(message, &[], &nonce(&["line", place.message, &line.seq.to_string()]))
}

/// The thread that begins at a card.
pub fn thread(name: &str) -> CreateThread<'static> {
    CreateThread::new(cut(name, THREAD_NAME_MAX)).auto_archive_duration(AutoArchiveDuration::OneWeek)
}

/// A message to one person.
pub fn notice(notice: &Notice) -> CreateMessage {
    let lines = [
        strong(notice.title.as_str()),
        bounded(&notice.body, CONTENT_MAX / 2),
        link(&notice.web, notice.link.as_str()),
        // The small print of a message.
        format!("-# {}", bounded(&notice.because, CONTENT_MAX / 8)),
    ];
    let nonce = nonce(&["notice", notice.title.as_str(), &rich_text(&notice.body), &rich_text(&notice.because)]);
    sealed(CreateMessage::new().content(lines.join("\n")).flags(MessageFlags::SUPPRESS_EMBEDS), &[], &nonce)
}

/// A private sentence that comes after the interaction was answered.
pub fn follow_up(sentence: &str) -> Value {
    json!({ "content": sentence, "flags": MessageFlags::EPHEMERAL.bits(), "allowed_mentions": { "parse": [] } })
}

/// What follows the first answer to a command.
pub fn said(words: &Rich, audience: Audience) -> Value {
    let flags = match audience {
        Audience::Asker => MessageFlags::EPHEMERAL,
        Audience::Everybody => MessageFlags::empty(),
    };
    json!({ "content": bounded(words, CONTENT_MAX), "flags": flags.bits(), "allowed_mentions": { "parse": [] } })
}

fn lowered(card: &Card) -> Lowered {
    let lowered = card::card(card);
    if lowered.budget > Budget::Full {
        tracing::info!(change = %card.number, budget = ?lowered.budget, "a card did not fit as a whole");
    }
    lowered
}

/// With its nonce: sent again within minutes, Discord answers the message that is there.
fn sealed(message: CreateMessage, mentions: &[Snowflake], nonce: &str) -> CreateMessage {
    let allowed = CreateAllowedMentions::new().users(mentions.iter().map(|user| user.get()));
    message.allowed_mentions(allowed).nonce(Nonce::String(nonce.to_owned())).enforce_nonce(true)
}

/// The same for every attempt to show this change in this channel in the place of the same older message.
fn post_nonce(post: Post<'_>, card: &Card) -> String {
    nonce(&["card", &card.web, post.channel, post.replaces.unwrap_or_default()])
}

fn nonce(parts: &[&str]) -> String {
    let digest = parts.iter().fold(Sha256::new(), |digest, part| digest.chain_update(part.len().to_be_bytes()).chain_update(part));
    let mut text = hex::encode(digest.finalize());
    text.truncate(NONCE_MAX);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_of_its_parts_and_fits() {
        assert_eq!(nonce(&["a", "b"]), nonce(&["a", "b"]));
        assert_ne!(nonce(&["a", "b"]), nonce(&["ab", ""]));
        assert_eq!(nonce(&["a"]).len(), NONCE_MAX);
    }
}
