//! TODO: the resources that break the check, in a few words.

use crate::checks::{Category, Check, Context, Counterparts, FailedResource, Parameters, Rule};
use crate::facts::Facts;
use crate::model::{Cause, Gap, ${region}RuleResult, Severity};

pub(super) const CHECK: Check = Check {
    id: "$id",
    title: "TODO: what is wrong, in a line",
    // TODO: the category and the usual severity.
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "TODO: why it matters, for a person who owns the account",
    // TODO: the steps, one of which begins with "Run the command." and has the way in the console.
    fix: &["TODO: how to fix it"],
    // TODO: the ARN of a resource that breaks the check, with its part if the command needs it.
    example: FailedResource::example("$example_region", "TODO: an ARN", ""),
    // TODO: whether it is enabled by default. A check with a request for every resource is opt-in.
    by_default: false,
    // TODO: the command that fixes one resource, made by a function of crate::checks::remediation.
    remediation: |_| None,
    // TODO: the controls that it maps to, as in covers("cis-7.0", "2.1.1"), if any.
    controls: &[],
    // TODO: the checks of Prowler that are similar, as in Counterparts::per_resource(&[same("...")]), if any.
    prowler: Counterparts::none("TODO: why Prowler has none"),
    // TODO: the number or the list of ports that the rule depends on, if any.
    parameters: Parameters::None,
    // TODO: the facts that the rule reads, each with its SPEC.
    needs: &[],
    rule: Rule::$Scope(evaluate),
};

// TODO: read the facts with facts.get, evaluate a list with RuleResult::of_each, and report what breaks the
// check with CHECK.violation. What could not be read is a gap, never a pass.
fn evaluate(_: &Facts<'_>, ${region_parameter}_: &Context<'_>) -> Result<RuleResult, Gap> {
    Err(Gap::new("TODO: the rule of $id", Cause::NotCollected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_$scope};
    use crate::facts::FactStore;

    #[test]
    fn a_resource_that_is_as_it_should_be_passes() {
        // TODO: facts with one such resource.
        let facts = FactStore::default();
        let result = evaluate_$scope(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn a_resource_that_breaks_the_check_is_found() {
        // TODO: facts with one such resource.
        let facts = FactStore::default();
        let result = evaluate_$scope(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.violations.len()), (1, 1));
        let violation = &result.violations[0];
        assert_eq!(violation.resource, "TODO: its ARN");
        assert_eq!(violation.message, "TODO: what is wrong with it");
    }

    #[test]
    fn a_fact_that_could_not_be_read_is_a_gap() {
        // TODO: a fact that is missing for a denied action.
        let facts = FactStore::default();
        let gap = evaluate_$scope(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("TODO: the action"));
    }
}
