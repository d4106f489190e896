//! What a check is.

use jiff::Timestamp;

use super::{Counterparts, FailedResource, OrganizationRule, Parameters};
use crate::api::Api;
use crate::facts::{FactSpec, Facts};
use crate::model::{
    AccountId, Arn, Gap, Monitoring, Region, RuleResult, SensitivePort, Severity, Violation,
};

/// A pure rule over facts, and what people need to know about it.
#[derive(Debug)]
pub struct Check {
    /// Its id, in kebab case: `ebs-volume-unencrypted`. Part of every finding's identity: never changed.
    pub id: &'static str,
    /// What a violation is, in a line.
    pub title: &'static str,
    /// The category that it belongs to.
    pub category: Category,
    /// How bad a violation usually is; a single one may be milder or worse.
    pub severity: Severity,
    /// Why it matters, for a person who owns the account.
    pub why: &'static str,
    /// How to fix it: the steps in their order. One of them runs the command, which stands beside the steps.
    pub fix: &'static [&'static str],
    /// A resource that breaks it, for the example of the command.
    pub example: FailedResource<'static>,
    /// Whether it is enabled by default. It is not if it takes a request for every resource or in every
    /// Region, if another check covers its ports too, or if it finds something in every unused Region.
    pub by_default: bool,
    /// The command that fixes a resource, filled in; where more has to be known or somebody be asked
    /// first, the one that shows it. A value that the reader chooses is a shell variable, which a step
    /// sets. None where the resource's name cannot stand in a command safely.
    pub remediation: fn(&FailedResource<'_>) -> Option<String>,
    /// The controls of frameworks that it maps to, fully or in part.
    pub controls: &'static [ControlMapping],
    /// The checks of Prowler that are similar.
    pub prowler: Counterparts,
    /// The numbers and lists that the rule is made with beside the facts.
    pub parameters: Parameters,
    /// The facts that the rule reads. What no selected check needs is not collected.
    pub needs: &'static [&'static FactSpec],
    /// The rule.
    pub rule: Rule,
}

impl Check {
    /// A violation of the check by a resource as a whole, as bad as its violations usually are.
    pub(crate) fn violation(&self, resource: Arn, message: impl Into<String>) -> Violation {
        Violation {
            resource,
            part: String::new(),
            region: None,
            severity: self.severity,
            message: message.into(),
        }
    }

    /// The steps of the fix, numbered, each on a line of its own.
    pub fn numbered_fix(&self) -> String {
        let steps = self.fix.iter().zip(1..);
        let lines = steps.map(|(step, number)| format!("{number}. {step}"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// How to fix a resource, as plain text: the command, then the steps, which may be cut at their end.
    pub fn remediation(&self, failed: &FailedResource<'_>) -> String {
        let command = (self.remediation)(failed).map(|command| format!("Command: {command}\n"));
        command.unwrap_or_default() + &self.numbered_fix()
    }

    /// The APIs that may be called for it, each once.
    pub fn apis(&self) -> Vec<&'static Api> {
        let mut apis: Vec<&Api> = Vec::new();
        for api in self.needs.iter().flat_map(|fact| fact.apis()) {
            if !apis.contains(&api) {
                apis.push(api);
            }
        }
        apis
    }
}

/// A control of a framework that a check answers, as a whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlMapping {
    /// The framework's id: `cis-7.0`.
    pub framework: &'static str,
    /// The control's id in the framework: `2.10`.
    pub control: &'static str,
    /// Only findings of this severity or a higher one break the control.
    pub at_least: Severity,
    /// Only findings of this part break the control. Empty if those of every part do.
    pub part: &'static str,
}

/// A control that every finding of a check breaks.
pub const fn covers(framework: &'static str, control: &'static str) -> ControlMapping {
    covers_from(Severity::Informational, framework, control)
}

/// A control that findings of this severity or a higher one break.
pub const fn covers_from(
    at_least: Severity,
    framework: &'static str,
    control: &'static str,
) -> ControlMapping {
    ControlMapping {
        framework,
        control,
        at_least,
        part: "",
    }
}

/// A control that findings of one part of a check break.
pub const fn covers_part(
    framework: &'static str,
    control: &'static str,
    part: &'static str,
) -> ControlMapping {
    ControlMapping {
        part,
        ..covers(framework, control)
    }
}

/// The categories of the indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Who can sign in, and how.
    IamSecurity,
    /// Data at rest.
    DataEncryption,
    /// What the internet can reach.
    ExposureRisks,
    /// What the network lets in.
    NetworkSecurity,
    /// What keeps data from being lost, changed or overheard.
    DataProtection,
    /// What is on record.
    Logging,
}

impl Category {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::IamSecurity,
        Self::DataEncryption,
        Self::ExposureRisks,
        Self::NetworkSecurity,
        Self::DataProtection,
        Self::Logging,
    ];

    /// Its name as a word, for programs: `iam-security`. Files and configurations have it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::IamSecurity => "iam-security",
            Self::DataEncryption => "data-encryption",
            Self::ExposureRisks => "exposure-risks",
            Self::NetworkSecurity => "network-security",
            Self::DataProtection => "data-protection",
            Self::Logging => "logging",
        }
    }

    /// The category's name, for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IamSecurity => "IAM security",
            Self::DataEncryption => "data encryption",
            Self::ExposureRisks => "exposure risks",
            Self::NetworkSecurity => "network security",
            Self::DataProtection => "data protection",
            Self::Logging => "logging",
        }
    }
}

/// What a rule may know beside the facts.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its partition, for ARNs.
    pub partition: &'a str,
    /// The beginning of the run, for what has an age.
    pub now: Timestamp,
    /// Whether orgscan runs in the account, so that it is the one where the organization is asked.
    pub is_central: bool,
    /// Ports that should not be open to the world.
    pub sensitive_ports: &'a [SensitivePort],
    /// What the configuration says of controls that something else monitors.
    pub monitoring: &'a Monitoring,
}

/// A rule over the facts of an account as a whole.
pub type AccountRule = fn(&Facts<'_>, &Context<'_>) -> Result<RuleResult, Gap>;

/// A rule over the facts of one Region.
pub type RegionRule = fn(&Facts<'_>, &Region, &Context<'_>) -> Result<RuleResult, Gap>;

/// A rule over the facts of an account as a whole, of one Region, or of the organization.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Runs once per account: over its facts, and over those of its Regions that the check declares.
    Account(AccountRule),
    /// Runs over the records of all accounts, and gives a verdict for each that has one.
    Organization(OrganizationRule),
    /// Runs once per scanned Region.
    Region(RegionRule),
}
