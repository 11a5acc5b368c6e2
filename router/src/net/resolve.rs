//! Names → the addresses among theirs that may be dialled.

use super::guard::{Forbidden, Guard};
use futures_util::future::BoxFuture;
use hyper_util::client::legacy::connect::dns::Name;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

type BoxError = Box<dyn Error + Send + Sync>;

/// The system's resolver behind the guard, for reqwest and for hyper alike.
#[derive(Clone, Debug)]
pub struct Resolver {
    guard: Arc<Guard>,
}

impl Resolver {
    pub fn new(guard: Arc<Guard>) -> Self {
        Self { guard }
    }

    async fn lookup(self, name: String) -> Result<Vec<SocketAddr>, BoxError> {
        let answers: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
        Ok(permitted(&self.guard, name, answers)?)
    }
}

/// Every answer is judged; forbidden ones are dropped, and a name that has only such is forbidden itself.
pub(super) fn permitted(guard: &Guard, name: String, answers: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
    let (kept, dropped): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| guard.permits(answer.ip()));
    if kept.is_empty() {
        let addresses = dropped.iter().map(|answer| answer.ip().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Forbidden::Name { name, addresses });
    }
    Ok(kept)
}

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let resolver = self.clone();
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let addresses: reqwest::dns::Addrs = Box::new(resolver.lookup(name).await?.into_iter());
            Ok(addresses)
        })
    }
}

impl tower::Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let lookup = self.clone().lookup(name.as_str().to_owned());
        Box::pin(async move { Ok(lookup.await?.into_iter()) })
    }
}
