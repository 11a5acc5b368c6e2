//! Who plays in the stories that judges watch, and the directory that knows them.

use serde_json::{Map, Value};

/// Ids in the directory, and user ids at GitLab of those who have one.
pub const CAST: [(&str, Option<i64>); 5] =
    [("requester-1", Some(11)), ("author-1", Some(14)), ("approver-1", Some(12)), ("approver-2", Some(13)), ("lead-1", None)];

/// people.yaml, with these accounts on this chat platform, by ids of the directory.
pub fn people(platform: &str, accounts: &Map<String, Value>) -> String {
    let line = |(person, gitlab): &(&str, Option<i64>)| {
        let chat = format!("{platform}: {}", accounts[*person]);
        let accounts = gitlab.map_or(chat.clone(), |id| format!("{chat}, gitlab: \"{id}\""));
        format!("  - {{ id: {person}, name: {person}, email: {person}@example.com, accounts: {{ {accounts} }} }}\n")
    };
    let people: String = CAST.iter().map(line).collect();
    format!("people:\n{people}groups:\n  developers: [requester-1, author-1, approver-1]\n  operations: [approver-2]\n  leads: [lead-1]\n")
}
