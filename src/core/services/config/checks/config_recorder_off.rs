//! Regions in which AWS Config does not record everything.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::config::{ConfigRecorders, Delivery, RecordedTypes, Recorder, RecorderStatus};

pub(super) const CHECK: Check = Check {
    id: "config-recorder-off",
    title: "AWS Config does not record in this Region",
    category: Category::Logging,
    severity: Severity::Medium,
    why: "AWS Config keeps the history of every resource's configuration. Without a recorder, nobody can \
          tell later what an attacker changed. Config rules and most controls of Security Hub find nothing \
          either. A recorder that is stopped, that fails or that records only some resource types has the \
          same effect. Recording applies to one Region, so unused Regions need it too. A recorder that \
          excludes single resource types is a finding of low severity. The check finds something in every \
          Region without a recorder, so it is not enabled by default.",
    fix: &[
        "Create the service-linked role, unless it exists: `aws iam create-service-linked-role \
         --aws-service-name config.amazonaws.com`.",
        "Run the command. It creates the recorder, or changes it if its name is `default`. The console has \
         the same setting: AWS Config, Settings.",
        "Set the bucket with `aws configservice put-delivery-channel`. Use one bucket for the organization, \
         and check its bucket policy.",
        "Start it: `aws configservice start-configuration-recorder --configuration-recorder-name default`.",
        "Record the global IAM types in one Region only. Otherwise AWS Config charges for each copy.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:config:eu-west-1:111122223333:account",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let role = format!(
            "name=default,roleARN=arn:{}:iam::{}:role/aws-service-role/config.amazonaws.com/\
             AWSServiceRoleForConfig",
            failed.partition(),
            failed.account
        );
        let put = "configservice put-configuration-recorder --recording-group allSupported=true";
        remediation::regional(put, failed, ("configuration-recorder", &role))
    },
    controls: &[
        covers("cis-7.0", "4.3"),
        covers("cis-5.0", "3.3"),
        covers("aws-fsbp", "Config.1"),
    ],
    prowler: Counterparts::per_region(&[same("config_recorder_all_regions_enabled")]),
    parameters: Parameters::None,
    needs: &[ConfigRecorders::SPEC],
    rule: Rule::Region(evaluate),
};

/// One recorder that records everything is enough.
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let recorders = facts.get::<ConfigRecorders>()?;
    let mut problems = Vec::new();
    let mut gaps = recorders.gaps.clone();
    for recorder in recorders {
        match problem(recorder) {
            Ok(None) => return Ok(RuleResult::of_one(None)),
            Ok(Some(problem)) => problems.push(problem),
            Err(gap) => gaps.push(gap),
        }
    }
    if !gaps.is_empty() {
        return Ok(RuleResult {
            gaps,
            ..RuleResult::default()
        });
    }
    let none = || {
        let message = "AWS Config has no customer managed configuration recorder";
        (CHECK.severity, message.to_owned())
    };
    let (severity, message) = problems.into_iter().min().unwrap_or_else(none);
    let resource = arn::config_settings(context, Some(region));
    let violation = CHECK.violation(resource, message).with_severity(severity);
    Ok(RuleResult::of_one(Some(violation)))
}

/// What keeps a recorder from recording everything, and how bad that is.
fn problem(recorder: &Recorder) -> Result<Option<(Severity, String)>, Gap> {
    let name = &recorder.name;
    let usual = |message: String| Ok(Some((CHECK.severity, message)));
    match recorder.status.get()? {
        RecorderStatus::Recording => {}
        RecorderStatus::Stopped => {
            return usual(format!("Configuration recorder {name} is stopped"));
        }
        RecorderStatus::Failing(code) => {
            return usual(format!("Configuration recorder {name} fails with {code}"));
        }
    }
    if let RecordedTypes::Only(types) = &recorder.types {
        let types = format::count(types.len() as u64, "resource type");
        return usual(format!(
            "Configuration recorder {name} records only {types}"
        ));
    }
    match recorder.delivery.get()? {
        Delivery::Working => {}
        Delivery::Failing(code) => {
            return usual(format!(
                "The configuration history of recorder {name} cannot be delivered: {code}"
            ));
        }
        Delivery::Missing => {
            return usual(format!(
                "Configuration recorder {name} has no delivery channel"
            ));
        }
    }
    let excluded = recorder.types.excluded();
    let message = || {
        let types = format::first_few(&excluded);
        format!("Configuration recorder {name} excludes {types}")
    };
    Ok((!excluded.is_empty()).then(|| (Severity::Low, message())))
}

#[cfg(test)]
mod tests;
