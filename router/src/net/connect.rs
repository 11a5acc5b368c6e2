//! A guarded connector for hyper clients, such as the one that speaks to Slack.

use super::client::CONNECT_TIMEOUT;
use super::guard::Guard;
use super::resolve::Resolver;
use super::{ClientFault, tls};
use axum::http::Uri;
use futures_util::future::BoxFuture;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::TcpStream;

type BoxError = Box<dyn Error + Send + Sync>;

/// hyper's connector asks no resolver about literal addresses, so those are judged here, before it.
#[derive(Clone, Debug)]
pub struct GuardedConnector {
    guard: Arc<Guard>,
    inner: HttpConnector<Resolver>,
}

/// https and http (for a tool on the operator's own network), HTTP/1.1 and HTTP/2.
pub fn connector(guard: Arc<Guard>) -> Result<HttpsConnector<GuardedConnector>, ClientFault> {
    let mut inner = HttpConnector::new_with_resolver(Resolver::new(guard.clone()));
    inner.enforce_http(false);
    inner.set_nodelay(true);
    inner.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let builder = HttpsConnectorBuilder::new().with_tls_config(tls::config()?).https_or_http().enable_all_versions();
    Ok(builder.wrap_connector(GuardedConnector { guard, inner }))
}

impl tower::Service<Uri> for GuardedConnector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        if let Err(forbidden) = literal(&uri).map_or(Ok(()), |address| self.guard.permits_address(address)) {
            return Box::pin(std::future::ready(Err(forbidden.into())));
        }
        let connecting = self.inner.call(uri);
        Box::pin(async move { Ok(connecting.await?) })
    }
}

/// What hyper takes for an address; every other spelling goes to the resolver, and its answer is judged.
fn literal(uri: &Uri) -> Option<IpAddr> {
    uri.host()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
