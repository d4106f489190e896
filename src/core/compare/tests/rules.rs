//! Rules with other parameters than before.

use super::*;

#[test]
fn a_rule_with_other_parameters_resolves_nothing() {
    let by = |rule: &str, day| ComparisonInput {
        rules: [(VOLUMES.to_owned(), rule.to_owned())].into(),
        ..on(day)
    };
    let (found, nothing) = (volumes(&[High], &[]), volumes(&[], &[]));
    let kind = |known: &Option<KnownAccount>, result, now: &ComparisonInput| {
        let compared = compare(known.clone(), AccountObservation::Result(result), now).unwrap();
        let kind = compared.findings[0].kind;
        (kind, compared.into_known())
    };
    let (_, by_a) = kind(&None, &found, &by("a", 0));
    assert_eq!(
        kind(&by_a, &nothing, &by("a", 1)).0,
        Some(ChangeKind::Resolved)
    );
    // However often the other rule does not find it.
    let (first, known) = kind(&by_a, &nothing, &by("b", 1));
    let (second, known) = kind(&known, &nothing, &by("b", 2));
    assert_eq!([first, second], [Some(ChangeKind::OutOfScope); 2]);
    assert_eq!(
        known.as_ref().unwrap().findings,
        by_a.as_ref().unwrap().findings
    );
    // The rule that found it is back.
    assert_eq!(
        kind(&known, &nothing, &by("a", 3)).0,
        Some(ChangeKind::Resolved)
    );
    // What the other rule finds too is its finding from now on.
    let (ongoing, known) = kind(&by_a, &found, &by("b", 1));
    assert_eq!(ongoing, Some(ChangeKind::Ongoing));
    assert_eq!(
        kind(&known, &nothing, &by("b", 2)).0,
        Some(ChangeKind::Resolved)
    );
    assert_eq!(
        kind(&known, &nothing, &by("a", 2)).0,
        Some(ChangeKind::OutOfScope)
    );
    // A rule that has lost its parameters, and a state of a version that did not write them down.
    assert_eq!(
        kind(&by_a, &nothing, &on(1)).0,
        Some(ChangeKind::OutOfScope)
    );
    assert_eq!(
        kind(&open(), &nothing, &by("a", 1)).0,
        Some(ChangeKind::Resolved)
    );
}
