use super::*;
use crate::checks::samples::{denied, missing};
use crate::facts::{Fact, FactStore};
use crate::model::{Cause, Reading};
use crate::services::s3::samples::{bucket_with, every_block};
use crate::services::s3::{AclGroup, AclPermission, BucketAccess};

const NONE: PublicAccessBlock = PublicAccessBlock {
    block_public_acls: false,
    ignore_public_acls: false,
    block_public_policy: false,
    restrict_public_buckets: false,
};
/// The two settings that refuse what is new and leave alone what is there.
const NEW_ONLY: PublicAccessBlock = PublicAccessBlock {
    block_public_acls: true,
    block_public_policy: true,
    ..NONE
};
const IGNORE: PublicAccessBlock = PublicAccessBlock {
    ignore_public_acls: true,
    ..NONE
};
const RESTRICT: PublicAccessBlock = PublicAccessBlock {
    restrict_public_buckets: true,
    ..NONE
};
const READ: AclGrant = AclGrant {
    group: AclGroup::AllUsers,
    permission: AclPermission::Read,
};

type Policy = Reading<bool>;
type Grants = Reading<Items<AclGrant>>;

/// What is said of the bucket `logs` with these facts.
fn exposed(facts: &FactStore) -> BucketExposure {
    let specs = [AccountBlock::SPEC, BucketAccess::SPEC];
    exposure(&Facts::new(facts, &specs), "logs")
}

fn account_and_bucket(
    account: Reading<PublicAccessBlock>,
    block: Reading<PublicAccessBlock>,
) -> FactStore {
    bucket_with::<BucketBlock>(block).with::<AccountBlock>(account)
}

fn evaluated(
    account: Reading<PublicAccessBlock>,
    block: PublicAccessBlock,
    policy_is_public: Policy,
    public_grants: Grants,
) -> BucketExposure {
    let mut facts = account_and_bucket(account, Reading::known(block));
    facts.put_of::<BucketPolicyStatus>("logs", policy_is_public);
    facts.put_of::<BucketGrants>("logs", public_grants);
    exposed(&facts)
}

fn policy_is(public: bool) -> Policy {
    Reading::known(public)
}

fn grants(grants: &[AclGrant]) -> Grants {
    Reading::known(grants.to_vec().into())
}

fn no_account() -> Reading<PublicAccessBlock> {
    missing("s3:GetAccountPublicAccessBlock")
}

fn public(policy: bool, grants: &[AclGrant]) -> BucketExposure {
    BucketExposure::Public {
        policy,
        grants: grants.to_vec().into(),
    }
}

fn unknown(actions: &[&str]) -> BucketExposure {
    BucketExposure::Unknown(actions.iter().map(|action| denied(action)).collect())
}

#[test]
fn policy_and_acl_each_make_a_bucket_public() {
    for block in [NONE, NEW_ONLY] {
        let evaluate = |policy, grants| evaluated(Reading::known(block), block, policy, grants);
        assert_eq!(
            evaluate(policy_is(false), grants(&[])),
            BucketExposure::Shut
        );
        assert_eq!(evaluate(policy_is(true), grants(&[])), public(true, &[]));
        assert_eq!(
            evaluate(policy_is(false), grants(&[READ])),
            public(false, &[READ])
        );
        assert_eq!(
            evaluate(policy_is(true), grants(&[READ])),
            public(true, &[READ])
        );
    }
}

#[test]
fn of_all_combinations_those_are_shut_that_have_the_setting_at_either_level() {
    for (account, own) in every_block().flat_map(|one| every_block().map(move |other| (one, other)))
    {
        let evaluate = |policy, acl: &[AclGrant]| {
            evaluated(Reading::known(account), own, policy_is(policy), grants(acl))
        };
        let by_policy = match account.restrict_public_buckets || own.restrict_public_buckets {
            true => BucketExposure::Shut,
            false => public(true, &[]),
        };
        assert_eq!(evaluate(true, &[]), by_policy, "{account:?} {own:?}");
        let by_acl = match account.ignore_public_acls || own.ignore_public_acls {
            true => BucketExposure::Shut,
            false => public(false, &[READ]),
        };
        assert_eq!(evaluate(false, &[READ]), by_acl, "{account:?} {own:?}");
    }
}

