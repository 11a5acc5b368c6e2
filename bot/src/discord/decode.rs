//! What Discord sends to `/discord/interactions`, read tolerantly: unknown fields and kinds are no error, missing ones are.
//!
//! Call [`super::PublicKey::verify`] first. Nothing of the raw request is kept or logged.

use super::command::{self, Given};
use super::controls::{self, Pointer};
use super::snowflake::Snowflake;
use super::values;
use crate::ids::{self, RATIONALE};
use crate::inbound::{Command, DecodeError, Inbound, Press, ReplyHandle, Submit, Target, Typing};
use crate::secret::Secret;
use engine::ids::InteractionId;
use serde::Deserialize;
use serde_json::Value;

/// One verified interaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Discord checks the address: answer with [`super::pong`].
    Ping,
    /// Answer with [`super::choices_reply`].
    Typing(Typing),
    Inbound(Inbound),
}

/// Discord's numbers for kinds of interactions.
mod kind {
    pub const PING: u64 = 1;
    pub const COMMAND: u64 = 2;
    pub const COMPONENT: u64 = 3;
    pub const AUTOCOMPLETE: u64 = 4;
    pub const MODAL: u64 = 5;
}

#[derive(Deserialize)]
struct Interaction {
    id: Snowflake,
    application_id: Snowflake,
    #[serde(rename = "type")]
    kind: u64,
    token: Option<String>,
    channel_id: Option<String>,
    member: Option<Member>,
    user: Option<User>,
    data: Option<Content>,
}

/// In a server the user stands here, in direct messages beside it.
#[derive(Deserialize)]
struct Member {
    user: User,
}

#[derive(Deserialize)]
struct User {
    id: Snowflake,
}

#[derive(Deserialize)]
struct Content {
    custom_id: Option<String>,
    #[serde(default)]
    components: Value,
    name: Option<String>,
    #[serde(default)]
    options: Vec<Given>,
}

/// `application` is ours: what is meant for another one is refused, however well it is signed.
pub fn decode(application: Snowflake, body: &[u8]) -> Result<Received, DecodeError> {
    // The message of the error quotes what was sent, so only the place is kept.
    let interaction: Interaction =
        serde_json::from_slice(body).map_err(|error| DecodeError::NotJson { line: error.line(), column: error.column() })?;
    if interaction.application_id != application {
        return Err(DecodeError::OtherApplication);
    }
    match interaction.kind {
        kind::PING => Ok(Received::Ping),
        kind::COMMAND => command(&interaction).map(Received::Inbound),
        kind::COMPONENT => press(&interaction).map(Received::Inbound),
        kind::AUTOCOMPLETE => autocomplete(&interaction),
        kind::MODAL => submit(&interaction).map(Received::Inbound),
        _ => Ok(Received::Inbound(Inbound::Ignored)),
    }
}

impl Interaction {
    fn user(&self) -> Result<Snowflake, DecodeError> {
        let member = self.member.as_ref().map(|member| &member.user);
        member.or(self.user.as_ref()).map(|user| user.id).ok_or(DecodeError::Missing("user"))
    }

    fn content(&self) -> Result<&Content, DecodeError> {
        self.data.as_ref().ok_or(DecodeError::Missing("data"))
    }

    fn token(&self) -> Result<Secret, DecodeError> {
        self.token.as_deref().map(Secret::new).ok_or(DecodeError::Missing("token"))
    }

    fn reply(&self) -> Result<ReplyHandle, DecodeError> {
        Ok(ReplyHandle { url: Some(self.token()?), channel: self.channel_id.clone(), user: self.user()?.to_string() })
    }
}

/// The control that the interaction is about, if it is ours.
fn pointer(content: &Content) -> Option<Pointer<'_>> {
    controls::read(content.custom_id.as_deref()?)
}

