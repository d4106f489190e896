use std::collections::BTreeSet;

use super::*;

#[test]
fn every_control_that_a_check_maps_to_exists() {
    for check in CHECKS {
        for covered in check.controls {
            let controls = by_id(covered.framework).map(|framework| framework.controls);
            let mut ids = controls.into_iter().flatten().map(|control| control.id);
            assert!(
                ids.any(|id| id == covered.control),
                "{} {covered:?}",
                check.id
            );
        }
    }
}

#[test]
fn a_control_is_covered_in_full_or_has_a_text_with_what_to_review() {
    for framework in FRAMEWORKS.iter() {
        for control in framework.controls {
            let (of, text) = ((framework.id, control.id), control.manual_review());
            let is_whole = control.uncovered().is_none() && !control.partly;
            assert!(is_whole || text.starts_with("Review "), "{of:?} {text}");
            assert!(text.is_empty() || text.ends_with('.'), "{of:?} {text}");
            assert!(!control.title.is_empty() && !control.title.ends_with('.'));
        }
    }
}

#[test]
fn assessments_are_those_of_the_benchmark() {
    let lists = [
        ("cis-7.0", include_str!("cis_7_0.csv")),
        ("cis-6.0", include_str!("cis_6_0.csv")),
    ];
    for (id, csv) in lists {
        let rows = csv.lines().skip(1);
        let known: Vec<Vec<_>> = rows.map(|row| row.split(',').collect()).collect();
        assert!(known.iter().all(|row| row[1].starts_with("Level ")));
        let known = known.iter().map(|row| (row[0], row[2]));
        let ours = by_id(id).unwrap().controls.iter();
        let ours = ours.map(|control| match control.assessment {
            Automated => (control.id, "Automated"),
            Manual => (control.id, "Manual"),
        });
        assert_eq!(ours.collect::<Vec<_>>(), known.collect::<Vec<_>>(), "{id}");
    }
    let fsbp = by_id("aws-fsbp").unwrap().controls.iter();
    assert!(fsbp.clone().all(|control| control.assessment == Automated));
}

#[test]
fn cis_6_0_is_cis_5_0_in_the_next_section() {
    let [newer, older] = ["cis-6.0", "cis-5.0"].map(|id| by_id(id).unwrap());
    let listed = |check: &Check| check.controls.iter().any(|one| one.framework == newer.id);
    assert!(!CHECKS.iter().any(|check| listed(check)), "it is derived");
    for (newer, older) in newer.controls.iter().zip(older.controls) {
        assert_eq!(
            Control {
                id: older.id,
                ..*newer
            },
            *older
        );
    }
    let ids = |check: &str| -> Vec<_> { newer.controls_of(check).map(|one| one.id).collect() };
    assert_eq!(ids("iam-user-two-active-keys"), ["2.12"]);
    assert_eq!(ids("s3-bucket-public-access-block-off"), ["3.1.4"]);
    assert_eq!(ids("vpc-flow-logs-off"), ["4.7"]);
    assert_eq!(ids("security-group-cifs-open"), ["6.1.2"]);
}

#[test]
fn these_controls_are_covered_in_part_at_most() {
    let partial = |id| -> Vec<_> {
        let controls = by_id(id).unwrap().controls.iter();
        let partial = controls.filter(|control| control.partly);
        partial.map(|control| control.id).collect()
    };
    assert_eq!(
        partial("cis-7.0"),
        [
            "2.1.2", "2.1.3", "2.1.5", "2.1.6", "2.2", "2.6", "2.7", "2.19", "2.21", "3.1.3",
            "6.6", "6.8"
        ]
    );
    assert_eq!(
        partial("cis-6.0"),
        ["2.1", "2.5", "2.6", "2.20", "3.1.3", "6.6"]
    );
    assert_eq!(
        partial("cis-5.0"),
        ["1.1", "1.5", "1.6", "1.20", "2.1.3", "5.6"]
    );
    assert_eq!(
        partial("aws-fsbp"),
        [
            "APIGateway.4",
            "CloudFront.3",
            "CloudFront.5",
            "CloudFront.6",
            "CloudFront.9",
            "CloudFront.10",
            "CloudFront.12",
            "CloudFront.13",
            "CloudFront.15",
            "Config.1",
            "EC2.19",
            "EFS.2",
            "ELB.1",
            "ELB.3",
            "ELB.5",
            "ELB.17",
            "ELB.18",
            "ES.2",
            "IAM.1",
            "IAM.7",
            "Lambda.1",
            "Opensearch.2",
            "RDS.1",
            "S3.8",
            "SNS.4",
            "SQS.3"
        ]
    );
    for framework in FRAMEWORKS.iter() {
        for control in framework.controls.iter().filter(|one| one.partly) {
            let rest = control.mapped_review;
            assert!(rest.starts_with("Review "), "{} {rest}", control.id);
        }
    }
}

#[test]
fn the_calls_of_a_control_are_those_of_its_selected_checks() {
    let cis = by_id("cis-7.0").unwrap();
    let mut encryption = cis.controls_of("ebs-encryption-by-default-off");
    let encryption = encryption.next().unwrap();
    assert_eq!(encryption.calls(CHECKS), ["ec2:GetEbsEncryptionByDefault"]);
    assert!(encryption.calls(&[]).is_empty());
    for framework in FRAMEWORKS.iter() {
        for control in framework.controls {
            let is_covered = control.uncovered().is_none();
            assert_eq!(
                !control.calls(CHECKS).is_empty(),
                is_covered,
                "{}",
                control.id
            );
        }
    }
}

#[test]
fn an_uncovered_control_is_manual_only_where_no_program_can_evaluate_it() {
    let manual = FRAMEWORKS.iter().flat_map(|framework| {
        let controls = framework.controls.iter();
        let manual = controls.filter(|one| one.uncovered() == Some(ControlOutcome::Manual));
        manual.map(|control| (framework.id, control.id))
    });
    assert_eq!(manual.collect::<Vec<_>>(), [("cis-7.0", "2.1.4")]);
}

#[test]
fn ids_are_unique() {
    let ids: BTreeSet<_> = FRAMEWORKS.iter().map(|framework| framework.id).collect();
    assert_eq!(ids.len(), FRAMEWORKS.len());
    for framework in FRAMEWORKS.iter() {
        let ids: BTreeSet<_> = framework.controls.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), framework.controls.len(), "{}", framework.id);
    }
}

#[test]
fn the_lists_are_as_long_as_their_publishers() {
    let count = |id| by_id(id).map(|framework| framework.controls.len());
    assert_eq!(count("cis-7.0"), Some(70));
    assert_eq!(count("cis-6.0"), Some(63));
    assert_eq!(count("cis-5.0"), Some(63));
    assert_eq!(count("aws-fsbp"), Some(190));
    assert!(by_id("cis-1.0").is_none());
}

#[test]
fn a_check_knows_its_controls_by_the_lists() {
    let ids = |framework: &str, check: &str| -> Vec<_> {
        let controls = by_id(framework).unwrap().controls_of(check);
        controls.map(|control| control.id).collect()
    };
    let check = "s3-bucket-public";
    assert_eq!(ids("cis-7.0", check), ["2.21"]);
    assert_eq!(ids("aws-fsbp", check), ["S3.2", "S3.3"]);
    let check = "cloudfront-plain-http";
    assert_eq!(ids("aws-fsbp", check), ["CloudFront.3", "CloudFront.9"]);
    let cis = by_id("cis-7.0").unwrap();
    assert!(cis.has("iam-user-without-mfa") && !cis.has("no-such-check"));
}
