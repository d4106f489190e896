//! Regions in which new instances do not ask for IMDSv2 by themselves.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, remediation, same, toggle,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::MetadataDefaults;

pub(super) const CHECK: Check = Check {
    id: "ec2-imdsv2-account-default-off",
    title: "New instances do not require IMDSv2 by default",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Where nobody sets it, the image decides whether an instance hands out its role's credentials to \
          requests without a token, and older images do. The setting asks for tokens on every new instance of \
          the Region whose launch does not say otherwise. It changes nothing for those that run, which is why \
          it is a minor finding of its own.",
    fix: "In the EC2 console, under Account attributes, Data protection and security, choose IMDS defaults, \
          Metadata version, V2 only; or call `aws ec2 modify-instance-metadata-defaults --http-tokens \
          required --region REGION`. A declarative policy of the organization sets it in every account and \
          Region at once.",
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
    let if_off =
        "New instances accept IMDSv1 unless their image or whoever starts them says otherwise";
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
