//! The `gongkai` program; see [`gongkai::cli`].

fn main() -> std::process::ExitCode {
    gongkai::cli::main()
}
