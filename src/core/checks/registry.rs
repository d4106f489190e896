//! The list of all checks. A new check is one new file and one line here.

use jiff::Timestamp;

use super::Flawed;
use crate::api::Api;
use crate::facts::{FactSpec, Facts, Needs};
use crate::model::{AccountId, Gap, Judgement, Region, SensitivePort, Severity};

/// All checks, in the order in which they are shown.
pub const CHECKS: &[&Check] = &[
    &super::iam_user_without_mfa::CHECK,
    &super::root_access_key::CHECK,
    &super::root_without_mfa::CHECK,
    &super::root_without_hardware_mfa::CHECK,
    &super::root_used_recently::CHECK,
    &super::iam_password_policy_short::CHECK,
    &super::iam_password_policy_reuse::CHECK,
    &super::iam_password_policy_weak::CHECK,
    &super::iam_credentials_unused::CHECK,
    &super::iam_access_key_not_rotated::CHECK,
    &super::iam_user_two_active_keys::CHECK,
    &super::iam_user_policy_attached::CHECK,
    &super::iam_policy_full_admin::CHECK,
    &super::iam_support_role_missing::CHECK,
    &super::iam_server_certificate_expired::CHECK,
    &super::iam_cloudshell_full_access::CHECK,
    &super::organization_root_access_not_central::CHECK,
    &super::ebs_volume_unencrypted::CHECK,
    &super::s3_bucket_public::CHECK,
    &super::s3_account_public_access_block_off::CHECK,
    &super::s3_bucket_public_access_block_off::CHECK,
    &super::s3_bucket_http_allowed::CHECK,
    &super::s3_bucket_mfa_delete_off::CHECK,
    &super::s3_bucket_versioning_off::CHECK,
    &super::s3_bucket_logging_off::CHECK,
    &super::s3_bucket_encryption_type::CHECK,
    &super::ec2_instance_public_address::CHECK,
    &super::security_group_open_to_world::CHECK,
    &super::security_group_sensitive_port_open::CHECK,
    &super::ec2_instance_exposed::CHECK,
    &super::ebs_snapshot_public::CHECK,
    &super::ami_public::CHECK,
    &super::ec2_instance_imdsv1::CHECK,
    &super::ec2_instance_without_profile::CHECK,
    &super::security_group_admin_port_open_ipv4::CHECK,
    &super::security_group_admin_port_open_ipv6::CHECK,
    &super::security_group_cifs_open::CHECK,
    &super::default_security_group_open::CHECK,
    &super::security_group_unused::CHECK,
    &super::network_acl_admin_port_open::CHECK,
    &super::vpc_peering_route_wide::CHECK,
    &super::vpc_endpoint_missing::CHECK,
    &super::vpc_flow_logs_off::CHECK,
    &super::ebs_encryption_by_default_off::CHECK,
    &super::ebs_snapshot_block_public_access_off::CHECK,
    &super::ami_block_public_access_off::CHECK,
    &super::ec2_imdsv2_account_default_off::CHECK,
];

/// The check with this id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// The facts that these checks need.
pub fn needs_of(checks: &[&Check]) -> Needs {
    Needs::of(checks.iter().flat_map(|check| check.needs).copied())
}

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
    /// How to mend it, with the AWS CLI command.
    pub fix: &'static str,
    /// Whether a run makes it without being told to. One that costs a request for every resource or in
    /// every Region, that says of some ports what another says of all, or that every Region breaks which
    /// nobody has used yet, waits to be named, by itself or with a framework that asks for it.
    pub by_default: bool,
    /// The command that mends a resource, filled in; where more has to be known or somebody be asked
    /// first, the one that shows it. None where its name cannot stand in a command safely.
    pub mend: fn(&Flawed<'_>) -> Option<String>,
    /// The facts that the rule reads. What no selected check needs is not collected.
    pub needs: &'static [&'static FactSpec],
    /// The rule.
    pub rule: Rule,
}

impl Check {
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

/// The categories of the indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Category {
    /// Who can sign in, and how.
    #[serde(rename = "IAM security")]
    IamSecurity,
    /// Data at rest.
    #[serde(rename = "data encryption")]
    DataEncryption,
    /// What the internet can reach.
    #[serde(rename = "exposure risks")]
    ExposureRisks,
    /// What the network lets in.
    #[serde(rename = "network security")]
    NetworkSecurity,
    /// What keeps data from being lost, changed or overheard.
    #[serde(rename = "data protection")]
    DataProtection,
    /// What is on record.
    #[serde(rename = "logging")]
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

    /// Its name as a word: `iam-security`. Configurations have it.
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

    /// The category's name.
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
    /// Ports that should not be open to the world.
    pub sensitive_ports: &'a [SensitivePort],
}

