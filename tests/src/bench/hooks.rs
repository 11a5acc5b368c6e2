//! Requests for the load, written once and changed only where each has to differ.

use super::node::{GITHUB_SECRET, GITLAB_SECRET};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

/// Bytes of a hook's body, about what the forges send.
pub const BODY_BYTES: usize = 2_048;

/// A signed push as GitHub sends it: verified, de-duplicated, stored, nothing else.
pub fn github(number: u64) -> Vec<u8> {
    let mut body = json!({ "ref": "refs/heads/main", "after": format!("{number:040x}"), "repository": { "full_name": "payments/checkout-api" }, "filler": "" });
    fill(&mut body);
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(GITHUB_SECRET.as_bytes()).expect("any key will do");
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    request(
        "github",
        &format!("X-GitHub-Event: push\r\nX-GitHub-Delivery: bench-{number}\r\nX-Hub-Signature-256: sha256={signature}\r\n"),
        &body,
    )
}

/// A deployment that waits, each of a service of its own, so that each opens a change.
pub fn gitlab(number: u64) -> Vec<u8> {
    let sha = format!("{number:08x}{:032x}", 7);
    let mut body = json!({
        "object_kind": "deployment", "status": "blocked", "deployment_id": number + 1, "deployable_id": number + 1,
        "environment": "production", "environment_tier": "production", "short_sha": &sha[..8],
        "project": { "id": number + 1, "path_with_namespace": format!("payments/service-{number}") },
        "user": { "id": 11 }, "commit_title": "Validate cards faster", "ref": "main",
        "commit_url": format!("https://gitlab.example.com/payments/service-{number}/-/commit/{sha}"), "filler": "",
    });
    fill(&mut body);
    let headers = format!("X-Gitlab-Event: Deployment Hook\r\nX-Gitlab-Token: {GITLAB_SECRET}\r\nIdempotency-Key: bench-{number}\r\n");
    request("gitlab", &headers, &body.to_string())
}

fn fill(body: &mut serde_json::Value) {
    let short = BODY_BYTES.saturating_sub(body.to_string().len());
    body["filler"] = json!("x".repeat(short));
}

fn request(integration: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /hooks/{integration} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}
