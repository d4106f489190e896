//! The file of the state: what is read is what was written, and damage never passes for a state.

mod migration;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use orgscan_core::clock::Clock;
use orgscan_core::compare::{
    AccountObservation, ComparisonInput, Key, KnownAccount, KnownFinding, KnownOu, KnownTargets,
    Status,
};
use orgscan_core::model::{
    AccountId, Baseline, BaselineRun, ChangeKind, CheckId, Region, Severity, TargetScope,
};
use orgscan_core::testing::{VOLUMES, account, evaluated, id, region, result};
use tempfile::TempDir;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn run(name: &str) -> BaselineRun {
    BaselineRun {
        id: name.into(),
        started: at(0),
        finished: at(60),
        alert: None,
    }
}

/// A finding with a resource of the length of a real one.
fn finding(random: &mut fastrand::Rng, n: u64, account: &AccountId) -> KnownFinding {
    let regions = ["us-east-1", "eu-west-1", "eu-central-1", "ap-south-1"];
    let region = Region::new(random.choice(regions).unwrap());
    let volume = format!("vol-0{:016x}", random.u64(..));
    let seen = at(random.i64(0..90) * 86_400);
    let closed = (n.is_multiple_of(4)).then(|| at(random.i64(0..90) * 86_400));
    KnownFinding {
        message: format!(
            "Volume {volume} is not encrypted; attached to i-0{:016x}",
            random.u64(..)
        ),
        key: Key {
            check: VOLUMES.into(),
            resource: format!("arn:aws:ec2:{region}:{account}:volume/{volume}").into(),
            scope: TargetScope::Region(region),
            part: String::new(),
        },
        region: n.is_multiple_of(7).then(|| Region::new("eu-west-1")),
        severity: *random.choice(&Severity::ALL).unwrap(),
        status: closed.map_or(Status::Open, |_| Status::Resolved),
        first_seen: seen,
        last_seen: seen,
        last_evaluated: seen,
        closed,
        reopened: random.u32(0..3),
        rule: (!n.is_multiple_of(3)).then(|| format!("rule-{}", n % 2)),
    }
}

fn known(random: &mut fastrand::Rng, n: u64, findings: u64) -> KnownAccount {
    let id = id(n);
    let scopes = ["us-east-1", "eu-west-1", "eu-central-1"].map(region);
    let checks = [VOLUMES, "security-group-open-to-world"];
    let targets = |check: &str| {
        let check = CheckId::new(check);
        scopes.clone().map(move |scope| (check.clone(), scope))
    };
    let covered = checks.iter().flat_map(|check| targets(check)).collect();
    let mut findings: Vec<_> = (0..findings).map(|n| finding(random, n, &id)).collect();
    findings.sort_by(|a, b| a.key.cmp(&b.key));
    KnownAccount {
        name: format!("workload-{n}"),
        organization: Some("o-a1b2c3d4e5".into()),
        ou: Some(KnownOu {
            id: "ou-a1b2-12345678".into(),
            path: "Workloads/Production".into(),
        }),
        last_scanned: at(0),
        gone: n.is_multiple_of(50).then(|| at(5)),
        targets: KnownTargets {
            covered,
            lost: [(VOLUMES.into(), TargetScope::Global)].into(),
            ..KnownTargets::default()
        },
        findings,
        id,
    }
}

fn written(folder: &Path, accounts: impl IntoIterator<Item = KnownAccount>) -> PathBuf {
    let (lines, state) = (folder.join("lines"), folder.join("state.jsonl.gz"));
    let mut writer = HistoryWriter::create(&lines).unwrap();
    for account in accounts {
        writer.account(&account).unwrap();
    }
    let count = writer.finish().unwrap();
    write_state(&state, Some(&run("nightly")), (&lines, count)).unwrap();
    state
}

fn read(path: &Path) -> Result<Vec<KnownAccount>, HistoryError> {
    let mut reader = HistoryReader::open(path, "s3://bucket/state", None)?;
    let mut all = Vec::new();
    while let Some(account) = reader.before(None)? {
        all.push(account);
    }
    Ok(all)
}

#[test]
fn what_is_read_is_what_was_written() {
    let folder = TempDir::new().unwrap();
    let mut random = fastrand::Rng::with_seed(1);
    let accounts: Vec<_> = (1..120).map(|n| known(&mut random, n, n % 9)).collect();
    let state = written(folder.path(), accounts.clone());
    assert_eq!(read(&state).unwrap(), accounts);
    let bytes = fs::read(&state).unwrap();
    assert_eq!(bytes, fs::read(written(folder.path(), accounts)).unwrap());
    let reader = HistoryReader::open(&state, "", None).unwrap();
    assert_eq!(reader.run(), Some(&run("nightly")));
    fs::write(&state, empty().unwrap()).unwrap();
    assert_eq!(HistoryReader::open(&state, "", None).unwrap().run(), None);
    assert_eq!(read(&state).unwrap(), []);
}

