//! GetAccountAuthorizationDetails: users with the policies of their own, and the managed policies that
//! somebody has, in one list. Each page is reduced to what rules read as soon as it is there.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>

use aws_sdk_iam::types::{EntityType, ManagedPolicyDetail, UserDetail};
use orgscan_core::facts::Needs;
use orgscan_core::model::Items;
use orgscan_core::services::iam::GET_AUTHORIZATION_DETAILS as API;
use orgscan_core::services::iam::{
    AttachedPolicies, AttachedPolicy, AuthorizationDetails, UserPolicies, UserWithPolicies,
};

use super::documents;
use crate::collect::{AccountScope, Collect, CollectScope, FactError};
use crate::{Failure, next_page, pages, require};

/// What is kept of a page's entities. One that cannot be read hides no other.
enum Detail {
    User(Result<Option<UserWithPolicies>, Failure>),
    Policy(Result<Option<AttachedPolicy>, Failure>),
}

/// What the list is about, as far as checks need it.
fn entities(needs: &Needs) -> Vec<EntityType> {
    let mut entities = Vec::new();
    if needs.has::<UserPolicies>() {
        entities.push(EntityType::User);
    }
    if needs.has::<AttachedPolicies>() {
        entities.extend([EntityType::LocalManagedPolicy, EntityType::AwsManagedPolicy]);
    }
    entities
}

impl Collect<AccountScope<'_>> for AuthorizationDetails {
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        let entities = entities(scope.needs);
        let listed = pages(API.action, |marker| page(scope, &entities, marker));
        let mut details = Self::default();
        for detail in listed.await? {
            match detail {
                Detail::User(user) => {
                    details.users.users += u64::from(user.is_ok());
                    add(&mut details.users.with_policies, user);
                }
                Detail::Policy(policy) => add(&mut details.policies, policy),
            }
        }
        Ok(details)
    }
}

impl Collect<AccountScope<'_>> for UserPolicies {
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        Ok(scope.fact::<AuthorizationDetails>().await?.users.clone())
    }
}

impl Collect<AccountScope<'_>> for AttachedPolicies {
    async fn collect(scope: &AccountScope<'_>) -> Result<Items<AttachedPolicy>, FactError> {
        Ok(scope.fact::<AuthorizationDetails>().await?.policies.clone())
    }
}

async fn page(
    scope: &AccountScope<'_>,
    entities: &[EntityType],
    marker: Option<String>,
) -> Result<(Vec<Detail>, Option<String>), Failure> {
    let iam = scope.iam();
    let send = || {
        let request = iam.get_account_authorization_details();
        let request = request.set_filter(Some(entities.to_vec()));
        request
            .set_max_items(API.page)
            .set_marker(marker.clone())
            .send()
    };
    let page = scope.api_caller.call(&API, send).await?;
    let mut details = Vec::new();
    for user in page.user_detail_list.into_iter().flatten() {
        details.push(Detail::User(with_policies(user)));
    }
    for policy in page.policies.into_iter().flatten() {
        details.push(Detail::Policy(attached(policy)));
    }
    let next = next_page(API.action, Some(page.is_truncated), page.marker)?;
    Ok((details, next))
}

fn add<T>(items: &mut Items<T>, item: Result<Option<T>, Failure>) {
    match item {
        Ok(item) => items.known.extend(item),
        Err(failure) => items.gaps.push(failure.into()),
    }
}

/// The user, if it has policies of its own.
fn with_policies(user: UserDetail) -> Result<Option<UserWithPolicies>, Failure> {
    // A policy without a name is one all the same.
    let named = |name: Option<String>| name.unwrap_or_else(|| "a policy without a name".to_owned());
    let attached = user.attached_managed_policies.into_iter().flatten();
    let attached: Vec<_> = attached.map(|one| named(one.policy_name)).collect();
    let inline = user.user_policy_list.into_iter().flatten();
    let inline: Vec<_> = inline.map(|one| named(one.policy_name)).collect();
    if attached.is_empty() && inline.is_empty() {
        return Ok(None);
    }
    let known = user.user_name.clone().or_else(|| user.arn.clone());
    let of_user = |failure: Failure| failure.of_item(known.as_deref());
    Ok(Some(UserWithPolicies {
        name: require(API.action, "UserName", user.user_name).map_err(of_user)?,
        arn: require(API.action, "Arn", user.arn)
            .map_err(of_user)?
            .into(),
        attached,
        inline,
    }))
}

