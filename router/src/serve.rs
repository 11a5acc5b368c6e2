//! A node: its doors and loops, from start to drain.

use crate::app::App;
use crate::app::news::Topic;
use crate::clock::pause;
use crate::start::LawFiles;
use crate::{http, work};
use axum::Router;
use std::future::{Future, IntoFuture};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// Work in hand has this long to end when the process is told to stop.
const DRAIN_WITHIN: Duration = Duration::from_secs(20);
/// After that, requests that are being answered have this long.
const LAST_ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Serves HTTP, every route of it.
    Router,
    /// Sends cards, notices, answers and questions.
    Bot,
    /// Carries out deliveries, internal inputs and timers.
    Worker,
}

pub const EVERY_ROLE: [Role; 3] = [Role::Router, Role::Bot, Role::Worker];

/// Runs until `stop` comes, then ends what is in hand and gives leases back.
pub async fn run(
    app: App,
    roles: &[Role],
    listener: Option<TcpListener>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let drained = drain(app.clone(), loops(&app, roles), stop);
    match listener {
        Some(listener) if roles.contains(&Role::Router) => serve(listener, http::routes(&app), drained).await,
        Some(_) | None => {
            drained.await;
            Ok(())
        }
    }
}

fn loops(app: &App, roles: &[Role]) -> JoinSet<()> {
    let mut loops = JoinSet::new();
    loops.spawn(work::upkeep(app.clone()));
    if roles.contains(&Role::Worker) {
        for topic in [Topic::Deliveries, Topic::Orders, Topic::Timers] {
            loops.spawn(work::inward(app.clone(), topic));
        }
        loops.spawn(work::jobs(app.clone()));
    }
    if roles.contains(&Role::Bot) {
        loops.spawn(work::outward(app.clone()));
    }
    loops
}

/// To the end of the work that is in hand when `stop` comes.
async fn drain(app: App, mut loops: JoinSet<()>, stop: impl Future<Output = ()> + Send + 'static) {
    stop.await;
    tracing::info!("stopping: no new work is taken, work in hand ends");
    app.drain();
    tokio::select! {
        () = async { while loops.join_next().await.is_some() {} } => {}
        () = pause(DRAIN_WITHIN) => tracing::warn!("work in hand did not end in time; its leases run out by themselves"),
    }
}

/// Answers until everything is drained: whoever asks meanwhile whether this node is ready hears that it is not.
async fn serve(listener: TcpListener, routes: Router, drained: impl Future<Output = ()>) -> std::io::Result<()> {
    let (tell, told) = oneshot::channel::<()>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async { drop(told.await) });
    let cut_off = async {
        drained.await;
        drop(tell);
        pause(LAST_ANSWERS_WITHIN).await;
    };
    tokio::select! {
        served = serving.into_future() => served,
        () = cut_off => {
            tracing::warn!("requests in hand did not end in time; their senders ask again");
            Ok(())
        }
    }
}

/// SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM can’t be listened for; Ctrl-C stops the process");
            drop(interrupted.await);
        }
    }
}

/// SIGHUP reads policy and people again; faulty files leave the old ones in force and say so.
pub async fn reload_on_hangup(app: App) {
    let Ok(mut hangups) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) else { return };
    while hangups.recv().await.is_some() {
        reload(&app).await;
    }
}

/// Whether the files came into force.
pub async fn reload(app: &App) -> bool {
    let files = match LawFiles::read(&app.settings) {
        Ok(files) => files,
        Err(fault) => {
            tracing::error!(%fault, "policy and people were not read again; the old ones stay in force");
            return false;
        }
    };
    match files.put_in_force(&app.store, app.clock.as_ref()).await {
        Ok(()) => {
            app.news.everything();
            tracing::info!("policy and people were read again");
            true
        }
        Err(failure) => {
            tracing::error!(%failure, "policy and people were read but not stored; the old ones stay in force");
            false
        }
    }
}
