//! The checks of orgscan that an entry of a mutelist is about.

use regex_lite::Regex;

use super::patterns::expression;
use crate::checks::Counterpart;
use crate::services::CHECKS;

/// A check of Prowler, and the checks of orgscan that find the same.
#[derive(Debug)]
pub(super) struct ProwlerCheck {
    counterpart: &'static Counterpart,
    /// The ids of the checks of orgscan, at least one.
    pub(super) checks: Vec<&'static str>,
}

impl ProwlerCheck {
    /// The parts of findings that it is about: those of its ports, or its own.
    pub(super) fn parts(&self) -> Vec<String> {
        let ports = self.counterpart.ports.iter();
        let ports = ports.map(|port| format!("tcp {port} from *"));
        let part = self.counterpart.part.map(str::to_owned);
        ports.chain(part).collect()
    }

    /// How an exception differs from what was muted.
    pub(super) const fn remark(&self) -> Option<&'static str> {
        self.counterpart.remark
    }
}

/// The checks of Prowler that an entry is about and that have a counterpart. As in Prowler that is one by its id, or
/// those that a regular expression is found in.
pub(super) fn counterparts(check: &str) -> Result<Vec<ProwlerCheck>, String> {
    let regex = Regex::new(&expression(check))
        .map_err(|error| format!("the check is not a supported regular expression: {error}"))?;
    let is_meant = |one: &&Counterpart| {
        let mut ids = [one.id].into_iter().chain(one.former_id);
        !one.is_part && ids.any(|id| regex.is_match(id))
    };
    let mut found: Vec<ProwlerCheck> = Vec::new();
    for check in CHECKS {
        for counterpart in check.prowler.checks.iter().filter(is_meant) {
            let mut known = found.iter_mut();
            match known.find(|known| known.counterpart.id == counterpart.id) {
                Some(known) => known.checks.push(check.id),
                None => found.push(ProwlerCheck {
                    counterpart,
                    checks: vec![check.id],
                }),
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn count(check: &str) -> usize {
        counterparts(check).unwrap().len()
    }

    #[test]
    fn checks_are_named_by_id_and_expression() {
        let all = CHECKS.iter().flat_map(|check| check.prowler.checks);
        let all = all.filter(|one| !one.is_part).map(|one| one.id);
        assert_eq!(count("*"), all.collect::<BTreeSet<_>>().len());
        assert_eq!(count("s3_bucket_public_access"), 1);
        assert_eq!(count("s3_*"), 13);
        assert_eq!(count("iam_user_hardware_mfa_enabled"), 0);
        assert!(counterparts("(").is_err());
    }

    #[test]
    fn a_check_that_finds_only_a_part_is_not_imported() {
        assert_eq!(count("rds_instance_storage_encrypted"), 1);
        assert_eq!(count("rds_cluster_storage_encrypted"), 0);
    }

    #[test]
    fn a_check_of_one_part_is_imported_for_that_part() {
        let found = counterparts("cloudwatch_log_metric_filter_root_usage").unwrap();
        assert_eq!(found[0].checks, ["cloudtrail-alarm-missing"]);
        assert_eq!(found[0].parts(), ["root-usage"]);
    }

    #[test]
    fn an_earlier_id_of_a_check_is_known_too() {
        let prefix = "ec2_securitygroup_allow_ingress_from_internet_to_";
        for id in ["tcp_port_ftp_20_21", "tcp_ftp_port_20_21"] {
            let found = counterparts(&format!("{prefix}{id}")).unwrap();
            assert_eq!(found[0].parts(), ["tcp 20 from *", "tcp 21 from *"], "{id}");
        }
    }
}
