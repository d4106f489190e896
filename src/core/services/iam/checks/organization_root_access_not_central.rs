//! Root users that the organization does not manage.

use serde::{Deserialize, Serialize};

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, arn, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{AccountId, Gap, OrganizationRecord, RuleResult, Severity};
use crate::services::iam::{CentralRootAccess, RootAccess};

pub(super) const CHECK: Check = Check {
    id: "organization-root-access-not-central",
    title: "Centralized root access is not enabled for the organization",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "Every account has a root user that the account's own policies cannot restrict. With centralized \
          root access, the organization removes passwords, keys and MFA devices of member root users. \
          Privileged tasks then use root sessions of at most 15 minutes from the management account or a \
          delegated administrator. New member accounts start without root credentials. Without it, each \
          account's root mailbox is a way in. The check reads the setting once, with the central account's \
          own credentials, and reports only there.",
    fix: &[
        "Use credentials of the organization's management account.",
        "Run the command. It enables trusted access for IAM.",
        "Enable both features: `aws iam enable-organizations-root-credentials-management` and `aws iam \
         enable-organizations-root-sessions`. In the console: IAM, Account settings, Centralized root \
         access for member accounts.",
        "Delete the root credentials of member accounts in the IAM console under Root access management.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
    by_default: true,
    remediation: |_| {
        let trust = "organizations enable-aws-service-access";
        remediation::aws(trust, &[("service-principal", "iam.amazonaws.com")])
    },
    controls: &[covers("cis-7.0", "2.1.1")],
    prowler: Counterparts::per_account(&[same("iam_root_credentials_management_enabled")]),
    parameters: Parameters::None,
    needs: &[CentralRootAccess::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<CentralAccount>()),
};

/// Nothing: only the central account has a record, and it is evaluated by that alone.
#[derive(Debug, Default)]
struct CentralAccount;

/// What the central account knows.
#[derive(Debug, Serialize, Deserialize)]
struct RootAccessRecord {
    in_organization: bool,
    /// None outside an organization, and where it could not be had.
    access: Option<RootAccess>,
}

impl OrganizationReducer for CentralAccount {
    type Record = RootAccessRecord;

    fn record(
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Option<OrganizationRecord<RootAccessRecord>> {
        if !context.is_central {
            return None;
        }
        let access = facts.get::<CentralRootAccess>().copied();
        Some(OrganizationRecord {
            record: RootAccessRecord {
                in_organization: access != Ok(None),
                access: access.as_ref().ok().copied().flatten(),
            },
            gaps: access.err().into_iter().collect(),
        })
    }

    fn add(&mut self, _: &AccountId, _: Option<RootAccessRecord>, _: &[Gap]) {}

    fn evaluate(&self, record: RootAccessRecord, context: &Context<'_>) -> RuleResult {
        if !record.in_organization {
            return RuleResult {
                notes: vec!["the account belongs to no organization".to_owned()],
                ..RuleResult::default()
            };
        }
        let Some(access) = record.access else {
            return RuleResult::default();
        };
        let violation = message(access).map(|message| CHECK.violation(arn::root(context), message));
        RuleResult::of_one(violation)
    }
}

const fn message(access: RootAccess) -> Option<&'static str> {
    match (access.manages_credentials, access.has_sessions) {
        (true, true) => None,
        (false, false) => Some(
            "Centralized root access is off: root credentials management and root sessions are not enabled",
        ),
        (false, true) => Some("Root sessions are enabled, but root credentials management is not"),
        (true, false) => Some("Root credentials management is enabled, but root sessions are not"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_organization, missing};
    use crate::facts::FactStore;
    use crate::model::{Reading, Verdict};

    fn verdict(access: Reading<Option<RootAccess>>) -> Verdict {
        let facts = FactStore::default().with::<CentralRootAccess>(access);
        evaluate_organization(&CHECK, &[&facts]).remove(0)
    }

    #[test]
    fn both_features_have_to_be_on() {
        for (manages_credentials, has_sessions, findings) in [
            (true, true, 0),
            (true, false, 1),
            (false, true, 1),
            (false, false, 1),
        ] {
            let verdict = verdict(Reading::known(Some(RootAccess {
                manages_credentials,
                has_sessions,
            })));
            assert_eq!(verdict.violations.len(), findings);
            assert_eq!((verdict.resources_evaluated, verdict.gaps), (1, vec![]));
        }
    }

    #[test]
    fn outside_an_organization_there_is_nothing_to_evaluate() {
        let verdict = verdict(Reading::known(None));
        assert_eq!((verdict.resources_evaluated, verdict.notes.len()), (0, 1));
        assert!(verdict.violations.is_empty() && verdict.gaps.is_empty());
    }

    #[test]
    fn what_could_not_be_asked_is_a_gap() {
        let verdict = verdict(missing("iam:ListOrganizationsFeatures"));
        assert_eq!(verdict.gaps, [denied("iam:ListOrganizationsFeatures")]);
        assert_eq!(verdict.resources_evaluated, 0);
    }
}
