//! What an operator asks of Discord once: whether all fits together, and to know our command.

use super::client::{Call, Discord};
use super::command;
use super::snowflake::Snowflake;
use crate::platform::SendError;
use hyper_util::client::legacy::connect::Connect;
use serde_json::json;

/// Who Discord says we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub application: String,
    pub name: String,
    /// Where Discord sends interactions; empty while nobody has entered it.
    pub interactions_url: String,
    /// The key that Discord signs with, in hexadecimal digits.
    pub public_key: String,
}

impl<H> Discord<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    pub(super) async fn identity(&self) -> Result<Identity, SendError> {
        let ours = self.call(Call::get("/applications/@me")).await?;
        let text = |name: &str| ours[name].as_str().unwrap_or_default().to_owned();
        Ok(Identity {
            application: text("id"),
            name: text("name"),
            interactions_url: text("interactions_endpoint_url"),
            public_key: text("verify_key"),
        })
    }

    /// What is configured otherwise than Discord says.
    pub(super) fn faults(&self, identity: &Identity) -> Vec<String> {
        let (settings, mut faults) = (self.settings(), Vec::new());
        if identity.application != settings.application_id.to_string() {
            faults.push(format!("the bot token belongs to the application {}, not to discord.application_id", identity.application));
        }
        if !settings.public_key.is(&identity.public_key) {
            faults.push("discord.public_key is not this application’s; copy “Public Key” from its page".to_owned());
        }
        if identity.interactions_url != settings.interactions_url {
            let there = if identity.interactions_url.is_empty() { "nothing" } else { &identity.interactions_url };
            faults.push(format!("the “Interactions Endpoint URL” there is {there}; enter {}", settings.interactions_url));
        }
        faults
    }

    /// Puts our command in the place of all that the application has.
    pub(super) async fn register_command(&self, server: Option<Snowflake>) -> Result<(), SendError> {
        let application = self.application();
        let path = match server {
            Some(server) => format!("/applications/{application}/guilds/{server}/commands"),
            None => format!("/applications/{application}/commands"),
        };
        self.call(Call::put(path, &json!([command::registration()]))).await?;
        Ok(())
    }
}
