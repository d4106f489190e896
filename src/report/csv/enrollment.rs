//! The enrollment as CSV: one row per account.

use std::io::{self, Write};

use orgscan_core::model::{AccountEnrollment, Enrollment};

use super::cell;

const HEADER: [&str; 11] = [
    "account_id",
    "account_name",
    "ou_path",
    "state",
    "can_be_scanned",
    "cause",
    "reason",
    "stack_instance",
    "drift",
    "drift_checked",
    "remediation",
];

/// Writes one row per account, ordered by account id.
///
/// | column | what |
/// | --- | --- |
/// | `account_id`, `account_name`, `ou_path` | the account; the path is empty in the root |
/// | `state` | the verdict, `enrolled` or a word of what is wrong |
/// | `can_be_scanned` | `true` or `false`; empty where that was not tried or is not known |
/// | `cause` | why no session could be had |
/// | `reason` | why it stands so, in words |
/// | `stack_instance` | how its stack stands; empty where it has none, or the stack set was not read |
/// | `drift` | whether CloudFormation has found the role changed; `not_checked` if drift was not checked |
/// | `drift_checked` | when drift was detected |
/// | `remediation` | what to do |
///
/// # Errors
/// The writer's own.
pub fn write_enrollment(out: impl Write, enrollment: &Enrollment) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER)?;
    for one in &enrollment.accounts {
        row(&mut out, one)?;
    }
    out.flush()
}

fn row(out: &mut csv::Writer<impl Write>, one: &AccountEnrollment) -> io::Result<()> {
    let account = &one.account;
    let instance = one.instance.as_ref();
    let scanned = one.can_be_scanned.map(|can| can.to_string());
    let checked = instance.and_then(|instance| instance.drift_checked);
    let checked = checked.map(|at| at.to_string());
    out.write_record([
        account.id.as_str(),
        &cell(&account.name),
        &cell(&account.ou_path),
        one.state.as_str(),
        &scanned.unwrap_or_default(),
        one.gap.as_ref().map_or("", |gap| gap.cause.as_str()),
        &cell(&one.reason),
        instance.map_or("", |instance| instance.status.as_str()),
        instance.map_or("", |instance| instance.drift.as_str()),
        &checked.unwrap_or_default(),
        &cell(&one.remediation),
    ])?;
    Ok(())
}