fn press(interaction: &Interaction) -> Result<Inbound, DecodeError> {
    let Some(pointer) = pointer(interaction.content()?) else { return Ok(Inbound::Ignored) };
    Ok(Inbound::Press(Press {
        account: interaction.user()?.to_string(),
        target: Target::of_any_release(pointer.target)?,
        verb: pointer.verb,
        trigger: interaction.token()?,
        reply: interaction.reply()?,
        interaction: InteractionId::new(format!("discord/press/{}", interaction.id)),
    }))
}

fn submit(interaction: &Interaction) -> Result<Inbound, DecodeError> {
    let content = interaction.content()?;
    let Some(pointer) = pointer(content) else { return Ok(Inbound::Ignored) };
    let user = interaction.user()?;
    // A form that is sent again, because its answer was lost, is another interaction but was opened by the same press.
    let once = match pointer.opened_by {
        Some(press) => format!("discord/form/{user}/{press}"),
        None => format!("discord/submit/{}", interaction.id),
    };
    let mut given = values::values(&content.components);
    Ok(Inbound::Submit(Submit {
        account: user.to_string(),
        target: Target::of_any_release(pointer.target)?,
        verb: pointer.verb,
        rationale: given.remove(RATIONALE).unwrap_or_default().concat(),
        fields: given.iter().filter_map(|(id, items)| Some((ids::field_name(id)?.to_owned(), items.join("\n")))).collect(),
        reply: interaction.reply()?,
        interaction: InteractionId::new(once),
    }))
}

fn command(interaction: &Interaction) -> Result<Inbound, DecodeError> {
    let content = interaction.content()?;
    if content.name.as_deref() != Some(command::NAME) {
        return Ok(Inbound::Ignored);
    }
    let account = interaction.user()?.to_string();
    let text = content.options.first().map(command::sentence).unwrap_or_default();
    Ok(Inbound::Command(Command {
        account,
        command: format!("/{}", command::NAME),
        text,
        trigger: interaction.token()?,
        reply: interaction.reply()?,
        interaction: InteractionId::new(format!("discord/command/{}", interaction.id)),
    }))
}

