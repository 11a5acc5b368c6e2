//! One way of TLS for every client: rustls with ring, and the machine's own certificate authorities.

use super::ClientFault;
use hyper_rustls::ConfigBuilderExt;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// Without protocols (ALPN): each client sets its own.
pub fn config() -> Result<ClientConfig, ClientFault> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = || ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().map_err(ClientFault::Tls);
    let roots = versions()?.with_native_roots();
    if let Err(error) = &roots {
        // A machine without authorities can still run the demo, which calls itself over http.
        tracing::warn!(%error, "no certificate authorities were found; https calls will fail");
    }
    match roots {
        Ok(builder) => Ok(builder.with_no_client_auth()),
        Err(_) => Ok(versions()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth()),
    }
}