/// A rule over the facts of an account as a whole.
pub type AccountRule = fn(&Facts<'_>, &Context<'_>) -> Result<Judgement, Gap>;

/// A rule over the facts of one Region.
pub type RegionRule = fn(&Facts<'_>, &Region, &Context<'_>) -> Result<Judgement, Gap>;

/// A rule over the facts of an account as a whole, or of one Region.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Runs once per account.
    Account(AccountRule),
    /// Runs once per organization: over the facts of the account that orgscan runs in.
    Organization(AccountRule),
    /// Runs once per scanned Region.
    Region(RegionRule),
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::checks::INDICATORS;
    use crate::facts::FactStore;

    fn ids() -> BTreeSet<&'static str> {
        CHECKS.iter().map(|check| check.id).collect()
    }

    /// Whether it is lower-case words with single hyphens between them, as an id is.
    fn is_kebab_case(id: &str) -> bool {
        id.split('-').all(|word| {
            let mut letters = word.bytes();
            !word.is_empty() && letters.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
    }

    #[test]
    fn every_file_with_a_check_is_registered_under_its_own_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("checks");
        let mut files = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            if source.contains("\npub const CHECK: Check = ") {
                let stem = path.file_stem().unwrap().to_str().unwrap();
                files.insert(stem.replace('_', "-"));
            }
        }
        let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        assert_eq!(files, ids());
    }

    #[test]
    fn texts_are_right_in_every_partition() {
        for check in CHECKS {
            for of_one in ["arn:aws:", "console.aws", "https://"] {
                let texts = [check.title, check.why, check.fix];
                assert!(!texts.concat().contains(of_one), "{}: {of_one}", check.id);
            }
        }
    }

    #[test]
    fn ids_are_unique_and_in_kebab_case() {
        assert_eq!(ids().len(), CHECKS.len());
        for id in ids() {
            assert!(is_kebab_case(id), "{id}");
            assert_eq!(by_id(id).map(|check| check.id), Some(id));
        }
        assert!(by_id("no-such-check").is_none());
        for bad in ["", "A-b", "a--b", "-a", "a_b"] {
            assert!(!is_kebab_case(bad), "{bad}");
        }
    }

    #[test]
    fn every_indicator_counts_a_check_of_its_own_category() {
        for indicator in INDICATORS {
            let check = by_id(indicator.check);
            let category = check.map(|check| check.category);
            assert_eq!(category, Some(indicator.category), "{}", indicator.name);
        }
    }

    #[test]
    fn every_check_says_why_and_gives_commands() {
        for check in CHECKS {
            assert!(!check.title.is_empty() && !check.why.is_empty());
            assert!(!check.needs.is_empty(), "{}", check.id);
            assert!(check.fix.contains("`aws "), "{}", check.id);
            assert!(check.fix.to_lowercase().contains("console"), "{}", check.id);
            assert_eq!(check.fix.matches('`').count() % 2, 0, "{}", check.id);
            if matches!(check.rule, Rule::Region(_)) {
                assert!(check.fix.contains("--region REGION"), "{}", check.id);
            }
        }
    }

    /// Adds the specifications of what a fact may have read, and holds that it is not among them itself.
    fn follow(
        spec: &'static FactSpec,
        above: &mut Vec<&'static str>,
        all: &mut Vec<&'static FactSpec>,
    ) {
        assert!(!above.contains(&spec.key), "{} waits for itself", spec.key);
        above.push(spec.key);
        all.push(spec);
        for other in spec.follows() {
            follow(other, above, all);
        }
        above.pop();
    }

    #[test]
    fn a_key_stands_for_one_fact_which_does_not_wait_for_itself() {
        let mut all = Vec::new();
        for spec in CHECKS.iter().flat_map(|check| check.needs) {
            follow(spec, &mut Vec::new(), &mut all);
        }
        let mut known: BTreeMap<&str, &FactSpec> = BTreeMap::new();
        for spec in all {
            let other = known.entry(spec.key).or_insert(spec);
            assert_eq!(format!("{other:?}"), format!("{spec:?}"));
            let makes_requests = !spec.calls.is_empty();
            assert!(makes_requests || spec.least == 0, "{}", spec.key);
        }
    }

    #[test]
    fn a_check_that_reads_nothing_does_not_pass() {
        use crate::checks::samples::{judge_account, judge_region};
        for check in CHECKS {
            let judged = match check.rule {
                Rule::Account(_) | Rule::Organization(_) => {
                    judge_account(check, &FactStore::default())
                }
                Rule::Region(_) => judge_region(check, &FactStore::default()),
            };
            assert!(judged.is_err(), "{}", check.id);
        }
    }
}