/// The policy, if somebody has it. As a permissions boundary it gives nothing, and does not count.
fn attached(policy: ManagedPolicyDetail) -> Result<Option<AttachedPolicy>, Failure> {
    let known = policy.arn.clone().or_else(|| policy.policy_name.clone());
    read_policy(policy).map_err(|failure| failure.of_item(known.as_deref()))
}

fn read_policy(policy: ManagedPolicyDetail) -> Result<Option<AttachedPolicy>, Failure> {
    let count = require(API.action, "AttachmentCount", policy.attachment_count)?;
    if count < 1 {
        return Ok(None);
    }
    let arn = require(API.action, "Arn", policy.arn)?;
    let mut versions = policy.policy_version_list.into_iter().flatten();
    let in_force = versions.find(|version| version.is_default_version);
    let document = in_force.and_then(|version| version.document);
    let document = require(API.action, &format!("the document of {arn}"), document)?;
    Ok(Some(AttachedPolicy {
        name: require(API.action, "PolicyName", policy.policy_name)?,
        attached_to: u64::from(count.unsigned_abs()),
        broad: documents::broad(&arn, &document)?,
        arn: arn.into(),
    }))
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::types::{AttachedPolicy as Attached, PolicyDetail, PolicyVersion};
    use orgscan_core::model::Cause;

    use super::*;

    fn version(id: &str, is_default: bool, document: &str) -> PolicyVersion {
        PolicyVersion::builder()
            .version_id(id)
            .is_default_version(is_default)
            .document(document)
            .build()
    }

    fn policy(count: i32) -> aws_sdk_iam::types::builders::ManagedPolicyDetailBuilder {
        ManagedPolicyDetail::builder()
            .policy_name("all")
            .arn("arn:aws:iam::111122223333:policy/all")
            .attachment_count(count)
    }

    #[test]
    fn the_version_in_force_counts_and_only_of_policies_that_somebody_has() {
        let all = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let none = r#"{"Statement":[]}"#;
        let of = |count, in_force, other| {
            let policy = policy(count).policy_version_list(version("v1", false, other));
            attached(
                policy
                    .policy_version_list(version("v2", true, in_force))
                    .build(),
            )
        };
        assert_eq!(of(2, all, none).unwrap().unwrap().broad.known.len(), 1);
        assert!(of(2, none, all).unwrap().unwrap().broad.is_empty());
        assert_eq!(of(2, none, all).unwrap().unwrap().attached_to, 2);
        assert_eq!(of(0, all, all).unwrap(), None);
        let failure = attached(policy(1).build()).unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
        assert!(failure.resource.ends_with("policy/all"), "{failure}");
        let uncounted = ManagedPolicyDetail::builder().policy_name("all").build();
        assert_eq!(attached(uncounted).unwrap_err().resource, "all");
    }

    #[test]
    fn users_are_kept_that_have_policies_of_their_own() {
        let user = || {
            UserDetail::builder()
                .user_name("ann")
                .arn("arn:aws:iam::111122223333:user/ann")
                .group_list("admins")
        };
        assert_eq!(with_policies(user().build()).unwrap(), None);
        let attached = Attached::builder().policy_name("ReadOnlyAccess").build();
        let inline = PolicyDetail::builder().policy_name("own").build();
        let user = user().attached_managed_policies(attached);
        let user = with_policies(user.user_policy_list(inline).build()).unwrap();
        let user = user.unwrap();
        assert_eq!(user.attached, ["ReadOnlyAccess"]);
        assert_eq!(user.inline, ["own"]);
    }

    #[test]
    fn a_policy_without_a_name_is_one_and_a_user_without_an_arn_is_a_gap() {
        let nameless = || Attached::builder().build();
        let user = || UserDetail::builder().user_name("ann");
        let with_arn = user().arn("arn:aws:iam::111122223333:user/ann");
        let found = with_policies(with_arn.attached_managed_policies(nameless()).build());
        assert_eq!(found.unwrap().unwrap().attached.len(), 1);
        assert_eq!(with_policies(user().build()).unwrap(), None);
        let gap = with_policies(user().attached_managed_policies(nameless()).build());
        assert_eq!(gap.unwrap_err().resource, "ann");
    }
}
