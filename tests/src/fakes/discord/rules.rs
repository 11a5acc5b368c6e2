//! Discord's limits of a message: what it would answer with “Invalid Form Body”.

use serde_json::Value;
use std::collections::BTreeSet;

const EMBED_PARTS: [(&str, usize); 3] = [("/title", 256), ("/description", 4_096), ("/footer/text", 2_048)];

/// The places that are wrong; none for a message that is welcome.
pub fn faults(body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let content = count(&body["content"]);
    faults.extend((content > 2_000).then(|| format!("content: {content} characters")));
    let embeds = body["embeds"].as_array().cloned().unwrap_or_default();
    faults.extend((embeds.len() > 10).then(|| format!("embeds: {}", embeds.len())));
    faults.extend(embeds.iter().flat_map(of_embed));
    let total: usize =
        embeds.iter().flat_map(|embed| EMBED_PARTS.map(|(place, _)| count(embed.pointer(place).unwrap_or(&Value::Null)))).sum();
    faults.extend((total > 6_000).then(|| format!("embeds: {total} characters in all")));
    faults.extend(of_rows(&body["components"]));
    let nonce = count(&body["nonce"]);
    faults.extend((nonce > 25).then(|| format!("nonce: {nonce} characters")));
    faults
}

fn of_embed(embed: &Value) -> Vec<String> {
    let mut faults: Vec<String> = EMBED_PARTS
        .iter()
        .filter_map(|(place, most)| {
            let count = count(embed.pointer(place)?);
            (count == 0 || count > *most).then(|| format!("embed{place}: {count} characters"))
        })
        .collect();
    let colour = embed["color"].as_u64().unwrap_or_default();
    faults.extend((colour > 0xFF_FFFF).then(|| format!("embed/color: {colour}")));
    faults
}

fn of_rows(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().cloned().unwrap_or_default();
    let mut faults = Vec::new();
    faults.extend((rows.len() > 5).then(|| format!("components: {} rows", rows.len())));
    let mut ids = BTreeSet::new();
    for row in &rows {
        let buttons = row["components"].as_array().cloned().unwrap_or_default();
        faults.extend((buttons.is_empty() || buttons.len() > 5).then(|| format!("a row of {}", buttons.len())));
        for button in &buttons {
            faults.extend(of_button(button));
            let id = button["custom_id"].as_str().map(str::to_owned);
            faults.extend(id.filter(|id| !ids.insert(id.clone())).map(|id| format!("custom_id {id} stands twice")));
        }
    }
    faults
}

fn of_button(button: &Value) -> Option<String> {
    let is_link = button["style"] == 5;
    let has = |name: &str, most: usize| (1..=most).contains(&count(&button[name]));
    let is_right = has("label", 80) && has("custom_id", 100) != is_link && has("url", 512) == is_link;
    (!is_right).then(|| format!("a button is wrong: {button}"))
}

/// Characters, as Discord counts them.
fn count(text: &Value) -> usize {
    text.as_str().map_or(0, |text| text.chars().count())
}

/// What a modal may not be.
pub fn modal_faults(modal: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut bounded = |name: &str, most: usize| {
        let count = count(&modal[name]);
        faults.extend((count == 0 || count > most).then(|| format!("{name}: {count} characters")));
    };
    bounded("title", 45);
    bounded("custom_id", 100);
    let rows = modal["components"].as_array().cloned().unwrap_or_default();
    faults.extend((!(1..=5).contains(&rows.len())).then(|| format!("components: {} rows", rows.len())));
    faults.extend(rows.iter().filter_map(|row| of_input(&row["components"][0])));
    faults
}

fn of_input(input: &Value) -> Option<String> {
    let most = input["max_length"].as_u64().unwrap_or(4_000);
    let is_filled_right = count(&input["value"]) as u64 <= most && most <= 4_000;
    let is_input = input["type"] == 4 && (1..=45).contains(&count(&input["label"])) && count(&input["placeholder"]) <= 100;
    (!is_input || !is_filled_right).then(|| format!("components: {input}"))
}
