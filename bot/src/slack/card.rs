//! A card as Block Kit: only header, section, actions and context, because every client shows those.

use super::controls;
use super::lower::{HEADER_MAX, Lowered, TEXT_MAX, degrade, mrkdwn_text, plain_text};
use super::mrkdwn::{DIALECT, bounded, escape, escape_within, link, marked, mrkdwn};
use crate::budget::Budget;
use slack_morphism::prelude::*;
use templates::{Card, Quorum, card_text};

/// People that a card mentions as asked.
const ASKED_SHOWN: usize = 6;
/// Banners that a card shows, worst first, and units of each.
const BANNERS_SHOWN: usize = 4;
const BANNER_MAX: usize = 600;

/// The card with as much of it as fits.
pub fn card(card: &Card) -> Lowered {
    degrade(escape_within(&card_text(card), TEXT_MAX), |budget| blocks(card, budget))
}

fn blocks(card: &Card, budget: Budget) -> Vec<SlackBlock> {
    if budget == Budget::Bare {
        return bare(card);
    }
    let parts = [
        Some(header(card)),
        what(card, budget),
        banners(card),
        facts(card, budget),
        card.quorum.as_ref().map(|quorum| section(card, "votes", votes(quorum, budget))),
    ];
    parts.into_iter().flatten().chain(controls::rows(card)).chain([foot(card)]).collect()
}

/// State, counts, who is needed and the link: what is never dropped.
fn bare(card: &Card) -> Vec<SlackBlock> {
    let mut lines = vec![marked(card.title.as_str(), '*')];
    if let Some(quorum) = &card.quorum {
        lines.push(DIALECT.counts(quorum));
        lines.extend(DIALECT.missing(quorum));
    }
    lines.push(link(&card.web, "Open it on the web"));
    let text = section(card, "bare", lines.join("\n"));
    [header(card), text].into_iter().chain(controls::rows(card)).collect()
}

fn header(card: &Card) -> SlackBlock {
    let title = plain_text(&escape_within(card.title.as_str(), HEADER_MAX));
    SlackHeaderBlock::new(title).with_block_id(block_id(card, "title")).into()
}

/// The requester's words and ours; the first to go where room is short.
fn what(card: &Card, budget: Budget) -> Option<SlackBlock> {
    if budget >= Budget::NoSummary {
        return None;
    }
    let lines = [mrkdwn(&card.about), mrkdwn(&card.summary)];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    (!lines.is_empty()).then(|| section(card, "what", lines.join("\n")))
}

fn banners(card: &Card) -> Option<SlackBlock> {
    let shown = card.banners.iter().take(BANNERS_SHOWN);
    let lines: Vec<String> = shown.map(|banner| format!("▲ {}", bounded(&banner.text, BANNER_MAX))).collect();
    (!lines.is_empty()).then(|| section(card, "note", lines.join("\n")))
}

fn facts(card: &Card, budget: Budget) -> Option<SlackBlock> {
    let kept = if budget >= Budget::FewFacts { 2 } else { card.facts.len() };
    let field = |fact: &templates::Fact| mrkdwn_text(format!("*{}*\n{}", escape(fact.label.as_str()), mrkdwn(&fact.value)));
    let fields: Vec<SlackBlockText> = card.facts.iter().take(kept).map(field).collect();
    (!fields.is_empty()).then(|| SlackSectionBlock::new().with_block_id(block_id(card, "facts")).with_fields(fields).into())
}

fn votes(quorum: &Quorum, budget: Budget) -> String {
    let mut lines = DIALECT.votes(quorum, budget);
    if !quorum.asked.is_empty() {
        lines.push(mrkdwn(&templates::Rich::from("Asked: ").people(&quorum.asked, ASKED_SHOWN)));
    }
    lines.join("\n")
}

fn foot(card: &Card) -> SlackBlock {
    let elements = vec![SlackContextBlockElement::MarkDown(SlackBlockMarkDownText::new(mrkdwn(&card.foot)).with_verbatim(true))];
    SlackContextBlock::new(elements).with_block_id(block_id(card, "foot")).into()
}

fn section(card: &Card, part: &str, text: String) -> SlackBlock {
    SlackSectionBlock::new().with_block_id(block_id(card, part)).with_text(mrkdwn_text(text)).into()
}

/// Slack wants new block ids with every edit, so they carry the sequence number that the card shows.
pub(super) fn block_id(card: &Card, part: &str) -> SlackBlockId {
    SlackBlockId(format!("{}.s{}.{part}", card.number, card.seq))
}

#[cfg(test)]
mod tests {
    use super::super::lower::{SECTION_MAX, TOTAL_MAX, fits};
    use super::*;
    use crate::sampled::{sample_card, spoiled};
    use proptest::prelude::*;
    use serde_json::Value;
    use std::collections::BTreeSet;
    use templates::Controls;
    use templates::line::units;
    use templates::samples::{directory, samples};

