//! The client against servers on loopback.

use crate::net::client::{BODY_BYTES, Timeouts};
use crate::net::{Client, Guard, TransportError};
use crate::secret::Secret;
use crate::sources::{Api, Auth, Call};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const TOKEN: &str = "a-token-that-no-error-shows";

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn client(allow: &[&str]) -> Client {
    let guard = Arc::new(Guard::new(allow.iter().map(|net| net.parse().unwrap()).collect()));
    Client::with_timeouts(guard, Timeouts { connect: Duration::from_secs(2), total: Duration::from_millis(400) }).unwrap()
}

fn api(base: &str, auth: fn(Secret) -> Auth) -> Api {
    Api { base: base.parse().unwrap(), auth: auth(Secret::new(TOKEN).unwrap()) }
}

async fn get_of(base: &str, path: &str) -> Result<(u16, Value), TransportError> {
    let exchange = client(&["127.0.0.0/8"]).send(&api(base, Auth::PrivateToken), &Call::get(path.to_owned())).await?;
    Ok((exchange.status, exchange.body))
}

async fn post_of(base: &str, path: &str) -> Result<u16, TransportError> {
    let call = Call::post(path.to_owned(), Some(json!({ "a": 1 })));
    Ok(client(&["127.0.0.0/8"]).send(&api(base, Auth::Bearer), &call).await?.status)
}

#[tokio::test]
async fn calls_carry_their_credentials_body_and_path() {
    let echo = async |headers: HeaderMap, uri: axum::http::Uri, body: String| {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned());
        axum::Json(json!({ "uri": uri.to_string(), "body": body, "token": text("private-token"), "auth": text("authorization") }))
    };
    let base = serve(Router::new().fallback(echo)).await;
    for slash in ["", "/"] {
        let (_, body) = get_of(&format!("{base}/api/v4{slash}"), "/projects/1?page=2").await.unwrap();
        assert_eq!(body, json!({ "uri": "/api/v4/projects/1?page=2", "body": "", "token": TOKEN, "auth": null }));
    }
    let call = Call::post("/x".to_owned(), Some(json!({ "a": 1 })));
    let exchange = client(&["127.0.0.0/8"]).send(&api(&base, Auth::Bearer), &call).await.unwrap();
    assert_eq!(exchange.body, json!({ "uri": "/x", "body": "{\"a\":1}", "token": null, "auth": format!("Bearer {TOKEN}") }));
}

#[tokio::test]
async fn answers_are_kept_as_they_come() {
    let base = serve(
        Router::new()
            .route("/empty", get(async || StatusCode::NO_CONTENT))
            .route("/text", get(async || (StatusCode::BAD_REQUEST, "<html>")))
            .route("/list", get(async || axum::Json(json!([1])))),
    )
    .await;
    assert_eq!(get_of(&base, "/empty").await, Ok((204, Value::Null)));
    assert_eq!(get_of(&base, "/text").await, Ok((400, json!("<html>"))));
    assert_eq!(get_of(&base, "/list").await, Ok((200, json!([1]))));
}

#[tokio::test]
async fn redirects_are_answers_not_journeys() {
    let base = serve(Router::new().route("/away", get(async || Redirect::temporary("http://169.254.169.254/")))).await;
    assert_eq!(get_of(&base, "/away").await.unwrap().0, 307);
}

#[tokio::test]
async fn outages_and_requests_to_wait_are_told_apart() {
    let status = |status: u16, wait: Option<&'static str>| {
        let headers: HeaderMap = wait.map(|wait| (axum::http::header::RETRY_AFTER, wait.parse().unwrap())).into_iter().collect();
        get(async move || (StatusCode::from_u16(status).unwrap(), headers))
    };
    let routes =
        [("/500", 500, None), ("/429", 429, Some("7")), ("/503", 503, Some("9")), ("/429-bare", 429, None), ("/502-wait", 502, Some("9"))];
    let router = routes.into_iter().fold(Router::new(), |router, (path, code, wait)| router.route(path, status(code, wait)));
    let base = serve(router).await;
    assert_eq!(get_of(&base, "/429").await, Err(TransportError::RetryAfter { seconds: 7 }));
    assert_eq!(get_of(&base, "/503").await, Err(TransportError::RetryAfter { seconds: 9 }));
    for path in ["/500", "/429-bare", "/502-wait"] {
        assert!(matches!(get_of(&base, path).await, Err(TransportError::Away(_))), "{path}");
    }
}

