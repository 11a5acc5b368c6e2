//! Requests for the load, written and signed before it begins: no two have the same key, body or signature.

use super::node::GITHUB_SECRET;
use crate::process::installation::HOOK_SECRET;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// Bytes of a hook's body, about what the forges send.
pub const BODY_BYTES: usize = 2_048;
/// Odd and large, so that ids made with it look like a forge's.
const SCATTER: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// Writes the request with this number.
pub type Request = fn(u64) -> Vec<u8>;

/// A signed push as GitHub sends it: verified, de-duplicated, stored, nothing else.
pub fn github(number: u64) -> Vec<u8> {
    let mut body = json!({
        "ref": "refs/heads/main", "before": id(number), "after": id(number + 1), "forced": false, "commits": [],
        "repository": { "id": 7, "full_name": "payments/checkout-api", "private": true, "default_branch": "main" },
        "pusher": { "name": "author-1", "email": "author-1@example.com" }, "filler": "",
    });
    fill(&mut body, number);
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
    let sha = id(number);
    let mut body = json!({
        "object_kind": "deployment", "status": "blocked", "deployment_id": number + 1, "deployable_id": number + 1,
        "environment": "production", "environment_tier": "production", "short_sha": &sha[..8],
        "project": { "id": number + 1, "path_with_namespace": format!("payments/service-{number}") },
        "user": { "id": 11 }, "commit_title": "Validate cards faster", "ref": "main", "commits": [],
        "commit_url": format!("https://gitlab.example.com/payments/service-{number}/-/commit/{sha}"), "filler": "",
    });
    fill(&mut body, number);
    let headers = format!("X-Gitlab-Event: Deployment Hook\r\nX-Gitlab-Token: {HOOK_SECRET}\r\nIdempotency-Key: bench-{number}\r\n");
    request("gitlab-main", &headers, &body.to_string())
}

/// Forty hexadecimal digits.
fn id(number: u64) -> String {
    format!("{:040x}", u128::from(number + 1).wrapping_mul(SCATTER))
}

/// Commits until it is nearly long enough, as compressible as a forge's; then the rest.
fn fill(body: &mut Value, number: u64) {
    for line in 0.. {
        let commit = json!({
            "id": id(number.wrapping_mul(31) + line), "message": format!("Validate cards faster, part {line}"),
            "timestamp": format!("2026-11-23T10:{:02}:{:02}+01:00", line % 60, number % 60),
            "author": { "name": "author-1" }, "modified": [format!("src/validate_{line}.rs")],
        });
        if body.to_string().len() + commit.to_string().len() + 1 > BODY_BYTES {
            break;
        }
        body["commits"].as_array_mut().expect("a list").push(commit);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_have_one_length_and_nothing_in_common() {
        for write in [github, gitlab] {
            let (one, other) = (write(1), write(2));
            assert_ne!(one, other);
            for request in [one, other] {
                let text = String::from_utf8(request).unwrap();
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                assert!(body.len() == BODY_BYTES && head.contains(&format!("Content-Length: {BODY_BYTES}")), "{text}");
            }
        }
    }
}
