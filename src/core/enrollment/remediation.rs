//! What to do about an account that is not enrolled. Pure.

use crate::model::{
    AccountState, CallAs, Cause, Drift, EnrollmentState, StackInstance, StackSet, StackSetInfo,
};
use crate::shell;

use super::state::{AccessAttempt, Case};

/// The remediation of an account in this state; empty where there is nothing to do.
pub(super) fn remediation(case: &Case<'_>, state: EnrollmentState) -> String {
    match state {
        EnrollmentState::Enrolled | EnrollmentState::Skipped => String::new(),
        EnrollmentState::AccountNotActive => not_active(case.account.state).to_owned(),
        EnrollmentState::NoStackInstance => no_instance(case),
        EnrollmentState::InstanceFailed => {
            let again = operation(case, "update-stack-instances");
            format!("fix the cause in the account; then {again}")
        }
        EnrollmentState::InstanceOutdated => operation(case, "update-stack-instances"),
        EnrollmentState::InstancePending => {
            "wait for the end of the stack set operation, and run this command again".to_owned()
        }
        EnrollmentState::RoleNotAssumable => not_assumable(case),
        EnrollmentState::Drifted => drifted(case),
        EnrollmentState::Unknown => unknown(case).to_owned(),
    }
}

fn not_active(state: AccountState) -> &'static str {
    match state {
        AccountState::Suspended => "if the account is still needed, ask AWS Support to reopen it",
        AccountState::PendingActivation => "the account owner must complete the sign-up",
        AccountState::Active
        | AccountState::PendingClosure
        | AccountState::Closed
        | AccountState::Unknown => "",
    }
}

fn no_instance(case: &Case<'_>) -> String {
    match case.is_targeted() {
        Some(false) => {
            "move it to an OU that the stack set targets, or add its OU to the targets \
             (TargetOrganizationalUnits of the central stack); exclude it if it should not be scanned"
                .to_owned()
        }
        Some(true) | None => {
            let create = operation(case, "create-stack-instances");
            let info = info(case);
            match info.is_some_and(|info| info.auto_deployment) {
                true => create,
                false => {
                    format!(
                        "{create}; also enable automatic deployment of the stack set for new accounts"
                    )
                }
            }
        }
    }
}

/// A command that has the stack set work on the one account.
fn operation(case: &Case<'_>, command: &str) -> String {
    let Some(info) = info(case) else {
        return String::new();
    };
    let id = &case.account.id;
    let (option, targets) = match case.account.ou_ids.last() {
        Some(ou) if !info.targets.is_empty() => (
            "deployment-targets",
            format!("OrganizationalUnitIds={ou},Accounts={id},AccountFilterType=INTERSECTION"),
        ),
        _ => ("accounts", id.to_string()),
    };
    let region = info.regions.first().map_or("REGION", String::as_str);
    let call_as = match info.call_as {
        CallAs::Own => "",
        CallAs::DelegatedAdmin => " --call-as DELEGATED_ADMIN",
    };
    let quoted = [&*info.name, &targets, region].map(shell::quote);
    let [Some(name), Some(targets), Some(region)] = quoted else {
        return format!("run {command} of the stack set for the account");
    };
    format!(
        "run `aws cloudformation {command} --stack-set-name {name} --{option} {targets} --regions \
         {region}{call_as}`"
    )
}

fn info<'a>(case: &Case<'a>) -> Option<&'a StackSetInfo> {
    match case.stack_set {
        StackSet::Read(info) => Some(info),
        StackSet::NotConfigured | StackSet::Unreadable { .. } => None,
    }
}

fn not_assumable(case: &Case<'_>) -> String {
    let AccessAttempt::Refused(gap) = case.tried else {
        return String::new();
    };
    let text = match gap.cause {
        Cause::DeniedByScp => {
            "exempt the central role from the service control policy that denies sts:AssumeRole; the policies of the \
             central account apply"
        }
        Cause::DeniedByRcp => {
            "exempt the central role (aws:PrincipalArn) from the resource control policy on the account"
        }
        Cause::DeniedByVpcEndpoint => "allow sts:AssumeRole in the policy of STS's VPC endpoint",
        Cause::DeniedByPermissionsBoundary
        | Cause::DeniedBySessionPolicy
        | Cause::DeniedByIdentityPolicy
        | Cause::MissingPermission => {
            "grant the caller sts:AssumeRole on the member role, or run orgscan with the central role; \
             role.name and role.path must match the role that it may assume"
        }
        Cause::AccountBlocked => "the account owner must resolve it with AWS Support",
        Cause::StsNotActivated => {
            "set home_region to a Region in which the account's STS endpoint is active"
        }
        _ => return role_missing_or_closed(case),
    };
    text.to_owned()
}

/// AWS says the same for a role that is missing, one that trusts somebody else and another external id.
/// The stack set tells the first from the others.
fn role_missing_or_closed(case: &Case<'_>) -> String {
    let compare = "compare role.name, role.path and role.external_id with the role, and check that its trust \
                   policy allows the caller";
    let by_hand = "deploy stacksets/member-role.yaml in it as a separate stack, because stack sets do not \
                   deploy to the management account";
    match case.instance {
        _ if case.is_management() && case.instance.is_none() => {
            format!("{by_hand}; if the role exists, {compare}")
        }
        Some(StackInstance {
            drift: Drift::Drifted,
            ..
        }) => format!("{}; otherwise {compare}", undo(case)),
        Some(_) => format!("the role was deployed; {compare}"),
        None => format!(
            "if the role is missing, deploy stacksets/member-role.yaml in the account; if it exists, {compare}"
        ),
    }
}

fn drifted(case: &Case<'_>) -> String {
    let is_known = case
        .instance
        .is_some_and(|instance| instance.drift == Drift::Drifted);
    match is_known {
        true => undo(case),
        false => {
            "deploy the template of this version, so that the role has its permissions; if it is already deployed, \
             revert the changes in the account"
                .to_owned()
        }
    }
}

/// An update leaves what it does not change as it is, drift too.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>
fn undo(case: &Case<'_>) -> String {
    let name = info(case).map_or("", |info| info.name.as_str());
    format!(
        "revert the manual changes of the role in the account (see the drift of its stack StackSet-{name}-…); an \
         update of the stack set does not revert them"
    )
}

fn unknown(case: &Case<'_>) -> &'static str {
    match case.tried {
        AccessAttempt::Refused(gap) if gap.cause.may_pass() => {
            "run this command again; the cause may be temporary"
        }
        _ => "see the reason",
    }
}
