//! Times of services that speak JSON, which are seconds since 1970.

use jiff::Timestamp;
use orgscan_core::model::Cause;

use crate::Failure;

/// The time, to the millisecond.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#shape-serialization>
///
/// # Errors
/// [`Cause::Malformed`] where the number is no time.
pub(super) fn timestamp(
    action: &'static str,
    field: &str,
    seconds: f64,
) -> Result<Timestamp, Failure> {
    let milliseconds = (seconds * 1_000.0).round() as i64;
    Timestamp::from_millisecond(milliseconds).map_err(|_| {
        let detail = format!("{field} is no time: {seconds:e}");
        Failure::new(action, Cause::Malformed, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_milliseconds_and_a_number_out_of_range_is_malformed() {
        let time = timestamp("x:List", "LastBackupTime", 1_516_925_490.087).unwrap();
        assert_eq!(time.to_string(), "2018-01-26T00:11:30.087Z");
        for number in [1e300, f64::INFINITY] {
            let failure = timestamp("x:List", "LastBackupTime", number).unwrap_err();
            assert_eq!(failure.cause, Cause::Malformed);
        }
    }
}
