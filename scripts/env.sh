#!/bin/bash
# Writes .env for docker compose from .env.example, filling every empty secret with random digits.
# Leaves an existing .env alone.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -e .env ]; then
    echo ".env is already there, nothing changed" >&2
    exit 0
fi
umask 077
draft=$(mktemp .env.XXXXXX)
trap 'rm -f "$draft"' EXIT
while IFS= read -r line; do
    if [[ $line =~ ^[A-Z0-9_]+=$ ]]; then
        line+=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
    fi
    printf '%s\n' "$line"
done <.env.example >"$draft"
mv "$draft" .env
echo "wrote .env with fresh secrets; keep it, and keep it private" >&2
