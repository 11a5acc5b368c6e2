//! Whether a form comes from a page of ours. A browser says where it comes from, and no page can make it lie.

use crate::app::App;
use axum::http::{HeaderMap, HeaderName, header};
use url::Url;

/// Fetch Metadata, <https://www.w3.org/TR/fetch-metadata/>: sent to addresses that are secure or loopback.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Both headers have to agree as far as they are there, and one has to be.
pub fn is_ours(app: &App, headers: &HeaderMap) -> bool {
    let (origin, site) = (text(headers, header::ORIGIN), text(headers, SITE));
    knows_host(app, headers)
        && (origin.is_some() || site.is_some())
        && site.is_none_or(|site| site == "same-origin")
        && origin.is_none_or(|origin| is_own(app, headers, origin))
}

/// In the demo only loopback is known, so that a name server that was lied to leads nowhere.
pub fn knows_host(app: &App, headers: &HeaderMap) -> bool {
    app.sandbox.as_ref().is_none_or(|sandbox| text(headers, header::HOST).is_some_and(|host| sandbox.knows_host(host)))
}

/// The public address, or the one that was asked.
fn is_own(app: &App, headers: &HeaderMap, origin: &str) -> bool {
    if origin == app.settings.server.public_url.origin().ascii_serialization() {
        return true;
    }
    let host = text(headers, header::HOST);
    host.is_some()
        && Url::parse(origin).ok().filter(|url| ["http", "https"].contains(&url.scheme())).is_some_and(|_| authority(origin) == host)
}

fn authority(origin: &str) -> Option<&str> {
    origin.split_once("://").map(|(_, rest)| rest)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
