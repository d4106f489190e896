//! Whether each configured destination is there, and whether the caller may use it as far as AWS has a dry run.

use orgscan_core::model::Region;
use orgscan_core::services::{cloudwatch, kms, s3, sns};
use orgscan_core::settings::Config;
use orgscan_core::text::{clean, count};

use super::super::facts::{DestinationFact, FactResult, FolderState, Subscriptions};
use super::super::line::DiagnosticLine;

const METRICS: &str = "metrics";
const TOPIC: &str = "alert topic";
const BUCKET: &str = "report bucket";
const FOLDER: &str = "report folder";
const REPORT_KEY: &str = "report key";
const SIGNING_KEY: &str = "signing key";
const EXCEPTIONS: &str = "exceptions";

/// What AWS answers to a dry run that would succeed.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html>
const WOULD_SUCCEED: &[&str] = &["DryRunOperationException", "DryRunOperation"];

/// The lines that a configuration has.
pub(super) fn names(config: &Config) -> Vec<&'static str> {
    let to = &config.destinations;
    let report = to.report.as_ref();
    let is_s3 = report.is_some_and(|report| report.location.s3().is_some());
    let has_key = report.is_some_and(|report| report.kms_key_id.is_some());
    let signs = report.is_some_and(|report| report.signing.kms_key_id.is_some());
    let all = [
        (to.metrics.is_some(), METRICS),
        (to.alert.is_some(), TOPIC),
        (is_s3, BUCKET),
        (report.is_some() && !is_s3, FOLDER),
        (has_key, REPORT_KEY),
        (signs, SIGNING_KEY),
        (config.exceptions.location.is_some(), EXCEPTIONS),
    ];
    let configured = all.into_iter().filter(|(is_configured, _)| *is_configured);
    configured.map(|(_, name)| name).collect()
}

pub(super) fn line(destination: &DestinationFact) -> DiagnosticLine {
    match destination {
        DestinationFact::Metrics { namespace } => DiagnosticLine::not_checked(
            METRICS,
            format!(
                "namespace {namespace}; CloudWatch has no dry run of {}",
                cloudwatch::PUT_METRIC_DATA.action
            ),
        ),
        DestinationFact::Topic { arn, subscriptions } => topic(arn, subscriptions),
        DestinationFact::Bucket {
            name,
            region,
            found,
        } => bucket(name, region, found),
        DestinationFact::Folder { path, state } => folder(path, state),
        DestinationFact::ReportKey { id, dry_run } => {
            key(REPORT_KEY, id, dry_run, kms::GENERATE_DATA_KEY.action)
        }
        DestinationFact::SigningKey {
            id,
            is_usable,
            dry_run,
        } => signing_key(id, is_usable, dry_run),
        DestinationFact::Exceptions { location, read } => match read {
            Ok(()) => DiagnosticLine::ok(EXCEPTIONS, format!("{location} is valid")),
            Err(why) => DiagnosticLine::problem(
                EXCEPTIONS,
                clean(why, 1_000),
                "correct the file; `orgscan exceptions check` lists all errors",
            ),
        },
    }
}

fn topic(arn: &str, subscriptions: &FactResult<Subscriptions>) -> DiagnosticLine {
    match subscriptions {
        Err(failure) if failure.has_code(&["NotFound", "NotFoundException"]) => {
            DiagnosticLine::problem(
                TOPIC,
                format!("{arn} does not exist"),
                "create the topic, or correct topic_arn in destinations.alert or its routes",
            )
        }
        Err(failure) => DiagnosticLine::unanswered(TOPIC, failure),
        Ok(Subscriptions {
            confirmed: 0,
            pending,
        }) => DiagnosticLine::problem(
            TOPIC,
            format!(
                "{arn} has no confirmed subscription, and {} not confirmed yet",
                count(*pending, "subscription")
            ),
            "subscribe, and confirm the subscription with the link in the message from AWS",
        )
        .with_command(format!(
            "aws sns subscribe --topic-arn {arn} --protocol email --notification-endpoint ADDRESS"
        )),
        Ok(Subscriptions { confirmed, .. }) => DiagnosticLine::not_checked(
            TOPIC,
            format!(
                "{arn} exists, with {}; SNS has no dry run of {}",
                count(*confirmed, "confirmed subscription"),
                sns::PUBLISH.action
            ),
        ),
    }
}

