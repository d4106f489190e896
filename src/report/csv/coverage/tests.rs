use std::collections::BTreeMap;

use orgscan_core::model::Severity::High;
use orgscan_core::model::{
    AccountResult, Cause, Decision, Gap, Region, RegionDecision, SkipReason, TargetOutcome,
    TargetScope, TargetVerdict,
};
use orgscan_core::testing::{
    BUCKETS, CHECKS, VOLUMES, account, evaluated, failed, plain, plan, region, report, result,
};

use super::*;

fn csv(write: impl FnOnce(&mut CoverageCsv<Vec<u8>>)) -> String {
    let mut csv = Box::new(CoverageCsv::start(Vec::new()).unwrap());
    write(&mut csv);
    String::from_utf8(csv.finish().unwrap()).unwrap()
}

fn push(csv: &mut CoverageCsv<Vec<u8>>, result: &AccountResult) {
    let applied = plain(result);
    csv.account(&AccountReport::new(&applied, None, CHECKS))
        .unwrap();
}

fn gap(action: &str, cause: Cause, detail: &str) -> Gap {
    Gap {
        detail: detail.to_owned(),
        ..Gap::new(action, cause)
    }
}

fn mixed() -> AccountResult {
    let expected = TargetVerdict {
        check_id: VOLUMES.into(),
        scope: region("us-east-1"),
        outcome: TargetOutcome::Skipped {
            detail: "only eu-west-1 is used; platform team, until 2027-01-01".into(),
            gap: gap("ec2:DescribeVolumes", Cause::DeniedByScp, "explicit deny"),
        },
    };
    let gaps = [
        gap("s3:GetBucketAcl", Cause::DeniedByResourcePolicy, "bucket a")
            .of("=a")
            .in_region(&Region::new("eu-west-1")),
        gap("s3:GetBucketPolicyStatus", Cause::Throttled, ""),
        gap("s3:GetBucketAcl", Cause::DeniedByResourcePolicy, "bucket b").of("b"),
    ];
    let verdicts = vec![
        evaluated(BUCKETS, TargetScope::Global, 5, &[High], &gaps),
        expected,
        evaluated(VOLUMES, region("eu-west-1"), 3, &[High, High], &[]),
        evaluated(VOLUMES, region("eu-north-1"), 0, &[], &[]),
    ];
    let mut result = result(account(2, "@prod", "Work/Prod"), verdicts);
    let off = RegionDecision::Skip {
        reason: SkipReason::RegionDisabled,
    };
    result.regions = BTreeMap::from([(Region::new("ap-east-1"), off)]);
    result
}

#[test]
fn the_ledger_has_a_row_for_every_target_and_for_everything_excluded() {
    let skip = Decision::Skip {
        reason: SkipReason::AccountNotActive,
        detail: "Organizations says CLOSED".into(),
    };
    let (mixed, failed) = (mixed(), failed(account(3, "legacy", "")));
    let plan = plan(vec![
        (account(1, "old", ""), skip),
        (mixed.account.clone(), Decision::Scan),
        (failed.account.clone(), Decision::Scan),
    ]);
    let results = [mixed, failed];
    let report = report(&plan, &results, &Default::default(), vec![]);
    let text = csv(|csv| {
        csv.skipped(&report.accounts[0]).unwrap();
        results.iter().for_each(|result| push(csv, result));
    });
    let targets = &report.coverage.targets;
    let of_checks = text
        .lines()
        .skip(1)
        .filter(|line| !line.contains(",*,skipped,"));
    assert_eq!(
        of_checks.count() as u64,
        targets.known + targets.unknown + targets.skipped
    );
    insta::assert_snapshot!(text, @r#"
    account_id,account_name,ou_path,region,check_id,outcome,cause,action,detail,resources_evaluated,violations,resource,notes
    111100000001,old,,*,*,skipped,account_not_active,,Organizations says CLOSED,,,,
    111100000002,'@prod,Work/Prod,ap-east-1,*,skipped,region_disabled,,,,,,
    111100000002,'@prod,Work/Prod,eu-north-1,ebs-volume-unencrypted,pass,,,,0,0,,
    111100000002,'@prod,Work/Prod,eu-west-1,ebs-volume-unencrypted,fail,,,,3,2,,
    111100000002,'@prod,Work/Prod,us-east-1,ebs-volume-unencrypted,skipped,denied_by_scp,ec2:DescribeVolumes,"only eu-west-1 is used; platform team, until 2027-01-01",,,,
    111100000002,'@prod,Work/Prod,global,s3-bucket-public,unknown,denied_by_resource_policy | throttled,s3:GetBucketAcl | s3:GetBucketPolicyStatus,bucket a; bucket b | ,5,1,'=a (eu-west-1); b | ,
    111100000003,legacy,,*,iam-user-without-mfa,unknown,role_not_assumable,sts:AssumeRole,,,,,
    111100000003,legacy,,*,ebs-volume-unencrypted,unknown,role_not_assumable,sts:AssumeRole,,,,,
    111100000003,legacy,,*,s3-bucket-public,unknown,role_not_assumable,sts:AssumeRole,,,,,
    "#);
}

#[test]
fn a_cell_fits_into_a_spreadsheet_however_many_gaps_there_are() {
    let gaps: Vec<_> = (0..5_000)
        .map(|n| {
            gap(
                "s3:GetBucketAcl",
                Cause::Throttled,
                &format!("bucket number {n}"),
            )
        })
        .collect();
    let verdict = evaluated(BUCKETS, TargetScope::Global, 5, &[], &gaps);
    let text = csv(|csv| {
        push(csv, &result(account(1, "a", ""), vec![verdict]));
    });
    assert!(text.contains("throttled,s3:GetBucketAcl,bucket number 0; bucket number 1;"));
    assert!(
        text.contains(" more,5,0,,"),
        "{}",
        &text[text.len() - 100..]
    );
    assert!(text.len() < 32_767);
}
