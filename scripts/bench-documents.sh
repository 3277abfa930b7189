#!/bin/bash
# Measures our documents against docxtpl with LibreOffice and against WeasyPrint in one run, and the
# memory over 5,000 documents. Installs those peers below target/peers; nothing else uses them.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh peers
venv=target/peers/venv
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement benches/peers/requirements.txt
export MEASURE_PEERS="$PWD/$venv/bin/python3"
exec cargo bench --locked --bench measure -- peers
