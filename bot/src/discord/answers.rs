//! What the HTTP response to an interaction says: a modal, or a message that only one person reads.
//!
//! Source: docs.discord.com, "Interaction response object". Only [`said_reply`] can show something to others.

use super::limits::{CHOICE_MAX, CHOICES_MAX, CONTENT_MAX, EMBED_TITLE_MAX, INPUTS_MAX, WRITTEN_MAX};
use super::markdown::{bounded, escape_sentence, escape_within};
use super::{details, modal};
use crate::inbound::Offer;
use crate::platform::Audience;
use serde::Serialize;
use serde_json::{Value, json};
use serenity::builder::{
    CreateAllowedMentions, CreateAutocompleteResponse, CreateEmbed, CreateInteractionResponse, CreateInteractionResponseMessage,
};
use templates::line::{cut, units};
use templates::{Details, Form, Rich};

/// Answers the check of the address.
pub fn pong() -> Value {
    json!({ "type": 1 })
}

/// Opens the form; `opened_by` is the id of the press.
pub fn modal_reply(form: &Form, opened_by: &str) -> Value {
    written(&CreateInteractionResponse::Modal(modal::modal(form, opened_by)))
}

pub fn details_reply(details: &Details) -> Value {
    message(private().embed(details::details(details).embed()))
}

/// A sentence of ours; what others wrote stands in it escaped, addresses in it can be followed.
pub fn whisper_reply(sentence: &str) -> Value {
    message(private().content(escape_sentence(sentence, CONTENT_MAX)))
}

/// What was not recorded, with why: a modal can't stay open, so what was written is given back to be sent again.
pub fn kept_reply(sentence: &str, written: &[Written<'_>]) -> Value {
    let reply = private().content(escape_sentence(sentence, CONTENT_MAX));
    message(written.iter().filter(|it| !it.text.trim().is_empty()).take(INPUTS_MAX).fold(reply, |reply, it| reply.add_embed(it.embed())))
}

/// One input of a form as somebody filled it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    pub label: String,
    pub text: &'a str,
}

impl Written<'_> {
    /// As code, which is copied without any backslash; only what would end it is taken apart, invisibly.
    fn embed(&self) -> CreateEmbed {
        let text = cut(&self.text.replace("```", "`\u{200b}``"), WRITTEN_MAX as usize / 2);
        let title = format!("You wrote: {}", escape_within(&self.label, EMBED_TITLE_MAX / 2));
        CreateEmbed::new().title(title).description(format!("```\n{text}\n```"))
    }
}

/// The answer to a command.
pub fn said_reply(words: &Rich, audience: Audience) -> Value {
    let content = bounded(words, CONTENT_MAX);
    match audience {
        Audience::Asker => message(private().content(content)),
        Audience::Everybody => message(unmentioning().content(content)),
    }
}

/// What is offered while somebody types. A value that does not fit is left out: cut, it would name something else.
pub fn choices_reply(offers: &[Offer]) -> Value {
    let fitting = offers.iter().filter(|offer| units(&offer.value) <= CHOICE_MAX && !offer.value.is_empty()).take(CHOICES_MAX);
    let choices = fitting.fold(CreateAutocompleteResponse::new(), |choices, offer| {
        choices.add_string_choice(cut(&offer.label, CHOICE_MAX), offer.value.clone())
    });
    written(&CreateInteractionResponse::Autocomplete(choices))
}

fn private() -> CreateInteractionResponseMessage {
    unmentioning().ephemeral(true)
}

fn unmentioning() -> CreateInteractionResponseMessage {
    CreateInteractionResponseMessage::new().allowed_mentions(CreateAllowedMentions::new())
}

fn message(message: CreateInteractionResponseMessage) -> Value {
    written(&CreateInteractionResponse::Message(message))
}

/// The builders hold nothing that JSON can't; if one ever did, Discord would refuse the empty answer and say so.
fn written(response: &impl Serialize) -> Value {
    serde_json::to_value(response).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whisper_is_private_and_mentions_nobody() {
        let reply = whisper_reply("You can’t: @everyone said so. Decide here: https://gate.example.com/changes/CHG-1");
        assert_eq!((&reply["type"], &reply["data"]["flags"]), (&4.into(), &64.into()));
        assert_eq!(reply["data"]["allowed_mentions"], json!({ "parse": [], "users": [], "roles": [] }));
        assert_eq!(reply["data"]["content"], r"You can’t: \@everyone said so. Decide here: https://gate.example.com/changes/CHG-1");
        let written = [
            Written { label: "Backout plan".to_owned(), text: "@everyone ```go back```" },
            Written { label: "Note".to_owned(), text: " " },
        ];
        let kept = kept_reply("Backout plan does not fit.", &written);
        assert_eq!((&kept["data"]["flags"], &kept["data"]["content"]), (&64.into(), &"Backout plan does not fit.".into()));
        let embeds = kept["data"]["embeds"].as_array().unwrap();
        assert_eq!((embeds.len(), &embeds[0]["title"]), (1, &"You wrote: Backout plan".into()));
        assert_eq!(embeds[0]["description"], "```\n@everyone `\u{200b}``go back`\u{200b}``\n```");
        assert_eq!(choices_reply(&[]), json!({ "type": 8, "data": { "choices": [] } }));
    }

    #[test]
    fn choices_keep_discords_limits() {
        let offer = |label: &str, value: &str| Offer { label: label.to_owned(), value: value.to_owned() };
        let long = "é".repeat(120);
        let mut offers = vec![offer(&long, "CHG-1"), offer("too long", &long), offer("nothing", "")];
        offers.extend((0..40).map(|number| offer(&number.to_string(), "x")));
        let reply = choices_reply(&offers);
        let choices = reply["data"]["choices"].as_array().unwrap();
        assert_eq!((choices.len(), &choices[0]["value"], &choices[1]["value"]), (25, &"CHG-1".into(), &"x".into()));
        assert!(choices[0]["name"].as_str().unwrap().chars().count() <= 100);
    }
}
