//! Policies of resources, and the rule of the checks that find those which grant public access.

use crate::api::Api;
use crate::checks::{Check, Context, FailedResource};
use crate::model::{Arn, Cause, Gap, Items, RuleResult};
use crate::policy::{PolicyDocument, PublicAccess, Resource, public_access};

/// A resource, and the policy that is attached to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePolicy {
    /// The resource's ARN.
    pub arn: Arn,
    /// Its name or id.
    pub name: String,
    /// The policy, as JSON; none if the resource has none.
    pub document: Option<String>,
}

impl ResourcePolicy {
    /// Who the policy grants access to. A resource without a policy grants none to the public.
    ///
    /// # Errors
    /// A gap with the name of the resource, if the document is no policy, or if it cannot be decided. `api` is what the
    /// policy was read with.
    pub(super) fn grant(&self, api: &Api, context: &Context<'_>) -> Result<Option<String>, Gap> {
        let Some(document) = &self.document else {
            return Ok(None);
        };
        let undecided = |detail: String| Gap {
            detail,
            ..Gap::new(api.action, Cause::Malformed).of(&self.name)
        };
        let document = PolicyDocument::parse(document)
            .map_err(|error| undecided(format!("the policy cannot be parsed: {error}")))?;
        let resource = Resource {
            arn: self.arn.as_str(),
            account: context.account.as_str(),
        };
        let actions = format!("{}:*", self.arn.service());
        match public_access(&document, &resource, &[&actions]) {
            PublicAccess::No => Ok(None),
            PublicAccess::Yes(grant) => Ok(Some(grant.to_string())),
            PublicAccess::Undecided(reason) => Err(undecided(reason)),
        }
    }
}

/// Finds the resources whose policies grant public access. `noun` is what they are called at the beginning of a sentence,
/// and `api` what their policies were read with.
pub(super) fn evaluate(
    check: &Check,
    (noun, api): (&str, &Api),
    policies: &Items<ResourcePolicy>,
    context: &Context<'_>,
) -> RuleResult {
    RuleResult::of_each(policies, |one| {
        let grant = one.grant(api, context)?;
        Ok(grant.map(|grant| {
            let message = format!("{noun} {} grants public access: {grant}", one.name);
            check.violation(one.arn.clone(), message)
        }))
    })
}

/// The name of a resource whose name may have slashes: what follows the noun in its ARN.
pub(super) fn full_name<'a>(failed: &FailedResource<'a>) -> &'a str {
    let resource = failed.resource.splitn(6, ':').nth(5).unwrap_or_default();
    resource
        .split_once(['/', ':'])
        .map_or(resource, |(_, name)| name)
}
