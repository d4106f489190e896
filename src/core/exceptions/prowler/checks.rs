//! Which checks of Prowler have a counterpart here.

use regex_lite::Regex;

/// A check of Prowler, and the one here that finds the same.
#[derive(Debug)]
pub(super) struct Counterpart {
    /// Prowler's id.
    prowler: &'static str,
    /// The id here.
    pub(super) ours: &'static str,
    /// More that find the same, each in its own way.
    also: &'static [&'static str],
    /// The ports that Prowler's check is about; empty where it is about all that ours finds.
    ports: &'static [u16],
    /// What is different.
    pub(super) remark: Option<&'static str>,
}

/// Shortens the table.
const fn same(prowler: &'static str, ours: &'static str) -> Counterpart {
    Counterpart {
        prowler,
        ours,
        also: &[],
        ports: &[],
        remark: None,
    }
}

/// The checks that find ports for administration alone.
const ADMIN: &[&str] = &[
    "security-group-admin-port-open-ipv4",
    "security-group-admin-port-open-ipv6",
];

const fn port(prowler: &'static str, ports: &'static [u16]) -> Counterpart {
    Counterpart {
        prowler,
        ours: "security-group-sensitive-port-open",
        also: &[],
        ports,
        remark: Some("for rules that open these ports alone"),
    }
}

