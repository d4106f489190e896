//! The checks. A check is one file, and two lines here.

mod databases;
mod rds_backup_short;
mod rds_deletion_protection_off;
mod rds_instance_public;
mod rds_instance_unencrypted;
mod rds_minor_upgrade_off;
mod rds_single_az;
mod rds_snapshot_public;
mod rds_snapshot_unencrypted;
mod snapshots;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &rds_instance_public::CHECK,
    &rds_instance_unencrypted::CHECK,
    &rds_snapshot_public::CHECK,
    &rds_snapshot_unencrypted::CHECK,
    &rds_minor_upgrade_off::CHECK,
    &rds_backup_short::CHECK,
    &rds_single_az::CHECK,
    &rds_deletion_protection_off::CHECK,
];
