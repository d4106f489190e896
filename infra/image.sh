#!/usr/bin/env bash
# Builds a container image of the command line, without a base image and without a daemon:
#
#   infra/image.sh                     lays out target/image/rootfs, and builds the image `orgscan` from it with buildah,
#                                      podman or docker, whichever is there first
#   infra/image.sh --layout            only lays out the root file system
#
#   --program FILE    the program; target/ARCH-unknown-linux-gnu/release/orgscan by default, from infra/package.sh
#   --to DIR          in place of target/image
#   --tag NAME        the image's name; orgscan:VERSION by default
#
# The root file system has the program, the libraries that it is linked to, and the certificates of the public
# authorities, both from this machine. It is for this machine's architecture.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
program=$root/target/$(uname -m)-unknown-linux-gnu/release/orgscan
to=$root/target/image
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
tag=orgscan:$version
layout_only=

fail() {
    echo "error: $*" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    if [ "$1" = --layout ]; then
        layout_only=yes
        shift
        continue
    fi
    [ $# -ge 2 ] || { sed -n '2,15s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
    case $1 in
        --program) program=$2 ;;
        --to) to=$2 ;;
        --tag) tag=$2 ;;
        *) fail "$1 is no option of infra/image.sh; it has --layout, --program, --to and --tag" ;;
    esac
    shift 2
done
[ -x "$program" ] || fail "$program is not there; build it with infra/package.sh, or name another one with --program"

# The certificates of public authorities, where Linux distributions keep them.
certificates() {
    local file
    for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
        [ -s "$file" ] && echo "$file" && return
    done
    fail "this machine has no certificates of public authorities; install its package ca-certificates"
}

# The libraries that the program is linked to, and the loader, by their paths.
libraries() {
    ldd "$program" | sed -n 's/^.*=> \(\/[^ ]*\) (.*$/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*$/\1/p'
}

lay_out() {
    local rootfs=$1 library
    rm -rf "$rootfs"
    mkdir -p "$rootfs"/{usr/bin,etc/ssl/certs,lib,lib64,report,tmp}
    chmod 1777 "$rootfs/tmp" "$rootfs/report"
    install -m 755 "$program" "$rootfs/usr/bin/orgscan"
    # The loader is named by its path in the program; it finds the others in /lib.
    for library in $(libraries); do
        case $library in
            */ld-linux-*) install -D -m 755 "$library" "$rootfs$library" ;;
            *) install -m 755 "$library" "$rootfs/lib/" ;;
        esac
    done
    install -m 644 "$(certificates)" "$rootfs/etc/ssl/certs/ca-certificates.crt"
    install -m 644 "$root/LICENSE" "$rootfs/LICENSE"
    echo 'orgscan:x:65532:65532::/tmp:/nologin' >"$rootfs/etc/passwd"
    echo 'orgscan:x:65532:' >"$rootfs/etc/group"
}

build() {
    local builder
    for builder in buildah podman docker; do
        command -v "$builder" >/dev/null || continue
        "$builder" build --file "$root/infra/Containerfile" --tag "$tag" "$1"
        echo "built $tag with $builder"
        return
    done
    fail "neither buildah, podman nor docker is on the PATH; install one, or build from $1 with infra/Containerfile"
}

lay_out "$to/rootfs"
echo "$to/rootfs"
[ -n "$layout_only" ] || build "$to/rootfs"
