//! What Slack sends to `/slack/events`, read tolerantly: unknown fields and kinds are no error, missing ones are.
//!
//! Call [`super::verify`] first. Nothing of the raw request is kept or logged.

use super::modal::WHY_BLOCK;
use super::values;
use crate::ids;
use crate::inbound::{Command, DecodeError, Inbound, Press, ReplyHandle, Submit, Target, Verb};
use crate::secret::Secret;
use engine::ids::InteractionId;
use serde::Deserialize;
use serde_json::Value;

/// Events come as JSON, everything that people press or type as a form.
pub fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Inbound, DecodeError> {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") { event(body) } else { form(body) }
}

#[derive(Deserialize)]
struct EventEnvelope {
    #[serde(rename = "type")]
    kind: String,
    challenge: Option<String>,
}

fn event(body: &[u8]) -> Result<Inbound, DecodeError> {
    let envelope: EventEnvelope = json(body)?;
    if envelope.kind != "url_verification" {
        return Ok(Inbound::Ignored);
    }
    envelope.challenge.map(Inbound::Challenge).ok_or(DecodeError::Missing("challenge"))
}

#[derive(Deserialize)]
struct Form {
    payload: Option<String>,
    command: Option<String>,
    text: Option<String>,
    team_id: Option<String>,
    user_id: Option<String>,
    channel_id: Option<String>,
    response_url: Option<String>,
    ssl_check: Option<String>,
}

fn form(body: &[u8]) -> Result<Inbound, DecodeError> {
    let form: Form = serde_urlencoded::from_bytes(body).map_err(|_| DecodeError::NotAForm)?;
    match (&form.payload, &form.command) {
        (Some(payload), _) => interaction(payload.as_bytes()),
        (None, Some(_)) => command(form),
        (None, None) if form.ssl_check.is_some() => Ok(Inbound::Ignored),
        (None, None) => Err(DecodeError::NoPayload),
    }
}

fn command(form: Form) -> Result<Inbound, DecodeError> {
    let team = form.team_id.ok_or(DecodeError::Missing("team_id"))?;
    let user = form.user_id.ok_or(DecodeError::Missing("user_id"))?;
    Ok(Inbound::Command(Command {
        account: format!("{team}/{user}"),
        command: form.command.unwrap_or_default(),
        text: form.text.unwrap_or_default(),
        reply: ReplyHandle { url: form.response_url.map(Secret::new), channel: form.channel_id, user },
    }))
}

#[derive(Deserialize)]
struct Interaction {
    #[serde(rename = "type")]
    kind: String,
    user: Option<User>,
    team: Option<Id>,
    trigger_id: Option<String>,
    response_url: Option<String>,
    channel: Option<Id>,
    container: Option<Container>,
    #[serde(default)]
    actions: Vec<Action>,
    view: Option<View>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    team_id: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Container {
    channel_id: Option<String>,
}

#[derive(Deserialize)]
struct Action {
    action_id: Option<String>,
    value: Option<String>,
    /// Of a menu.
    selected_option: Option<Selected>,
    action_ts: Option<String>,
}

#[derive(Deserialize)]
struct Selected {
    value: Option<String>,
}

#[derive(Deserialize)]
struct View {
    id: Option<String>,
    callback_id: Option<String>,
    private_metadata: Option<String>,
    state: Option<ViewState>,
}

#[derive(Deserialize)]
struct ViewState {
    #[serde(default)]
    values: Value,
}

fn interaction(payload: &[u8]) -> Result<Inbound, DecodeError> {
    let interaction: Interaction = json(payload)?;
    match interaction.kind.as_str() {
        "block_actions" => press(interaction),
        "view_submission" => submit(interaction),
        "view_closed" => Ok(Inbound::Closed),
        _ => Ok(Inbound::Ignored),
    }
}

fn press(interaction: Interaction) -> Result<Inbound, DecodeError> {
    let Some((action, control)) = interaction.actions.iter().find_map(|action| Some((action, control(action)?))) else {
        return Ok(Inbound::Ignored);
    };
    let user = interaction.user.as_ref().ok_or(DecodeError::Missing("user"))?;
    let trigger = interaction.trigger_id.as_deref().ok_or(DecodeError::Missing("trigger_id"))?;
    let channel = interaction.channel.as_ref().map(|channel| channel.id.clone());
    let container = || interaction.container.as_ref().and_then(|container| container.channel_id.clone());
    Ok(Inbound::Press(Press {
        account: account(&interaction, user)?,
        verb: control.verb,
        target: target(control.target)?,
        trigger: Secret::new(trigger),
        reply: ReplyHandle {
            url: interaction.response_url.clone().map(Secret::new),
            channel: channel.or_else(container),
            user: user.id.clone(),
        },
        interaction: click_id(action, user, trigger),
    }))
}

/// What was pressed, or chosen in a menu.
struct Control<'a> {
    verb: Verb,
    target: Option<&'a str>,
}

