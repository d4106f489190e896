//! What CloudFormation says about the stack set that deploys the member role.

use std::sync::Arc;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{CallAs as SdkCallAs, StackInstanceSummary};
use jiff::Timestamp;
use orgscan_aws::rate_limit::{ApiCaller, Deadline, RateLimits};
use orgscan_aws::{AwsContext, Failure, pages, require};
use orgscan_core::api::Api;
use orgscan_core::model::{
    AccountId, CallAs, Cause, Drift, InstanceStatus, StackInstance, StackSet, StackSetFacts,
    StackSetInfo,
};
use orgscan_core::services::cloudformation::{DESCRIBE_STACK_SET, LIST_STACK_INSTANCES};
use orgscan_core::settings::EnrollmentConfig;

/// APIs called in the central account where a stack set is configured.
pub const APIS: &[&Api] = &[&DESCRIBE_STACK_SET, &LIST_STACK_INSTANCES];

/// The largest page that CloudFormation gives.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html>
const PAGE: i32 = 100;

/// The longest reason that is kept of CloudFormation's words, in characters.
const REASON: usize = 300;

/// Reads the stack set, in the home Region, where one is configured; `config` is none where the organization is not asked.
/// Never fails: that it could not be read is part of the answer.
pub async fn read(
    aws: &AwsContext,
    rate_limits: &Arc<RateLimits>,
    deadline: Deadline,
    config: Option<&EnrollmentConfig>,
) -> StackSetFacts {
    let Some((config, name)) = config.and_then(|config| Some((config, config.stack_set.as_ref()?)))
    else {
        return StackSetFacts::default();
    };
    let reader = Reader {
        client: Client::new(&aws.config),
        api_caller: rate_limits.api_caller(&aws.scope(None), deadline),
        name,
        call_as: config.call_as,
    };
    match futures::try_join!(reader.info(), reader.instances()) {
        Ok((info, facts)) => StackSetFacts {
            stack_set: StackSet::Read(info),
            ..facts
        },
        Err(failure) => {
            tracing::warn!(stack_set = name, %failure, "the stack set cannot be read");
            StackSetFacts {
                stack_set: StackSet::Unreadable {
                    name: name.clone(),
                    gap: failure.into(),
                },
                ..StackSetFacts::default()
            }
        }
    }
}

struct Reader<'a> {
    client: Client,
    api_caller: ApiCaller,
    name: &'a str,
    call_as: CallAs,
}

