use super::*;
use crate::checks::samples::{ago, denied, evaluate_organization, missing, organization_outcomes};
use crate::facts::FactStore;
use crate::model::{Items, Reading, TargetOutcome, Verdict};
use crate::services::accessanalyzer::checks::owners::PRINCIPAL;
use crate::services::organizations::samples::profile;
use crate::services::organizations::{
    DelegatedAdministrator, DelegatedAdministrators, OrganizationProfile,
};
use crate::testing::id;

const ACTION: &str = "access-analyzer:ListFindings";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:222200000000:orders";

/// A finding of account 1, with access for account 9.
fn finding(resource: &str, kind: &str) -> ExternalFinding {
    ExternalFinding {
        account: id(1),
        resource: resource.to_owned(),
        kind: kind.to_owned(),
        is_public: false,
        principals: vec!["999999999999".to_owned()],
        is_archived: false,
        restriction: Restriction::Considered,
        error: None,
    }
}

fn queue() -> ExternalFinding {
    finding(QUEUE, "AWS::SQS::Queue")
}

fn zone(created: Timestamp, findings: Items<ExternalFinding>) -> FactStore {
    let zone = ZoneFindings { created, findings };
    central().with::<OrganizationFindings>(Reading::known(Some(zone)))
}

fn old_zone(findings: Vec<ExternalFinding>) -> FactStore {
    zone(ago(400), findings.into())
}

/// Account 0, which is the management account and owns the analyzers itself.
fn central() -> FactStore {
    FactStore::default()
        .with::<OrganizationProfile>(Reading::known(Some(profile(id(0)))))
        .with::<DelegatedAdministrators>(Reading::known(Items::default()))
}

fn without_analyzer(facts: FactStore) -> FactStore {
    facts.with::<OrganizationFindings>(Reading::known(None))
}

fn member() -> FactStore {
    without_analyzer(FactStore::default())
}

/// What account 1 is told with these findings.
fn verdict(findings: Vec<ExternalFinding>) -> Verdict {
    let accounts = [&old_zone(findings), &member()];
    let [_, verdict] = &evaluate_organization(&CHECK, &accounts)[..] else {
        panic!("two accounts have two verdicts");
    };
    verdict.clone()
}

fn message(findings: Vec<ExternalFinding>) -> String {
    let verdict = verdict(findings);
    assert_eq!(verdict.violations.len(), 1, "{verdict:?}");
    verdict.violations[0].message.clone()
}

#[test]
fn a_resource_with_access_from_outside_is_a_finding_of_its_account() {
    let verdicts = evaluate_organization(&CHECK, &[&old_zone(vec![queue()]), &member()]);
    assert_eq!(
        (
            verdicts[0].resources_evaluated,
            verdicts[0].violations.len()
        ),
        (1, 0)
    );
    let violation = &verdicts[1].violations[0];
    assert_eq!(violation.resource.as_str(), QUEUE);
    assert_eq!(violation.region, Some(Region::new("eu-west-1")));
    assert_eq!(violation.severity, Severity::Medium);
    assert_eq!(
        violation.message,
        "SQS Queue can be accessed by 999999999999, outside the organization"
    );
    assert_eq!(verdict(vec![]).violations, []);
}

#[test]
fn public_access_is_worse_and_counts_once_however_many_findings() {
    let public = ExternalFinding {
        is_public: true,
        principals: vec!["*".to_owned()],
        ..queue()
    };
    let verdict = verdict(vec![queue(), public]);
    assert_eq!(verdict.violations.len(), 1);
    assert_eq!(verdict.violations[0].severity, Severity::High);
    assert_eq!(
        verdict.violations[0].message,
        "SQS Queue can be accessed by everybody"
    );
}

#[test]
fn the_message_names_a_few_principals_archived_findings_and_policies_that_may_deny() {
    let many = ExternalFinding {
        principals: (1..=5).map(|one| format!("99999999999{one}")).collect(),
        restriction: Restriction::Possible,
        ..queue()
    };
    assert_eq!(
        message(vec![many]),
        "SQS Queue can be accessed by 999999999991, 999999999992, 999999999993 and 2 more outside the organization; a \
         resource control policy may deny it"
    );
    let archived = ExternalFinding {
        is_archived: true,
        principals: vec![],
        ..queue()
    };
    assert_eq!(
        message(vec![archived.clone()]),
        "SQS Queue can be accessed by somebody outside the organization; the finding is archived in Access Analyzer"
    );
    let both = message(vec![archived, queue()]);
    assert!(!both.contains("archived"), "{both}");
}

