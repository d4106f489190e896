//! What the stack needs in the central account, and whether the member role works.

use orgscan_core::services::sts;
use orgscan_core::text::number;

use super::super::facts::{
    Concurrency, ExistingRole, Facts, MemberRoleDeployment, Options, RoleName, RoleTest,
};
use super::super::line::DiagnosticLine;

const QUOTA: &str = "Lambda quota";
const CENTRAL: &str = "central role";
const MEMBER: &str = "member role";
const ASSUME: &str = "assume role";

pub(super) const NAMES: &[&str] = &[QUOTA, CENTRAL, MEMBER, ASSUME];

/// Executions that Lambda keeps for functions without a reservation.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html>
const KEPT: i64 = 100;

/// The code of Lambda's quota of concurrent executions.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const QUOTA_CODE: &str = "L-B99A9384";

pub(super) fn lines(facts: &Facts, options: &Options) -> Vec<DiagnosticLine> {
    let is_deployed_here = options.member_role_deployment == MemberRoleDeployment::Stackset;
    vec![
        quota(facts, options),
        role(
            CENTRAL,
            ("CentralRoleName", &facts.central_role),
            facts,
            options.preflight,
        ),
        role(
            MEMBER,
            ("MemberRoleName", &facts.member_role),
            facts,
            options.preflight && is_deployed_here,
        ),
        assume(facts),
    ]
}

fn quota(facts: &Facts, options: &Options) -> DiagnosticLine {
    let Concurrency { limit, unreserved } = match &facts.concurrency {
        Ok(concurrency) => *concurrency,
        Err(failure) => return DiagnosticLine::unanswered(QUOTA, failure),
    };
    let reserve = i64::from(options.reserved_concurrency);
    let shown = |n: i64| number(u64::try_from(n).unwrap_or_default());
    let detail = format!(
        "{} concurrent executions in {}, {} of them unreserved",
        shown(limit),
        facts.home,
        shown(unreserved)
    );
    let lacks = match reserve {
        0 => unreserved < 1,
        _ => unreserved - reserve < KEPT,
    };
    if !lacks {
        return DiagnosticLine::ok(QUOTA, detail);
    }
    let (detail, fix) = match reserve {
        0 => (
            format!("{detail}: none is available for the function"),
            "request a higher quota, or reduce the reserved concurrency of other functions"
                .to_owned(),
        ),
        _ => (
            format!(
                "{detail}: {} cannot be reserved, because Lambda keeps {KEPT} unreserved",
                shown(reserve)
            ),
            "deploy with ReservedConcurrency=0, or request a higher quota".to_owned(),
        ),
    };
    let desired = (reserve + KEPT + limit - unreserved).max(1_000);
    DiagnosticLine::problem(QUOTA, detail, fix).with_command(format!(
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code {QUOTA_CODE} \
         --desired-value {desired} --region {}",
        facts.home
    ))
}

/// A role that no stack made is in the way of a stack that would make it.
fn role(
    check: &str,
    (parameter, role): (&str, &RoleName),
    facts: &Facts,
    is_missing: bool,
) -> DiagnosticLine {
    let name = &role.name;
    let found = match &role.found {
        Ok(Some(found)) => found,
        Ok(None) => {
            return DiagnosticLine::ok(
                check,
                format!("account {} has no role {name}", facts.caller.account),
            );
        }
        Err(failure) => return DiagnosticLine::unanswered(check, failure),
    };
    let ExistingRole { stack } = found;
    match stack {
        Ok(Some(stack)) => DiagnosticLine::ok(
            check,
            format!("{name} exists, created by the stack {stack}"),
        ),
        Err(failure) => DiagnosticLine::unanswered(check, failure),
        Ok(None) if !is_missing => DiagnosticLine::ok(
            check,
            format!("{name} exists; no stack in {} created it", facts.home),
        ),
        Ok(None) => DiagnosticLine::problem(
            check,
            format!(
                "account {} has a role {name} that no stack in {} created, so a deployment fails",
                facts.caller.account, facts.home
            ),
            format!("deploy with another {parameter}, or delete the role if it is not used"),
        )
        .with_command(format!("aws iam get-role --role-name {name}")),
    }
}

fn assume(facts: &Facts) -> DiagnosticLine {
    match &facts.role_test {
        RoleTest::Not(reason) => DiagnosticLine::not_checked(ASSUME, reason),
        RoleTest::Tried {
            account,
            role,
            outcome: Ok(None),
        } => DiagnosticLine::ok(ASSUME, format!("{role} in account {account}")),
        RoleTest::Tried {
            account,
            role,
            outcome: Ok(Some(note)),
        } => DiagnosticLine::problem(
            ASSUME,
            format!("{role} in account {account}: {note}"),
            "deploy the member role there, or select another account with --account",
        ),
        RoleTest::Tried {
            account,
            role,
            outcome: Err(failure),
        } if failure.cause.is_denial() => DiagnosticLine::problem(
            ASSUME,
            format!("{role} in account {account}: {failure}"),
            format!(
                "deploy the member role there, check its trust policy and external id, and grant the caller {}; \
                 `orgscan enrollment` shows all accounts",
                sts::ASSUME_ROLE.action
            ),
        ),
        RoleTest::Tried {
            outcome: Err(failure),
            ..
        } => DiagnosticLine::unanswered(ASSUME, failure),
    }
}
