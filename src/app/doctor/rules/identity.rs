//! Who the caller is, and from where it asks.

use orgscan_aws::ConnectError;
use orgscan_core::partition::is_enabled_by_default;

use crate::doctor::facts::Facts;
use crate::doctor::line::DiagnosticLine;

const CREDENTIALS: &str = "credentials";
const CLOCK: &str = "clock";
const PARTITION: &str = "partition";
const HOME: &str = "home Region";

/// A caller that AWS knows. Its answer had a date, or it would have been refused.
pub(super) fn known(facts: &Facts) -> Vec<DiagnosticLine> {
    let caller = &facts.caller;
    let home = facts.home.as_str();
    let of_home = match is_enabled_by_default(home) {
        true => DiagnosticLine::ok(HOME, format!("{home}, which every account has enabled")),
        false => DiagnosticLine::problem(
            HOME,
            format!(
                "{home} is an opt-in Region: its sessions do not work in accounts that have it disabled"
            ),
            "use a Region that every account has enabled: --region, `home_region`, or AWS_REGION",
        ),
    };
    vec![
        DiagnosticLine::ok(
            CREDENTIALS,
            format!("account {}, {}", caller.account, caller.arn),
        ),
        DiagnosticLine::ok(CLOCK, "less than 10 minutes from AWS's clock"),
        DiagnosticLine::ok(PARTITION, caller.partition.clone()),
        of_home,
    ]
}

/// A caller that AWS refuses, or that is in the wrong place. The error has its own fix.
pub(super) fn refused(error: &ConnectError) -> Vec<DiagnosticLine> {
    let wrong = match error {
        ConnectError::Clock(_) => CLOCK,
        ConnectError::Partition { .. } | ConnectError::UnknownPartition(_) => PARTITION,
        ConnectError::UnknownRegion(_) | ConnectError::NoFipsEndpoint(_) => HOME,
        _ => CREDENTIALS,
    };
    let line = |name: &str| match name == wrong {
        false => {
            DiagnosticLine::not_checked(name, format!("fix the problem with the {wrong} first"))
        }
        true => {
            let text = error.to_string();
            let (detail, fix) = text.split_once('\n').unwrap_or((&text, FIX));
            DiagnosticLine::problem(name, detail, fix.replace('\n', " "))
        }
    };
    [CREDENTIALS, CLOCK, PARTITION, HOME].map(line).into()
}

/// For errors that say in one sentence what to do.
const FIX: &str = "run `aws sts get-caller-identity`, and see docs/signing-in.md";
