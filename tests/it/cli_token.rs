//! `token`: printed once, good for its scopes, for people who exist, until it is revoked.

use tests::process::binary::{Ran, run};
use tests::process::installation::{Database, Installation};
use tests::process::service::{Service, client};

fn create(installation: &Installation, scopes: &str, owner: &str) -> Ran {
    run(installation.folder(), &["token", "create", "--name", "pipeline", "--scopes", scopes, "--owner", owner])
}

#[tokio::test]
async fn a_token_is_good_for_its_scopes() {
    let installation = Installation::plain(Database::File);
    let _service = Service::ready(&installation).await;
    let made = create(&installation, "changes:read", "lead-1");
    assert_eq!(made.code, Some(0), "{}", made.err);
    // The token alone stands on standard output, so that a script can keep it.
    let token = made.out.trim_end();
    assert!(token.starts_with("cs_") && !token.contains(char::is_whitespace), "{token}");
    let url = format!("{}/v1/changes", installation.base());
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    assert_eq!(status(client().get(&url).bearer_auth(token)).await, 200);
    assert_eq!(status(client().get(&url).bearer_auth(format!("{token}x"))).await, 401);
    assert_eq!(status(client().get(&url)).await, 401);
    let wish = client().post(&url).bearer_auth(token).header("Idempotency-Key", "1").body("{}");
    assert_eq!(status(wish).await, 403, "changes:read does not write");
}

#[test]
fn a_scope_that_does_not_exist_is_refused_before_anything_is_opened() {
    let installation = Installation::plain(Database::File);
    let refused = create(&installation, "changes:read,chnges:write", "lead-1");
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(refused.err.contains("“chnges:write” is no scope") && refused.err.contains("changes:write"), "{}", refused.err);
    assert!(!installation.file("countersign.db").exists());
}

#[tokio::test]
async fn an_owner_who_does_not_exist_is_refused() {
    let installation = Installation::plain(Database::File);
    Service::ready(&installation).await.terminate().await;
    let refused = create(&installation, "changes:read", "ghost");
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(refused.err.contains("nobody has the id “ghost”"), "{}", refused.err);
}

#[tokio::test]
async fn tokens_are_listed_without_themselves_and_revoked() {
    let installation = Installation::plain(Database::File);
    let _service = Service::ready(&installation).await;
    let token = |arguments: &[&str]| run(installation.folder(), &[&["token"], arguments].concat());
    assert_eq!(token(&["list"]).out, "no token was made; see `countersign token create --help`\n");
    let made = create(&installation, "changes:read,changes:write", "lead-1").out;
    let listed = token(&["list"]).out;
    assert!(listed.contains("pipeline (service, lead-1 answers for it") && listed.contains("changes:read changes:write"), "{listed}");
    assert!(!listed.contains("cs_") && listed.lines().all(|line| line.chars().count() <= 80), "{listed}");
    let rows: serde_json::Value = serde_json::from_str(&token(&["list", "--format", "json"]).out).unwrap();
    let id = rows["tokens"][0]["id"].as_str().unwrap();
    let status =
        async || client().get(format!("{}/v1/changes", installation.base())).bearer_auth(made.trim()).send().await.unwrap().status();
    assert_eq!(status().await, 200);
    assert_eq!(token(&["revoke", id]).out, format!("{id} is revoked\n"));
    assert_eq!(status().await, 401);
    assert!(token(&["list"]).out.contains("  revoked 2"));
    let again = token(&["revoke", id]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("there is no valid token"), "{}", again.err);
}