fn autocomplete(interaction: &Interaction) -> Result<Received, DecodeError> {
    let verb = interaction.content()?.options.first().ok_or(DecodeError::Missing("data.options"))?;
    let focused = verb.options.iter().find(|option| option.focused).ok_or(DecodeError::Missing("a focused option"))?;
    Ok(Received::Typing(Typing {
        account: interaction.user()?.to_string(),
        verb: verb.name.clone(),
        wanted: command::wanted(&verb.name, &focused.name),
        typed: focused.text(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::{Verb, Wanted};
    use engine::ids::ChangeNumber;
    use serde_json::json;
    use templates::Verb::{Approve, FillIn, Reject};

    const OURS: &str = "42";

    fn decoded(json: &Value) -> Result<Received, DecodeError> {
        decode(OURS.parse().unwrap(), json.to_string().as_bytes())
    }

    fn of(kind: u64, data: Value) -> Value {
        json!({
            "id": "900", "application_id": OURS, "type": kind, "version": 1, "token": "a-token", "channel_id": "7", "guild_id": "3",
            "member": { "user": { "id": "1456", "username": "approver-1" }, "permissions": "0" }, "data": data,
        })
    }

    fn inbound(json: &Value) -> Inbound {
        match decoded(json) {
            Ok(Received::Inbound(inbound)) => inbound,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_press_is_who_what_and_where() {
        let Inbound::Press(press) = inbound(&of(3, json!({ "component_type": 2, "custom_id": "gate:v1:approve:CHG-1042.r2" }))) else {
            panic!("not a press")
        };
        assert_eq!((press.account.as_str(), &press.verb), ("1456", &Verb::Known(Approve)));
        assert_eq!(press.target, Target { number: ChangeNumber(1042), round: 2 });
        assert_eq!(press.interaction.as_str(), "discord/press/900");
        assert!(!format!("{press:?}").contains("a-token"));
    }

    #[test]
    fn a_form_brings_its_reason_and_knows_what_opened_it() {
        let input = json!({ "type": 18, "component": { "type": 4, "custom_id": "rationale", "value": "too risky\nfor now" } });
        let data = json!({ "custom_id": "gate:v1:reject:CHG-1042.r2:899", "components": [input] });
        let Inbound::Submit(submit) = inbound(&of(5, data)) else { panic!("not a form") };
        assert_eq!((submit.verb, submit.rationale.as_str()), (Verb::Known(Reject), "too risky\nfor now"));
        assert_eq!(submit.interaction.as_str(), "discord/form/1456/899");
        let Inbound::Submit(bare) = inbound(&of(5, json!({ "custom_id": "gate:v1:reject:CHG-1042.r2" }))) else { panic!("not a form") };
        assert_eq!((bare.interaction.as_str(), bare.rationale.as_str()), ("discord/submit/900", ""));
    }

    #[test]
    fn a_form_brings_its_fields_by_their_names() {
        let row = |id: &str, value: &str| json!({ "type": 1, "components": [{ "type": 4, "custom_id": id, "value": value }] });
        let menu = json!({ "type": 18, "component": { "type": 3, "custom_id": "field.systems", "values": ["checkout", "ledger"] } });
        let components = json!([row("field.plan", "back\nwards"), row("field.empty", ""), menu, row("rationale", "a note")]);
        let data = json!({ "custom_id": "gate:v1:fill_in:CHG-1042.r1:899", "components": components });
        let Inbound::Submit(submit) = inbound(&of(5, data)) else { panic!("not a form") };
        let fields: Vec<(&str, &str)> = submit.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(fields, [("empty", ""), ("plan", "back\nwards"), ("systems", "checkout\nledger")]);
        assert_eq!((submit.verb, submit.rationale.as_str()), (Verb::Known(FillIn), "a note"));
    }

    #[test]
    fn in_direct_messages_the_user_stands_beside_the_member() {
        let mut direct = of(3, json!({ "custom_id": "gate:v1:details:CHG-1042.r1" }));
        direct["member"] = Value::Null;
        assert_eq!(decoded(&direct), Err(DecodeError::Missing("user")));
        direct["user"] = json!({ "id": "1457" });
        let Inbound::Press(press) = inbound(&direct) else { panic!("not a press") };
        assert_eq!(press.account, "1457");
    }

    #[test]
    fn a_command_is_a_sentence_and_typing_is_told_apart() {
        let option = json!({ "name": "change", "type": 3, "value": "CHG-10", "focused": true });
        let data = json!({ "id": "5", "name": "gate", "options": [{ "name": "show", "type": 1, "options": [option] }] });
        let Inbound::Command(command) = inbound(&of(2, data.clone())) else { panic!("not a command") };
        assert_eq!((command.command.as_str(), command.text.as_str()), ("/gate", "show CHG-10"));
        let typing = Typing { account: "1456".into(), verb: "show".into(), wanted: Wanted::Change, typed: "CHG-10".into() };
        assert_eq!(decoded(&of(4, data)), Ok(Received::Typing(typing)));
        assert_eq!(inbound(&of(2, json!({ "name": "another" }))), Inbound::Ignored);
    }

    #[test]
    fn everything_else_is_ignored_or_says_what_is_wrong() {
        assert_eq!(decoded(&json!({ "id": "1", "application_id": OURS, "type": 1 })), Ok(Received::Ping));
        assert_eq!(decoded(&json!({ "id": "1", "application_id": "43", "type": 1 })), Err(DecodeError::OtherApplication));
        assert_eq!(inbound(&of(77, json!({}))), Inbound::Ignored);
        assert_eq!(inbound(&of(3, json!({ "custom_id": "another-app" }))), Inbound::Ignored);
        assert_eq!(decoded(&of(3, json!({ "custom_id": "gate:v1:approve:nothing" }))), Err(DecodeError::NoTarget));
        assert_eq!(decoded(&of(3, Value::Null)), Err(DecodeError::Missing("data")));
        assert!(matches!(decode(OURS.parse().unwrap(), b"{"), Err(DecodeError::NotJson { line: 1, .. })));
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = decode(OURS.parse().unwrap(), &body);
        }
    }
}