/// Not in it are checks of Prowler that find only some of what ours find: an exception would cover more
/// than was muted.
///
/// Source: <https://hub.prowler.com/check>
#[rustfmt::skip]
const COUNTERPARTS: &[Counterpart] = &[
    Counterpart {
        remark: Some("covers users without a console password too"),
        ..same("iam_user_mfa_enabled_console_access", "iam-user-without-mfa")
    },
    same("iam_no_root_access_key", "root-access-key"),
    same("iam_root_mfa_enabled", "root-without-mfa"),
    same("iam_root_hardware_mfa_enabled", "root-without-hardware-mfa"),
    Counterpart {
        remark: Some("covers 30 days, not one"),
        ..same("iam_avoid_root_usage", "root-used-recently")
    },
    same("iam_password_policy_minimum_length_14", "iam-password-policy-short"),
    same("iam_password_policy_reuse_24", "iam-password-policy-reuse"),
    same("iam_rotate_access_key_90_days", "iam-access-key-not-rotated"),
    same("iam_user_two_active_access_key", "iam-user-two-active-keys"),
    same("iam_policy_attached_only_to_group_or_roles", "iam-user-policy-attached"),
    same("iam_support_role_created", "iam-support-role-missing"),
    same("iam_no_expired_server_certificates_stored", "iam-server-certificate-expired"),
    same("iam_policy_cloudshell_admin_not_attached", "iam-cloudshell-full-access"),
    same("iam_root_credentials_management_enabled", "organization-root-access-not-central"),
    same("ec2_ebs_volume_encryption", "ebs-volume-unencrypted"),
    same("s3_bucket_public_access", "s3-bucket-public"),
    same("s3_account_level_public_access_blocks", "s3-account-public-access-block-off"),
    Counterpart {
        remark: Some("a full block of the account passes here, and so does one that account and bucket make up together"),
        ..same("s3_bucket_level_public_access_block", "s3-bucket-public-access-block-off")
    },
    same("s3_bucket_secure_transport_policy", "s3-bucket-http-allowed"),
    same("s3_bucket_no_mfa_delete", "s3-bucket-mfa-delete-off"),
    same("s3_bucket_object_versioning", "s3-bucket-versioning-off"),
    same("s3_bucket_server_access_logging_enabled", "s3-bucket-logging-off"),
    same("s3_bucket_kms_encryption", "s3-bucket-encryption-type"),
    same("ec2_instance_public_ip", "ec2-instance-public-address"),
    same("ec2_ebs_public_snapshot", "ebs-snapshot-public"),
    same("ec2_ebs_snapshot_account_block_public_access", "ebs-snapshot-block-public-access-off"),
    same("ec2_ami_public", "ami-public"),
    same("ec2_ami_account_block_public_access", "ami-block-public-access-off"),
    same("ec2_ebs_default_encryption", "ebs-encryption-by-default-off"),
    same("ec2_instance_imdsv2_enabled", "ec2-instance-imdsv1"),
    same("ec2_instance_account_imdsv2_enabled", "ec2-imdsv2-account-default-off"),
    same("ec2_instance_profile_attached", "ec2-instance-without-profile"),
    same("ec2_securitygroup_default_restrict_traffic", "default-security-group-open"),
    same("ec2_securitygroup_not_used", "security-group-unused"),
    same("rds_instance_no_public_access", "rds-instance-public"),
    Counterpart {
        remark: Some("covers clusters too"),
        ..same("rds_instance_storage_encrypted", "rds-instance-unencrypted")
    },
    same("vpc_flow_logs_enabled", "vpc-flow-logs-off"),
    same("vpc_peering_routing_tables_with_least_privilege", "vpc-peering-route-wide"),
    Counterpart {
        remark: Some("for both ports"),
        ..same("ec2_networkacl_allow_ingress_any_port", "network-acl-admin-port-open")
    },
    same("ec2_securitygroup_allow_ingress_from_internet_to_any_port", "security-group-open-to-world"),
    Counterpart { also: ADMIN, ..port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22", &[22]) },
    Counterpart { also: ADMIN, ..port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389", &[3389]) },
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_ftp_port_20_21", &[20, 21]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_telnet_23", &[23]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_sql_server_1433_1434", &[1433, 1434]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_oracle_1521_2483", &[1521, 2483]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306", &[3306]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432", &[5432]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_redis_6379", &[6379]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_cassandra_7199_9160_8888", &[7199, 8888, 9160]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_kafka_9092", &[9092]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_elasticsearch_kibana_9200_9300_5601", &[5601, 9200, 9300]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_memcached_11211", &[11211]),
    port("ec2_securitygroup_allow_ingress_from_internet_to_port_mongodb_27017_27018", &[27017, 27018]),
];

impl Counterpart {
    /// All ids here.
    pub(super) fn checks(&self) -> Vec<&'static str> {
        [self.ours]
            .into_iter()
            .chain(self.also.iter().copied())
            .collect()
    }

    /// Parts of our findings that are about these ports.
    pub(super) fn parts(&self) -> Vec<String> {
        let ports = self.ports.iter();
        ports.map(|port| format!("tcp {port} from *")).collect()
    }
}

/// The counterparts of the checks that an entry is about. As in Prowler that is one by its id, or those
/// that a regular expression is found in.
pub(super) fn counterparts(check: &str) -> Result<Vec<&'static Counterpart>, String> {
    let all = COUNTERPARTS.iter();
    if check == "*" {
        return Ok(all.collect());
    }
    let expression = super::patterns::expression(check);
    let regex = Regex::new(&expression).map_err(|error| {
        format!("the check is no regular expression that orgscan reads: {error}")
    })?;
    Ok(all.filter(|row| regex.is_match(row.prowler)).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::services::by_id;

    /// Checks here that Prowler has none for: it has none, or several that each find a part, or it names
    /// another resource.
    pub(in crate::exceptions::prowler) const WITHOUT: &[&str] = &[
        "ec2-instance-exposed",
        "iam-credentials-unused",
        "iam-password-policy-weak",
        "iam-policy-full-admin",
        "security-group-cifs-open",
        "vpc-endpoint-missing",
        "vpc-flow-log-bucket-public",
    ];

    #[test]
    fn every_counterpart_is_a_check_and_every_check_has_one() {
        for row in COUNTERPARTS {
            for id in row.checks() {
                assert!(by_id(id).is_some(), "{id}");
            }
        }
        for check in crate::services::CHECKS {
            let mut rows = COUNTERPARTS.iter();
            let has = rows.any(|row| row.checks().contains(&check.id));
            assert_ne!(has, WITHOUT.contains(&check.id), "{}", check.id);
        }
    }

    #[test]
    fn checks_are_named_by_id_and_expression() {
        let count = |check: &str| counterparts(check).unwrap().len();
        assert_eq!(count("*"), COUNTERPARTS.len());
        assert_eq!(count("s3_bucket_public_access"), 1);
        assert_eq!(count("s3_*"), 8);
        assert_eq!(count("iam_user_hardware_mfa_enabled"), 0);
        assert!(counterparts("(").is_err());
    }
}
