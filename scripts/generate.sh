#!/usr/bin/env bash
# Write the raw client: generate.sh [SPEC [TARGET]], by default openapi.json into generated/vocobase_raw, and then
# the tables in docs/ too.
# The same input gives the same bytes, whatever was in TARGET before.
set -euo pipefail
cd "$(dirname "$0")/.."
spec=${1:-openapi.json}
target=${2:-generated/vocobase_raw}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export PYTHONDONTWRITEBYTECODE=1
python=${PYTHON:-.venv/bin/python}
bin=$(dirname "$python")
PATH="$(cd "$bin" && pwd):$PATH"

PYTHONPATH=scripts "$python" scripts/prepare_spec.py "$spec" "$work/prepared.json" --modules "$work/modules"
# The generator refuses keys that it does not know, so it gets its own part of the configuration only.
sed '/^# --- naming/,$d' generator-config.yaml > "$work/options.yaml"
openapi-python-client generate \
  --path "$work/prepared.json" --config "$work/options.yaml" --custom-template-path scripts/templates \
  --meta none --fail-on-warning --output-path "$work/vocobase_raw" > "$work/log" 2>&1 || {
  # The log quotes the document.
  printf 'generate: the generator cannot use the document: ' >&2
  LC_ALL=C tr -s '[:space:]' ' ' < "$work/log" | LC_ALL=C tr -cd '[:print:]' | head -c 1000 >&2
  echo >&2
  exit 1
}
cp "$work"/modules/*.py "$work/vocobase_raw/"
PYTHONPATH=scripts "$python" -m spec_tools.harmless "$work/vocobase_raw"
cp scripts/templates/*.py "$work/vocobase_raw/"
printf '' > "$work/vocobase_raw/py.typed"
rm -rf "$target"
mkdir -p "$(dirname "$target")"
mv "$work/vocobase_raw" "$target"
if [ $# = 0 ]; then
  "$python" scripts/spec_table.py
  "$python" scripts/reliability_table.py
fi
