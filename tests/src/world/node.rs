//! One running Countersign of a story: the real application behind a real server, without the loops that a story drives;
//! or the program as it ships, which does everything by itself.

use super::backlog::Backlog;
use super::configuration::Configuration;
use super::plan::{Plan, Played};
use crate::process::installation::free_port;
use crate::process::patience::maybe_seen;
use crate::process::service::Service;
use router::app::App;
use router::clock::Clock;
use router::people_file;
use router::sandbox::Sandbox;
use router::start::{LawFiles, assemble_with};
use router::{http, work};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use url::Url;

/// A program that has something to do for longer than this does not come to an end with it.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

pub struct Node {
    /// Beside a program, it is there to look into the database and does no work.
    pub app: App,
    /// `http://127.0.0.1:<port>`
    pub base: Url,
    running: Running,
}

enum Running {
    Inside(JoinHandle<()>),
    AsShipped(Service, Mutex<Backlog>),
}

impl Node {
    pub async fn start(plan: &Plan, played: Played, configuration: &Configuration, clock: Arc<dyn Clock>) -> Self {
        match played {
            Played::Inside => Self::inside(plan, configuration, clock).await,
            Played::AsShipped => Self::as_shipped(plan, configuration, clock).await,
        }
    }

    async fn inside(plan: &Plan, configuration: &Configuration, clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let sandbox = plan.is_sandbox.then(|| Sandbox::new(address.port()));
        let app = assembled(plan, configuration, clock, sandbox).await;
        let routes = http::routes(&app);
        let serving = tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
        Self { app, base: loopback(address.port()), running: Running::Inside(serving) }
    }

    async fn as_shipped(plan: &Plan, configuration: &Configuration, clock: Arc<dyn Clock>) -> Self {
        assert!(!plan.is_sandbox, "the sign-in of the sandbox is not part of `serve`");
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        let mut service =
            Service::start_in(configuration.folder(), format!("http://{listen}"), &[("COUNTERSIGN__SERVER__LISTEN", listen.as_str())]);
        service.wait_ready().await;
        let app = assembled(plan, configuration, clock, None).await;
        let backlog = Mutex::new(Backlog::of(&app.settings.database.url).await);
        Self { app, base: loopback(port), running: Running::AsShipped(service, backlog) }
    }

    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).expect("a path")
    }

    /// Everything that is due now.
    pub async fn settle(&self) {
        match &self.running {
            Running::Inside(_) => work::settle(&self.app).await.unwrap_or_else(|failure| panic!("work is interrupted: {failure}")),
            Running::AsShipped(service, backlog) => {
                let mut backlog = backlog.lock().await;
                let done = maybe_seen(SETTLES_WITHIN, async || (backlog.due(self.app.clock.now().micros()).await == 0).then_some(())).await;
                assert!(done.is_some(), "the program has still something to do after {SETTLES_WITHIN:?}:\n{}", service.log());
            }
        }
    }

    /// Ends without notice: what was not committed never happened.
    pub async fn stop(self) {
        match self.running {
            Running::Inside(serving) => {
                serving.abort();
                drop(serving.await);
            }
            Running::AsShipped(service, _) => service.kill(),
        }
        self.app.store.clone().close().await.expect("the database to let go");
    }

    /// The errors that the program logged.
    pub fn errors(&self) -> Vec<String> {
        match &self.running {
            Running::Inside(_) => Vec::new(),
            Running::AsShipped(service, _) => {
                let is_error = |line: &&str| line.contains(" ERROR ") || line.contains("panicked at");
                service.log().lines().filter(is_error).map(str::to_owned).collect()
            }
        }
    }
}

async fn assembled(plan: &Plan, configuration: &Configuration, clock: Arc<dyn Clock>, sandbox: Option<Sandbox>) -> App {
    let assembled = assemble_with(configuration.settings(), &laws(plan), clock, sandbox).await;
    assembled.unwrap_or_else(|fault| panic!("it does not start: {fault}"))
}

fn loopback(port: u16) -> Url {
    Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL")
}

/// Policy and people of the plan.
pub fn laws(plan: &Plan) -> LawFiles {
    let people = people_file::parse("people.yaml", &plan.people);
    LawFiles::of("policy.yaml", plan.policy.clone(), people).unwrap_or_else(|fault| panic!("the laws of the story: {fault}"))
}
