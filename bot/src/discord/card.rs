//! A card as one embed and rows of buttons: title, then everything in reading order, then the foot.

use super::controls;
use super::limits::{BUTTON_LABEL_MAX, BUTTON_URL_MAX, CONTENT_MAX, EMBED_FOOTER_MAX, EMBED_TITLE_MAX, ROW_BUTTONS_MAX, ROWS_MAX};
use super::markdown::{DIALECT, bounded, escape_within, link, markdown, strong, user};
use super::shown::Shown;
use super::snowflake::Snowflake;
use crate::budget::Budget;
use serenity::all::ButtonStyle;
use serenity::builder::{CreateActionRow, CreateButton};
use templates::line::{cut, units};
use templates::rich::is_web_address;
use templates::{Action, Card, Fact, PersonRef, Place, Rich, Role, Span, card_text, rich_text};

/// People that a card mentions as asked.
const ASKED_SHOWN: usize = 6;
/// Banners that a card shows, worst first, and units of each.
const BANNERS_SHOWN: usize = 4;
const BANNER_MAX: usize = 600;
/// Facts that are never dropped while there are any.
const FACTS_KEPT: usize = 2;

/// What a message is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    /// Who is asked: mentions in an embed reach nobody. Empty where nobody is.
    pub content: String,
    pub mentions: Vec<Snowflake>,
    pub shown: Shown,
    pub rows: Vec<CreateActionRow>,
    /// How much had to give way.
    pub budget: Budget,
}

/// The card with as much of it as fits.
pub fn card(card: &Card) -> Lowered {
    let (budget, shown) = degrade(card);
    let asked: &[PersonRef] = card.quorum.as_ref().map_or(&[], |quorum| &quorum.asked);
    let mentions = asked.iter().take(ASKED_SHOWN).filter_map(user).collect();
    Lowered { content: content(asked), mentions, shown, rows: rows(card), budget }
}

/// The card without any layout: what goes out where Discord refuses the layout.
pub fn as_text(card: &Card) -> String {
    let text = card_text(card);
    let words = text.strip_suffix(card.web.as_str()).unwrap_or(&text).trim_end();
    let room = CONTENT_MAX.saturating_sub(units(&card.web) + 1);
    format!("{}\n{}", escape_within(words, room), card.web)
}

/// The fullest layout that fits; the barest one fits always.
fn degrade(card: &Card) -> (Budget, Shown) {
    let fitting = Budget::ORDER.into_iter().map(|budget| (budget, shown(card, budget))).find(|(_, shown)| shown.fits());
    fitting.unwrap_or_else(|| (Budget::Bare, shown(card, Budget::Bare)))
}

fn content(asked: &[PersonRef]) -> String {
    if asked.is_empty() {
        return String::new();
    }
    bounded(&Rich::from("Asked: ").people(asked, ASKED_SHOWN), CONTENT_MAX)
}

fn shown(card: &Card, budget: Budget) -> Shown {
    let description = if budget == Budget::Bare { bare(card) } else { whole(card, budget) };
    Shown {
        title: escape_within(card.title.as_str(), EMBED_TITLE_MAX),
        description,
        footer: footer(&card.foot),
        web: card.web.clone(),
        tone: card.tone,
    }
}

/// Discord reads no links here, and the title leads to the web already.
fn footer(foot: &Rich) -> String {
    let plain = foot.spans().iter().filter(|span| !matches!(span, Span::Link { .. })).cloned().fold(Rich::new(), Rich::with);
    cut(rich_text(&plain).trim_end_matches([' ', '·']), EMBED_FOOTER_MAX)
}