#[tokio::test]
async fn large_and_endless_answers_are_cut_off() {
    let large = get(async || vec![b'x'; BODY_BYTES + 1]);
    let fitting = get(async || vec![b'x'; BODY_BYTES]);
    let endless = get(async || {
        let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[b'x'; 65536])));
        Body::from_stream(chunks).into_response()
    });
    let base = serve(Router::new().route("/large", large).route("/fitting", fitting).route("/endless", endless)).await;
    assert!(get_of(&base, "/fitting").await.is_ok());
    for path in ["/large", "/endless"] {
        assert_eq!(get_of(&base, path).await, Err(TransportError::TooLarge { limit: BODY_BYTES }), "{path}");
    }
}

#[tokio::test]
async fn a_post_without_an_answer_may_have_arrived() {
    let silent = any(async || std::future::pending::<StatusCode>().await);
    let base = serve(Router::new().route("/silent", silent)).await;
    assert!(matches!(post_of(&base, "/silent").await, Err(TransportError::Ambiguous(_))));
    assert!(matches!(get_of(&base, "/silent").await, Err(TransportError::Away(_))));
    let closed = { tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap() };
    assert!(matches!(post_of(&format!("http://{closed}"), "/x").await, Err(TransportError::Away(_))));
}

#[tokio::test]
async fn the_guard_stands_before_every_call() {
    let base = serve(Router::new().fallback(async || StatusCode::OK)).await;
    let port = base.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "2130706433", "[::ffff:7f00:1]"] {
        let sent = client(&[]).send(&api(&format!("http://{host}:{port}"), Auth::PrivateToken), &Call::get("/x".to_owned())).await;
        let Err(TransportError::Forbidden(why)) = sent else { panic!("{host}: {sent:?}") };
        assert!(why.contains("network.allow_private"), "{why}");
    }
    assert!(
        client(&["127.0.0.0/8"])
            .send(&api(&format!("http://localhost:{port}"), Auth::PrivateToken), &Call::get("/x".to_owned()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_call_never_leaves_its_base() {
    let base = serve(Router::new().fallback(async || StatusCode::OK)).await;
    for path in ["", "x", "/../v5/x", "/%2e%2e/x", "@evil.test/", ":1/", "//../..//x", "/..\\..\\x", "?a=b", "#a"] {
        let sent = get_of(&format!("{base}/api/v4"), path).await;
        assert!(matches!(sent, Err(TransportError::Forbidden(_))), "{path}: {sent:?}");
    }
}

#[tokio::test]
async fn no_failure_shows_the_token() {
    let secret = Secret::new(format!("{TOKEN}\n")).unwrap();
    let unwritable = Api { base: "http://127.0.0.1:9".parse().unwrap(), auth: Auth::Bearer(secret) };
    let failures = [
        client(&["127.0.0.0/8"]).send(&unwritable, &Call::get("/x".to_owned())).await,
        client(&["127.0.0.0/8"]).send(&api("http://127.0.0.1:9", Auth::Bearer), &Call::get("/x".to_owned())).await,
        client(&[]).send(&api("http://127.0.0.1:9", Auth::PrivateToken), &Call::get("/x".to_owned())).await,
        client(&[]).send(&api("http://nowhere.invalid", Auth::PrivateToken), &Call::get("/x".to_owned())).await,
    ];
    for failure in failures {
        let failure = failure.unwrap_err();
        assert!(!format!("{failure} {failure:?}").contains(TOKEN), "{failure}");
    }
    assert!(!format!("{:?}", api("http://127.0.0.1:9", Auth::Bearer)).contains(TOKEN));
}
