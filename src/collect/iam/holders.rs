//! Who has one of AWS's policies.

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::list_entities_for_policy::builders::ListEntitiesForPolicyFluentBuilder;
use aws_sdk_iam::types::PolicyUsageType;

use super::{Iam, NOT_THERE};
use crate::aws::{Failure, pages};
use crate::model::{AttachedPolicy, Holders};
use crate::pace::api::LIST_ENTITIES_FOR_POLICY;

/// The policy for cases with AWS Support.
pub(super) const SUPPORT: &str = "AWSSupportAccess";

/// The policy for all that CloudShell can do, moving files in and out among it.
pub(super) const CLOUD_SHELL: &str = "AWSCloudShellFullAccess";

/// The largest page that IAM gives.
const PAGE: i32 = 1_000;

enum Holder {
    User(String),
    Group(String),
    Role(String),
}

impl Iam {
    /// Who has the policy. Where the policies that somebody has are `known` and it is not among them,
    /// nobody has, and nothing is asked. Not every partition has each policy.
    pub(super) async fn holders(
        &self,
        partition: &str,
        policy: &str,
        known: Option<&[AttachedPolicy]>,
    ) -> Result<Holders, Failure> {
        let arn = format!("arn:{partition}:iam::aws:policy/{policy}");
        if known.is_some_and(|known| known.iter().all(|one| one.arn != arn)) {
            return Ok(Holders::default());
        }
        let listed = pages(LIST_ENTITIES_FOR_POLICY.action, |marker| {
            self.page(&arn, marker)
        });
        match listed.await {
            Err(failure) if failure.has_code(NOT_THERE) => Ok(Holders::default()),
            listed => Ok(sorted(listed?)),
        }
    }

    async fn page(
        &self,
        arn: &str,
        marker: Option<String>,
    ) -> Result<(Vec<Holder>, Option<String>), Failure> {
        let send = || request(&self.client, arn, marker.clone()).send();
        let page = self.lane.call(&LIST_ENTITIES_FOR_POLICY, send).await?;
        let users = page.policy_users.into_iter().flatten();
        let groups = page.policy_groups.into_iter().flatten();
        let roles = page.policy_roles.into_iter().flatten();
        let users = users.filter_map(|one| one.user_name).map(Holder::User);
        let groups = groups.filter_map(|one| one.group_name).map(Holder::Group);
        let roles = roles.filter_map(|one| one.role_name).map(Holder::Role);
        Ok((users.chain(groups).chain(roles).collect(), page.marker))
    }
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
    request.max_items(PAGE).set_marker(marker)
}

fn sorted(listed: Vec<Holder>) -> Holders {
    let mut holders = Holders::default();
    for holder in listed {
        match holder {
            Holder::User(name) => holders.users.push(name),
            Holder::Group(name) => holders.groups.push(name),
            Holder::Role(name) => holders.roles.push(name),
        }
    }
    holders
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::config::{BehaviorVersion, Config};

    use super::*;

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
