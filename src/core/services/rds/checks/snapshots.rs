//! Commands about snapshots.

use crate::checks::{FailedResource, remediation};

/// Whether a finding is about the snapshot of a cluster.
pub(super) fn is_of_cluster(failed: &FailedResource<'_>) -> bool {
    failed.resource.contains(":cluster-snapshot:")
}

/// The name of a snapshot, which may have colons in it: `awsbackup:job-1`.
pub(super) fn name<'a>(failed: &FailedResource<'a>) -> &'a str {
    let name = failed.resource.splitn(7, ':').nth(6);
    name.unwrap_or_else(|| failed.name())
}

/// A command for a snapshot, whose name is the value of this option.
pub(super) fn command(command: &str, option: &str, failed: &FailedResource<'_>) -> Option<String> {
    remediation::regional(&format!("rds {command}"), failed, (option, name(failed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_all_that_follows_the_kind() {
        for (resource, expected) in [
            ("snapshot:orders-2026", "orders-2026"),
            ("snapshot:awsbackup:job-1", "awsbackup:job-1"),
            ("cluster-snapshot:ledger-2026", "ledger-2026"),
        ] {
            let arn = format!("arn:aws:rds:eu-west-1:111122223333:{resource}");
            let failed = FailedResource::example("eu-west-1", &arn, "");
            assert_eq!(name(&failed), expected);
            assert_eq!(is_of_cluster(&failed), resource.starts_with("cluster"));
        }
    }
}