fn bucket(name: &str, region: &Region, found: &FactResult<()>) -> DiagnosticLine {
    match found {
        Ok(()) => DiagnosticLine::not_checked(
            BUCKET,
            format!(
                "{name} exists in {region}; S3 has no dry run of {}",
                s3::PUT_OBJECT.action
            ),
        ),
        Err(failure) if failure.has_code(&["NotFound", "NoSuchBucket"]) => DiagnosticLine::problem(
            BUCKET,
            format!("{name} does not exist"),
            "create the bucket, or correct destinations.report.location",
        )
        .with_command(format!("aws s3 mb s3://{name} --region {region}")),
        Err(failure) if is_elsewhere(&failure.detail) => DiagnosticLine::problem(
            BUCKET,
            format!("{name} is in another Region than {region}"),
            "set destinations.report.region to the bucket's Region",
        )
        .with_command(format!("aws s3api get-bucket-location --bucket {name}")),
        Err(failure) => DiagnosticLine::unanswered(BUCKET, failure),
    }
}

/// A redirection to the bucket's own Region. The answer to HeadBucket has no body, so the status has to do.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
fn is_elsewhere(detail: &str) -> bool {
    ["PermanentRedirect", "HTTP status 301", "HTTP status 400"]
        .iter()
        .any(|text| detail.starts_with(text))
}

fn folder(path: &str, state: &FolderState) -> DiagnosticLine {
    match state {
        FolderState::There => DiagnosticLine::not_checked(
            FOLDER,
            format!("{path} exists; only a scan shows whether it can be written"),
        ),
        FolderState::Missing => DiagnosticLine::not_checked(
            FOLDER,
            format!("{path} does not exist yet; only a scan shows whether it can be created"),
        ),
        FolderState::Blocked(what) => DiagnosticLine::problem(
            FOLDER,
            format!("{what} is not a folder"),
            "use another folder with --report or destinations.report.location",
        ),
    }
}

fn key(check: &str, id: &str, dry_run: &FactResult<()>, action: &str) -> DiagnosticLine {
    match dry_run {
        Ok(()) => DiagnosticLine::ok(check, format!("{id}: {action} is allowed")),
        Err(failure) if failure.has_code(WOULD_SUCCEED) => {
            DiagnosticLine::ok(check, format!("{id}: {action} is allowed"))
        }
        Err(failure) if failure.cause.is_denial() => DiagnosticLine::problem(
            check,
            format!("{id}: {failure}"),
            format!(
                "grant the caller {action} on the key, in the key policy and in the caller's own policy"
            ),
        ),
        Err(failure) if failure.has_code(&["NotFoundException", "NotFound"]) => {
            DiagnosticLine::problem(
                check,
                format!("{id} does not exist"),
                "correct the key's ARN, id or alias, or its Region",
            )
        }
        Err(failure)
            if failure.has_code(&[
                "DisabledException",
                "KMSInvalidStateException",
                "InvalidKeyUsageException",
            ]) =>
        {
            DiagnosticLine::problem(
                check,
                format!("{id}: {failure}"),
                "enable the key, or use another one",
            )
        }
        Err(failure) => DiagnosticLine::unanswered(check, failure),
    }
}

fn signing_key(id: &str, is_usable: &FactResult<bool>, dry_run: &FactResult<()>) -> DiagnosticLine {
    match is_usable {
        Ok(true) => key(SIGNING_KEY, id, dry_run, kms::SIGN.action),
        Ok(false) => DiagnosticLine::problem(
            SIGNING_KEY,
            format!("{id} does not have the key spec ECC_NIST_P256"),
            "create a signing key, and set destinations.report.signing.kms_key_id to it",
        )
        .with_command("aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY"),
        Err(failure) if failure.cause.is_denial() || failure.has_code(&["NotFoundException"]) => {
            let answer: FactResult<()> = Err(failure.clone());
            key(SIGNING_KEY, id, &answer, kms::GET_PUBLIC_KEY.action)
        }
        Err(failure) => DiagnosticLine::unanswered(SIGNING_KEY, failure),
    }
}
