//! A plain HTTP client on raw sockets: it takes as little of the machine as it can, for the server
//! it measures runs on the same processors.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a load came to.
pub struct Load {
    /// Answers a second.
    pub per_second: f64,
    /// Time of each request, sorted.
    pub times: Vec<Duration>,
    /// Answers that were not the wanted status.
    pub failed: usize,
}

/// One connection that is kept.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a request; gives status and body.
    pub async fn send(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let mut piece = [0_u8; 16 * 1024];
        let head = loop {
            let n = self.stream.read(&mut piece).await.unwrap();
            assert!(n > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&piece[..n]);
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text[9..12].parse().unwrap();
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |n| n.trim().parse().unwrap());
        while self.buffer.len() < head + length {
            let n = self.stream.read(&mut piece).await.unwrap();
            assert!(n > 0, "the server closed the connection");
            self.buffer.extend_from_slice(&piece[..n]);
        }
        (status, self.buffer[head..head + length].to_vec())
    }
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("content-length: {}\r\n\r\n{body}", body.len());
    text.into_bytes()
}

/// Lets `clients` connections send `make(n)` for n in 0..total and wait for `wanted`.
pub async fn load(
    address: SocketAddr,
    clients: usize,
    total: usize,
    wanted: u16,
    make: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
) -> Load {
    let (make, next) = (Arc::new(make), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (make, next) = (Arc::clone(&make), Arc::clone(&next));
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await;
                let (mut times, mut failed) = (Vec::new(), 0);
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= total {
                        return (times, failed);
                    }
                    let request = make(n);
                    let sent = Instant::now();
                    let (status, body) = connection.send(&request).await;
                    times.push(sent.elapsed());
                    if status != wanted {
                        if failed == 0 {
                            eprintln!("{status}: {}", String::from_utf8_lossy(&body));
                        }
                        failed += 1;
                    }
                }
            })
        })
        .collect();
    let (mut times, mut failed) = (Vec::new(), 0);
    for task in tasks {
        let (t, f) = task.await.unwrap();
        times.extend(t);
        failed += f;
    }
    let per_second = total as f64 / begun.elapsed().as_secs_f64();
    times.sort_unstable();
    Load { per_second, times, failed }
}
