//! The shape of the configuration, and its defaults.

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
use crate::model::{CallAs, Region, Severity};
use crate::services::CHECKS;

/// All that a run can be told. Every field has a default, so an empty file is a valid one.
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
    /// Which checks to run. All but those that are made only when named, by default.
    pub checks: CheckFilter,
    /// The role to assume in each account.
    pub role: RoleConfig,
    /// What deploys the role, to compare the accounts with.
    pub enrollment: EnrollmentConfig,
    /// The Region whose endpoints serve what is not regional, and whose STS endpoint issues the
    /// sessions. By default the one that the AWS configuration names if it is enabled by default in
    /// every account, else the partition's first.
    pub home_region: Option<Region>,
    /// The AWS partition: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e` or
    /// `aws-iso-f`. By default the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// The share of AWS's published request quotas that orgscan may use, above 0 and at most 1. The
    /// rest stays with the accounts' own workloads.
    pub api_share: ApiShare,
    /// How much runs side by side.
    pub concurrency: Concurrency,
    /// How long to wait, in seconds.
    pub timeouts: Timeouts,
    /// What to change in the default list of ports that should not be open to the world. See below.
    pub sensitive_ports: SensitivePorts,
    /// Numbers above which an indicator raises the alert.
    pub thresholds: Thresholds,
    /// Findings and gaps that somebody has accepted. See docs/exceptions.md.
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
    /// The external id that its trust policy asks for, if it does.
    #[serde(skip_serializing)]
    pub external_id: Option<ExternalId>,
    /// How long a session lasts, in seconds: 900 to 43,200; a Lambda role chains roles, and then
    /// 3,600 at most. Longer scans renew their sessions.
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

/// What deploys the role, to compare the accounts with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnrollmentConfig {
    /// The CloudFormation stack set, by its name, in the home Region. Without one the accounts are
    /// judged by whether the role can be assumed alone.
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

/// How much runs side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Concurrency {
    /// Accounts that are worked on at the same time.
    #[schemars(range(min = 1, max = 1_000))]
    pub accounts: usize,
    /// AWS requests in flight at the same time, all together. Fewer where the system allows few open files:
    /// see docs/performance.md.
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

/// How long to wait, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// For one attempt of one AWS request.
    #[schemars(range(min = 1, max = 300))]
    pub request_seconds: u64,
    /// Attempts for one AWS request, the first included.
    #[schemars(range(min = 1, max = 20))]
    pub attempts: u32,
    /// For the whole run, or in Lambda for each of its invocations, whose own deadline applies too.
    /// None on a terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub run_seconds: Option<u64>,
    /// Kept back from the deadline for publishing.
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

/// Numbers above which an indicator raises the alert. For an account the nearest override wins: its
/// own, then its OUs' from the innermost outwards, then `accounts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// For the organization's totals, by indicator name. By default any violation of severity high
    /// or critical crosses; what is given here takes the place of that, and `{}` switches it off.
    pub organization: BTreeMap<String, Threshold>,
    /// For the totals of an OU with those nested in it, by the OU's id or path, then by indicator name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub organizational_units: BTreeMap<String, BTreeMap<String, Threshold>>,
    /// For each account's own numbers, by indicator name.
    pub accounts: BTreeMap<String, Threshold>,
    /// Other thresholds for accounts of an OU, or for one account.
    pub overrides: Vec<ThresholdOverride>,
}

impl Default for Thresholds {
    fn default() -> Self {
        let any_high = Threshold {
            count: Some(0),
            severity: Some(Severity::High),
            ..Threshold::default()
        };
        // An indicator that counts some of what another one counts would only say it twice.
        let whole = INDICATORS
            .iter()
            .filter(|indicator| indicator.at_least == Severity::Informational);
        let names = whole.map(|indicator| indicator.name.to_owned());
        Self {
            organization: names.map(|name| (name, any_high)).collect(),
            organizational_units: BTreeMap::new(),
            accounts: BTreeMap::new(),
            overrides: Vec::new(),
        }
    }
}

/// A limit; crossed as soon as any of the numbers given is exceeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Threshold {
    /// Crossed by more violations than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Crossed by more violations per hundred resources looked at than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub percent: Option<f64>,
    /// Crossed by more new and reopened violations than this. Nothing is new where the run is compared
    /// with no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<u64>,
    /// Count only violations at least this bad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
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

/// Where it is said what has been accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExceptionsConfig {
    /// The file that lists the exceptions: `s3://bucket/key`, or a local file. None: nothing is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<FileLocation>,
    /// Whether each of them has to say when it expires.
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
    /// Where they go; the home Region by default.
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
    /// The KMS key that encrypts S3 objects; S3's own keys (SSE-S3) otherwise, whatever the bucket's
    /// default is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The bucket's Region; the home Region by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Whether each account's own part of the latest run goes to `accounts/<account id>/` too, for
    /// those who look after the account. By default in S3, and not in a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_account: Option<bool>,
    /// In which forms the run's report is written. `json` is always among them.
    #[serde(default = "all_formats")]
    pub formats: Vec<ReportFormat>,
    /// The version of OCSF that is written.
    #[serde(default)]
    pub ocsf_version: OcsfVersion,
    /// Whether the files of reports in a folder are for other users of the machine too, as far as the umask
    /// allows. By default they are for their owner alone. See docs/integrity.md.
    #[serde(default)]
    pub shared: bool,
    /// Whether findings.parquet and coverage.parquet go to `tables/` too, by day, as Athena wants them. See
    /// docs/exports.md.
    #[serde(default)]
    pub tables: bool,
    /// Whether the events go to `ext/` too, as Parquet, laid out as Security Lake wants a custom source. See
    /// docs/exports.md.
    #[serde(default)]
    pub security_lake: bool,
    /// Who signs the manifest of each run. See docs/integrity.md.
    #[serde(default)]
    pub signing: SigningConfig,
}

fn all_formats() -> Vec<ReportFormat> {
    ReportFormat::DEFAULT.to_vec()
}

/// Who signs the manifest of each run: a KMS key where one is given, else a local key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SigningConfig {
    /// An asymmetric KMS key of the kind `ECC_NIST_P256` that may sign: its ARN, or its id or alias in
    /// the home Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The file of an Ed25519 key, which is made where there is none. By default
    /// `$XDG_DATA_HOME/orgscan/signing-key.pem` or the same below `~/.local/share`; in a Lambda function
    /// none, and then nobody signs.
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
