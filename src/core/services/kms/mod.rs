//! AWS KMS: the keys of an account, and the APIs that sign orgscan's own files.

mod checks;
#[cfg(test)]
mod samples;

use jiff::Timestamp;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};

/// `DescribeKey` and `GetPublicKey` have a quota of this size each.
static READ: Rate = Rate {
    burst: 2_000,
    refill_per_second: 2_000,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

/// `GetKeyRotationStatus` and `GetKeyPolicy` have a quota of this size each.
static DETAILS: Rate = Rate {
    burst: 1_000,
    refill_per_second: 1_000,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

/// `ListKeys` and `ListAliases` have a quota of this size each.
static LIST: Rate = Rate {
    burst: 500,
    refill_per_second: 500,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

/// The lowest of the published rates for elliptic curve keys, over time and Regions. A run signs once.
static ELLIPTIC: Rate = Rate {
    burst: 300,
    refill_per_second: 300,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

static KEYS: PolicyResources = resources(
    "Keys",
    "the account's KMS keys",
    &["kms:*:${AWS::AccountId}:key/*"],
);

static NO_KEY: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["NotFoundException"],
    "https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html",
);

apis! {
    "kms" at READ;
    GET_PUBLIC_KEY = "GetPublicKey";
    SIGN = "Sign" at ELLIPTIC;
    GENERATE_DATA_KEY = "GenerateDataKey";
    LIST_KEYS = "ListKeys" pages 1_000 of "keys" at LIST;
    LIST_ALIASES = "ListAliases" pages 100 of "aliases" if "the Region has two or more keys" at LIST;
    DESCRIBE_KEY = "DescribeKey" repeated "for each customer managed key" if "the Region has a key" on KEYS errors [NO_KEY];
    GET_KEY_ROTATION_STATUS = "GetKeyRotationStatus" repeated "for each key that KMS can rotate"
        if "KMS can rotate a key of the Region" on KEYS at DETAILS errors [NO_KEY];
    GET_KEY_POLICY = "GetKeyPolicy" repeated "for each enabled customer managed key"
        if "the Region has an enabled customer managed key" on KEYS at DETAILS errors [NO_KEY];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind("key", "AWS::KMS::Key", "AwsKmsKey")],
    checks: checks::CHECKS,
    ..Service::new("kms", APIS)
};

/// A customer managed key.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerKey {
    /// Its id. A multi-Region key and its replicas share one.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Whether it can be used, or is going to be deleted.
    pub state: KeyState,
    /// The kind of its key material: `SYMMETRIC_DEFAULT`.
    pub spec: String,
    /// Where its key material is from: `AWS_KMS`.
    pub origin: String,
    /// Whether it is the replica of a multi-Region key.
    pub is_replica: bool,
}

/// The state of a key, as far as a check depends on it.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It can be used.
    Enabled,
    /// It is going to be deleted at this time; none if AWS names no time.
    PendingDeletion(Option<Timestamp>),
    /// It is going to be deleted this many days after its last replica; none if AWS names no number.
    PendingReplicaDeletion(Option<i32>),
    /// It cannot be used now: it is disabled, unavailable, being created or updated, or has no key material.
    Other,
}

impl CustomerKey {
    /// Whether KMS can rotate it automatically. That excludes asymmetric and HMAC keys, imported key material and custom
    /// key stores. A replica has the rotation of its primary key, which is evaluated. KMS does not rotate a key that is
    /// not enabled.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>
    pub fn can_rotate(&self) -> bool {
        self.state == KeyState::Enabled
            && self.spec == "SYMMETRIC_DEFAULT"
            && self.origin == "AWS_KMS"
            && !self.is_replica
    }
}

/// Whether a key is rotated automatically.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRotation {
    /// The key's id.
    pub id: String,
    /// The key's ARN.
    pub arn: Arn,
    /// Whether it is on.
    pub is_on: bool,
}

/// The customer managed keys of the account. Keys that AWS manages, and keys of other accounts, are excluded.
#[derive(Debug)]
pub struct CustomerKeys;

impl Fact for CustomerKeys {
    type Value = Items<CustomerKey>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "kms.customer_keys",
        calls: &[&LIST_KEYS, &LIST_ALIASES, &DESCRIBE_KEY],
        ..FactSpec::REGION
    };
}

/// The rotation of each key that KMS can rotate.
#[derive(Debug)]
pub struct KeyRotations;

impl Fact for KeyRotations {
    type Value = Items<KeyRotation>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "kms.key_rotations",
        calls: &[&GET_KEY_ROTATION_STATUS],
        least: 0,
        reads: &[CustomerKeys::SPEC],
        ..FactSpec::REGION
    };
}

/// The enabled customer managed keys, with their policies. A key that could not be read is a gap here too.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html>
#[derive(Debug)]
pub struct KeyPolicies;

impl Fact for KeyPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "kms.key_policies",
        calls: &[&GET_KEY_POLICY],
        least: 0,
        reads: &[CustomerKeys::SPEC],
        ..FactSpec::REGION
    };
}

#[cfg(test)]
mod tests {
    use super::samples::key;
    use super::*;

    #[test]
    fn an_enabled_symmetric_key_that_kms_made_can_rotate() {
        assert!(key("own").can_rotate());
    }

    #[test]
    fn other_kinds_of_keys_cannot_rotate() {
        for spec in ["RSA_2048", "ECC_NIST_P256", "HMAC_256", "SM2", "ML_DSA_65"] {
            let other = CustomerKey {
                spec: spec.into(),
                ..key("other")
            };
            assert!(!other.can_rotate(), "{spec}");
        }
        for origin in ["EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"] {
            let other = CustomerKey {
                origin: origin.into(),
                ..key("other")
            };
            assert!(!other.can_rotate(), "{origin}");
        }
    }

    #[test]
    fn a_replica_and_a_key_that_is_not_enabled_cannot_rotate() {
        let replica = CustomerKey {
            is_replica: true,
            ..key("mrk-1")
        };
        assert!(!replica.can_rotate());
        for state in [
            KeyState::PendingDeletion(None),
            KeyState::PendingReplicaDeletion(Some(7)),
            KeyState::Other,
        ] {
            let other = CustomerKey {
                state,
                ..key("other")
            };
            assert!(!other.can_rotate(), "{other:?}");
        }
    }
}
