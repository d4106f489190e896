#!/usr/bin/env bash
# Runs the tests under another clock: they, orgscan, the emulators and all other processes that they start see a time
# that is ahead by the same amount. Durations are real. It needs libfaketime (Debian's package faketime).
#
#   tests/shifted/run.sh --days 400               all tests, 400 days from now
#   tests/shifted/run.sh --at 2028-02-29          all tests, from noon (UTC) of that day on
#   tests/shifted/run.sh --days 40 replay:: demo  those whose names contain one of these
#   tests/shifted/run.sh --dated                  what .ci/run repeats: the tests that read a date, under each of
#                                                 the clocks and time zones below
#
# ORGSCAN_TEST_THREADS is the number of tests at a time, 2 by default: some of them measure time.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Modules of `tests/it` in which what is expected follows from the date of a run, of an exception, of a session, or of
# the organization; and all unit tests.
DATED=(
    continuation::a_run_goes_on      # a run that its event dates, in several invocations
    distributed::steps::a_run_in     # the same in steps
    exceptions::                     # the last day of an exception
    findings::a_scan_finds           # ages over the emulator
    gaps::declared                   # the last day of an expected gap
    gaps::a_declared                 # the same
    recording::clean                 # ages that are written into the recording
    replay::a_scan_of                # ages over the recording
    trend::                          # the days of a demo, weeks
)

fail() {
    echo "error: $*" >&2
    exit 2
}

library() {
    find /usr/lib* -name libfaketime.so.1 -print -quit 2>/dev/null
}

# Seconds from now to noon (UTC) of a day.
seconds_to() {
    local then
    then=$(date -u -d "$1 12:00" +%s) || fail "$1 is no day; write it as 2028-02-29"
    echo $((then - $(date +%s)))
}

# Runs one program $1 seconds ahead in the time zone $2. Monotonic time is left alone; FAKETIME_FORCE_MONOTONIC_FIX=0
# keeps libfaketime from slowing down every wait for a condition; Python's time.sleep needs sitecustomize.py beside
# this script; insta would start cargo.
shifted() {
    local ahead=$1 zone=$2
    shift 2
    env LD_PRELOAD="$(library)" FAKETIME="$(printf %+d "$ahead")" FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0 \
        NO_FAKE_STAT=1 TZ="$zone" PYTHONPATH="$PWD/tests/shifted" INSTA_WORKSPACE_ROOT="$PWD" \
        "$@" --test-threads "${ORGSCAN_TEST_THREADS:-2}" </dev/null
}

# $1 seconds ahead, in the time zone $2: all unit tests.
units() {
    local ahead=$1 zone=$2 failed=0 program
    echo "== $(date -u -d "$ahead seconds" '+%Y-%m-%d %H:%M UTC'), TZ=$zone"
    while read -r program; do
        shifted "$ahead" "$zone" "$program" || failed=1
    done <<<"$unit_tests"
    return $failed
}

# The same and then the whole scans whose names contain one of the filters.
run() {
    local ahead=$1 zone=$2 failed=0
    shift 2
    units "$ahead" "$zone" || failed=1
    shifted "$ahead" "$zone" "$scans" "$@" || failed=1
    return $failed
}

ahead= dated=
case ${1:-} in
    --days)
        ahead=$((${2:?} * 86400))
        shift 2
        ;;
    --at)
        ahead=$(seconds_to "${2:?}")
        shift 2
        ;;
    --dated)
        dated=yes
        shift
        ;;
    *)
        sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
[ -n "$(library)" ] || fail "libfaketime is missing: run .ci/judges, or install it (Debian's package faketime)"
built=$(CARGO_TERM_COLOR=never cargo test --locked --workspace --features judges --no-run 2>&1) || fail "$built"
program() {
    sed -n "s|^ *Executable $1 (\(.*\))\$|\1|p" <<<"$built"
}
unit_tests=$(program unittests.*) scans=$(program tests/it/main.rs)

if [ -z "$dated" ]; then
    run "$ahead" UTC "$@"
    exit
fi
# Unit tests far west, where it is the day before for half of the day. Scans once, since they take minutes: at the end
# of next year, far east, where the year after it has begun.
units $((40 * 86400)) '<-12>12'
run "$(seconds_to "$(($(date -u +%Y) + 1))-12-31")" '<+14>-14' "${DATED[@]}"