#[test]
fn a_state_that_ends_early_anywhere_is_damaged() {
    let folder = TempDir::new().unwrap();
    let mut random = fastrand::Rng::with_seed(2);
    let state = written(folder.path(), (1..6).map(|n| known(&mut random, n, 3)));
    let whole = fs::read(&state).unwrap();
    for length in 0..whole.len() {
        fs::write(&state, &whole[..length]).unwrap();
        let error = read(&state).unwrap_err();
        assert!(
            matches!(error, HistoryError::Damaged { .. }),
            "{length}: {error}"
        );
        let error = error.to_string();
        assert!(
            error.contains("s3://bucket/state") && error.contains("was not changed"),
            "{error}"
        );
    }
}

/// A file with these lines.
fn of_lines(folder: &Path, lines: &[&str]) -> PathBuf {
    let path = folder.join("made.jsonl.gz");
    let mut out = GzEncoder::new(fs::File::create(&path).unwrap(), Compression::fast());
    lines
        .iter()
        .for_each(|line| writeln!(out, "{line}").unwrap());
    out.finish().unwrap();
    path
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let folder = TempDir::new().unwrap();
    let head = r#"{"format":"orgscan findings","version":2,"run":null,"accounts":2}"#;
    let line = |n| {
        format!(
            r#"{{"account":"{}","name":"a","looked":1,"findings":[]}}"#,
            id(n)
        )
    };
    let error = |lines: &[&str]| {
        read(&of_lines(folder.path(), lines))
            .unwrap_err()
            .to_string()
    };
    assert!(read(&of_lines(folder.path(), &[head, &line(1), &line(2)])).is_ok());
    let cases = [
        (error(&[]), "line 1, cannot be read: it is empty"),
        (error(&["{}"]), "line 1, cannot be read: missing field"),
        (
            error(&[&head.replace("findings", "x")]),
            "no state of findings",
        ),
        (
            error(&[head, &line(2), &line(1)]),
            "line 3, cannot be read: account 111100000001 is out of order",
        ),
        (error(&[head, &line(1), &line(1)]), "out of order"),
        (error(&[head, &line(1), "{\"account\":"]), "line 3"),
        (error(&[head, &line(1)]), "it has 1 accounts of 2"),
        (
            error(&[head, &line(1), &line(2), &line(3)]),
            "it has 3 accounts of 2",
        ),
    ];
    for (error, expected) in cases {
        assert!(error.contains(expected), "{error}");
    }
    // Whatever else another version may have changed.
    for version in [0, 3, u32::MAX] {
        let head = format!(r#"{{"format":"orgscan findings","version":{version},"runs":[]}}"#);
        let other = error(&[&head, "?"]);
        let expected = format!("format {version},");
        assert!(
            other.contains(&expected) && other.contains("reads 1 to 2"),
            "{other}"
        );
    }
    fs::write(folder.path().join("text"), "no gzip at all").unwrap();
    let text = read(&folder.path().join("text")).unwrap_err();
    assert!(matches!(text, HistoryError::Damaged { .. }), "{text}");
    let absent = read(&folder.path().join("absent")).unwrap_err();
    assert!(matches!(absent, HistoryError::Io { .. }), "{absent}");
}

#[test]
fn accounts_are_joined_in_either_order() {
    let folder = TempDir::new().unwrap();
    let found = |n| {
        let verdict = evaluated(VOLUMES, region("eu-west-1"), 2, &[Severity::High], &[]);
        result(account(n, "prod", "Work"), vec![verdict])
    };
    let now = |second| ComparisonInput {
        at: at(second),
        organization: Some("o-a1b2c3d4e5".into()),
        checks: vec![VOLUMES],
        rules: Default::default(),
    };
    let step = |path: &Path, second: i64, accounts: &[u64]| {
        let (location, now) = (String::new(), now(second));
        let history = History {
            path: path.to_owned(),
            location,
            now,
            clock: None,
        };
        let lines = folder.path().join("lines");
        let mut join = HistoryJoin::start(&history, &lines).unwrap();
        for n in accounts {
            join.add(&id(*n), AccountObservation::Result(&found(*n)), None)
                .unwrap();
        }
        let joined = join.finish().unwrap();
        let next = folder.path().join(format!("{second}"));
        let count = *joined.next.as_ref().unwrap();
        write_state(&next, Some(&run("nightly")), (&lines, count)).unwrap();
        (joined, next)
    };
    let none = folder.path().join("none");
    fs::write(&none, empty().unwrap()).unwrap();
    let (first, state) = step(&none, 1, &[2, 4]);
    assert_eq!(first.changes.baseline, Baseline::FirstRun);
    assert_eq!(first.changes.of(ChangeKind::New).high, 2);
    let (second, state) = step(&state, 2, &[1, 3, 4]);
    assert_eq!(
        second.changes.baseline,
        Baseline::Compared {
            run: run("nightly")
        }
    );
    assert_eq!(second.changes.of(ChangeKind::New).high, 2);
    assert_eq!(second.changes.of(ChangeKind::Ongoing).high, 1);
    assert_eq!(second.changes.of(ChangeKind::Gone).high, 1);
    assert_eq!(second.changes.accounts_gone.first[0].account_id, id(2));
    assert_eq!(second.accounts[&id(1)].iter().next().unwrap().new.high, 1);
    assert!(!second.accounts.contains_key(&id(4)));
    let (third, _) = step(&state, 3, &[1, 2, 3, 4]);
    assert_eq!(third.changes.of(ChangeKind::Reopened).high, 1);
    // One that reads results alone finds the same.
    let (location, now) = (String::new(), now(3));
    let history = History {
        path: state,
        location,
        now,
        clock: None,
    };
    let mut walk = Some(history.walk().unwrap());
    let kinds =
        [2, 4].map(|n| History::of(&mut walk, &found(n)).unwrap().unwrap().findings[0].kind);
    assert_eq!(
        kinds,
        [Some(ChangeKind::Reopened), Some(ChangeKind::Ongoing)]
    );
}

/// A state in which one account has a time of this second.
fn dated(folder: &Path, change: impl Fn(&mut KnownAccount)) -> PathBuf {
    let mut random = fastrand::Rng::with_seed(4);
    let accounts = (1..4).map(|n| {
        let mut account = known(&mut random, n, 2);
        account.not_after(at(0));
        if n == 2 {
            change(&mut account);
        }
        account
    });
    written(folder, accounts.collect::<Vec<_>>())
}

#[test]
fn a_state_with_any_time_ahead_of_the_clock_is_compared_with_nothing() {
    let folder = TempDir::new().unwrap();
    let ahead = at(601);
    let changes: [fn(&mut KnownAccount, Timestamp); 6] = [
        |account, time| account.last_scanned = time,
        |account, time| account.gone = Some(time),
        |account, time| account.findings[0].first_seen = time,
        |account, time| account.findings[1].last_seen = time,
        |account, time| account.findings[1].last_evaluated = time,
        |account, time| account.findings[0].closed = Some(time),
    ];
    let open = |state: &Path, now| {
        let clock = Some(Clock::Fixed(now));
        let mut reader = HistoryReader::open(state, "the state", clock)?;
        while reader.before(None)?.is_some() {}
        Ok::<_, HistoryError>(())
    };
    for change in changes {
        let state = dated(folder.path(), |account| change(account, ahead));
        let error = open(&state, at(0)).unwrap_err();
        let (text, id) = (error.to_string(), id(2).to_string());
        assert!(matches!(error, HistoryError::Ahead { .. }), "{text}");
        for part in [
            "the state",
            &id,
            "was not changed",
            "orgscan history repair",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // A run that began earlier and ends later is another case.
        open(&state, at(1)).unwrap();
    }
    let error = open(&dated(folder.path(), |_| ()), at(-601)).unwrap_err();
    assert!(error.to_string().contains("the run nightly"), "{error}");
}

#[test]
fn a_repair_keeps_everything_and_dates_it_now() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(name);
    let now = at(-3_600);
    let clock = Clock::Fixed(now);
    let mut random = fastrand::Rng::with_seed(5);
    let before: Vec<_> = (1..9).map(|n| known(&mut random, n, 3)).collect();
    let state = written(folder.path(), before.clone());
    let fix_state = |from: &Path, to: &Path| repair((from, "the state"), &file("lines"), to, clock);
    let found = fix_state(&state, &file("next")).unwrap();
    assert_eq!((found.accounts, found.ahead), (8, 8));
    assert_eq!(found.run, Some(run("nightly")));
    let latest = before.iter().map(KnownAccount::latest).max();
    assert_eq!(found.latest.map(|(_, time)| time), latest);
    let expected = before.into_iter().map(|mut account| {
        account.not_after(now);
        account
    });
    assert_eq!(read(&file("next")).unwrap(), expected.collect::<Vec<_>>());
    let repaired = HistoryReader::open(&file("next"), "", Some(clock)).unwrap();
    let run = repaired.run().unwrap();
    assert_eq!((&*run.id, run.started, run.finished), ("nightly", now, now));
    // What is right stays as it is, byte by byte.
    let again = fix_state(&file("next"), &file("again")).unwrap();
    assert!(again.is_empty(), "{again:?}");
    let bytes = |name: &str| fs::read(file(name)).unwrap();
    assert_eq!(bytes("next"), bytes("again"));
}

/// Bytes that a state of 10,000 accounts with 200,000 findings may take.
const MOST: u64 = 20 * 1_024 * 1_024;

#[test]
fn a_large_organization_fits() {
    // A tenth of it, whose lines are no more alike.
    let folder = TempDir::new().unwrap();
    let mut random = fastrand::Rng::with_seed(3);
    let state = written(folder.path(), (0..1_000).map(|n| known(&mut random, n, 20)));
    let size = fs::metadata(&state).unwrap().len();
    assert!(size < MOST / 10, "{size} bytes for 20,000 findings");
}
