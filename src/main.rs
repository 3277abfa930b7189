//! The `gongkai` program; see [`gongkai::cli`].

/// A filing allocates some thousand small pieces on one thread; see docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gongkai::cli::main()
}
