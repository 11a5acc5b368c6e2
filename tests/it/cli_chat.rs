//! `chat check` and `chat register`: what the platforms say of us, and what to do about it, from a shell.

use router::clock::SystemClock;
use std::sync::Arc;
use tests::fakes::discord::{APPLICATION, FakeDiscord};
use tests::fakes::slack::FakeSlack;
use tests::process::binary::{Ran, run};
use tests::process::installation::{BOT_TOKEN, Database, Installation, PEOPLE, Plan, SIGNING_SECRET};

/// A public key of RFC 8032, section 7.1: another application's.
const OTHER_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const DISCORD_TOKEN: &str = "a-bot-token-of-a-shell";

async fn discord() -> FakeDiscord {
    FakeDiscord::serve(DISCORD_TOKEN, Arc::new(SystemClock)).await
}

/// With Discord in its configuration, and this bot token.
fn on_discord(discord: &FakeDiscord, token: &str) -> Installation {
    let installation = Installation::plain(Database::File);
    let (key, api) = (discord.public_key(), discord.api_url());
    let section =
        format!("\n[discord]\napplication_id = \"{APPLICATION}\"\npublic_key = \"{key}\"\nbot_token = \"{token}\"\napi_url = \"{api}\"\n");
    installation.write("countersign.toml", &(installation.read("countersign.toml") + &section));
    installation
}

fn chat(installation: &Installation, arguments: &[&str]) -> Ran {
    run(installation.folder(), &[&["chat"], arguments].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_says_who_we_are_and_what_does_not_fit() {
    let discord = discord().await;
    let installation = on_discord(&discord, DISCORD_TOKEN);
    let door = format!("{}/discord/interactions", installation.base());
    let nowhere = chat(&installation, &["check"]);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (Some(1), "discord: we are the application “countersign” (42)\n"));
    assert!(nowhere.err.contains(&format!("is nothing; enter {door}")), "{}", nowhere.err);
    discord.state().interactions_url = door;
    let well = chat(&installation, &["check"]);
    assert_eq!((well.code, well.err.as_str()), (Some(0), ""));
    let settings = installation.read("countersign.toml").replace("application_id = \"42\"", "application_id = \"43\"");
    installation.write("countersign.toml", &settings.replace(&discord.public_key(), OTHER_KEY));
    let other = chat(&installation, &["check"]);
    assert_eq!(other.code, Some(1), "{other:?}");
    assert!(other.err.contains("belongs to the application 42") && other.err.contains("is not this application’s"), "{}", other.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_learns_the_command() {
    let discord = discord().await;
    let installation = on_discord(&discord, DISCORD_TOKEN);
    let everywhere = chat(&installation, &["register"]);
    assert_eq!((everywhere.code, everywhere.err.as_str()), (Some(0), ""));
    assert!(everywhere.out.starts_with("discord: knows the command"), "{}", everywhere.out);
    let known = discord.state().commands.clone();
    assert_eq!((&known[0]["name"], known.as_array().map(Vec::len)), (&"gate".into(), Some(1)));
    let verbs: Vec<&str> = known[0]["options"].as_array().unwrap().iter().filter_map(|verb| verb["name"].as_str()).collect();
    assert!(verbs.contains(&"approve") && verbs.contains(&"whoami"), "{verbs:?}");
    let here = chat(&installation, &["register", "--server", "3"]);
    assert_eq!((here.code, here.out.as_str()), (Some(0), "discord: knows the command in the server 3\n"));
    assert_eq!(discord.state().server_commands.get(&3), Some(&known));
    let odd = chat(&installation, &["register", "--server", "the-server"]);
    assert_eq!((odd.code, odd.out.as_str()), (Some(1), ""));
    assert!(discord.state().unexpected.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_ours_is_said_and_not_shown() {
    let discord = discord().await;
    let installation = on_discord(&discord, "somebody-elses-token");
    for arguments in [&["check"][..], &["register"]] {
        let refused = chat(&installation, arguments);
        assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(refused.err.starts_with("discord: ") && !refused.err.contains("somebody-elses"), "{}", refused.err);
    }
    assert!(discord.state().commands.is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_says_how_accounts_begin() {
    let slack = FakeSlack::serve(BOT_TOKEN, SIGNING_SECRET, Arc::new(SystemClock)).await;
    let (api, people) = (slack.api_url(), PEOPLE);
    let installation = Installation::new(&Plan { database: Database::File, gitlab_api: None, slack_api: Some(&api), people });
    let checked = chat(&installation, &["check"]);
    assert_eq!((checked.code, checked.err.as_str()), (Some(0), ""));
    assert!(checked.out.contains("slack: we are “countersign” in the workspace “Example”"), "{}", checked.out);
    assert!(checked.out.contains("begin with T000000001/"), "{}", checked.out);
    let registered = chat(&installation, &["register"]);
    assert_eq!(registered.code, Some(0), "{registered:?}");
    assert!(registered.out.contains("from the app’s manifest"), "{}", registered.out);
}

#[test]
fn without_a_platform_there_is_nothing_to_ask() {
    let installation = Installation::plain(Database::File);
    let refused = chat(&installation, &["check"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(refused.err.contains("No chat platform is configured"), "{}", refused.err);
}
