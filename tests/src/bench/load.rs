//! Many connections that each send one request after another and wait for its answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Writes the request with this number.
pub type Request = fn(u64) -> Vec<u8>;

pub struct Load {
    pub address: SocketAddr,
    pub connections: usize,
    pub lasts: Duration,
    pub request: Request,
}

pub struct Figures {
    pub answered: u64,
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
}

impl Load {
    /// Runs it to its end. Every answer has to be 202; anything else ends the measurement.
    pub async fn run(&self) -> Figures {
        let next = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let mut connections = JoinSet::new();
        for _ in 0..self.connections {
            connections.spawn(connection(self.address, self.request, next.clone(), began + self.lasts));
        }
        let mut times: Vec<Duration> = Vec::new();
        while let Some(of_one) = connections.join_next().await {
            times.extend(of_one.expect("a connection to its end"));
        }
        let took = began.elapsed();
        times.sort_unstable();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        Figures { answered: times.len() as u64, per_second: times.len() as f64 / took.as_secs_f64(), p50: at(0.5), p99: at(0.99) }
    }
}

async fn connection(address: SocketAddr, request: Request, next: Arc<AtomicU64>, until: Instant) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("to connect");
    stream.set_nodelay(true).expect("to send at once");
    let mut times = Vec::new();
    let mut answer = vec![0_u8; 4_096];
    while Instant::now() < until {
        let bytes = request(next.fetch_add(1, Ordering::Relaxed));
        let began = Instant::now();
        stream.write_all(&bytes).await.expect("to send");
        read(&mut stream, &mut answer).await;
        times.push(began.elapsed());
    }
    times
}

/// One answer, which is short and has a length.
async fn read(stream: &mut TcpStream, answer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let count = stream.read(&mut answer[filled..]).await.expect("to read");
        assert!(count > 0, "the connection was closed");
        filled += count;
        if is_whole(&answer[..filled]) {
            assert!(answer.starts_with(b"HTTP/1.1 202"), "{}", String::from_utf8_lossy(&answer[..filled]));
            return;
        }
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:").and_then(|length| length.trim().parse().ok()));
    length.is_some_and(|length: usize| body.len() >= length)
}
