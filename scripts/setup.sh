#!/bin/bash
# Makes this machine ready: `setup.sh run` for building and running, `setup.sh test` for the suite too,
# `setup.sh peers` for the comparison of documents.
#
# Quick when everything is there. Installs Debian packages only for what is missing, as root or
# through sudo; otherwise it says what to install. Never replaces a Rust toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
    say "$@"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# --- Rust: must be there already ------------------------------------------------------------------

check_rust() {
    local wanted found
    if ! have cargo || ! have rustc; then
        fail "Rust is missing. Install it from https://rustup.rs, then open a new terminal."
    fi
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version | cut -d ' ' -f 2)
    [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] ||
        fail "Rust $found is too old, $wanted or newer is needed: rustup update stable"
}

check_rust_components() {
    if ! have cargo-clippy || ! have rustfmt; then
        fail "rustfmt or clippy is missing: rustup component add rustfmt clippy"
    fi
    have cargo-nextest || say "cargo-nextest is not installed, cargo test is used (slower)"
}

# --- Debian packages, only for what is missing ----------------------------------------------------

packages=()
need() { packages+=("$1"); }

compiler() { # the bundled SQLite, libpq and aws-lc are C
    have cc || need gcc
    [ -e /usr/include/stdio.h ] || need libc6-dev
}

postgres_server() { # its programs are not on the PATH
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb || need postgresql
}

readers() { # independent programs that read back what we issue
    have pdftotext || need poppler-utils
    have qpdf || need qpdf
    have docx2txt || need docx2txt
    have unzip || need unzip
    have python3 || need python3 # its XML reader reads filled forms
    have zbarimg || need zbar-tools
    have soffice || need libreoffice-writer-nogui # sets our DOCX, for comparison with the PDF
}

peers() { # libraries that WeasyPrint loads, and the place for it
    ldconfig -p | grep -q libpangoft2 || need libpangoft2-1.0-0
    ldconfig -p | grep -q libharfbuzz-subset || need libharfbuzz-subset0
    python3 -m venv --help >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || need python3-venv
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
    [ ${#packages[@]} -gt 0 ] || return 0
    local by_hand="install by hand: ${packages[*]}"
    have apt-get || fail "this is not a Debian system; $by_hand (Debian's names)"
    if [ "$(id -u)" != 0 ] && ! { have sudo && sudo -n true 2>/dev/null; }; then
        fail "root is needed once; run: sudo apt-get install --no-install-recommends ${packages[*]}"
    fi
    say "installing Debian packages: ${packages[*]}"
    if [[ " ${packages[*]} " == *" postgresql "* ]]; then no_standing_cluster; fi
    as_root apt-get -qq update || say "apt-get update failed, trying with the lists at hand"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        "${packages[@]}" >/dev/null || fail "apt-get failed; $by_hand"
}

no_standing_cluster() { # the suite starts its own; the package need not run a server of its own
    local conf=/etc/postgresql-common/createcluster.conf
    [ -e "$conf" ] && return 0
    as_root mkdir -p "${conf%/*}"
    echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
    say "wrote $conf, so that no PostgreSQL server is left running"
}

# --------------------------------------------------------------------------------------------------

case "${1:-}" in
    run)
        check_rust
        compiler
        ;;
    test)
        check_rust
        check_rust_components
        compiler
        postgres_server
        readers
        ;;
    peers)
        check_rust
        compiler
        readers
        peers
        ;;
    *) fail "usage: scripts/setup.sh run|test|peers" ;;
esac
install_packages
scripts/fonts.sh