fn whole(card: &Card, budget: Budget) -> String {
    let votes = card.quorum.as_ref().map(|quorum| DIALECT.votes(quorum, budget).join("\n")).unwrap_or_default();
    let parts = [what(card, budget), banners(card), facts(&card.facts, budget), votes];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// State, counts, who is needed and the link: what is never dropped.
fn bare(card: &Card) -> String {
    let counts = card.quorum.iter().flat_map(|quorum| std::iter::once(DIALECT.counts(quorum)).chain(DIALECT.missing(quorum)));
    counts.chain([link(&card.web, "Open it on the web")]).collect::<Vec<_>>().join("\n")
}

/// The requester's words and ours; the first to go where room is short.
fn what(card: &Card, budget: Budget) -> String {
    if budget >= Budget::NoSummary {
        return String::new();
    }
    let lines = [markdown(&card.about), markdown(&card.summary)];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn banners(card: &Card) -> String {
    let shown = card.banners.iter().take(BANNERS_SHOWN);
    shown.map(|banner| format!("▲ {}", bounded(&banner.text, BANNER_MAX))).collect::<Vec<_>>().join("\n")
}

fn facts(facts: &[Fact], budget: Budget) -> String {
    let kept = if budget >= Budget::FewFacts { FACTS_KEPT } else { facts.len() };
    let line = |fact: &Fact| format!("{} {}", strong(fact.label.as_str()), markdown(&fact.value));
    facts.iter().take(kept).map(line).collect::<Vec<_>>().join("\n")
}

/// What a banner asks, then the first controls with the way to the same card on the web, then what is wanted seldom.
fn rows(card: &Card) -> Vec<CreateActionRow> {
    let web = is_web_address(&card.web) && units(&card.web) <= BUTTON_URL_MAX;
    let web = web.then(|| CreateButton::new_link(&card.web).label("Open on the web"));
    let first = buttons(card, Place::Row).into_iter().chain(web).collect();
    let rows = [buttons(card, Place::Question), first, buttons(card, Place::More)];
    let rows = rows.iter().flat_map(|row| row.chunks(ROW_BUTTONS_MAX)).take(ROWS_MAX);
    rows.map(|row| CreateActionRow::Buttons(row.to_vec())).collect()
}

fn buttons(card: &Card, place: Place) -> Vec<CreateButton> {
    card.actions.iter().filter(|action| action.place == place).map(|action| button(card, action)).collect()
}

fn button(card: &Card, action: &Action) -> CreateButton {
    let style = match action.role {
        Role::Primary => ButtonStyle::Primary,
        Role::Danger => ButtonStyle::Danger,
        Role::Plain => ButtonStyle::Secondary,
    };
    let id = controls::button(action.verb, card.number, card.round);
    CreateButton::new(id).style(style).label(cut(action.label.as_str(), BUTTON_LABEL_MAX))
}

#[cfg(test)]
mod tests {
    use super::super::limits::{CUSTOM_ID_MAX, EMBED_TOTAL_MAX};
    use super::*;
    use crate::sampled::{sample_card, spoiled};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;
    use templates::Controls;
    use templates::samples::{directory, samples};

    /// What holds for every message, whatever people write.
    fn check(name: &str, shown: &Card) {
        let lowered = card(shown);
        assert!(lowered.shown.fits(), "{name}: {:?}", lowered.budget);
        let texts = [&lowered.shown.title, &lowered.shown.description, &lowered.content, &as_text(shown)].map(Clone::clone);
        assert!(texts[..2].iter().map(|text| units(text)).sum::<usize>() <= EMBED_TOTAL_MAX, "{name}");
        assert!(texts[2..].iter().all(|text| units(text) <= CONTENT_MAX), "{name}");
        texts.iter().for_each(|text| is_harmless(name, text, &lowered.mentions));
        let rows = json!(lowered.rows);
        let buttons: Vec<&Value> = rows.as_array().unwrap().iter().flat_map(|row| row["components"].as_array().unwrap()).collect();
        let ids: Vec<&str> = buttons.iter().filter_map(|button| button["custom_id"].as_str()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}");
        assert!(ids.iter().all(|id| (1..=CUSTOM_ID_MAX).contains(&id.len())), "{name}");
        let label = |button: &&Value| units(button["label"].as_str().unwrap());
        assert!(buttons.iter().all(|button| (1..=BUTTON_LABEL_MAX).contains(&label(button))), "{name}");
    }

    /// Whatever is not behind a backslash and begins with `<` or `@` is a mention of somebody known, a time or our link.
    fn is_harmless(name: &str, text: &str, mentioned: &[Snowflake]) {
        let mut is_escaped = false;
        for (at, letter) in text.char_indices() {
            let rest = &text[at..];
            if !is_escaped && letter == '<' {
                let user = rest.strip_prefix("<@").and_then(|rest| rest.split_once('>')).map(|(id, _)| id.parse::<Snowflake>());
                let is_ours = matches!(user, Some(Ok(_))) || rest.starts_with("<t:") || rest.starts_with("<http");
                assert!(is_ours && rest.contains('>'), "{name}: {rest}");
            }
            let in_mention = text[..at].ends_with('<') && !is_escaped;
            let in_link = text[..at].rsplit(['<', ' ', '\n']).next().is_some_and(|word| word.starts_with("http"));
            assert!(is_escaped || letter != '@' || in_mention || in_link, "{name}: {rest}");
            is_escaped = letter == '\\' && !is_escaped;
        }
        assert!(mentioned.len() <= ASKED_SHOWN, "{name}");
    }

    #[test]
    fn every_sample_keeps_the_limits_and_harms_nobody() {
        let directory = directory();
        for sample in samples().unwrap() {
            check(sample.name, &templates::card(&sample.view(&directory, Controls::Vote)));
        }
    }

    #[test]
    fn a_usual_card_is_shown_whole_and_a_crowded_one_gives_way() {
        assert_eq!(card(&sample_card("pending-escalated")).budget, Budget::Full);
        assert!(card(&spoiled("discord", &"@".repeat(10_000), 20)).budget > Budget::Full);
    }

    #[test]
    fn buttons_point_to_the_change_and_its_round() {
        let rows = json!(card(&sample_card("pending")).rows);
        let buttons = rows[0]["components"].as_array().unwrap();
        let ids: Vec<&str> = buttons.iter().filter_map(|button| button["custom_id"].as_str()).collect();
        assert_eq!(ids[0], "gate:v1:approve:CHG-1042.r1");
        assert!(ids.iter().any(|id| id.ends_with(":details:CHG-1042.r1")), "{ids:?}");
        assert_eq!((&buttons[0]["style"], &buttons[0]["label"]), (&1.into(), &"Approve…".into()));
        assert_eq!(buttons.last().unwrap()["style"], 5);
        let more: Vec<&str> = rows[1]["components"].as_array().unwrap().iter().filter_map(|button| button["custom_id"].as_str()).collect();
        assert_eq!(more, ["gate:v1:request_changes:CHG-1042.r1", "gate:v1:abstain:CHG-1042.r1", "gate:v1:withdraw:CHG-1042.r1"]);
        let asked = json!(card(&sample_card("pending-which-first")).rows);
        assert_eq!((asked.as_array().unwrap().len(), &asked[0]["components"][0]["custom_id"]), (3, &"gate:v1:replace:CHG-1042.r1".into()));
    }

    #[test]
    fn the_stripe_follows_the_state_and_the_title_says_it() {
        let shown = card(&sample_card("pending")).shown;
        assert!(shown.title.starts_with("Approval needed: "));
        assert_eq!(json!(shown.embed())["color"], 0x2F6FDE);
        assert_eq!(shown.footer, "CHG-1042 · policy prod-standard v7");
        assert_eq!(json!(shown.embed())["url"], "https://gate.example.com/changes/CHG-1042");
    }

    #[test]
    fn text_alone_keeps_the_title_the_counts_and_a_link_that_works() {
        let text = as_text(&sample_card("pending"));
        assert!(text.starts_with("Approval needed: ") && text.contains("Approvals: 0 of"), "{text}");
        assert!(text.ends_with("\nhttps://gate.example.com/changes/CHG-1042"), "{text}");
    }

    const FOREIGN: &str =
        r"(?s)([&<>*_~`|\\#@\[\]()-]|<@1>|<@&1>|<#1>|@everyone|@here|\[x\]\(https://x\)|</script>|\u{202e}|\u{200b}|😀|\PC){0,400}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn whatever_people_write_a_card_keeps_the_limits(text in FOREIGN, votes in 0usize..20) {
            check(&text, &spoiled("discord", &format!("x{text}"), votes));
        }
    }

    #[test]
    fn the_longest_escapes_still_fit() {
        check("worst", &spoiled("discord", &"@".repeat(10_000), 20));
        check("letters of two units", &spoiled("discord", &"😀".repeat(10_000), 20));
    }
}
