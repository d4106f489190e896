//! Who has one of AWS's policies.

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::list_entities_for_policy::builders::ListEntitiesForPolicyFluentBuilder;
use aws_sdk_iam::types::PolicyUsageType;
use orgscan_core::api::Meaning;
use orgscan_core::model::Arn;
use orgscan_core::services::iam::{
    AttachedPolicies, CloudShellHolders, Holders, LIST_ENTITIES_FOR_POLICY, SupportHolders,
};

use crate::collect::{AccountScope, Collect, CollectScope, FactError};
use crate::{Failure, next_page, pages, require};

/// Somebody who has the policy, by name where IAM gives it.
enum Holder {
    User(Option<String>),
    Group(Option<String>),
    Role(Option<String>),
}

impl Collect<AccountScope<'_>> for SupportHolders {
    async fn collect(scope: &AccountScope<'_>) -> Result<Holders, FactError> {
        holders(scope, "AWSSupportAccess").await
    }
}

impl Collect<AccountScope<'_>> for CloudShellHolders {
    async fn collect(scope: &AccountScope<'_>) -> Result<Holders, FactError> {
        holders(scope, "AWSCloudShellFullAccess").await
    }
}

/// Who has the policy. Where the policies that somebody has are read anyway and it is not among them, nobody has, and
/// nothing is asked. Not every partition has each policy.
async fn holders(scope: &AccountScope<'_>, policy: &str) -> Result<Holders, FactError> {
    let arn = Arn::aws_policy(scope.partition, policy);
    if scope.needs.has::<AttachedPolicies>()
        && let Ok(attached) = scope.fact::<AttachedPolicies>().await
        && attached.complete().is_ok()
        && attached.iter().all(|one| one.arn != arn)
    {
        return Ok(Holders::default());
    }
    let listed = pages(LIST_ENTITIES_FOR_POLICY.action, |marker| {
        page(scope, &arn, marker)
    });
    match listed.await {
        Err(failure) if failure.means(Meaning::Absent) => Ok(Holders::default()),
        listed => Ok(sorted(listed?)),
    }
}

async fn page(
    scope: &AccountScope<'_>,
    arn: &str,
    marker: Option<String>,
) -> Result<(Vec<Holder>, Option<String>), Failure> {
    let iam = scope.iam();
    let send = || request(&iam, arn, marker.clone()).send();
    let page = scope
        .api_caller
        .call(&LIST_ENTITIES_FOR_POLICY, send)
        .await?;
    let users = page.policy_users.into_iter().flatten();
    let groups = page.policy_groups.into_iter().flatten();
    let roles = page.policy_roles.into_iter().flatten();
    let users = users.map(|one| Holder::User(one.user_name));
    let groups = groups.map(|one| Holder::Group(one.group_name));
    let roles = roles.map(|one| Holder::Role(one.role_name));
    let next = next_page(
        LIST_ENTITIES_FOR_POLICY.action,
        Some(page.is_truncated),
        page.marker,
    )?;
    Ok((users.chain(groups).chain(roles).collect(), next))
}

/// Those whose boundary the policy is have nothing by it, and are left out.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html>
fn request(
    client: &Client,
    arn: &str,
    marker: Option<String>,
) -> ListEntitiesForPolicyFluentBuilder {
    let request = client.list_entities_for_policy().policy_arn(arn);
    let request = request.policy_usage_filter(PolicyUsageType::PermissionsPolicy);
    request
        .set_max_items(LIST_ENTITIES_FOR_POLICY.page)
        .set_marker(marker)
}

fn sorted(listed: Vec<Holder>) -> Holders {
    let mut holders = Holders::default();
    for holder in listed {
        let (names, field, name) = match holder {
            Holder::User(name) => (&mut holders.users, "UserName", name),
            Holder::Group(name) => (&mut holders.groups, "GroupName", name),
            Holder::Role(name) => (&mut holders.roles, "RoleName", name),
        };
        match require(LIST_ENTITIES_FOR_POLICY.action, field, name) {
            Ok(name) => names.known.push(name),
            Err(failure) => names.gaps.push(failure.into()),
        }
    }
    holders
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::config::{BehaviorVersion, Config};

    use super::*;

    #[test]
    fn a_holder_without_a_name_is_a_gap_beside_the_others() {
        let of = sorted(vec![
            Holder::Role(None),
            Holder::Role(Some("ops".into())),
            Holder::User(Some("ann".into())),
        ]);
        assert_eq!((of.roles.known.len(), of.roles.gaps.len()), (1, 1));
        assert_eq!((of.users.known.len(), of.users.gaps.len()), (1, 0));
    }

    #[test]
    fn a_policy_that_is_a_boundary_is_not_asked_for() {
        let config = Config::builder().behavior_version(BehaviorVersion::latest());
        let client = Client::from_conf(config.build());
        let request = request(&client, "arn:aws:iam::aws:policy/AWSSupportAccess", None);
        assert_eq!(
            request.get_policy_usage_filter(),
            &Some(PolicyUsageType::PermissionsPolicy)
        );
    }
}
