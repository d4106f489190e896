//! The fields of the configuration, and their defaults.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::alert::AlertConfig;
use super::checks::CheckFilter;
use super::external_id::ExternalId;
use super::filters::{AccountFilter, RegionFilter};
use super::formats::{OcsfVersion, ReportFormat};
use super::location::{FileLocation, Location};
use super::ports::SensitivePorts;
use crate::checks::{INDICATORS, RuleParameters};
use crate::model::{CallAs, Monitoring, Region, Severity};
use crate::services::CHECKS;

/// The configuration of a run. Every field has a default, so an empty file is valid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The AWS profile to sign in with. Only a flag sets it: a configuration file may be in S3, and is then
    /// read with the profile's credentials. Without it the SDK's own order applies: environment, AWS_PROFILE.
    #[serde(skip)]
    pub profile: Option<String>,
    /// Which accounts of the organization to scan. All, by default.
    pub accounts: AccountFilter,
    /// Which of the enabled Regions to scan. All, by default.
    pub regions: RegionFilter,
    /// Which checks to run. All that are not opt-in, by default.
    pub checks: CheckFilter,
    /// The role to assume in each account.
    pub role: RoleConfig,
    /// The stack set that deploys the role, to show its state in each account.
    pub enrollment: EnrollmentConfig,
    /// The Region for global services and for the STS endpoint that issues sessions. By default the Region of the
    /// AWS configuration if it is enabled by default in every account, or else the partition's first Region.
    pub home_region: Option<Region>,
    /// The AWS partition: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e` or
    /// `aws-iso-f`. By default the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// The share of AWS's published request quotas that orgscan may use, above 0 and up to 1. The rest stays available
    /// to the accounts' own workloads.
    pub api_share: ApiShare,
    /// How much runs in parallel.
    pub concurrency: Concurrency,
    /// Time limits, in seconds.
    pub timeouts: Timeouts,
    /// Changes to the default list of ports that should not be open to the world.
    pub sensitive_ports: SensitivePorts,
    /// Controls that something monitors which orgscan cannot see. They pass until a date.
    pub monitoring: Monitoring,
    /// Limits of indicators. An exceeded limit appears in the alert.
    pub thresholds: Thresholds,
    /// Exceptions, which suppress findings and gaps. See docs/exceptions.md.
    pub exceptions: ExceptionsConfig,
    /// Where the results go. Each destination is optional.
    pub destinations: Destinations,
}

/// A share between 0 (exclusive) and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ApiShare(#[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))] pub f64);

impl Default for ApiShare {
    fn default() -> Self {
        Self(0.5)
    }
}

/// The role to assume in each account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoleConfig {
    /// Its name.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// The external id that its trust policy requires, if any.
    #[serde(skip_serializing)]
    pub external_id: Option<ExternalId>,
    /// Duration of a session in seconds: 900 to 43,200, in Lambda up to 3,600 because its roles are chained. Longer
    /// scans renew their sessions.
    #[schemars(range(min = 900, max = 43_200))]
    pub session_seconds: i32,
}

impl Default for RoleConfig {
    fn default() -> Self {
        Self {
            name: "OrgScanMember".to_owned(),
            path: "/".to_owned(),
            external_id: None,
            session_seconds: 3_600,
        }
    }
}

/// The stack set that deploys the role, to show its state in each account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnrollmentConfig {
    /// The name of the CloudFormation stack set in the home Region. Without one, the enrollment state only shows
    /// whether the role can be assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_set: Option<String>,
    /// `SELF` in the management account, `DELEGATED_ADMIN` in that of a delegated administrator for
    /// CloudFormation StackSets.
    pub call_as: CallAs,
}

impl Config {
    /// The parameters of the rules of a run with this configuration.
    pub fn rule_parameters(&self) -> RuleParameters {
        RuleParameters::of(CHECKS, &self.sensitive_ports.effective())
    }

    /// Whether reports in a folder are for other users of the machine too.
    pub fn is_report_shared(&self) -> bool {
        let report = self.destinations.report.as_ref();
        report.is_some_and(|report| report.shared)
    }
}

/// How much runs in parallel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Concurrency {
    /// Accounts that are scanned at the same time.
    #[schemars(range(min = 1, max = 1_000))]
    pub accounts: usize,
    /// AWS requests in flight at the same time, in total. Fewer if the system allows few open files: see
    /// docs/performance.md.
    #[schemars(range(min = 1, max = 800))]
    pub requests: usize,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            accounts: 256,
            requests: 480,
        }
    }
}

/// Time limits, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// Time limit of one attempt of one AWS request.
    #[schemars(range(min = 1, max = 300))]
    pub request_seconds: u64,
    /// Attempts for one AWS request, including the first.
    #[schemars(range(min = 1, max = 20))]
    pub attempts: u32,
    /// Time limit of the whole run; in Lambda of each invocation, in addition to the function's own timeout. By default
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub run_seconds: Option<u64>,
    /// Part of the time limit that is reserved for publishing.
    #[schemars(range(min = 1))]
    pub publish_seconds: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            request_seconds: 20,
            attempts: 6,
            run_seconds: None,
            publish_seconds: 60,
        }
    }
}

