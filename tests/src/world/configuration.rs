//! The folder of a story as an operator sets it up: countersign.toml, policy.yaml, people.yaml. Nodes of this process
//! read it as the program does.

use super::plan::{Credentials, Plan};
use super::{GITHUB, GITHUB_SECRET, GITLAB, PUBLIC_URL, gitlab};
use crate::fakes::discord::{APPLICATION, FakeDiscord};
use crate::fakes::github::{APP, APP_KEY, FakeGithub, REVIEWER_TOKEN};
use crate::fakes::slack::FakeSlack;
use router::settings::Settings;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use url::Url;

pub const SLACK_TOKEN: &str = "xoxb-of-the-stories";
pub const SLACK_SECRET: &str = "a secret of the app";
pub const DISCORD_TOKEN: &str = "a-bot-token-of-the-stories";
const SETTINGS: &str = "countersign.toml";

pub struct Configuration {
    folder: TempDir,
}

impl Configuration {
    /// `sections` are those of countersign.toml.
    pub fn write(plan: &Plan, sections: &Value) -> Self {
        let configuration = Self { folder: TempDir::new().expect("a folder") };
        let sections = toml::Table::try_from(sections).expect("sections that TOML has words for");
        configuration.put(SETTINGS, &sections.to_string());
        configuration.put_laws(plan);
        configuration
    }

    /// Policy and people of the plan, in the place of those that were there.
    pub fn put_laws(&self, plan: &Plan) {
        self.put("policy.yaml", &plan.policy);
        self.put("people.yaml", &plan.people);
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// As the program reads them.
    pub fn settings(&self) -> Settings {
        Settings::read(Some(&self.folder().join(SETTINGS)), std::iter::empty()).unwrap_or_else(|fault| panic!("the settings: {fault}"))
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder().join(name), text).expect("to write into the folder of the story");
    }
}

/// What every story is configured with, but for its integrations.
pub fn general(plan: &Plan, database_url: &str, slack: &FakeSlack, discord: &FakeDiscord) -> Value {
    let mut sections = json!({
        "server": { "public_url": PUBLIC_URL },
        "database": { "url": database_url },
        "policy": { "files": ["policy.yaml"] },
        "directory": { "file": "people.yaml" },
        "network": { "allow_private": ["127.0.0.0/8"], "answer_within_s": plan.answer_within_s },
        "slack": { "bot_token": SLACK_TOKEN, "signing_secret": SLACK_SECRET, "api_url": slack.api_url() },
    });
    if plan.is_on_discord {
        sections["discord"] = json!({
            "application_id": APPLICATION.to_string(), "public_key": discord.public_key(),
            "bot_token": DISCORD_TOKEN, "api_url": discord.api_url(),
        });
    }
    sections
}

pub fn gitlab_integration(api: &Url) -> Value {
    json!({ "name": GITLAB, "kind": "gitlab", "secret": gitlab::SECRET, "api_url": api, "token": gitlab::TOKEN })
}

pub fn github_integration(github: &FakeGithub, credentials: Credentials) -> Value {
    let mut integration = json!({ "name": GITHUB, "kind": "github", "secret": GITHUB_SECRET, "api_url": github.api_url() });
    match credentials {
        Credentials::App => {
            integration["app_id"] = APP.into();
            integration["private_key"] = APP_KEY.into();
        }
        Credentials::Reviewer => integration["token"] = REVIEWER_TOKEN.into(),
        Credentials::Nothing => {}
    }
    integration
}
