//! `/pauses`: what is paused, by whom, why and until when; and pausing and resuming for those whom the policy lets.

use super::VIA;
use super::controls::interaction_of;
use super::halt::Halt;
use super::notice;
use super::session::{Viewer, reader, sender};
use crate::app::pauses::{FORESEEN_S, Paused, Resume, Which};
use crate::app::{App, Failure};
use crate::clock::new_id;
use crate::http::page::page;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use engine::directory::Directory;
use engine::event::Actor;
use engine::hold::{Hold, SCOPE_MAX, Scope};
use engine::ids::{HoldId, InteractionId, PersonId};
use engine::no_pause::NoPause;
use engine::stop_the_line::{PauseWish, StopTheLine, may_stop};
use engine::{Refusal, Timestamp};
use serde::Deserialize;
use templates::html::{Message, PauseForm, PausesPage, pauses_page};
use uuid::Uuid;

const SCOPE: &str = "holds:write";
/// What the form says until somebody chooses.
const USUAL_MINUTES: &str = "120";
/// Two weeks; the policy may set less.
const MINUTES_MAX: u64 = 20_160;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Placing {
    csrf: String,
    /// The same for every sending of one rendered form.
    interaction: String,
    environment: String,
    service: String,
    minutes: String,
    reason: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Resuming {
    csrf: String,
    hold: String,
    reason: String,
}

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Halt> {
    let viewer = reader(&app, &headers, "/pauses").await?;
    let notice = notice::read(&headers);
    let shown = rendered(&app, &viewer, notice.as_deref(), &Back::default()).await;
    shown.map(|shown| notice::shown(&app, &headers, shown)).map_err(|failure| Halt::failed(&app, &failure))
}

pub async fn place(State(app): State<App>, headers: HeaderMap, Form(form): Form<Placing>) -> Result<Response, Halt> {
    let (viewer, person) = stopper(&app, &headers, &form.csrf).await?;
    let sent = (form.wish(person.clone(), app.clock.now()), form.interaction(&person));
    let (Some(wish), Some(interaction)) = sent else { return Err(Halt::foreign(&app)) };
    let done = async {
        match app.pause(&actor(&person), &interaction, &wish).await? {
            Paused::Done { holds, changes } => notice::go(&app, "/pauses", &told("Paused", &holds, changes)),
            Paused::Refused { refusal, directory } => {
                refused(&app, &viewer, Back { form, problem: Some(refusal.sentence(&directory)) }).await
            }
        }
    };
    done.await.map_err(|failure| Halt::failed(&app, &failure))
}

pub async fn resume(State(app): State<App>, headers: HeaderMap, Form(form): Form<Resuming>) -> Result<Response, Halt> {
    let (viewer, person) = stopper(&app, &headers, &form.csrf).await?;
    let wish = Resume { by: person.clone(), which: Which::Id(HoldId::new(form.hold)), reason: form.reason };
    let done = async {
        match app.resume(&actor(&person), &wish).await? {
            Paused::Done { holds, changes } => notice::go(&app, "/pauses", &told("Resumed", &holds, changes)),
            // The same form again, or somebody else’s before it.
            Paused::Refused { refusal: Refusal::Pause(NoPause::NotThere { .. }), .. } => {
                notice::go(&app, "/pauses", "That pause has ended already.")
            }
            Paused::Refused { refusal, directory } => {
                refused(&app, &viewer, Back { problem: Some(refusal.sentence(&directory)), ..Back::default() }).await
            }
        }
    };
    done.await.map_err(|failure| Halt::failed(&app, &failure))
}

/// The person whose form this is, if their token may stop the line.
async fn stopper(app: &App, headers: &HeaderMap, csrf: &str) -> Result<(Viewer, PersonId), Halt> {
    let viewer = sender(app, headers, csrf).await?;
    match viewer.person.clone().filter(|_| viewer.may(SCOPE)) {
        Some(person) => Ok((viewer, person)),
        None => Err(Halt::forbidden(app, "Pausing needs a personal token with the scope holds:write. Nothing was recorded.")),
    }
}

fn actor(person: &PersonId) -> Actor {
    Actor::Person { id: person.clone(), via: VIA.to_owned() }
}

impl Placing {
    /// `None` without the number of a rendered page.
    fn interaction(&self, person: &PersonId) -> Option<InteractionId> {
        let id: Uuid = self.interaction.parse().ok()?;
        Some(interaction_of(person, &id.to_string()))
    }

    /// `None` for what the form can't send.
    fn wish(&self, by: PersonId, now: Timestamp) -> Option<PauseWish> {
        let part = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let scope = Scope { environment: part(&self.environment), service: part(&self.service) };
        let is_short = |part: &Option<String>| part.as_ref().is_none_or(|part| part.chars().count() <= SCOPE_MAX);
        let minutes: u64 = self.minutes.parse().ok().filter(|minutes| *minutes <= MINUTES_MAX)?;
        let until = (minutes > 0).then(|| now.plus_seconds(minutes * 60));
        (is_short(&scope.environment) && is_short(&scope.service)).then(|| PauseWish { by, scope, reason: self.reason.clone(), until })
    }
}

/// “Recorded. Paused: production. 3 changes are told.”
fn told(deed: &str, holds: &[Hold], changes: usize) -> String {
    let scopes: Vec<String> = holds.iter().filter_map(Hold::pause).map(|pause| pause.scope.to_string()).collect();
    let changes = match changes {
        0 => "No open change is concerned".to_owned(),
        1 => "1 open change is told".to_owned(),
        more => format!("{more} open changes are told"),
    };
    format!("Recorded. {deed}: {}. {changes}.", scopes.join(", "))
}

/// What comes back with a refusal.
#[derive(Default)]
struct Back {
    form: Placing,
    problem: Option<String>,
}

async fn refused(app: &App, viewer: &Viewer, back: Back) -> Result<Response, Failure> {
    let mut response = rendered(app, viewer, None, &back).await?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

async fn rendered(app: &App, viewer: &Viewer, notice: Option<&str>, back: &Back) -> Result<Response, Failure> {
    let (holds, directory, policy) = (app.pauses().await?, app.laws.directory_now(&app.store).await?, app.laws.policy(&app.store).await?);
    let environments: Vec<String> = policy.environments().map(ToString::to_string).collect();
    let name = viewer.name(&directory);
    let note = why_not(viewer, &directory, policy.stop_the_line());
    let interaction = new_id(app.clock.now()).to_string();
    let form = PauseForm {
        interaction: &interaction,
        action: "/pauses",
        resume: "/pauses/resume",
        csrf: &viewer.csrf,
        environments: &environments,
        environment: &back.form.environment,
        service: &back.form.service,
        minutes: if back.form.minutes.is_empty() { USUAL_MINUTES } else { &back.form.minutes },
        reason: &back.form.reason,
        problem: back.problem.as_deref(),
    };
    Ok(page(pauses_page(&PausesPage {
        chrome: viewer.chrome(app, &name, "/pauses"),
        message: notice.map(|text| Message { tone: "good", text }),
        holds: &holds,
        freezes: &policy.freezes_within(app.clock.now(), FORESEEN_S),
        directory: &directory,
        now: app.clock.now(),
        form: note.is_none().then_some(form),
        note: note.as_deref().or(back.problem.as_deref()),
    })))
}

/// Why this reader gets no form.
fn why_not(viewer: &Viewer, directory: &Directory, rules: Option<&StopTheLine>) -> Option<String> {
    let Some(person) = &viewer.person else { return Some("Services don’t pause here: sign in with a personal token.".to_owned()) };
    if !viewer.may(SCOPE) {
        return Some("Your token lets you look. To pause, sign in with a personal one that has the scope holds:write.".to_owned());
    }
    may_stop(rules, directory, person).err().map(|refusal| refusal.sentence(directory))
}