impl Reader<'_> {
    async fn info(&self) -> Result<StackSetInfo, Failure> {
        let api = &DESCRIBE_STACK_SET;
        let request = || {
            let request = self.client.describe_stack_set().stack_set_name(self.name);
            request.call_as(sdk(self.call_as)).send()
        };
        let answer = self.api_caller.call(api, request).await?;
        let set = require(api.action, "StackSet", answer.stack_set)?;
        let auto = set.auto_deployment.and_then(|auto| auto.enabled);
        Ok(StackSetInfo {
            name: self.name.to_owned(),
            call_as: self.call_as,
            targets: set.organizational_unit_ids.unwrap_or_default(),
            regions: set.regions.unwrap_or_default(),
            auto_deployment: auto.unwrap_or(false),
        })
    }

    async fn instances(&self) -> Result<StackSetFacts, Failure> {
        let api = &LIST_STACK_INSTANCES;
        let listed = pages(api.action, |token| async move {
            let page = self
                .api_caller
                .call(api, || {
                    self.client
                        .list_stack_instances()
                        .stack_set_name(self.name)
                        .call_as(sdk(self.call_as))
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            Ok((page.summaries.unwrap_or_default(), page.next_token))
        });
        Ok(facts(listed.await?))
    }
}

/// The stacks by account, and what there is of them without one.
fn facts(listed: Vec<StackInstanceSummary>) -> StackSetFacts {
    let mut facts = StackSetFacts::default();
    for item in listed.into_iter().map(shape) {
        match item {
            Ok((account, instance)) => {
                let instances = &mut facts.instances;
                let selected = instances.entry(account).or_insert_with(|| instance.clone());
                if rank(&instance) > rank(selected) {
                    *selected = instance;
                }
            }
            Err(failure) => {
                facts.incomplete.get_or_insert(failure.into());
            }
        }
    }
    facts
}

/// What counts of an account with stacks in several Regions.
fn rank(instance: &StackInstance) -> (InstanceStatus, bool) {
    (instance.status, instance.drift == Drift::Drifted)
}

fn sdk(call_as: CallAs) -> SdkCallAs {
    match call_as {
        CallAs::Own => SdkCallAs::SelfValue,
        CallAs::DelegatedAdmin => SdkCallAs::DelegatedAdmin,
    }
}

fn shape(summary: StackInstanceSummary) -> Result<(AccountId, StackInstance), Failure> {
    let action = LIST_STACK_INSTANCES.action;
    let account = require(action, "Account", summary.account.clone())?;
    let account = account
        .parse()
        .map_err(|error| Failure::new(action, Cause::Malformed, format!("{error}")))?;
    let checked = summary.last_drift_check_timestamp;
    let checked = checked.and_then(|at| Timestamp::from_second(at.secs()).ok());
    let (status, message) = status(&summary);
    let reason = summary.status_reason.unwrap_or_default();
    let reason = if reason.is_empty() { message } else { reason };
    let instance = StackInstance {
        status,
        reason: reason.chars().take(REASON).collect(),
        drift: drift(summary.drift_status.as_ref().map(AsRef::as_ref)),
        drift_checked: checked,
    };
    Ok((account, instance))
}

/// How the stack stands, and what CloudFormation's words for that say beyond it. The detailed status is
/// about the last operation, the other about the stack.
fn status(summary: &StackInstanceSummary) -> (InstanceStatus, String) {
    let stack = summary.status.as_ref().map_or("", |status| status.as_str());
    let detailed = summary.stack_instance_status.as_ref();
    let detailed = detailed.and_then(|status| status.detailed_status.as_ref());
    let detailed = detailed.map_or("", |status| status.as_str());
    let known = match (detailed, stack) {
        ("FAILED" | "FAILED_IMPORT" | "INOPERABLE", _) | (_, "INOPERABLE") => {
            InstanceStatus::Failed
        }
        ("PENDING" | "RUNNING", _) => InstanceStatus::Pending,
        ("CANCELLED" | "SKIPPED_SUSPENDED_ACCOUNT", _) | (_, "OUTDATED") => {
            InstanceStatus::Outdated
        }
        ("SUCCEEDED" | "", "CURRENT") => InstanceStatus::Current,
        _ => InstanceStatus::Unknown,
    };
    let message = match known {
        InstanceStatus::Current => String::new(),
        _ => [stack, detailed].join(" ").trim().to_owned(),
    };
    (known, message)
}

fn drift(status: Option<&str>) -> Drift {
    match status {
        Some("IN_SYNC") => Drift::InSync,
        Some("DRIFTED") => Drift::Drifted,
        // Of a stack that nobody has evaluated.
        Some("NOT_CHECKED") | None => Drift::NotChecked,
        Some(_) => Drift::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackInstanceComprehensiveStatus;

    use super::*;

    fn summary(stack: &str, detailed: &str) -> StackInstanceSummary {
        let comprehensive = StackInstanceComprehensiveStatus::builder();
        let comprehensive = match detailed {
            "" => comprehensive,
            detailed => comprehensive.detailed_status(detailed.into()),
        };
        StackInstanceSummary::builder()
            .account("111122223333")
            .status(stack.into())
            .stack_instance_status(comprehensive.build())
            .build()
    }

    #[test]
    fn the_last_operation_weighs_more_than_the_stack() {
        let cases = [
            ("CURRENT", "SUCCEEDED", InstanceStatus::Current),
            ("CURRENT", "", InstanceStatus::Current),
            ("OUTDATED", "FAILED", InstanceStatus::Failed),
            ("INOPERABLE", "", InstanceStatus::Failed),
            ("OUTDATED", "PENDING", InstanceStatus::Pending),
            ("OUTDATED", "CANCELLED", InstanceStatus::Outdated),
            ("OUTDATED", "SUCCEEDED", InstanceStatus::Outdated),
            ("CURRENT", "NEWER", InstanceStatus::Unknown),
            ("NEWER", "", InstanceStatus::Unknown),
        ];
        for (stack, detailed, expected) in cases {
            let (_, instance) = shape(summary(stack, detailed)).unwrap();
            assert_eq!(instance.status, expected, "{stack} {detailed}");
        }
    }

    #[test]
    fn without_a_reason_the_status_is_the_reason() {
        let (_, instance) = shape(summary("OUTDATED", "CANCELLED")).unwrap();
        assert_eq!(instance.reason, "OUTDATED CANCELLED");
        assert_eq!(shape(summary("CURRENT", "")).unwrap().1.reason, "");
    }

    #[test]
    fn drift_that_was_not_checked_is_not_none() {
        assert_eq!(drift(None), Drift::NotChecked);
        assert_eq!(drift(Some("NOT_CHECKED")), Drift::NotChecked);
        assert_eq!(drift(Some("IN_SYNC")), Drift::InSync);
        assert_eq!(drift(Some("LATER")), Drift::Unknown);
    }

    #[test]
    fn a_stack_without_a_valid_account_hides_no_other() {
        for id in [None, Some("x".to_owned())] {
            let nameless = StackInstanceSummary::builder().set_account(id).build();
            let facts = facts(vec![nameless, summary("CURRENT", "")]);
            assert_eq!(facts.incomplete.unwrap().cause, Cause::Malformed);
            assert_eq!(facts.instances.len(), 1);
        }
        assert_eq!(facts(vec![summary("CURRENT", "")]).incomplete, None);
    }
}
