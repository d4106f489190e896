//! Flags, as an overlay over the configuration.

use orgscan_app::config::Overlay;
use orgscan_core::settings::CheckFilter;

use super::args::{AccountArg, RegionList, ScanArgs, Selection, Who};

/// Flags that contradict each other.
#[derive(Debug, thiserror::Error)]
#[error(
    "--account self goes with no other account, --ou or --exclude-ou; leave them out, or leave out self"
)]
pub struct OwnAmongOthers;

impl Who {
    /// What these flags say over the configuration.
    ///
    /// # Errors
    /// Where `--account self` stands with other accounts or OUs.
    pub fn overlay(&self) -> Result<Overlay, OwnAmongOthers> {
        let own_account = self.account.contains(&AccountArg::Own);
        let by_ou = !self.ou.is_empty() || !self.exclude_ou.is_empty();
        if own_account && (self.account.len() > 1 || by_ou) {
            return Err(OwnAmongOthers);
        }
        let mut overlay = Overlay {
            own_account,
            role_name: self.role_name.clone(),
            external_id: self.external_id.clone(),
            stack_set: self.stack_set.clone(),
            call_as: self.call_as,
            api_share: self.api_share,
            ..Overlay::default()
        };
        let ids = self.account.iter().filter_map(|account| match account {
            AccountArg::Own => None,
            AccountArg::Id(id) => Some(id.clone()),
        });
        overlay.accounts.include.ids = ids.collect();
        overlay.accounts.include.ous = self.ou.clone();
        overlay.accounts.exclude.ids = self.exclude_account.clone();
        overlay.accounts.exclude.ous = self.exclude_ou.clone();
        Ok(overlay)
    }
}

impl Selection {
    /// What these flags say over the configuration.
    ///
    /// # Errors
    /// Where `--account self` stands with other accounts or OUs.
    pub fn overlay(&self) -> Result<Overlay, OwnAmongOthers> {
        let mut overlay = self.who.overlay()?;
        overlay.regions.include = RegionList::all(&self.region);
        overlay.regions.exclude = RegionList::all(&self.exclude_region);
        overlay.checks = CheckFilter {
            include: self.check.clone(),
            frameworks: self.framework.clone(),
            categories: self.category.clone(),
            severity_at_least: self.severity,
            exclude: self.exclude_check.clone(),
        };
        Ok(overlay)
    }
}

impl ScanArgs {
    /// What these flags say over the configuration.
    ///
    /// # Errors
    /// Where `--account self` stands with other accounts or OUs.
    pub fn overlay(&self) -> Result<Overlay, OwnAmongOthers> {
        let publish = &self.publish;
        Ok(Overlay {
            run_seconds: self.deadline,
            exceptions: self.exceptions.clone(),
            metrics: publish.metrics,
            metrics_namespace: publish.metrics_namespace.clone(),
            topic_arn: publish.topic_arn.clone(),
            report_location: publish.report.clone(),
            ..self.selection.overlay()?
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use orgscan_core::model::Severity;

    use super::super::args::{Cli, Command};
    use super::*;

    fn overlay(flags: &[&str]) -> Result<Overlay, String> {
        let args = ["orgscan", "scan"].into_iter().chain(flags.iter().copied());
        match Cli::try_parse_from(args).unwrap().command {
            Command::Scan(scan) => scan.overlay().map_err(|error| error.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flags_say_what_their_fields_are() {
        let flags = "--account 111122223333 --account 222233334444 --ou Workloads --region eu-* \
            --exclude-region eu-south-1 --check a --framework cis-7.0 --category logging --severity high --api-share 0.3 --deadline 900 --metrics \
            --output out";
        let flags: Vec<&str> = flags.split_whitespace().collect();
        let overlay = overlay(&flags).unwrap();
        assert_eq!(overlay.accounts.include.ids.len(), 2);
        assert_eq!(overlay.accounts.include.ous, ["Workloads"]);
        assert_eq!(overlay.regions.include, ["eu-*"]);
        assert_eq!(overlay.regions.exclude, ["eu-south-1"]);
        assert_eq!(overlay.checks.include, ["a"]);
        assert_eq!(overlay.checks.frameworks, ["cis-7.0"]);
        assert_eq!(overlay.checks.categories, ["logging"]);
        assert_eq!(overlay.checks.severity_at_least, Some(Severity::High));
        assert_eq!(overlay.api_share, Some(0.3));
        assert_eq!(overlay.run_seconds, Some(900));
        assert_eq!(overlay.report_location, Some("out".parse().unwrap()));
        assert!(overlay.metrics);
        assert!(!overlay.own_account);
    }

    #[test]
    fn lists_have_commas_and_names_keep_theirs() {
        let overlay = overlay(&[
            "--account=111122223333, 222233334444",
            "--account=333344445555",
            "--exclude-account=444455556666,555566667777",
            "--region=eu-west-{1,2},us-*",
            "--exclude-region=us-east-1,us-east-2",
            "--check=a,b",
            "--check=c",
            "--exclude-check=d,e",
            "--framework=cis-7.0,cis-5.0",
            "--category=logging,networking",
            "--ou=Sales, Marketing",
            "--exclude-ou=R,D",
            "--exclude-ou=Sandbox",
        ])
        .unwrap();
        assert_eq!(overlay.accounts.include.ids.len(), 3);
        assert_eq!(overlay.accounts.exclude.ids.len(), 2);
        assert_eq!(overlay.regions.include, ["eu-west-{1,2}", "us-*"]);
        assert_eq!(overlay.regions.exclude, ["us-east-1", "us-east-2"]);
        assert_eq!(overlay.checks.include, ["a", "b", "c"]);
        assert_eq!(overlay.checks.exclude, ["d", "e"]);
        assert_eq!(overlay.checks.frameworks, ["cis-7.0", "cis-5.0"]);
        assert_eq!(overlay.checks.categories, ["logging", "networking"]);
        assert_eq!(overlay.accounts.include.ous, ["Sales, Marketing"]);
        assert_eq!(overlay.accounts.exclude.ous, ["R,D", "Sandbox"]);
    }

    #[test]
    fn self_stands_alone() {
        let own = overlay(&["--account", "self"]).unwrap();
        assert!(own.own_account && own.accounts.include.is_empty());
        assert!(overlay(&["--account", "self", "--ou", "x"]).is_err());
        assert!(overlay(&["--account", "self", "--exclude-ou", "x"]).is_err());
        assert!(overlay(&["--account", "self", "--account", "111122223333"]).is_err());
    }
}
