//! The token of an installation: asked for with the application's own statement, for one repository and one purpose.
//!
//! <https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app>

use super::target::{number, passes, said};
use crate::secret::Secret;
use crate::sources::reading::Fields;
use crate::sources::{Ask, Call, Exchange, Loan, Turn};
use chrono::DateTime;
use engine::Timestamp;
use serde_json::{Value, json};

/// No more than the question needs, so that a token that leaks can do no more either.
pub fn borrowing(ask: &Ask<'_>) -> Result<Call, String> {
    let (callback, permissions) = match *ask {
        Ask::Authors { callback, .. } => (callback, json!({ "contents": "read", "pull_requests": "read" })),
        Ask::Report { callback, .. } | Ask::Decision { callback, .. } => (callback, json!({ "actions": "read", "deployments": "write" })),
    };
    let installation = number(callback, "installation_id").map_err(why)?;
    let repository: i64 = number(callback, "repository_id").map_err(why)?.parse().map_err(|_| "the repository’s id is too long")?;
    let body = json!({ "repository_ids": [repository], "permissions": permissions });
    Ok(Call::post(format!("/app/installations/{installation}/access_tokens"), Some(body)))
}

pub fn loan(answer: &Exchange) -> Loan {
    if let Some(lent) = lent(&answer.body).filter(|_| answer.status == 201) {
        return lent;
    }
    let refused = match answer.status {
        201 => "GitHub lent no token that can be read".to_owned(),
        401 => format!("GitHub does not accept app_id and private_key: {}", said(answer)),
        404 => "GitHub knows no such installation of the app: was it uninstalled?".to_owned(),
        422 => format!("GitHub lends no token with the permissions that are needed: {}", said(answer)),
        status => format!("asking for a token, GitHub answered {status}: {}", said(answer)),
    };
    if passes(answer) { Loan::Later { why: refused } } else { Loan::Refused { why: refused } }
}

fn lent(body: &Value) -> Option<Loan> {
    let token = Secret::new(body.get("token")?.as_str()?).ok()?;
    let expires_at = DateTime::parse_from_rfc3339(&Fields(body).text("/expires_at")?).ok()?;
    Some(Loan::Lent { token, expires_at: Timestamp::from_utc(expires_at.to_utc()) })
}

fn why(failed: Turn) -> String {
    match failed {
        Turn::Failed { why } | Turn::Wait { why } => why,
        Turn::Call(_)
        | Turn::Authors(_)
        | Turn::Confirmed { .. }
        | Turn::DecidedOtherwise { .. }
        | Turn::NoteFirst { .. }
        | Turn::Begun { .. } => String::new(),
    }
}
