#!/bin/bash
# Starts a throw-away PostgreSQL for the test suite and lets it die with its owner.
#
#   test-postgres.sh OWNER_PID   prints the URL of its maintenance database
#   test-postgres.sh             as a nextest set-up script: hands the URL to the tests
#
# The server keeps its data in a temporary folder, listens on a Unix socket in it only, writes
# nothing through to disk, and runs as the user postgres (or nobody) when we are root. A watchdog
# stops it and deletes the folder as soon as the owner is gone, however it ended.
# Without PostgreSQL on this machine: silence, or failure if GONGKAI_TEST_POSTGRES=require.
set -euo pipefail

owner=${1:-$PPID}

bin=
for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V) $(dirname "$(command -v initdb || true)"); do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then bin=$candidate; fi
done
if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed: tests that need it are skipped (scripts/setup.sh test)" >&2
    if [ "${GONGKAI_TEST_POSTGRES:-}" = require ]; then exit 1; fi
    exit 0
fi

dir=$(mktemp -d /tmp/gongkai-pg.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
    user=postgres
    id -u "$user" >/dev/null 2>&1 || user=nobody
    chown "$user" "$dir"
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi
in_dir() { (cd "$dir" && exec env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "${as[@]}" "$@"); }

fail() {
    cat "$dir/log" >&2 || true
    rm -rf "$dir"
    exit 1
}
in_dir touch log
in_dir "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions \
    >>"$dir/log" 2>&1 || fail
# A measurement of durable writes wants a server that keeps its promises.
fast="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
if [ "${GONGKAI_PG_DURABLE:-}" = 1 ]; then fast=""; fi
in_dir "$bin/pg_ctl" -D data -l log -w -t 30 start -o "-k $dir -c listen_addresses='' $fast \
    -c max_connections=200" >/dev/null 2>&1 || fail

# The watchdog: in a session of its own, so that a Ctrl-C meant for the tests does not end it first.
server=$(head -n 1 "$dir/data/postmaster.pid")
# shellcheck disable=SC2016  # the arguments are for the inner shell
setsid bash -c '
    tail --pid="$1" -s 0.2 -f /dev/null
    kill -QUIT "$2"
    tail --pid="$2" -s 0.1 -f /dev/null
    rm -rf "$3"
' watchdog "$owner" "$server" "$dir" </dev/null >/dev/null 2>&1 &

url="postgres://postgres@${dir//\//%2F}/postgres"
if [ -n "${NEXTEST_ENV:-}" ] && [ $# = 0 ]; then
    echo "GONGKAI_TEST_POSTGRES_URL=$url" >>"$NEXTEST_ENV"
else
    echo "$url"
fi