#[test]
fn each_block_shuts_its_own_way_at_either_level() {
    for (account, own) in [(RESTRICT, NONE), (NONE, RESTRICT)] {
        let evaluate = |grants| evaluated(Reading::known(account), own, policy_is(true), grants);
        assert_eq!(evaluate(grants(&[])), BucketExposure::Shut);
        assert_eq!(evaluate(grants(&[READ])), public(false, &[READ]));
    }
    for (account, own) in [(IGNORE, NONE), (NONE, IGNORE)] {
        let evaluate = |policy| evaluated(Reading::known(account), own, policy, grants(&[READ]));
        assert_eq!(evaluate(policy_is(false)), BucketExposure::Shut);
        assert_eq!(evaluate(policy_is(true)), public(true, &[]));
    }
    for (account, own) in [(RESTRICT, IGNORE), (IGNORE, RESTRICT)] {
        assert_eq!(
            evaluated(
                Reading::known(account),
                own,
                Reading::default(),
                Reading::default()
            ),
            BucketExposure::Shut
        );
    }
}

#[test]
fn without_the_accounts_block_only_the_buckets_own_settings_are_certain() {
    let evaluate = |own, policy, grants| evaluated(no_account(), own, policy, grants);
    let gap = unknown(&["s3:GetAccountPublicAccessBlock"]);
    assert_eq!(
        evaluate(RESTRICT.and(IGNORE), Reading::default(), Reading::default()),
        BucketExposure::Shut
    );
    assert_eq!(
        evaluate(RESTRICT, Reading::default(), grants(&[])),
        BucketExposure::Shut
    );
    assert_eq!(
        evaluate(IGNORE, policy_is(false), Reading::default()),
        BucketExposure::Shut
    );
    assert_eq!(
        evaluate(NONE, policy_is(false), grants(&[])),
        BucketExposure::Shut
    );
    assert_eq!(evaluate(NONE, policy_is(true), grants(&[])), gap);
    assert_eq!(evaluate(RESTRICT, policy_is(true), grants(&[READ])), gap);
}

#[test]
fn a_way_that_is_open_for_certain_outweighs_a_gap_in_the_other() {
    let account = || Reading::known(NONE);
    let hidden = missing("s3:GetBucketAcl");
    assert_eq!(
        evaluated(account(), NONE, policy_is(true), hidden.clone()),
        public(true, &[])
    );
    assert_eq!(
        evaluated(account(), NONE, policy_is(false), hidden),
        unknown(&["s3:GetBucketAcl"])
    );
    let hidden = missing("s3:GetBucketPolicyStatus");
    assert_eq!(
        evaluated(account(), NONE, hidden.clone(), grants(&[READ])),
        public(false, &[READ])
    );
    assert_eq!(
        evaluated(no_account(), NONE, hidden, grants(&[])),
        unknown(&["s3:GetBucketPolicyStatus", "s3:GetAccountPublicAccessBlock"])
    );
}

#[test]
fn an_uncollected_fact_is_a_gap_unless_the_account_decides() {
    let account = |block| Reading::known(block);
    let with = |block, own| exposed(&account_and_bucket(account(block), own));
    let denied = || missing("s3:GetBucketPublicAccessBlock");
    assert_eq!(
        with(RESTRICT.and(IGNORE), Reading::default()),
        BucketExposure::Shut
    );
    assert_eq!(with(RESTRICT.and(IGNORE), denied()), BucketExposure::Shut);
    assert_eq!(
        with(NONE, denied()),
        unknown(&["s3:GetBucketPublicAccessBlock"])
    );
    for evaluated in [
        with(RESTRICT, Reading::default()),
        evaluated(account(NONE), NONE, Reading::default(), grants(&[])),
        evaluated(account(NONE), NONE, policy_is(false), Reading::default()),
    ] {
        let BucketExposure::Unknown(gaps) = evaluated else {
            panic!("{evaluated:?}")
        };
        assert_eq!(gaps[0].cause, Cause::NotCollected);
    }
}

#[test]
fn a_grant_that_could_not_be_read_leaves_it_open_unless_another_lets_the_public_in() {
    let gap = denied("s3:GetBucketAcl");
    let with = |known: &[AclGrant]| Items {
        known: known.to_vec(),
        gaps: vec![gap.clone()],
    };
    let evaluate =
        |block, grants| evaluated(Reading::known(block), block, policy_is(false), grants);
    assert_eq!(
        evaluate(NONE, Reading::known(with(&[]))),
        unknown(&["s3:GetBucketAcl"])
    );
    let grants = with(&[READ]);
    let public = BucketExposure::Public {
        policy: false,
        grants: grants.clone(),
    };
    assert_eq!(evaluate(NONE, Reading::known(grants.clone())), public);
    assert_eq!(
        evaluate(IGNORE, Reading::known(grants)),
        BucketExposure::Shut
    );
}
