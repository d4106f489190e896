//! Compares the result for random patterns with that for every event of a small world.

use super::*;

#[derive(Clone, Debug)]
enum Value {
    Absent,
    Null,
    True,
    Text(&'static str),
    Number,
}

/// Values of each kind, and for each of the wildcards below texts that they match and that they do not.
const VALUES: [Value; 10] = [
    Value::Absent,
    Value::Null,
    Value::True,
    Value::Number,
    Value::Text(""),
    Value::Text("x"),
    Value::Text("y"),
    Value::Text("xqy"),
    Value::Text("xq"),
    Value::Text("qy"),
];

const WILDCARDS: [&str; 5] = ["x", "y", "x*", "*y", "*"];

fn random_pattern(rng: &mut fastrand::Rng, depth: u32) -> Pattern {
    if depth > 0 && rng.u8(..3) > 0 {
        let parts = (0..rng.usize(1..4))
            .map(|_| random_pattern(rng, depth - 1))
            .collect();
        return match rng.bool() {
            true => Pattern::All(parts),
            false => Pattern::Any(parts),
        };
    }
    let wildcard = Wildcard::new(WILDCARDS[rng.usize(..WILDCARDS.len())]);
    let test = match rng.u8(..9) {
        0..3 => Test::Is(wildcard),
        3..5 => Test::IsNot(wildcard),
        5 => Test::Exists,
        6 => Test::NotExists,
        7 => Test::Null,
        _ => Test::Bool(true),
    };
    let field = ["a", "b"][rng.usize(..2)];
    Pattern::Field(field.to_owned(), test)
}

fn matches(pattern: &Pattern, event: &[(&str, &Value)], absent_differs: bool) -> bool {
    let all = |part: &Pattern| matches(part, event, absent_differs);
    match pattern {
        Pattern::All(parts) => parts.iter().all(all),
        Pattern::Any(parts) => parts.iter().any(all),
        Pattern::Field(field, test) => {
            let value = event.iter().find(|(name, _)| name == field).unwrap().1;
            is_true(test, value, absent_differs)
        }
        other => panic!("{other:?}"),
    }
}

fn is_true(test: &Test, value: &Value, absent_differs: bool) -> bool {
    match (test, value) {
        (Test::Is(wildcard), Value::Text(text)) => wildcard.matches(text),
        (Test::IsNot(wildcard), Value::Text(text)) => !wildcard.matches(text),
        (Test::IsNot(_), Value::Absent) => absent_differs,
        (Test::IsNot(_), _) => true,
        (Test::Exists, value) => !matches!(value, Value::Absent),
        (Test::NotExists, value) => matches!(value, Value::Absent),
        (Test::Null, value) => matches!(value, Value::Null),
        (Test::Bool(true), value) => matches!(value, Value::True),
        _ => false,
    }
}

#[test]
fn the_result_is_that_of_every_event() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut counts = [0; 3];
    for _ in 0..1_500 {
        let (required, given) = (random_pattern(&mut rng, 2), random_pattern(&mut rng, 2));
        let is_missed = [true, false].map(|reading| {
            let mut events = VALUES
                .iter()
                .flat_map(|a| VALUES.iter().map(move |b| [("a", a), ("b", b)]));
            events.any(|event| {
                matches(&required, &event, reading) && !matches(&given, &event, reading)
            })
        });
        let result = coverage(&required, std::slice::from_ref(&given));
        let (at, is_right) = match (&result, is_missed) {
            (Coverage::Full, [false, false]) => (0, true),
            (Coverage::Missing(_), [true, true]) => (1, true),
            (Coverage::Unknown(_), [true, false] | [false, true]) => (2, true),
            _ => (0, false),
        };
        assert!(
            is_right,
            "{required:?}\n{given:?}\n{result:?} {is_missed:?}"
        );
        counts[at] += 1;
    }
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
}
