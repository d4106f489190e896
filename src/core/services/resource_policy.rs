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
        let actions = format!("{}:*", self.arn.service());
        self.grant_of(api, context, &actions)
    }

    /// The same for an action, or a pattern of actions.
    ///
    /// # Errors
    /// See [`Self::grant`].
    pub(super) fn grant_of(
        &self,
        api: &Api,
        context: &Context<'_>,
        actions: &str,
    ) -> Result<Option<String>, Gap> {
        let Some(document) = &self.document else {
            return Ok(None);
        };
        let undecided = |detail: String| Gap {
            detail,
            ..Gap::new(api.action, Cause::Undecided).of(&self.name)
        };
        let document = PolicyDocument::parse(document)
            .map_err(|error| undecided(format!("the policy cannot be parsed: {error}")))?;
        let resource = Resource {
            arn: self.arn.as_str(),
            account: context.account.as_str(),
        };
        match public_access(&document, &resource, &[actions]) {
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

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::{Fact, FactStore};
    use crate::model::Reading;

    /// The public under no condition.
    pub(in crate::services) const ANYONE: &str = r#""Principal": "*""#;

    /// A policy that allows everything to a principal, with these conditions.
    pub(in crate::services) fn allowing(principal: &str) -> String {
        format!(
            r#"{{"Version": "2012-10-17", "Statement":
                {{"Sid": "Share", "Effect": "Allow", {principal}, "Action": "*", "Resource": "*"}}}}"#
        )
    }

    fn evaluated<F: Fact<Value = Items<ResourcePolicy>>>(
        check: &'static Check,
        document: Option<String>,
    ) -> RuleResult {
        let policy = ResourcePolicy {
            arn: check.example.resource.into(),
            name: "orders".to_owned(),
            document,
        };
        let facts = FactStore::default().with::<F>(Reading::known(vec![policy].into()));
        evaluate_region(check, &facts).unwrap()
    }

    /// Holds that a check finds the example of it with policies that allow everything to the public, and not with these
    /// principals and conditions; and that it decides nothing without the policy.
    pub(in crate::services) fn assert_decides<F: Fact<Value = Items<ResourcePolicy>>>(
        check: &'static Check,
        noun: &str,
        not_public: &[&str],
    ) {
        let result = evaluated::<F>(check, Some(allowing(ANYONE)));
        let found = &result.violations[0];
        assert_eq!(found.resource, check.example.resource);
        assert_eq!(found.severity, check.severity);
        assert_eq!(
            found.message,
            format!("{noun} orders grants public access: statement `Share` allows *")
        );
        for principal in not_public {
            let result = evaluated::<F>(check, Some(allowing(principal)));
            assert_eq!(result.violations, [], "{principal}");
            assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
        }
        let result = evaluated::<F>(check, None);
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        let result = evaluated::<F>(check, Some("no policy".to_owned()));
        let gap = &result.gaps[0];
        assert_eq!(
            (gap.cause, gap.resource.as_str()),
            (Cause::Undecided, "orders")
        );
        let gap = denied(&gap.action);
        let facts = FactStore::default().with::<F>(missing(&gap.action));
        assert_eq!(evaluate_region(check, &facts), Err(gap));
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{ANYONE, allowing};
    use super::*;
    use crate::checks::samples::with_context;
    use crate::services::sns::GET_TOPIC_ATTRIBUTES as API;

    fn grant(document: Option<&str>) -> Result<Option<String>, Gap> {
        let policy = ResourcePolicy {
            arn: "arn:aws:sns:eu-west-1:111122223333:orders".into(),
            name: "orders".to_owned(),
            document: document.map(str::to_owned),
        };
        with_context(|context| policy.grant(&API, context))
    }

    #[test]
    fn a_policy_grants_nothing_or_names_its_statement() {
        assert_eq!(grant(None), Ok(None));
        let own = allowing(r#""Principal": {"AWS": "111122223333"}"#);
        assert_eq!(grant(Some(&own)), Ok(None));
        let public = grant(Some(&allowing(ANYONE))).unwrap();
        assert_eq!(public.as_deref(), Some("statement `Share` allows *"));
    }

    #[test]
    fn what_cannot_be_decided_is_a_gap_with_the_reason() {
        let gap = grant(Some("{")).unwrap_err();
        assert_eq!(
            (gap.action.as_str(), gap.resource.as_str()),
            (API.action, "orders")
        );
        assert!(
            gap.detail.starts_with("the policy cannot be parsed: "),
            "{}",
            gap.detail
        );
        let unknown = r#""Principal": "*", "Condition": {"StringEquals": {"sns:NewKey": "x"}}"#;
        let gap = grant(Some(&allowing(unknown))).unwrap_err();
        assert_eq!(gap.cause, Cause::Undecided);
        assert!(gap.detail.contains("sns:newkey"), "{}", gap.detail);
    }

    #[test]
    fn a_name_keeps_its_slashes() {
        let name = |resource| full_name(&FailedResource::example("eu-west-1", resource, ""));
        let vault =
            "arn:aws:backup:eu-west-1:111122223333:backup-vault:aws/efs/automatic-backup-vault";
        assert_eq!(name(vault), "aws/efs/automatic-backup-vault");
        let repository = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/orders";
        assert_eq!(name(repository), "shop/orders");
    }
}