/// Limits of indicators. An exceeded limit appears in the alert. For an account, the nearest override applies: its
/// own, then those of its OUs from the innermost outwards, then `accounts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// For the organization's totals, by indicator name. By default any violation of severity high or critical exceeds
    /// the limit. A value here replaces the defaults, and `{}` disables them.
    pub organization: BTreeMap<String, Threshold>,
    /// For the totals of an OU with its nested OUs, by the OU's id or path, then by indicator name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ous: BTreeMap<String, BTreeMap<String, Threshold>>,
    /// For each account's own numbers, by indicator name.
    pub accounts: BTreeMap<String, Threshold>,
    /// Other thresholds for the accounts of an OU, or for one account.
    pub overrides: Vec<ThresholdOverride>,
}

impl Default for Thresholds {
    fn default() -> Self {
        let any_high = Threshold {
            count: Some(0),
            min_severity: Some(Severity::High),
            ..Threshold::default()
        };
        // An indicator that counts a part of another one would only report it twice.
        let whole = INDICATORS
            .iter()
            .filter(|indicator| indicator.at_least == Severity::Informational);
        let names = whole.map(|indicator| indicator.name.to_owned());
        Self {
            organization: names.map(|name| (name, any_high)).collect(),
            ous: BTreeMap::new(),
            accounts: BTreeMap::new(),
            overrides: Vec::new(),
        }
    }
}

/// A threshold. It is crossed if any of its limits is exceeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Threshold {
    /// Limit for the number of violations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Limit for violations per hundred evaluated resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub percent: Option<f64>,
    /// Limit for new and reopened violations. Without a previous run to compare with, nothing is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_or_reopened: Option<u64>,
    /// Count only violations of this severity or higher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_severity: Option<Severity>,
}

/// Thresholds for one account, or for the accounts of an OU and its nested OUs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdOverride {
    /// The account's id; give either this or `ou`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<crate::model::AccountId>,
    /// The OU's id or path; give either this or `account`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ou: Option<String>,
    /// By indicator name.
    pub indicators: BTreeMap<String, Threshold>,
}

/// The exceptions file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExceptionsConfig {
    /// The exceptions file: `s3://bucket/key`, or a local file. By default none, and nothing is suppressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<FileLocation>,
    /// Whether each exception must have an expiry date.
    pub require_expiry: bool,
}

impl Default for ExceptionsConfig {
    fn default() -> Self {
        Self {
            location: None,
            require_expiry: true,
        }
    }
}

/// Where the results go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Destinations {
    /// CloudWatch metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<MetricsConfig>,
    /// One SNS message per run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<AlertConfig>,
    /// Report files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportConfig>,
}

/// CloudWatch metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// Their namespace.
    pub namespace: String,
    /// Their Region; the home Region by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self {
            namespace: "OrgScan".to_owned(),
            region: None,
        }
    }
}

/// Report files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportConfig {
    /// `s3://bucket/prefix`, or a local folder.
    pub location: Location,
    /// The KMS key that encrypts S3 objects. Without one, objects are encrypted with S3's own keys (SSE-S3), regardless
    /// of the bucket's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The bucket's Region; the home Region by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Whether to also write each account's own part of the latest run to `accounts/<account id>/`, for the account's
    /// owners. By default `true` in S3, and `false` in a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_account: Option<bool>,
    /// The formats of the report. `json` is required.
    #[serde(default = "all_formats")]
    pub formats: Vec<ReportFormat>,
    /// The version of OCSF that is written.
    #[serde(default)]
    pub ocsf_version: OcsfVersion,
    /// Whether other users of this machine can read the reports in a folder, as far as the umask allows. By default
    /// only their owner can. See docs/integrity.md.
    #[serde(default)]
    pub shared: bool,
    /// Whether to also write findings.parquet and coverage.parquet to `tables/` by day, for Athena. See
    /// docs/exports.md.
    #[serde(default)]
    pub tables: bool,
    /// Whether to also write the events to `ext/` as Parquet, in the layout of a custom source of Security Lake. See
    /// docs/exports.md.
    #[serde(default)]
    pub security_lake: bool,
    /// The key that signs the manifest of each run. See docs/integrity.md.
    #[serde(default)]
    pub signing: SigningConfig,
}

fn all_formats() -> Vec<ReportFormat> {
    ReportFormat::DEFAULT.to_vec()
}

/// The key that signs the manifest of each run: a KMS key if there is one, or else a local key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SigningConfig {
    /// A KMS key with the key spec `ECC_NIST_P256` for signing: its ARN, or its id or alias in the home Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The file of an Ed25519 key, created if it is missing. By default
    /// `$XDG_DATA_HOME/orgscan/signing-key.pem`, or the same in `~/.local/share`. In a Lambda function there is no
    /// default, and manifests are not signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<String>,
}

impl ReportConfig {
    /// Reports at this place, and all else as it is by default.
    pub fn at(location: Location) -> Self {
        Self {
            location,
            kms_key_id: None,
            region: None,
            per_account: None,
            formats: all_formats(),
            ocsf_version: OcsfVersion::default(),
            shared: false,
            tables: false,
            security_lake: false,
            signing: SigningConfig::default(),
        }
    }

    /// Whether reports are written in this form.
    pub fn has(&self, format: ReportFormat) -> bool {
        self.formats.contains(&format)
    }

    /// Whether each account's own part is written too.
    pub fn has_parts(&self) -> bool {
        self.per_account
            .unwrap_or_else(|| self.location.s3().is_some())
    }
}
