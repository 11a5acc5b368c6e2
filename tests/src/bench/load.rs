//! Many connections that each send one prepared request after another and wait for its answer. As cheap as can be,
//! because it shares the machine with what it measures: one thread, no HTTP library, nothing made while it runs.

use super::cpu;
use super::hooks::Request;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// The longest answer to a hook.
const ANSWER_BYTES: usize = 4_096;
const ACCEPTED: &[u8] = b"HTTP/1.1 202";

pub struct Load {
    pub address: SocketAddr,
    pub connections: usize,
    pub lasts: Duration,
    pub requests: Vec<Vec<u8>>,
}

pub struct Answers {
    pub per_second: f64,
    /// Milliseconds from the request's first byte to the answer's last.
    pub times: Vec<f64>,
    /// Microseconds that this load used itself, a hook.
    pub own_cpu_us: f64,
}

/// Those from number `first` on, ready to be sent.
pub fn prepared(request: Request, count: u64) -> Vec<Vec<u8>> {
    (0..count).map(request).collect()
}

impl Load {
    /// Runs until its time is over, or until there is no request left. Every answer has to be 202.
    pub fn run(self) -> Answers {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        LocalSet::new().block_on(&runtime, self.send())
    }

    async fn send(self) -> Answers {
        let (next, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(self.requests));
        let (began, used) = (Instant::now(), cpu::own());
        let connections: Vec<_> = (0..self.connections)
            .map(|_| tokio::task::spawn_local(connection(self.address, requests.clone(), next.clone(), began + self.lasts)))
            .collect();
        let mut times = Vec::new();
        for of_one in connections {
            times.extend(of_one.await.expect("a connection to its end"));
        }
        let count = times.len() as f64;
        let own_cpu_us = (cpu::own() - used).as_secs_f64() * 1e6 / count;
        Answers { per_second: count / began.elapsed().as_secs_f64(), times, own_cpu_us }
    }
}

async fn connection(address: SocketAddr, requests: Arc<Vec<Vec<u8>>>, next: Arc<AtomicUsize>, until: Instant) -> Vec<f64> {
    let mut stream = TcpStream::connect(address).await.expect("to connect");
    stream.set_nodelay(true).expect("to send at once");
    let (mut times, mut answer) = (Vec::new(), vec![0_u8; ANSWER_BYTES]);
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let began = Instant::now();
        if began > until {
            break;
        }
        stream.write_all(request).await.expect("to send");
        read(&mut stream, &mut answer).await;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times
}

/// One answer: a JSON object, so it is whole when its last brace is there.
async fn read(stream: &mut TcpStream, answer: &mut [u8]) {
    let mut filled = 0;
    while !answer[..filled].ends_with(b"}") {
        let count = stream.read(&mut answer[filled..]).await.expect("to read");
        assert!(count > 0, "the connection was closed");
        filled += count;
    }
    assert!(answer.starts_with(ACCEPTED), "{}", String::from_utf8_lossy(&answer[..filled]));
}