#[test]
fn public_buckets_and_snapshots_have_checks_of_their_own() {
    for kind in CHECKED_ELSEWHERE {
        let shared = finding("arn:aws:s3:::logs", kind);
        let public = ExternalFinding {
            is_public: true,
            ..shared.clone()
        };
        assert_eq!(verdict(vec![public]).violations, [], "{kind}");
        assert_eq!(verdict(vec![shared]).violations.len(), 1, "{kind}");
    }
}

#[test]
fn a_resource_that_could_not_be_analyzed_is_a_gap_of_its_account() {
    let failed = ExternalFinding {
        error: Some("ACCESS_DENIED".to_owned()),
        principals: vec![],
        ..queue()
    };
    let unknown = verdict(vec![failed.clone()]);
    assert_eq!(unknown.violations, []);
    assert_eq!(unknown.gaps.len(), 1);
    assert_eq!(unknown.gaps[0].resource, QUEUE);
    assert!(unknown.gaps[0].detail.ends_with("ACCESS_DENIED"));
    // Another statement of the same resource was analyzed.
    let known = verdict(vec![failed, queue()]);
    assert_eq!((known.violations.len(), known.gaps.len()), (1, 0));
}

#[test]
fn a_young_analyzer_proves_nothing() {
    let young = zone(ago(0), vec![queue()].into());
    let outcomes = organization_outcomes(&CHECK, &[&young, &member()]);
    let TargetOutcome::Evaluated(owner) = &outcomes[0] else {
        panic!("{outcomes:?}")
    };
    assert!(
        owner
            .gaps
            .iter()
            .all(|gap| gap.detail.contains("24 hours") || gap.detail.contains("not known"))
    );
    assert!(!owner.gaps.is_empty());
    assert!(
        matches!(&outcomes[1], TargetOutcome::Skipped { .. }),
        "{outcomes:?}"
    );
}

#[test]
fn findings_that_could_not_be_read_are_unknown_and_never_a_pass() {
    let partly = zone(
        ago(400),
        Items {
            known: vec![queue()],
            gaps: vec![denied(ACTION)],
        },
    );
    let denied = central().with::<OrganizationFindings>(missing(ACTION));
    for owner in [partly, denied] {
        let outcomes = organization_outcomes(&CHECK, &[&owner, &member()]);
        assert!(
            matches!(&outcomes[1], TargetOutcome::Skipped { .. }),
            "{outcomes:?}"
        );
        let TargetOutcome::Evaluated(verdict) = &outcomes[0] else {
            panic!("{outcomes:?}")
        };
        assert!(!verdict.gaps.is_empty(), "{verdict:?}");
    }
}

#[test]
fn without_an_organization_analyzer_the_check_is_skipped() {
    let accounts = [&without_analyzer(central()), &member()];
    for outcome in organization_outcomes(&CHECK, &accounts) {
        let TargetOutcome::Skipped { gap, .. } = &outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(gap.cause, Cause::NotEnabled);
    }
}

#[test]
fn an_owner_that_was_not_scanned_is_one_gap_of_the_central_account() {
    let administrator = DelegatedAdministrator {
        account: id(9),
        services: Reading::known([PRINCIPAL.to_owned()].into()),
    };
    let central = without_analyzer(central())
        .with::<DelegatedAdministrators>(Reading::known(Items::from(vec![administrator])));
    let outcomes = organization_outcomes(&CHECK, &[&central, &member()]);
    let TargetOutcome::Evaluated(verdict) = &outcomes[0] else {
        panic!("{outcomes:?}")
    };
    assert_eq!(verdict.gaps[0].cause, Cause::OwnedByOtherAccount);
    assert!(matches!(&outcomes[1], TargetOutcome::Skipped { .. }));
}
