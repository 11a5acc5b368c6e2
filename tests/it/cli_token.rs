//! `token create`: printed once, good for its scopes, for people who exist.

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
