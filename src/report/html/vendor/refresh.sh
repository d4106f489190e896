#!/usr/bin/env bash
# Fetches the libraries of the page again from the npm registry, in the versions given:
#   src/report/html/vendor/refresh.sh preact@10.29.8 htm@3.1.1
# Then `cargo test --lib vendored` names the SHA-256 to write into vendored.json beside this script.
set -euo pipefail
cd "$(dirname "$0")"

for package in "$@"; do
    name="${package%@*}"
    work="$(mktemp -d)"
    archive="$(npm pack --silent --pack-destination "$work" "$package")"
    tar -xzf "$work/$archive" -C "$work"
    for file in "$name"/*; do
        base="$(basename "$file")"
        found="$work/package/dist/$base"
        [ -e "$found" ] || found="$work/package/$base"
        cp "$found" "$file"
    done
    rm -r "$work"
    echo "$package"
done