/// `None` for a control that is not ours.
fn control(action: &Action) -> Option<Control<'_>> {
    let id = action.action_id.as_deref()?;
    if ids::is_menu(id) {
        let (verb, target) = ids::read_option(action.selected_option.as_ref()?.value.as_deref()?)?;
        return Some(Control { verb, target: Some(target) });
    }
    ids::verb(id).map(|verb| Control { verb, target: action.value.as_deref() })
}

fn submit(interaction: Interaction) -> Result<Inbound, DecodeError> {
    let view = interaction.view.as_ref().ok_or(DecodeError::Missing("view"))?;
    let Some(verb) = view.callback_id.as_deref().and_then(ids::verb) else { return Ok(Inbound::Ignored) };
    let user = interaction.user.as_ref().ok_or(DecodeError::Missing("user"))?;
    let id = view.id.as_ref().ok_or(DecodeError::Missing("view.id"))?;
    let mut given = values::values(view.state.as_ref().map_or(&Value::Null, |state| &state.values));
    Ok(Inbound::Submit(Submit {
        account: account(&interaction, user)?,
        verb,
        target: target(view.private_metadata.as_deref())?,
        rationale: given.remove(WHY_BLOCK).unwrap_or_default().concat(),
        fields: given.iter().filter_map(|(block, items)| Some((ids::field_name(block)?.to_owned(), items.join("\n")))).collect(),
        reply: ReplyHandle { url: None, channel: None, user: user.id.clone() },
        interaction: InteractionId::new(format!("slack/view/{id}")),
    }))
}

/// `user.team_id`, because the person of a shared channel may be at home elsewhere; else the workspace's own.
fn account(interaction: &Interaction, user: &User) -> Result<String, DecodeError> {
    let team = user.team_id.as_deref().or_else(|| interaction.team.as_ref().map(|team| team.id.as_str()));
    Ok(format!("{}/{}", team.ok_or(DecodeError::Missing("team"))?, user.id))
}

/// The time of the click with the person and the control; the trigger, which is a secret, never gets stored.
fn click_id(action: &Action, user: &User, trigger: &str) -> InteractionId {
    let what = action.action_id.as_deref().unwrap_or_default();
    let when = action.action_ts.clone().unwrap_or_else(|| fingerprint(trigger));
    InteractionId::new(format!("slack/click/{}/{what}/{when}", user.id))
}

fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn target(value: Option<&str>) -> Result<Target, DecodeError> {
    Target::of_any_release(value.ok_or(DecodeError::NoTarget)?)
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    // The message of the error quotes what was sent, so only the place is kept.
    serde_json::from_slice(body).map_err(|error| DecodeError::NotJson { line: error.line(), column: error.column() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::ChangeNumber;
    use serde_json::json;
    use templates::Verb::{Abstain, Approve, FillIn, Reject};

    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

    fn posted(payload: &Value) -> Result<Inbound, DecodeError> {
        let body = serde_urlencoded::to_string([("payload", payload.to_string())]).unwrap();
        decode(FORM, body.as_bytes())
    }

    fn click(action_id: &str, value: &str) -> Value {
        json!({
            "type": "block_actions",
            "user": { "id": "U000000002", "team_id": "T000000001", "a_field_of_next_year": 1 },
            "team": { "id": "T000000009" },
            "trigger_id": "13345224609.738474920.8088930838d88f008e0",
            "response_url": "https://hooks.slack.com/actions/T1/2/3",
            "channel": { "id": "C000000001" },
            "actions": [{ "type": "button", "action_id": action_id, "value": value, "action_ts": "1795449600.000100" }],
        })
    }

    fn press(payload: &Value) -> Press {
        match posted(payload) {
            Ok(Inbound::Press(press)) => press,
            other => panic!("{other:?}"),
        }
    }

    fn sent(team: Option<&str>, value: Option<&str>) -> Value {
        json!({
            "type": "view_submission",
            "user": { "id": "U000000002", "team_id": team },
            "team": { "id": "T000000009" },
            "view": {
                "id": "V000000001", "callback_id": "gate:v1:reject", "private_metadata": "CHG-1042.r2",
                "state": { "values": { "why": { "rationale": { "type": "plain_text_input", "value": value } } } },
            },
        })
    }

    #[test]
    fn a_click_is_who_what_and_where() {
        let press = press(&click("gate:v1:approve", "CHG-1042.r1"));
        assert_eq!(press.account, "T000000001/U000000002");
        assert_eq!(press.verb, Verb::Known(Approve));
        assert_eq!(press.target, Target { number: ChangeNumber(1042), round: 1 });
        assert_eq!(press.reply.channel.as_deref(), Some("C000000001"));
        assert_eq!(press.interaction.as_str(), "slack/click/U000000002/gate:v1:approve/1795449600.000100");
    }

    #[test]
    fn nothing_secret_shows() {
        let shown = format!("{:?}", press(&click("gate:v1:approve", "CHG-1042.r1")));
        assert!(!shown.contains("13345224609") && !shown.contains("hooks.slack.com"), "{shown}");
        let mut without_time = click("gate:v1:approve", "CHG-1042.r1");
        without_time["actions"][0]["action_ts"] = Value::Null;
        assert!(!press(&without_time).interaction.as_str().contains("13345224609"));
    }

    #[test]
    fn the_home_of_the_person_comes_before_the_workspace() {
        let account = |payload: &Value| match posted(payload) {
            Ok(Inbound::Submit(submit)) => submit.account,
            other => panic!("{other:?}"),
        };
        assert_eq!(account(&sent(Some("E000000001"), Some("x"))), "E000000001/U000000002");
        assert_eq!(account(&sent(None, Some("x"))), "T000000009/U000000002");
    }

    #[test]
    fn a_form_brings_its_reason_and_its_own_id() {
        let Ok(Inbound::Submit(submit)) = posted(&sent(None, Some("too risky\nfor now"))) else { panic!("not a form") };
        assert_eq!((submit.verb, submit.rationale.as_str()), (Verb::Known(Reject), "too risky\nfor now"));
        assert_eq!(submit.target, Target { number: ChangeNumber(1042), round: 2 });
        assert_eq!(submit.interaction.as_str(), "slack/view/V000000001");
        let Ok(Inbound::Submit(empty)) = posted(&sent(None, None)) else { panic!("not a form") };
        assert_eq!(empty.rationale, "");
    }

    #[test]
    fn a_menu_is_pressed_by_its_option() {
        let option = |value: &str| {
            let mut payload = click("gate:v1:more", "");
            payload["actions"][0]["selected_option"] = json!({ "text": { "type": "plain_text", "text": "Abstain…" }, "value": value });
            payload
        };
        let chosen = press(&option("abstain:CHG-1042.r3"));
        assert_eq!((chosen.verb, chosen.target), (Verb::Known(Abstain), Target { number: ChangeNumber(1042), round: 3 }));
        assert_eq!(press(&option("delegate:CHG-1042.r3")).verb, Verb::Unknown("delegate".to_owned()));
        assert_eq!(posted(&option("nothing")), Ok(Inbound::Ignored));
        assert_eq!(posted(&click("gate:v1:more", "CHG-1042.r3")), Ok(Inbound::Ignored));
    }

    #[test]
    fn a_form_brings_its_fields_by_their_names() {
        let mut payload = sent(None, None);
        payload["view"]["callback_id"] = "gate:v1:fill_in".into();
        payload["view"]["state"]["values"]["field.impact"] =
            json!({ "field.impact": { "type": "static_select", "selected_option": { "value": "none" } } });
        payload["view"]["state"]["values"]["field.plan"] = json!({ "field.plan": { "type": "plain_text_input", "value": "back\nwards" } });
        payload["view"]["state"]["values"]["field.empty"] = json!({ "field.empty": { "type": "plain_text_input", "value": null } });
        payload["view"]["state"]["values"]["foreign"] = json!({ "x": { "type": "plain_text_input", "value": "not ours" } });
        let Ok(Inbound::Submit(submit)) = posted(&payload) else { panic!("not a form") };
        let fields: Vec<(&str, &str)> = submit.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!((submit.verb, fields), (Verb::Known(FillIn), vec![("empty", ""), ("impact", "none"), ("plan", "back\nwards")]));
    }

    #[test]
    fn older_and_unknown_controls_are_told_apart_from_foreign_ones() {
        assert_eq!(press(&click("gate:v0:approve", "CHG-1042:7")).verb, Verb::Older);
        assert_eq!(press(&click("gate:v0:approve", "CHG-1042:7")).target, Target { number: ChangeNumber(1042), round: 0 });
        assert_eq!(press(&click("gate:v1:snooze", "CHG-1042.r1")).verb, Verb::Unknown("snooze".to_owned()));
        assert_eq!(posted(&click("another-app", "x")), Ok(Inbound::Ignored));
        assert_eq!(posted(&click("gate:v1:approve", "nothing")), Err(DecodeError::NoTarget));
    }

    #[test]
    fn everything_else_is_ignored_or_says_what_is_wrong() {
        assert_eq!(posted(&json!({ "type": "view_closed" })), Ok(Inbound::Closed));
        assert_eq!(posted(&json!({ "type": "a_kind_of_next_year" })), Ok(Inbound::Ignored));
        assert_eq!(posted(&json!({ "type": "view_submission" })), Err(DecodeError::Missing("view")));
        assert_eq!(decode(FORM, b"ssl_check=1"), Ok(Inbound::Ignored));
        assert_eq!(decode(FORM, b"a=b"), Err(DecodeError::NoPayload));
        assert_eq!(decode(FORM, b"payload=%7B"), Err(DecodeError::NotJson { line: 1, column: 1 }));
        assert_eq!(decode(None, &[0xff, 0xfe]), Err(DecodeError::NoPayload));
    }

    #[test]
    fn the_address_is_confirmed_by_its_challenge() {
        let json = Some("application/json; charset=utf-8");
        let challenge = br#"{"type":"url_verification","challenge":"abc","token":"x"}"#;
        assert_eq!(decode(json, challenge), Ok(Inbound::Challenge("abc".to_owned())));
        assert_eq!(decode(json, br#"{"type":"event_callback","event":{}}"#), Ok(Inbound::Ignored));
    }

    #[test]
    fn a_command_knows_its_person() {
        let body = b"command=%2Fgate&text=list&team_id=T1&user_id=U1&channel_id=C1&response_url=https%3A%2F%2Fhooks.slack.com%2Fx";
        let Ok(Inbound::Command(command)) = decode(FORM, body) else { panic!("not a command") };
        assert_eq!((command.account.as_str(), command.command.as_str(), command.text.as_str()), ("T1/U1", "/gate", "list"));
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..400), json in proptest::bool::ANY) {
            let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            let _ = decode(Some(kind), &body);
        }
    }
}
