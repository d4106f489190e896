//! Regions in which new instances do not ask for IMDSv2 by themselves.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation, same,
    toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::MetadataDefaults;

pub(super) const CHECK: Check = Check {
    id: "ec2-imdsv2-account-default-off",
    title: "New instances do not require IMDSv2 by default",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Without this default, the AMI or the launch request decides whether an instance accepts IMDSv1. \
          Older AMIs accept it, and then the instance returns its role's credentials without a token. The \
          default requires IMDSv2 for new instances unless the launch request overrides it. It does not \
          change running instances, so the severity is low.",
    fix: &[
        "Check that the software in your AMIs supports IMDSv2.",
        "Run the command. The console has the same setting: EC2, Account attributes, Data protection and \
         security, IMDS defaults.",
        "To set it in all accounts and Regions at once, use a declarative policy of AWS Organizations.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:account",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        remediation::setting(
            "ec2 modify-instance-metadata-defaults --http-tokens required",
            failed,
        )
    },
    controls: &[],
    prowler: Counterparts::per_region(&[same("ec2_instance_account_imdsv2_enabled")]),
    parameters: Parameters::None,
    needs: &[MetadataDefaults::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let if_off = "New instances accept IMDSv1 unless the AMI or the launch request requires IMDSv2";
    toggle::evaluate::<MetadataDefaults>(&CHECK, facts, region, context, if_off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::toggle::samples::is_a_toggle;

    #[test]
    fn it_passes_on_fails_off_and_is_a_gap_unread() {
        is_a_toggle::<MetadataDefaults>(&CHECK);
    }
}
