//! The connector for hyper clients: literals and names, forbidden and allowed.

use crate::net::{Forbidden, Guard, GuardedConnector, connector};
use axum::http::Uri;
use hyper_rustls::HttpsConnector;
use std::sync::Arc;
use tower::{Service, ServiceExt};

fn guarded(allow: &[&str]) -> HttpsConnector<GuardedConnector> {
    let allow = allow.iter().map(|net| net.parse().unwrap()).collect();
    connector(Arc::new(Guard::new(allow))).unwrap()
}

async fn dial(connector: &mut HttpsConnector<GuardedConnector>, url: String) -> Result<(), String> {
    let uri: Uri = url.parse().unwrap();
    connector.ready().await.unwrap();
    match connector.call(uri).await {
        Ok(_) => Ok(()),
        Err(error) => {
            let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
            while let Some(error) = cause {
                if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
                    return Err(forbidden.to_string());
                }
                cause = error.source();
            }
            Err(format!("not the guard: {error}"))
        }
    }
}

#[tokio::test]
async fn inner_addresses_are_not_dialled_however_they_are_written() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut closed = guarded(&[]);
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1"] {
        let error = dial(&mut closed, format!("http://{host}:{port}/")).await.unwrap_err();
        assert!(error.contains("public address"), "{host}: {error}");
        // TLS takes no odd spelling for a name, which is as good.
        let error = dial(&mut closed, format!("https://{host}:{port}/")).await.unwrap_err();
        assert!(error.contains("public address") || error.contains("invalid dns name"), "{host}: {error}");
    }
    assert_eq!(dial(&mut guarded(&["127.0.0.0/8"]), format!("http://127.0.0.1:{port}/")).await, Ok(()));
    assert_eq!(dial(&mut guarded(&["127.0.0.0/8"]), format!("http://localhost:{port}/")).await, Ok(()));
}
