//! Flags as a layer of the configuration.

use orgscan_app::config::ConfigLayer;
use serde_json::json;

use super::args::{AccountArg, AccountArgs, ScanArgs};

/// Flags that contradict each other.
#[derive(Debug, thiserror::Error)]
#[error(
    "--account self cannot be used with other accounts, --ou or --exclude-ou; remove them, or remove self"
)]
pub struct OwnAccountConflict;

impl AccountArgs {
    /// Whether to scan only the account of the credentials, and not to ask Organizations: `--account self`.
    ///
    /// # Errors
    /// Where `--account self` stands with other accounts or OUs.
    pub fn own_account(&self) -> Result<bool, OwnAccountConflict> {
        let is_own = AccountArg::is_own(&self.account);
        let by_ou = !self.ou.is_empty() || !self.exclude_ou.is_empty();
        if is_own && (self.account.len() > 1 || by_ou) {
            return Err(OwnAccountConflict);
        }
        Ok(is_own)
    }
}

impl ScanArgs {
    /// The settings among these flags.
    pub fn layer(&self) -> ConfigLayer {
        // In the namespace of another layer, or the default one.
        let metrics = self.publish.metrics.then(|| json!({}));
        ConfigLayer::of_flags(self).with("destinations.metrics", metrics)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use orgscan_app::config::{SETTINGS, load};
    use orgscan_core::model::{CallAs, Severity};
    use orgscan_core::settings::Config;

    use super::super::args::{Cli, Command};
    use super::*;

    fn scan(flags: &[&str]) -> ScanArgs {
        let args = ["orgscan", "scan"].into_iter().chain(flags.iter().copied());
        match Cli::try_parse_from(args).unwrap().command {
            Command::Scan(scan) => *scan,
            other => panic!("{other:?}"),
        }
    }

    fn config(flags: &[&str]) -> Config {
        load(None, std::iter::empty(), scan(flags).layer()).unwrap()
    }

    #[test]
    fn flags_document_their_fields() {
        let flags = "--account 111122223333 --account 222233334444 --ou Workloads --region eu-* \
            --exclude-region eu-south-1 --check s3-bucket-public --framework cis-7.0 --category logging \
            --min-severity high --api-share 0.3 --run-seconds 900 --external-id an-id --call-as DELEGATED_ADMIN \
            --exceptions s3://bucket/exceptions.yaml --metrics --report out";
        let flags: Vec<&str> = flags.split_whitespace().collect();
        let config = config(&flags);
        assert_eq!(config.accounts.include.ids.len(), 2);
        assert_eq!(config.accounts.include.ous, ["Workloads"]);
        assert_eq!(config.regions.include, ["eu-*"]);
        assert_eq!(config.regions.exclude, ["eu-south-1"]);
        assert_eq!(config.checks.include, ["s3-bucket-public"]);
        assert_eq!(config.checks.frameworks, ["cis-7.0"]);
        assert_eq!(config.checks.categories, ["logging"]);
        assert_eq!(config.checks.min_severity, Some(Severity::High));
        assert_eq!(config.api_share.0, 0.3);
        assert_eq!(config.timeouts.run_seconds, Some(900));
        assert_eq!(config.role.external_id.unwrap().expose(), "an-id");
        assert_eq!(config.enrollment.call_as, CallAs::DelegatedAdmin);
        assert!(config.exceptions.location.unwrap().s3().is_some());
        let to = config.destinations;
        assert_eq!(to.report.unwrap().location, "out".parse().unwrap());
        assert_eq!(to.metrics.unwrap().namespace, "OrgScan");
        assert!(!scan(&flags).selection.account_args.own_account().unwrap());
    }

    /// So that a setting needs no more than its row and its flag.
    #[test]
    fn every_flag_that_the_settings_name_is_one_of_scan_under_its_name() {
        let flags = json!(scan(&[]));
        for flag in SETTINGS.iter().filter_map(|setting| setting.flag) {
            let name = flag.trim_start_matches("--");
            assert!(flags.get(name).is_some(), "{flag}");
        }
        assert_eq!(scan(&[]).layer(), ConfigLayer::default());
    }

    #[test]
    fn a_share_is_a_finite_number() {
        for share in ["nan", "inf", "half"] {
            let args = ["orgscan", "scan", "--api-share", share];
            let error = Cli::try_parse_from(args).unwrap_err().to_string();
            assert!(error.contains("not a"), "{error}");
        }
    }

    #[test]
    fn lists_are_split_at_commas_and_names_keep_them() {
        let config = config(&[
            "--account=111122223333, 222233334444",
            "--account=333344445555",
            "--exclude-account=444455556666,555566667777",
            "--region=eu-west-{1,2},us-*",
            "--exclude-region=us-east-1,us-east-2",
            "--check=s3-bucket-public,rds-instance-public",
            "--check=ebs-volume-unencrypted",
            "--exclude-check=s3-bucket-public,rds-instance-public",
            "--framework=cis-7.0,cis-5.0",
            "--category=logging,network-security",
            "--ou=Sales, Marketing",
            "--exclude-ou=R,D",
            "--exclude-ou=Sandbox",
        ]);
        let three = [
            "s3-bucket-public",
            "rds-instance-public",
            "ebs-volume-unencrypted",
        ];
        assert_eq!(config.accounts.include.ids.len(), 3);
        assert_eq!(config.accounts.exclude.ids.len(), 2);
        assert_eq!(config.regions.include, ["eu-west-{1,2}", "us-*"]);
        assert_eq!(config.regions.exclude, ["us-east-1", "us-east-2"]);
        assert_eq!(config.checks.include, three);
        assert_eq!(config.checks.exclude, three[..2]);
        assert_eq!(config.checks.frameworks, ["cis-7.0", "cis-5.0"]);
        assert_eq!(config.checks.categories, ["logging", "network-security"]);
        assert_eq!(config.accounts.include.ous, ["Sales, Marketing"]);
        assert_eq!(config.accounts.exclude.ous, ["R,D", "Sandbox"]);
    }

    #[test]
    fn self_stands_alone() {
        let own = |flags: &[&str]| scan(flags).selection.account_args.own_account();
        assert!(own(&["--account", "self"]).unwrap());
        assert!(config(&["--account", "self"]).accounts.include.is_empty());
        assert!(own(&["--account", "self", "--ou", "x"]).is_err());
        assert!(own(&["--account", "self", "--exclude-ou", "x"]).is_err());
        assert!(own(&["--account", "self", "--account", "111122223333"]).is_err());
    }
}
