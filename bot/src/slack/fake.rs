//! A Slack of our own for tests: one HTTP/1.1 request a connection, answers in the order given, requests kept.

use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What the fake does with one request.
#[derive(Clone, Debug)]
pub enum Answer {
    Json(u16, &'static str),
    Limited(u64),
    /// Reads the request and closes the connection.
    Drop,
    /// Reads the request and never answers.
    Hang,
}

#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub head: String,
    pub body: Value,
}

pub struct FakeSlack {
    pub url: Url,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl FakeSlack {
    pub async fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/api", listener.local_addr().unwrap())).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(serve(listener, answers, requests.clone()));
        Self { url, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(listener: TcpListener, answers: Vec<Answer>, requests: Arc<Mutex<Vec<Request>>>) {
    for answer in answers {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read(&mut stream).await;
        requests.lock().unwrap().push(request);
        match answer {
            Answer::Json(status, body) => write(&mut stream, status, "", body).await,
            Answer::Limited(seconds) => {
                write(&mut stream, 429, &format!("retry-after: {seconds}\r\n"), r#"{"ok":false,"error":"ratelimited"}"#).await
            }
            Answer::Drop => drop(stream),
            Answer::Hang => std::mem::forget(stream),
        }
    }
}

async fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                return Request { path, head: head.to_owned(), body: serde_json::from_str(body).unwrap_or_default() };
            }
        }
        let read = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
    }
}

async fn write(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
}
