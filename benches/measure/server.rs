//! The real program as a process of its own, with a fresh data folder.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running `gongkai serve`.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to the first answer.
    pub to_first_answer: Duration,
    _folder: Option<TempDir>,
}

/// Settings every measured process gets, for the data folder `folder`.
pub fn environment(folder: &str, database_url: &str, port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("GONGKAI_DATA_DIR", folder.to_owned()),
        ("GONGKAI_DATABASE_URL", database_url.to_owned()),
        ("GONGKAI_LISTEN", format!("127.0.0.1:{port}")),
        ("GONGKAI_LOG_LEVEL", "error".to_owned()),
        ("GONGKAI_RATE_LIMITS", "false".to_owned()),
        // What follows a filing is the worker's, another process in a large installation.
        ("GONGKAI_WORKER_IN_SERVE", "false".to_owned()),
    ]
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Served {
    pub fn start(settings: Vec<(&'static str, String)>, folder: Option<TempDir>) -> Self {
        let listen = settings.iter().find(|(k, _)| *k == "GONGKAI_LISTEN").unwrap().1.clone();
        let address: SocketAddr = listen.parse().unwrap();
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .arg("serve")
            .envs(settings)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !answers(address) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer");
            std::thread::sleep(Duration::from_millis(2));
        }
        Self { child, address, to_first_answer: begun.elapsed(), _folder: folder }
    }

    /// Resident memory and the part of it that belongs to the process alone, in MB.
    pub fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            let kb = line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok());
            kb.unwrap_or(0) / 1024
        };
        (of("VmRSS:"), of("RssAnon:"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn answers(address: SocketAddr) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.contains(" 200 ")
}

pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

pub fn cpu_model() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split(':').nth(1)).unwrap_or("unknown").trim().to_owned()
}
