#!/usr/bin/env bash
# Makes docs/images/dashboard.png again: the dashboard with the metrics of 13 runs of the demo. Its
# organization grows by two accounts a run. Accounts that let nobody in join it before the eleventh
# run, so from then on the totals are lower bounds.
#
#   tests/dashboard/picture.sh [PROGRAM]     target/debug/orgscan by default
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
orgscan=${1:-$root/target/debug/orgscan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    --require-hashes --only-binary=:all: --requirement "$here/requirements.txt"

cat >"$work/complete.yaml" <<'YAML'
accounts: { exclude: { names: ["acquired-startup*", "staging-integrations*", "payments-ledger*"] } }
YAML
cat >"$work/all.yaml" <<'YAML'
destinations: { report: { location: s3://example-orgscan-reports } }
YAML

runs=()
for run in {0..12}; do
    config=$work/complete.yaml
    [ "$run" -lt 10 ] || config=$work/all.yaml
    out=$work/$run
    "$orgscan" demo --config "$config" --accounts $((36 + 2 * run)) --report "$out" >/dev/null
    runs+=("$(find "$out" -name metrics.jsonl)")
done
AWS_REGION=eu-west-1 "$orgscan" dashboard --config "$work/all.yaml" >"$work/dashboard.json"
account=$(sed -n 's/.*"name":"UsersWithoutMfa","account_id":"\([0-9]*\)","value":[1-9].*/\1/p' "${runs[12]}" | head -n 1)
"$work/venv/bin/python" "$here/render.py" --account "$account" \
    "$work/dashboard.json" "$root/docs/images/dashboard.png" "${runs[@]}"