    /// Every string under `text`, and every id, anywhere in a message.
    fn strings(value: &Value, key: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| match value {
                Value::String(text) if name == key => found.push(text.clone()),
                other => strings(other, key, found),
            }),
            Value::Array(list) => list.iter().for_each(|value| strings(value, key, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn all(value: &Value, key: &str) -> Vec<String> {
        let mut found = Vec::new();
        strings(value, key, &mut found);
        found
    }

    /// What holds for every message, whatever people write.
    fn check(name: &str, lowered: &Lowered) {
        let blocks = serde_json::to_value(&lowered.blocks).unwrap();
        assert!(fits(&lowered.blocks), "{name}: {:?}", lowered.budget);
        assert!((1..=TEXT_MAX).contains(&units(&lowered.text)), "{name}");
        let texts = all(&blocks, "text");
        assert!(texts.iter().map(|text| units(text)).sum::<usize>() <= TOTAL_MAX, "{name}");
        texts.iter().chain([&lowered.text]).for_each(|text| is_harmless(name, text));
        for key in ["block_id", "action_id"] {
            let ids = all(&blocks, key);
            assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}: {key}");
        }
        let kinds: BTreeSet<&str> = blocks.as_array().unwrap().iter().filter_map(|block| block["type"].as_str()).collect();
        assert!(kinds.is_subset(&BTreeSet::from(["header", "section", "actions", "context"])), "{name}: {kinds:?}");
        for block in blocks.as_array().unwrap() {
            assert!(block["text"]["type"] != "mrkdwn" || block["text"]["verbatim"] == true, "{name}");
            assert!(block["text"]["type"] != "plain_text" || block["text"]["emoji"] == false, "{name}");
        }
    }

    /// Each `<` begins a mention of a person, a time or a link of ours.
    fn is_harmless(name: &str, text: &str) {
        for piece in text.split('<').skip(1) {
            let is_user =
                piece.strip_prefix('@').and_then(|rest| rest.split_once('>')).is_some_and(|(user, _)| super::super::mrkdwn::is_user(user));
            let is_ours = is_user || piece.starts_with("!date^") || piece.starts_with("https://") || piece.starts_with("http://");
            assert!(is_ours && piece.contains('>'), "{name}: <{piece}");
        }
        assert!(!text.contains("<!channel") && !text.contains("<!here") && !text.contains("<!everyone"), "{name}");
    }

    #[test]
    fn every_sample_keeps_the_limits_and_harms_nobody() {
        for sample in samples().unwrap() {
            let directory = directory();
            let shown = templates::card(&sample.view(&directory, Controls::Vote));
            check(sample.name, &card(&shown));
        }
    }

    #[test]
    fn a_usual_card_is_shown_whole_and_a_crowded_one_gives_way() {
        let budget = |name: &str| card(&sample_card(name)).budget;
        assert_eq!(budget("pending-escalated"), Budget::Full);
        assert_eq!(budget("pending-hostile"), Budget::Full);
        assert!(budget("pending-crowded") > Budget::Full);
    }

    #[test]
    fn buttons_point_to_the_change_and_its_round_and_say_what_they_are_for() {
        let blocks = serde_json::to_value(card(&sample_card("pending")).blocks).unwrap();
        let actions = blocks.as_array().unwrap().iter().find(|block| block["type"] == "actions").unwrap();
        assert_eq!(actions["block_id"], "CHG-1042.s3.act");
        let ids: Vec<&str> = actions["elements"].as_array().unwrap().iter().filter_map(|button| button["action_id"].as_str()).collect();
        assert_eq!(ids, ["gate:v1:approve", "gate:v1:reject", "gate:v1:details", "gate:v1:more"]);
        let options: Vec<&str> =
            actions["elements"][3]["options"].as_array().unwrap().iter().filter_map(|it| it["value"].as_str()).collect();
        assert_eq!(options, ["request_changes:CHG-1042.r1", "abstain:CHG-1042.r1", "withdraw:CHG-1042.r1"]);
        let approve = &actions["elements"][0];
        assert_eq!((&approve["value"], &approve["style"]), (&"CHG-1042.r1".into(), &"primary".into()));
        assert_eq!(approve["accessibility_label"], "Approve checkout-api 2.31.0 to production, asks for a reason");
    }

    #[test]
    fn a_question_has_a_row_of_its_own() {
        let blocks = serde_json::to_value(card(&sample_card("pending-which-first")).blocks).unwrap();
        let rows: Vec<&Value> = blocks.as_array().unwrap().iter().filter(|block| block["type"] == "actions").collect();
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0]["block_id"], &rows[0]["elements"][0]["action_id"]), (&"CHG-1042.s4.which".into(), &"gate:v1:replace".into()));
    }

    const FOREIGN: &str = "(?s)([&<>*_~`|\\\\]|<!channel>|<@U1>|@everyone|</script>|\u{202e}|\u{200b}|😀|\\PC){0,400}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn whatever_people_write_a_card_keeps_the_limits(text in FOREIGN, votes in 0usize..20) {
            let card_shown = spoiled("slack", &format!("x{text}"), votes);
            check(&text, &card(&card_shown));
        }
    }

    #[test]
    fn the_longest_escapes_still_fit() {
        let worst = spoiled("slack", &"&".repeat(10_000), 20);
        let lowered = card(&worst);
        check("worst", &lowered);
        assert!(units(&lowered.text) <= TEXT_MAX && SECTION_MAX < 3_000);
    }
}
