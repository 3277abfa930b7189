#!/bin/bash
# Measures the optimised program; the tables it prints belong into docs/performance.md.
# Arguments name parts: clock documents start similar calendar reminders sqlite postgres; none means all.
# PostgreSQL is started for the run, with fsync on, and thrown away afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
url=$(GONGKAI_PG_DURABLE=1 scripts/test-postgres.sh $$ || true)
export MEASURE_POSTGRES="$url"
exec cargo bench --locked --bench measure -- "$@"
