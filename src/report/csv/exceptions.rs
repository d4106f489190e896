//! `exceptions.csv`: one row per exception.

use std::io::{self, Write};

use orgscan_core::model::ExceptionsReport;

use super::cell;

const HEADER: [&str; 13] = [
    "exception_id",
    "kind",
    "exception_state",
    "effect",
    "applied",
    "matched",
    "exception_expires",
    "exception_owner",
    "exception_reason",
    "ticket",
    "approved_by",
    "criteria",
    "shadowed_by",
];

/// Writes `exceptions.csv`, one row per exception, in the order of the list; gives the writer back.
///
/// | column | what |
/// | --- | --- |
/// | `exception_id` | its id |
/// | `kind` | `findings`, or `gaps` that are meant to be |
/// | `exception_state` | `active`, `expiring` within 14 days, or `expired` |
/// | `effect` | what it did: `applied`, `lapsed` (what it matches counts again), `shadowed` by entries before it, `matched_nothing`, or `not_evaluated` because not all was evaluated that it could match |
/// | `applied` | how many findings or gaps it applied to |
/// | `matched` | how many it matches, whether or not it applies to them |
/// | `exception_expires` | its last day, in UTC; empty if it does not expire |
/// | `exception_owner`, `exception_reason`, `ticket`, `approved_by` | as the list has them |
/// | `criteria` | what it matches, as text |
/// | `shadowed_by` | an entry before it that applies to some of what it matches |
///
/// # Errors
/// The writer's own.
pub fn write_exceptions<W: Write>(out: W, exceptions: &ExceptionsReport) -> io::Result<W> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER)?;
    for one in &exceptions.entries {
        let terms = &one.suppression;
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        out.write_record([
            &cell(&terms.id),
            one.kind.as_str(),
            one.state.as_str(),
            one.effect.as_str(),
            &one.applied.to_string(),
            &one.matched.to_string(),
            &terms.expires.map(|day| day.to_string()).unwrap_or_default(),
            &cell(&terms.owner),
            &cell(&terms.reason),
            &cell(&or_empty(&terms.ticket)),
            &cell(&or_empty(&terms.approved_by)),
            &cell(&or_empty(&one.criteria)),
            &cell(&or_empty(&one.shadowed_by)),
        ])?;
    }
    out.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use orgscan_core::testing::exceptions;

    use super::*;

    #[test]
    fn every_exception_has_a_row_and_texts_are_harmless() {
        let yaml = "exceptions:\n\
                    - { id: a, checks: [s3-bucket-public], resources: ['arn:aws:s3:::w'], reason: '=1+1', \
                    owner: web, ticket: SEC-1, approved_by: x, expires: 2026-11-20 }\n\
                    expected_gaps:\n- { id: b, reason: r, owner: o, expires: 2026-11-01 }\n";
        let report = exceptions(yaml).report();
        let text = write_exceptions(Vec::new(), &report).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
        exception_id,kind,exception_state,effect,applied,matched,exception_expires,exception_owner,exception_reason,ticket,approved_by,criteria,shadowed_by
        a,findings,expiring,not_evaluated,0,0,2026-11-20,web,'=1+1,SEC-1,x,check s3-bucket-public; resource arn:aws:s3:::w,
        b,gaps,expired,not_evaluated,0,0,2026-11-01,o,r,,,everything,
        ");
    }
}
