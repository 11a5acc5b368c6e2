//! `notifications`: where cards go, and what the requester hears directly.

use crate::ids::EnvironmentName;
use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::rules::{Channel, Tell};
use std::collections::BTreeSet;

pub const MAX_CHANNELS: usize = 200;
/// Environments of one channel.
pub const MAX_ENVIRONMENTS: usize = 200;

const KEYS: Keys = Keys {
    enforced: &["channels", "tell_requester", "mention", "one_card_per_change"],
    not_enforced: &["coalesce_edits", "preview_recipients_over"],
};
const CHANNEL_KEYS: Keys = Keys { enforced: &PLATFORMS, not_enforced: &[] };
/// Where cards can go.
const PLATFORMS: [&str; 2] = ["slack", "discord"];
const TELLS: [(&str, Tell); 6] = [
    ("approved", Tell::Approved),
    ("rejected", Tell::Rejected),
    ("expired", Tell::Expired),
    ("held", Tell::Held),
    ("released", Tell::Released),
    ("failed", Tell::Failed),
];

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &[],
    shapes: &[
        ("channels", Shape::Table(&CHANNELS), "Where cards go."),
        (
            "tell_requester",
            Shape::List(&Shape::Words(|| TELLS.iter().map(|(word, _)| *word).collect()), TELLS.len()),
            "What the requester hears directly.",
        ),
        ("mention", Shape::Words(|| MENTIONS.to_vec()), "Whom cards mention."),
        ("one_card_per_change", Shape::Flag, "A card is edited, not posted again."),
    ],
});
const CHANNELS: TableShape = TableShape {
    keys: CHANNEL_KEYS,
    required: &[],
    shapes: &[
        ("slack", CHANNEL, "Channels of Slack with their environments."),
        ("discord", CHANNEL, "Channels of Discord with their environments."),
    ],
};
const CHANNEL: Shape = Shape::Named(&Shape::List(&Shape::Text, MAX_ENVIRONMENTS), MAX_CHANNELS);
const MENTIONS: [&str; 1] = ["only_people_still_needed"];

/// Where cards go and what the requester hears; by default nowhere and nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notifications {
    pub channels: Vec<(Channel, Vec<EnvironmentName>)>,
    pub tell_requester: BTreeSet<Tell>,
}

impl Notifications {
    pub fn channels_for(&self, environment: &EnvironmentName) -> Vec<Channel> {
        let theirs = self.channels.iter().filter(|(_, environments)| environments.contains(environment));
        theirs.map(|(channel, _)| channel.clone()).collect()
    }
}

pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Notifications {
    let mut notifications = Notifications::default();
    let Some(table) = field.table(KEYS, reading) else { return notifications };
    if let Some(mention) = table.get("mention") {
        mention.word(&MENTIONS, reading);
    }
    if let Some(one) = table.get("one_card_per_change")
        && one.flag(reading) == Some(false)
    {
        reading.not_enforced(&one.place());
    }
    if let Some(tell) = table.get("tell_requester") {
        notifications.tell_requester = read_tells(&tell, reading);
    }
    if let Some(channels) = table.get("channels") {
        notifications.channels = read_channels(&channels, reading);
    }
    notifications
}

fn read_tells(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<Tell> {
    let words = TELLS.map(|(word, _)| word);
    let named = field.texts(TELLS.len(), reading);
    let known = named.iter().filter_map(|(_, item)| item.word(&words, reading));
    known.filter_map(|word| TELLS.iter().find(|(known, _)| *known == word).map(|(_, tell)| *tell)).collect()
}

fn read_channels(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<(Channel, Vec<EnvironmentName>)> {
    let Some(table) = field.table(CHANNEL_KEYS, reading) else { return Vec::new() };
    let mut channels = Vec::new();
    for platform in PLATFORMS {
        let entries = table.get(platform).map(|named| named.entries(MAX_CHANNELS, reading)).unwrap_or_default();
        for (key, entry) in entries {
            let named = entry.texts(MAX_ENVIRONMENTS, reading);
            let environments = named.iter().filter_map(|(_, environment)| reading.environment(environment)).collect();
            channels.push((Channel { platform: platform.to_owned(), channel: key.name.clone() }, environments));
        }
    }
    channels
}
