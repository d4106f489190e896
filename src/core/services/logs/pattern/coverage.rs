//! Whether some patterns together match every event that another one matches.

use super::Pattern;
use super::event::{Events, Match};
use super::field::{Reading, Undecidable};

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
    for absent_differs in [true, false] {
        for unknown_holds in [true, false] {
            let reading = Reading {
                absent_differs,
                unknown_holds,
            };
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
    }
    let is_missed = missed.iter().filter(|one| one.is_some()).count();
    match missed.into_iter().flatten().next() {
        None => Coverage::Full,
        Some(event) if is_missed == 4 => Coverage::Missing(event),
        Some(_) => Coverage::Unknown(reason(&given)),
    }
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
            // What is required is settled first, since it decides most of the rest.
            Match::Open(name, test) => Match::Open(name, test),
            _ => events.matched_by(self.given, self.reading)?,
        };
        match is_given {
            Match::All => Ok(None),
            Match::None => Ok(Some(events.clone())),
            Match::Open(name, test) => {
                for holds in [true, false] {
                    let case = events.assuming(name, test, holds, self.reading)?;
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
