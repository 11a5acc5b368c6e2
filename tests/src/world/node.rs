//! One running Countersign of a story: the real application behind a real server, without the loops that a story drives.

use super::plan::Plan;
use router::app::App;
use router::clock::Clock;
use router::people_file;
use router::sandbox::Sandbox;
use router::settings::Settings;
use router::start::{LawFiles, assemble_with};
use router::{http, work};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub struct Node {
    pub app: App,
    /// `http://127.0.0.1:<port>`
    pub base: Url,
    serving: JoinHandle<()>,
}

impl Node {
    pub async fn start(plan: &Plan, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let base = Url::parse(&format!("http://{address}")).expect("a URL");
        let sandbox = plan.is_sandbox.then(|| Sandbox::new(address.port()));
        let app = assemble_with(settings, &laws(plan), clock, sandbox).await.unwrap_or_else(|fault| panic!("it does not start: {fault}"));
        let routes = http::routes(&app);
        let serving = tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
        Self { app, base, serving }
    }

    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).expect("a path")
    }

    /// Everything that is due now.
    pub async fn settle(&self) {
        work::settle(&self.app).await.unwrap_or_else(|failure| panic!("work is interrupted: {failure}"));
    }

    /// Ends without notice: what was not committed never happened.
    pub async fn stop(self) {
        self.serving.abort();
        drop(self.serving.await);
        self.app.store.clone().close().await.expect("the database to let go");
    }
}

/// Policy and people of the plan.
pub fn laws(plan: &Plan) -> LawFiles {
    let people = people_file::parse("people.yaml", &plan.people);
    LawFiles::of("policy.yaml", plan.policy.clone(), people).unwrap_or_else(|fault| panic!("the laws of the story: {fault}"))
}
