//! The verdict on each account. Pure.

use std::sync::Arc;

use crate::model::{
    Account, AccountEnrollment, AccountId, AccountOutcome, Cause, Drift, Enrollment,
    EnrollmentState, Gap, InstanceStatus, Report, SkipReason, StackInstance, StackSet,
    StackSetFacts,
};
use crate::services::sts;

use super::remediation::remediation;

/// What came of the attempt to enter an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessAttempt {
    /// A session was had.
    Opened {
        /// Actions that the role's own policies turned out not to allow, where that was tried.
        lacking: Vec<String>,
        /// What there is to know about the session.
        note: String,
    },
    /// None was had.
    Refused(Gap),
    /// It was not tried.
    Excluded {
        /// Why, as a word.
        reason: SkipReason,
        /// Why, for people.
        detail: String,
    },
}

/// What all accounts are compared with.
#[derive(Clone, Debug)]
pub struct OrganizationAccounts {
    /// The account that owns the organization. A stack set with service-managed permissions leaves it
    /// out, whatever its targets.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html>
    pub management_account: AccountId,
    /// The account that orgscan runs in.
    pub central_account: AccountId,
}

/// One account with all that is known of it.
pub(super) struct Case<'a> {
    pub(super) account: &'a Arc<Account>,
    pub(super) tried: &'a AccessAttempt,
    pub(super) instance: Option<&'a StackInstance>,
    pub(super) stack_set: &'a StackSet,
    /// Why an account without a stack may have one all the same.
    pub(super) incomplete: Option<&'a Gap>,
    pub(super) organization: &'a OrganizationAccounts,
}

/// How all accounts stand. They come ordered by account id.
pub fn enrollment<'a>(
    facts: &StackSetFacts,
    organization: &OrganizationAccounts,
    accounts: impl Iterator<Item = (&'a Arc<Account>, AccessAttempt)>,
) -> Enrollment {
    let accounts = accounts.map(|(account, tried)| {
        let case = Case {
            account,
            tried: &tried,
            instance: facts.instances.get(&account.id),
            stack_set: &facts.stack_set,
            incomplete: facts.incomplete.as_ref(),
            organization,
        };
        case.evaluate()
    });
    Enrollment {
        accounts: accounts.collect(),
        stack_set: facts.stack_set.clone(),
    }
}

/// How the accounts of a run stand, by what became of them. None outside an organization.
pub fn of_run(report: &Report, facts: &StackSetFacts) -> Option<Enrollment> {
    let organization = OrganizationAccounts {
        management_account: report.run.organization.as_ref()?.management_account.clone(),
        central_account: report.run.central_account.clone(),
    };
    let accounts = report.accounts.iter().map(|one| {
        let tried = match &one.outcome {
            AccountOutcome::Scanned => AccessAttempt::Opened {
                lacking: one.lacking.to_vec(),
                note: String::new(),
            },
            AccountOutcome::Failed { gap } => AccessAttempt::Refused(gap.clone()),
            AccountOutcome::Skipped { reason, detail } => AccessAttempt::Excluded {
                reason: *reason,
                detail: detail.clone(),
            },
        };
        (&one.account, tried)
    });
    Some(enrollment(facts, &organization, accounts))
}

