//! The organization, and what the caller's account may do in it.

use orgscan_core::services::organizations;
use orgscan_core::text::{count, number};

use super::super::facts::{Facts, MemberRoleDeployment, Options, OrganizationFacts};
use super::super::line::DiagnosticLine;

const ORGANIZATION: &str = "organization";
const ACCOUNTS: &str = "accounts";
const STACK_SETS: &str = "StackSets access";
const IAM: &str = "IAM access";
const DELEGATION: &str = "delegation";

pub(super) const NAMES: &[&str] = &[ORGANIZATION, ACCOUNTS, STACK_SETS, IAM, DELEGATION];

/// The service principal of stack sets with service-managed permissions.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-cloudformation.html>
pub(in crate::doctor) const STACK_SETS_SERVICE: &str =
    "member.org.stacksets.cloudformation.amazonaws.com";

/// That of central root access.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-iam.html>
pub(in crate::doctor) const IAM_SERVICE: &str = "iam.amazonaws.com";

/// The account is in no organization.
const NONE: &[&str] = &["AWSOrganizationsNotInUseException"];

pub(super) fn lines(facts: &Facts, options: &Options) -> Vec<DiagnosticLine> {
    vec![
        organization(facts),
        accounts(facts),
        stack_sets(facts, options),
        iam(facts),
        delegation(facts, options),
    ]
}

fn is_management(facts: &Facts) -> bool {
    let own = &facts.caller.account;
    let organization = facts.organization.as_ref();
    organization.is_ok_and(|known| known.organization.management_account == *own)
}

fn organization(facts: &Facts) -> DiagnosticLine {
    let known = match &facts.organization {
        Ok(known) => known,
        Err(failure) if failure.has_code(NONE) => {
            return DiagnosticLine::problem(
                ORGANIZATION,
                format!("account {} is not in an organization", facts.caller.account),
                "use credentials of the management account or of a delegated administrator, or scan only this account \
                 with `orgscan scan --account self`",
            );
        }
        Err(failure) => return DiagnosticLine::unanswered(ORGANIZATION, failure),
    };
    let OrganizationFacts {
        organization,
        has_all_features,
    } = known;
    let detail = format!(
        "{}, management account {}",
        organization.id, organization.management_account
    );
    if *has_all_features {
        return DiagnosticLine::ok(ORGANIZATION, detail);
    }
    let detail = format!("{detail}; it has consolidated billing only, without trusted access");
    let fix = "enable all features in the management account";
    DiagnosticLine::problem(ORGANIZATION, detail, fix)
        .with_command("aws organizations enable-all-features")
}

fn accounts(facts: &Facts) -> DiagnosticLine {
    match &facts.accounts {
        Ok(listed) => {
            let more = if listed.has_more { " or more" } else { "" };
            let listed = listed.accounts as u64;
            let (number, noun) = (
                number(listed),
                if listed == 1 { "account" } else { "accounts" },
            );
            DiagnosticLine::ok(ACCOUNTS, format!("{number}{more} {noun} can be listed"))
        }
        // Doctor needs it as every scan does, so it is more than unknown.
        Err(failure) if failure.cause.is_denial() => DiagnosticLine::problem(
            ACCOUNTS,
            format!("cannot be listed: {failure}"),
            format!(
                "use the management account or a delegated administrator of any service, and grant {}",
                organizations::LIST_ACCOUNTS.action
            ),
        ),
        Err(failure) => DiagnosticLine::unanswered(ACCOUNTS, failure),
    }
}

fn stack_sets(facts: &Facts, options: &Options) -> DiagnosticLine {
    if options.member_role_deployment == MemberRoleDeployment::None {
        return DiagnosticLine::ok(
            STACK_SETS,
            "not needed: another pipeline deploys the member role",
        );
    }
    match &facts.access {
        Err(failure) => DiagnosticLine::unanswered(STACK_SETS, failure),
        Ok(services) if services.iter().any(|one| one == STACK_SETS_SERVICE) => {
            DiagnosticLine::ok(STACK_SETS, format!("{STACK_SETS_SERVICE} has trusted access"))
        }
        Ok(_) => DiagnosticLine::problem(
            STACK_SETS,
            format!("{STACK_SETS_SERVICE} has no trusted access, so no stack set deploys the member role"),
            "activate it in the management account; if another pipeline deploys the role, use \
             --member-role-deployment none",
        )
        .with_command(format!(
            "aws cloudformation activate-organizations-access --region {}",
            facts.home
        )),
    }
}

/// `iam:ListOrganizationsFeatures` is answered in the management account whether or not IAM has trusted access,
/// and elsewhere only to IAM's delegated administrator.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>
fn iam(facts: &Facts) -> DiagnosticLine {
    match &facts.access {
        Err(failure) => DiagnosticLine::unanswered(IAM, failure),
        Ok(services) if services.iter().any(|one| one == IAM_SERVICE) => {
            DiagnosticLine::ok(IAM, format!("{IAM_SERVICE} has trusted access"))
        }
        Ok(_) if is_management(facts) => DiagnosticLine::ok(
            IAM,
            format!(
                "{IAM_SERVICE} has no trusted access; the management account does not need it, and \
                 organization-root-access-not-central reports it as a finding"
            ),
        ),
        Ok(_) => DiagnosticLine::problem(
            IAM,
            format!("{IAM_SERVICE} has no trusted access, which its delegated administrator needs"),
            "enable it in the management account",
        )
        .with_command(format!(
            "aws organizations enable-aws-service-access --service-principal {IAM_SERVICE}"
        )),
    }
}

fn delegation(facts: &Facts, options: &Options) -> DiagnosticLine {
    let own = &facts.caller.account;
    let services = match &facts.delegated {
        None if facts.organization.is_err() => {
            return DiagnosticLine::not_checked(DELEGATION, "the organization could not be read");
        }
        None => {
            return DiagnosticLine::ok(DELEGATION, "not needed: this is the management account");
        }
        Some(Err(failure)) if failure.cause.is_denial() => {
            let detail = format!(
                "needs {}, which only a delegated administrator may call: {failure}",
                organizations::LIST_DELEGATED_SERVICES.action
            );
            return DiagnosticLine::not_checked(DELEGATION, detail);
        }
        Some(Err(failure)) => return DiagnosticLine::unanswered(DELEGATION, failure),
        Some(Ok(services)) => services,
    };
    let needed = match options.member_role_deployment {
        MemberRoleDeployment::Stackset => &[STACK_SETS_SERVICE, IAM_SERVICE][..],
        MemberRoleDeployment::None => &[IAM_SERVICE][..],
    };
    let is_missing = |service: &&str| !services.iter().any(|one| one == service);
    let missing: Vec<&str> = needed.iter().copied().filter(is_missing).collect();
    let Some(first) = missing.first() else {
        let known = count(services.len() as u64, "service");
        let detail = format!(
            "account {own} is a delegated administrator for {known}: {}",
            services.join(", ")
        );
        return DiagnosticLine::ok(DELEGATION, detail);
    };
    DiagnosticLine::problem(
        DELEGATION,
        format!("account {own} is not a delegated administrator for {}", missing.join(" and ")),
        format!("register it in the management account for {}", missing.join(" and ")),
    )
    .with_command(format!(
        "aws organizations register-delegated-administrator --account-id {own} --service-principal {first}"
    ))
}
