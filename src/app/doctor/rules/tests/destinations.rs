//! Destinations, keys and the list of exceptions.

use orgscan_core::settings::{AlertConfig, ReportConfig};

use super::*;
use crate::doctor::facts::{DestinationFact, FolderState, Subscriptions};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111100000001:alerts";

fn to(destination: DestinationFact) -> Facts {
    Facts {
        destinations: vec![destination],
        ..fine()
    }
}

#[test]
fn what_has_no_dry_run_is_not_checked() {
    let metrics = DestinationFact::Metrics {
        namespace: "OrgScan".into(),
    };
    assert_line(
        "metrics",
        &to(metrics),
        &options(),
        (UNKNOWN, "cloudwatch:PutMetricData"),
    );
    let topic = |subscriptions| {
        to(DestinationFact::Topic {
            arn: TOPIC.into(),
            subscriptions,
        })
    };
    let of = |confirmed, pending| topic(Ok(Subscriptions { confirmed, pending }));
    assert_line(
        "alert topic",
        &of(2, 0),
        &options(),
        (UNKNOWN, "no dry run of sns:Publish"),
    );
    assert_line(
        "alert topic",
        &of(0, 1),
        &options(),
        (PROBLEM, "aws sns subscribe"),
    );
    let missing = topic(Err(with_code("sns:GetTopicAttributes", "NotFound")));
    assert_line(
        "alert topic",
        &missing,
        &options(),
        (PROBLEM, "does not exist"),
    );
    let refused = topic(Err(denied("sns:GetTopicAttributes")));
    assert_line(
        "alert topic",
        &refused,
        &options(),
        (UNKNOWN, "needs sns:GetTopicAttributes"),
    );
    let bucket = |found| {
        to(DestinationFact::Bucket {
            name: "reports".into(),
            region: Region::new("eu-west-1"),
            found,
        })
    };
    assert_line(
        "report bucket",
        &bucket(Ok(())),
        &options(),
        (UNKNOWN, "no dry run of s3:PutObject"),
    );
    let missing = bucket(Err(with_code("s3:ListBucket", "NotFound")));
    assert_line(
        "report bucket",
        &missing,
        &options(),
        (PROBLEM, "aws s3 mb s3://reports"),
    );
    let elsewhere = Failure::new("s3:ListBucket", Cause::Other, "HTTP status 301");
    assert_line(
        "report bucket",
        &bucket(Err(elsewhere)),
        &options(),
        (PROBLEM, "another Region"),
    );
    let refused = bucket(Err(denied("s3:ListBucket")));
    assert_line(
        "report bucket",
        &refused,
        &options(),
        (UNKNOWN, "needs s3:ListBucket"),
    );
    let folder = |state| {
        to(DestinationFact::Folder {
            path: "reports".into(),
            state,
        })
    };
    assert_line(
        "report folder",
        &folder(FolderState::There),
        &options(),
        (UNKNOWN, "exists"),
    );
    assert_line(
        "report folder",
        &folder(FolderState::Missing),
        &options(),
        (UNKNOWN, "does not exist yet"),
    );
    let blocked = folder(FolderState::Blocked("reports".into()));
    assert_line(
        "report folder",
        &blocked,
        &options(),
        (PROBLEM, "not a folder"),
    );
}

#[test]
fn keys_have_a_dry_run() {
    let would = |action| Err(with_code(action, "DryRunOperationException"));
    let report = |dry_run| {
        to(DestinationFact::ReportKey {
            id: "alias/reports".into(),
            dry_run,
        })
    };
    let action = "kms:GenerateDataKey";
    assert_line(
        "report key",
        &report(would(action)),
        &options(),
        (OK, "is allowed"),
    );
    assert_line(
        "report key",
        &report(Err(denied(action))),
        &options(),
        (PROBLEM, "grant the caller kms:GenerateDataKey"),
    );
    for code in ["NotFoundException", "DisabledException"] {
        let broken = report(Err(with_code(action, code)));
        assert_line(
            "report key",
            &broken,
            &options(),
            (PROBLEM, "alias/reports"),
        );
    }
    let slow = report(Err(Failure::new(action, Cause::TimedOut, "")));
    assert_line("report key", &slow, &options(), (UNKNOWN, action));
    let signing = |is_usable, dry_run| {
        to(DestinationFact::SigningKey {
            id: "alias/signing".into(),
            is_usable,
            dry_run,
        })
    };
    let usable = signing(Ok(true), would("kms:Sign"));
    assert_line(
        "signing key",
        &usable,
        &options(),
        (OK, "kms:Sign is allowed"),
    );
    let refused = signing(Ok(true), Err(denied("kms:Sign")));
    assert_line(
        "signing key",
        &refused,
        &options(),
        (PROBLEM, "grant the caller kms:Sign"),
    );
    let other = signing(Ok(false), would("kms:Sign"));
    assert_line(
        "signing key",
        &other,
        &options(),
        (PROBLEM, "ECC_NIST_P256"),
    );
    let unread = signing(Err(denied("kms:GetPublicKey")), would("kms:Sign"));
    assert_line(
        "signing key",
        &unread,
        &options(),
        (PROBLEM, "grant the caller kms:GetPublicKey"),
    );
}

#[test]
fn the_list_of_exceptions() {
    let list = |read| {
        to(DestinationFact::Exceptions {
            location: "exceptions.yaml".into(),
            read,
        })
    };
    assert_line("exceptions", &list(Ok(())), &options(), (OK, "is valid"));
    let broken = list(Err("exceptions.yaml:4: expires: missing".to_owned()));
    assert_line(
        "exceptions",
        &broken,
        &options(),
        (PROBLEM, "exceptions.yaml:4"),
    );
}

#[test]
fn every_configured_destination_has_a_line_without_credentials_too() {
    let mut config = Config::default();
    config.destinations.metrics = Some(Default::default());
    config.destinations.alert = Some(AlertConfig::to(TOPIC));
    let mut report = ReportConfig::at("s3://reports".parse().unwrap());
    report.kms_key_id = Some("alias/reports".into());
    report.signing.kms_key_id = Some("alias/signing".into());
    config.destinations.report = Some(report);
    config.exceptions.location = Some("exceptions.yaml".parse().unwrap());
    let names = |config: &Config| {
        let error = ConnectError::UnknownPartition("arn".into());
        let lines = refused(&error, config).into_iter().map(|line| line.check);
        lines.skip(13).collect::<Vec<_>>()
    };
    let all = [
        "metrics",
        "alert topic",
        "report bucket",
        "report key",
        "signing key",
        "exceptions",
    ];
    assert_eq!(names(&config), all);
    config.destinations.report = Some(ReportConfig::at("reports".parse().unwrap()));
    assert_eq!(
        names(&config),
        ["metrics", "alert topic", "report folder", "exceptions"]
    );
}
