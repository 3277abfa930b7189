//! `make bench`: how fast the service is on this machine, in one run, printed as the tables of
//! `docs/performance.md`. Ratios compare things measured side by side; absolute figures belong to
//! the machine they were taken on.
//!
//! `cargo bench --bench measure -- [clock] [documents] [sqlite] [postgres] [start] [similar] [calendar] [reminders]`
//! runs parts; `make bench-documents` runs the part `peers`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a measuring program: a panic is a failed measurement, and it prints its tables"
)]

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod calendar;
mod client;
mod clock;
mod documents;
mod peers;
mod reminders;
mod server;
mod service;
mod similar;

use std::time::Duration;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |part: &str| asked.is_empty() || asked.iter().any(|a| a == part);
    println!("# Measured figures\n");
    println!("Machine: {} processors, {}.\n", server::processors(), server::cpu_model());
    if wanted("clock") {
        clock::measure();
    }
    if wanted("documents") {
        documents::measure();
    }
    // Only when asked for: the peers must be installed.
    if asked.iter().any(|a| a == "peers") {
        peers::measure();
    }
    if wanted("start") {
        service::start();
    }
    if wanted("similar") {
        similar::measure(service::Backend::Sqlite);
        similar::measure(service::Backend::Postgres);
    }
    if wanted("calendar") {
        calendar::measure(service::Backend::Sqlite);
        calendar::measure(service::Backend::Postgres);
    }
    if wanted("reminders") {
        reminders::measure(service::Backend::Sqlite);
        reminders::measure(service::Backend::Postgres);
    }
    if wanted("sqlite") {
        service::measure(service::Backend::Sqlite);
    }
    if wanted("postgres") {
        service::measure(service::Backend::Postgres);
    }
}

/// Prints the head of a table.
fn table(title: &str, columns: &[&str]) {
    println!("\n## {title}\n");
    println!("| {} |", columns.join(" | "));
    println!("|{}|", vec!["---"; columns.len()].join("|"));
}

/// Prints a row.
fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// Seconds as the unit that reads best.
fn human(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

/// The value below which `share` of the sorted samples lie.
fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share) as usize).copied().unwrap_or_default()
}
