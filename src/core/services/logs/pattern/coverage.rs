//! Whether some patterns together match every event that another one matches.

use super::event::{Events, Match};
use super::field::{Reading, Undecidable};
use super::{Pattern, Test};

/// How many cases a comparison may distinguish.
const MOST_CASES: usize = 20_000;

/// Fields that name an event in messages.
const NAMING: [&str; 5] = [
    "eventName",
    "errorCode",
    "errorMessage",
    "userIdentity.type",
    "awsRegion",
];

/// What a comparison comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The patterns match every event that is required.
    Full,
    /// They miss some; this is one: `eventName = DeleteTrail`. Empty if nothing names it.
    Missing(String),
    /// That cannot be decided, for this reason.
    Unknown(String),
}

/// Whether some patterns together match every event that `required` matches. What AWS does not document is read both
/// ways: if the results differ, there is none.
pub fn coverage(required: &Pattern, given: &[Pattern]) -> Coverage {
    let given = Pattern::Any(given.to_vec());
    let mut missed: Vec<Option<String>> = Vec::new();
    for reading in readings(required, &given) {
        let mut search = Search {
            required,
            given: &given,
            reading,
            cases: 0,
        };
        match search.missing(&Events::default()) {
            Ok(events) => missed.push(events.map(|events| events.describe(&NAMING))),
            Err(Undecidable(reason)) => return Coverage::Unknown(reason),
        }
    }
    let is_missed_always = missed.iter().all(Option::is_some);
    match missed.into_iter().flatten().next() {
        None => Coverage::Full,
        Some(event) if is_missed_always => Coverage::Missing(event),
        Some(_) => Coverage::Unknown(reason(&given)),
    }
}

/// How the undocumented may be read, as far as that makes a difference.
fn readings(required: &Pattern, given: &Pattern) -> Vec<Reading> {
    let both = [required, given];
    let has = |is_one: fn(&Pattern) -> bool| both.iter().any(|pattern| pattern.has(is_one));
    let choices = |matters: bool| {
        if matters {
            vec![true, false]
        } else {
            vec![true]
        }
    };
    let unknown = has(|one| matches!(one, Pattern::Unknown(_) | Pattern::Field(_, Test::Regex(_))));
    let absent = choices(has(|one| matches!(one, Pattern::Field(_, Test::IsNot(_)))));
    let readings = absent.into_iter().flat_map(|absent_differs| {
        choices(unknown)
            .into_iter()
            .map(move |unknown_is_true| Reading {
                absent_differs,
                unknown_is_true,
            })
    });
    readings.collect()
}

fn reason(given: &Pattern) -> String {
    let default = "AWS does not document how its conditions treat a field that is absent";
    given.unknown().unwrap_or(default).to_owned()
}

struct Search<'a> {
    required: &'a Pattern,
    given: &'a Pattern,
    reading: Reading,
    cases: usize,
}

impl Search<'_> {
    /// Events among these that are required and not matched; none where there are none.
    fn missing(&mut self, events: &Events) -> Result<Option<Events>, Undecidable> {
        self.cases += 1;
        if self.cases > MOST_CASES {
            return Err(Undecidable("it has too many conditions to compare".into()));
        }
        let is_required = events.matched_by(self.required, self.reading)?;
        if is_required == Match::None {
            return Ok(None);
        }
        let is_given = match is_required {
            // What is required is decided first, since it decides most of the rest.
            Match::Open(name, test) => Match::Open(name, test),
            _ => events.matched_by(self.given, self.reading)?,
        };
        match is_given {
            Match::All => Ok(None),
            Match::None => Ok(Some(events.clone())),
            Match::Open(name, test) => {
                // Most required events meet none of the other conditions.
                let is_narrow = !matches!(is_required, Match::Open(..));
                for is_true in [!is_narrow, is_narrow] {
                    let case = events.assuming(name, test, is_true, self.reading)?;
                    if let Some(case) = case
                        && let Some(found) = self.missing(&case)?
                    {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
        }
    }
}