impl Case<'_> {
    fn evaluate(&self) -> AccountEnrollment {
        let by_instance = match self.tried {
            AccessAttempt::Excluded { .. } => None,
            AccessAttempt::Opened { .. } | AccessAttempt::Refused(_) => self.by_instance(),
        };
        let (state, reason) = by_instance.unwrap_or_else(|| self.by_session());
        let (can_be_scanned, gap) = match self.tried {
            AccessAttempt::Opened { .. } => (Some(true), None),
            AccessAttempt::Refused(gap) => (is_refusal(gap).then_some(false), Some(gap.clone())),
            AccessAttempt::Excluded { .. } => (None, None),
        };
        AccountEnrollment {
            account: self.account.clone(),
            state,
            can_be_scanned,
            gap,
            reason,
            instance: self.instance.cloned(),
            remediation: remediation(self, state),
        }
    }

    /// What the stack set knows to be wrong, whether or not the account can be entered today: the next
    /// update of the role will not come there.
    fn by_instance(&self) -> Option<(EnrollmentState, String)> {
        let StackSet::Read(_) = self.stack_set else {
            return None;
        };
        let Some(instance) = self.instance else {
            if let Some(gap) = self.incomplete {
                return Some((EnrollmentState::Unknown, describe(gap)));
            }
            let state = EnrollmentState::NoStackInstance;
            return (!self.is_management()).then(|| (state, self.why_none()));
        };
        let state = match instance.status {
            InstanceStatus::Failed => EnrollmentState::InstanceFailed,
            InstanceStatus::Outdated => EnrollmentState::InstanceOutdated,
            InstanceStatus::Pending => EnrollmentState::InstancePending,
            InstanceStatus::Current | InstanceStatus::Unknown => return None,
        };
        Some((state, instance.reason.clone()))
    }

    fn by_session(&self) -> (EnrollmentState, String) {
        match self.tried {
            AccessAttempt::Refused(gap) if is_refusal(gap) => {
                (EnrollmentState::RoleNotAssumable, describe(gap))
            }
            AccessAttempt::Refused(gap) => (EnrollmentState::Unknown, describe(gap)),
            AccessAttempt::Opened { lacking, note } => match self.instance {
                Some(one) if one.status == InstanceStatus::Unknown => {
                    (EnrollmentState::Unknown, one.reason.clone())
                }
                Some(one) if one.drift == Drift::Drifted => {
                    (EnrollmentState::Drifted, found_drifted(one))
                }
                _ if self.lacks(lacking) => {
                    let reason = format!("the role lacks {}", lacking.join(", "));
                    (EnrollmentState::Drifted, reason)
                }
                _ => (EnrollmentState::Enrolled, note.clone()),
            },
            AccessAttempt::Excluded { reason, detail } => (excluded(*reason), detail.clone()),
        }
    }

    /// In the central account the caller's own role may have stood in for the member role.
    fn lacks(&self, lacking: &[String]) -> bool {
        !lacking.is_empty() && self.account.id != self.organization.central_account
    }

    pub(super) fn is_management(&self) -> bool {
        self.account.id == self.organization.management_account
    }

    /// Whether the stack set is for one of the account's OUs; none where that is not known.
    pub(super) fn is_targeted(&self) -> Option<bool> {
        let StackSet::Read(info) = self.stack_set else {
            return None;
        };
        let ous = &self.account.ou_ids;
        let known = !ous.is_empty() && !info.targets.is_empty();
        known.then(|| ous.iter().any(|ou| info.targets.contains(ou)))
    }

    fn why_none(&self) -> String {
        let text = match self.is_targeted() {
            Some(true) => "the stack set targets its OU",
            Some(false) => "the stack set does not target its OU",
            None => "",
        };
        text.to_owned()
    }
}

fn excluded(reason: SkipReason) -> EnrollmentState {
    match reason {
        SkipReason::AccountNotActive => EnrollmentState::AccountNotActive,
        _ => EnrollmentState::Skipped,
    }
}

/// Whether a gap says that the role cannot be assumed, and not merely that nobody knows.
fn is_refusal(gap: &Gap) -> bool {
    gap.action == sts::ASSUME_ROLE.action
        && (gap.cause.is_denial()
            || matches!(gap.cause, Cause::StsNotActivated | Cause::AccountBlocked))
}

/// What failed, with AWS's message.
fn describe(gap: &Gap) -> String {
    match gap.detail.as_str() {
        "" => gap.to_string(),
        detail => format!("{gap} ({detail})"),
    }
}

fn found_drifted(instance: &StackInstance) -> String {
    let when = instance
        .drift_checked
        .map(|at| format!(", {}", at.strftime("%Y-%m-%d")));
    let when = when.unwrap_or_default();
    format!("CloudFormation detected a change{when}")
}

#[cfg(test)]
mod tests;
