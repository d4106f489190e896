use super::*;
use crate::call::Call;
use crate::rng::SeededRng;

fn faults(yaml: &str) -> Faults {
    Faults::new(&FaultFile::parse("faults.yaml", yaml).unwrap().faults).unwrap()
}

fn call(region: &str, operation: &str) -> Call {
    Call {
        service: "ec2".into(),
        region: region.into(),
        operation: operation.into(),
        ..Call::default()
    }
}

fn matched(faults: &Faults, call: &Call, account: &str) -> Option<FaultKind> {
    faults.find_match(call, &[account], SeededRng::new(1))
}

#[test]
fn the_first_fault_that_matches_decides() {
    let faults = faults(
        "faults:\n\
         - { account: 'prod-*', operation: Describe*, region: eu-*, kind: throttled }\n\
         - { service: ec2, kind: hang }\n",
    );
    let volumes = call("eu-west-1", "DescribeVolumes");
    assert_eq!(
        matched(&faults, &volumes, "prod-a"),
        Some(FaultKind::Throttled)
    );
    assert_eq!(matched(&faults, &volumes, "dev"), Some(FaultKind::Hang));
    let elsewhere = call("us-east-1", "DescribeVolumes");
    assert_eq!(
        matched(&faults, &elsewhere, "prod-a"),
        Some(FaultKind::Hang)
    );
    let other = Call {
        service: "iam".into(),
        ..elsewhere
    };
    assert_eq!(matched(&faults, &other, "prod-a"), None);
}

#[test]
fn a_fault_may_end_and_may_be_rare() {
    let twice = faults("faults: [{ kind: reset, times: 2 }]");
    let call = call("eu-west-1", "DescribeVolumes");
    let hits = |faults: &Faults| {
        let draws = (0..10_000).map(SeededRng::new);
        draws
            .filter(|draw| faults.find_match(&call, &["a"], *draw).is_some())
            .count()
    };
    assert_eq!(hits(&twice), 2);
    let rare = hits(&faults("faults: [{ kind: reset, share: 0.1 }]"));
    assert!((900..1_100).contains(&rare), "{rare}");
    assert_eq!(hits(&faults("faults: [{ kind: reset, share: 0 }]")), 0);
}

#[test]
fn a_problem_of_a_file_has_line_field_and_fix() {
    let wrong = |yaml: &str| {
        let error = FaultFile::parse("faults.yaml", yaml).unwrap_err();
        let problems = error.problems().iter();
        let lines: Vec<_> = problems.map(ToString::to_string).collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(wrong("faults:\n- kind: throttle\n- {}\n"), @r"
    faults.yaml:2: faults[0].kind: `throttle` is unknown; did you mean `throttled`?
    faults.yaml:3: faults[1].kind: missing; add it
    ");
    let yaml = "faults:\n- kind: hang\n- { kind: hang, share: 2, region: 'eu-[w' }\n";
    insta::assert_snapshot!(wrong(yaml), @r"
    faults.yaml:3: faults[1].share: 2 is no share; use 0 to 1
    faults.yaml:3: faults[1].region: `eu-[w` is not a glob: unclosed character class; missing ']'; close it, or put a backslash before it
    ");
    assert_eq!(
        FaultFile::parse("empty.yaml", "").unwrap(),
        FaultFile::default()
    );
}

#[test]
fn the_example_comes_with_the_program_and_is_in_the_docs() {
    let example = FaultFile::of(Path::new(EXAMPLE)).unwrap();
    let kinds: Vec<_> = example.faults.iter().map(|fault| fault.kind).collect();
    assert!(kinds.contains(&FaultKind::MissingPermission) && kinds.contains(&FaultKind::Throttled));
    let docs = orgscan_core::testing::repository().join("docs/simulation.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    assert!(docs.contains(include_str!("example.yaml")));
    let file = FaultFile::of(Path::new("./example"))
        .unwrap_err()
        .to_string();
    assert!(
        file.contains("./example") && file.contains("`example`"),
        "{file}"
    );
}
