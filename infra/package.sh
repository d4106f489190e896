#!/usr/bin/env bash
# Builds what is deployed and what is released, from a checkout with Rust, a C compiler and python3:
#
#   infra/package.sh                 for x86_64, and for arm64 where its Rust target is installed
#   infra/package.sh --arch arm64    for one of the two
#
#   target/lambda/orgscan.zip        the Lambda, x86_64: the file `bootstrap` (arm64: orgscan-arm64.zip)
#   target/dist/orgscan-*.tar.gz     the command line with completions, manual pages, the licenses of all dependencies
#                                    and the bill of materials (CycloneDX)
#   target/dist/SHA256SUMS           of the zips and archives of this call
#
# The programs are linked against glibc 2.34, which the runtime provided.al2023 has, whatever this
# machine has: Zig's linker knows the symbols of every version. The same commit, toolchain and
# infra/requirements.txt give the same zip, byte for byte, on any machine and in any folder.
#
#   --tools      installs what this needs below target, and builds nothing
#   --check      links what `cargo test` compiles, checks what the programs need, and packs nothing
#   --from DIR   packs the programs `orgscan-lambda` and `orgscan` of this folder, for one --arch; builds nothing
#   --to DIR     in place of target
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
arches=()
from=
to=$root/target
check=
tools_only=

usage() {
    sed -n '2,20s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        --check | --tools)
            [ "$1" = --check ] && check=yes || tools_only=yes
            shift
            continue
            ;;
    esac
    [ $# -ge 2 ] || usage
    case $1 in
        --arch) arches+=("$2") ;;
        --from) from=$(cd "$2" && pwd) ;;
        --to) mkdir -p "$2" && to=$(cd "$2" && pwd) ;;
        *) usage ;;
    esac
    shift 2
done

triple() {
    case $1 in
        x86_64) echo x86_64-unknown-linux-gnu ;;
        arm64) echo aarch64-unknown-linux-gnu ;;
        *)
            echo "error: --arch $1: orgscan is built for x86_64 and arm64; give one of them" >&2
            exit 2
            ;;
    esac
}

# What links and what packs, in an environment of its own.
tools() {
    local place=$root/target/packaging wanted=$root/infra/requirements.txt
    mkdir -p "$root/target"
    {
        # Where there is one: two at a time would undo each other's work.
        ! command -v flock >/dev/null || flock 9
        if ! cmp -s "$wanted" "$place/installed.txt"; then
            python3 -m venv --clear "$place"
            "$place/bin/pip" install --quiet --disable-pip-version-check \
                --require-hashes --only-binary=:all: --requirement "$wanted"
            cp "$wanted" "$place/installed.txt"
        fi
    } 9>"$root/target/packaging.lock"
    PATH=$place/bin:$PATH
}

# No folder of this machine in what is built. The function is built without the command line and its simulator, so with
# fewer features of a few small dependencies; all others are compiled once.
build() {
    build_program "$1" orgscan
    build_program "$1" orgscan-lambda --no-default-features
}

build_program() {
    local target=$1 program=$2
    shift 2
    local cargo_home=${CARGO_HOME:-$HOME/.cargo}
    local map=--remap-path-prefix
    CARGO_INCREMENTAL=0 \
        CFLAGS="-ffile-prefix-map=$cargo_home=/cargo" \
        RUSTFLAGS="$map=$root=/orgscan $map=$cargo_home=/cargo $map=$(rustc --print sysroot)=/rust" \
        cargo zigbuild --manifest-path "$root/Cargo.toml" --target-dir "$root/target" \
        --release --locked --package orgscan --bin "$program" --target "$target.2.34" "$@"
}

# Links the development build against the runtime's glibc. Only the linker is another one, so that nothing else is
# compiled again than these programs; the feature has only tests in it.
link_development() {
    local linker=$root/target/packaging/link-$1
    printf '#!/bin/sh\nexec cargo-zigbuild zig cc -- -target %s "$@"\n' "${1/-unknown/}.2.34" >"$linker"
    chmod +x "$linker"
    local program
    for program in orgscan-lambda orgscan; do
        cargo rustc --manifest-path "$root/Cargo.toml" --target-dir "$root/target" --locked --package orgscan --features judges \
            --bin "$program" -- -C linker="$linker"
    done
}

# The release archive's folder. `$1` is the program to ask, which runs on this machine.
lay_out() {
    local ask=$1 program=$2 folder=$3 target=$4
    rm -rf "$folder"
    mkdir -p "$folder/completions" "$folder/man"
    install -m 755 "$program" "$folder/orgscan"
    install -m 644 "$root/LICENSE" "$root/README.md" "$folder"
    "$ask" completions bash >"$folder/completions/orgscan.bash"
    "$ask" completions zsh >"$folder/completions/_orgscan"
    "$ask" completions fish >"$folder/completions/orgscan.fish"
    "$ask" completions powershell >"$folder/completions/_orgscan.ps1"
    "$ask" man >"$folder/man/orgscan.1"
    python "$root/infra/components.py" licenses "$target" >"$folder/THIRD-PARTY-LICENSES.txt"
    python "$root/infra/components.py" sbom "$target" >"$folder/orgscan.cdx.json"
    # The program's page names those of its commands.
    local command
    for command in $("$ask" man | sed -n 's/^orgscan\\-\([a-z]*\)(1)$/\1/p'); do
        "$ask" man "$command" >"$folder/man/orgscan-$command.1"
    done
}

tools
[ -z "$tools_only" ] || exit 0
if [ -n "$check" ]; then
    arch=$(uname -m)
    link_development "$arch-unknown-linux-gnu"
    for program in orgscan-lambda orgscan; do
        python "$root/infra/package.py" check "$root/target/debug/$program" --machine "${arch/aarch64/arm64}"
    done
    exit
fi

# What is built where --arch names nothing: all that this machine has the Rust target for.
if [ ${#arches[@]} -eq 0 ]; then
    for arch in x86_64 arm64; do
        if [ -d "$(rustc --print sysroot)/lib/rustlib/$(triple "$arch")" ]; then
            arches+=("$arch")
        else
            echo "not built: $(triple "$arch"), whose Rust target is not installed (rustup target add $(triple "$arch"))" >&2
        fi
    done
fi

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
ask=
packed=()
for arch in "${arches[@]}"; do
    target=$(triple "$arch")
    built=$from
    if [ -z "$built" ]; then
        build "$target"
        built=$root/target/$target/release
    fi
    zip=$to/lambda/orgscan.zip
    [ "$arch" = x86_64 ] || zip=$to/lambda/orgscan-$arch.zip
    python "$root/infra/package.py" zip "$built/orgscan-lambda" "$zip" --machine "$arch"
    packed+=("lambda/${zip##*/}")
    python "$root/infra/package.py" check "$built/orgscan" --machine "$arch"

    # Completions and pages are the same for every machine, and only this one's program runs here.
    case $arch-$(uname -m) in
        x86_64-x86_64 | arm64-aarch64 | arm64-arm64) ask=$built/orgscan ;;
    esac
    if [ -z "$ask" ]; then
        echo "not packed: the release archive for $arch, since no program for $(uname -m) was built, which writes completions and manual pages" >&2
        continue
    fi
    release=$to/dist/orgscan-$version-$target
    lay_out "$ask" "$built/orgscan" "$release" "$target"
    python "$root/infra/package.py" archive "$release" "$release.tar.gz"
    packed+=("dist/${release##*/}.tar.gz")
done
[ ${#packed[@]} -eq 0 ] || python "$root/infra/package.py" sums "$to" "${packed[@]}"
