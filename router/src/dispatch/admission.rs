//! Before a conversation: with which token it is held. An application borrows one first, or uses what it holds still.

use super::conversation::End;
use crate::app::App;
use crate::sources::{Api, AppIdentity, Ask, Auth, Connection, Loan};

/// The API as it is called, and what the token is held under if it was borrowed earlier.
pub struct Admission {
    pub api: Api,
    pub held_as: Option<String>,
}

pub async fn admit(app: &App, connection: &Connection, api: &Api, ask: &Ask<'_>) -> Result<Admission, End> {
    match &api.auth {
        Auth::App(identity) => borrow(app, connection, (api, identity), ask).await,
        Auth::PrivateToken(_) | Auth::Bearer(_) | Auth::Basic(_) | Auth::Signature => Ok(Admission { api: api.clone(), held_as: None }),
    }
}

async fn borrow(app: &App, connection: &Connection, (api, identity): (&Api, &AppIdentity), ask: &Ask<'_>) -> Result<Admission, End> {
    let failed = |why: String| End::Failed { why };
    let call = (identity.borrowing)(ask).map_err(failed)?;
    let with = |token| Api { base: api.base.clone(), auth: Auth::Bearer(token) };
    let body = call.json().map(ToString::to_string).unwrap_or_default();
    let what = format!("{} {} {} {body}", connection.name, identity.issuer, call.path_and_query);
    let now = app.clock.now();
    if let Some(token) = app.client.loans().held(&what, now) {
        return Ok(Admission { api: with(token), held_as: Some(what) });
    }
    let statement = identity.statement(now).map_err(failed)?;
    let answer = app.client.send(&with(statement), &call).await.map_err(|error| End::of(error, &connection.name))?;
    match (identity.loan)(&answer) {
        Loan::Lent { token, expires_at } => {
            app.client.loans().keep(what, token.clone(), expires_at, now);
            Ok(Admission { api: with(token), held_as: None })
        }
        Loan::Later { why } => Err(End::Again { why, after_s: None }),
        Loan::Refused { why } => Err(End::Failed { why }),
    }
}
