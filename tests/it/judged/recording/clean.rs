//! Takes out of an answer what nobody may keep, and what differs in every run: credentials, ids of
//! requests, times.

use aws_smithy_types::base64;
use jiff::Timestamp;
use orgscan_sim::ages::{DAY, has_ages};
use orgscan_sim::call::Call;
use serde_json::Value;

/// Stands for every request's id.
const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Stands for every access key's id: the one of AWS's documentation, which nobody has.
const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";

/// Elements of XML answers, with what their text is replaced by.
const REPLACED: &[(&str, &str)] = &[
    ("requestId", REQUEST_ID),
    ("RequestId", REQUEST_ID),
    ("RequestID", REQUEST_ID),
    ("Credentials", "not recorded"),
    ("AccessKeyId", ACCESS_KEY),
    // What the organization's makers happened to send with RunInstances.
    ("clientToken", REQUEST_ID),
];

/// Stands for every day; [`orgscan_sim::ages::DAY`].
const DATE: &str = "2026-01-15";

/// Stands for every time of a day.
const CLOCK: &str = "09:00:00";

/// The same in seconds since 1970.
const EPOCH_SECONDS: i64 = 1_768_467_600;

/// Times that are further from now are those that the organization's makers set, and the same in every run.
const VARYING_DAYS: i64 = 100;

/// The answer to `call`, as it is recorded.
pub(super) fn clean(call: &Call, body: &str) -> String {
    if let Ok(mut document) = serde_json::from_str::<Value>(body) {
        fix_times_of_json(&mut document);
        return document.to_string();
    }
    // The dates that certificates expire on are the same every day.
    let mut body = match call.name().as_str() {
        "iam:ListServerCertificates" => body.to_owned(),
        _ => fix_times(body, has_ages(&call.service, &call.operation)),
    };
    for (element, text) in REPLACED {
        body = with_text(&body, element, |_| (*text).to_owned());
    }
    if call.operation == "DescribeRules" {
        body = with_text(&body, "RuleArn", fix_number);
    }
    if call.name() == "iam:GetCredentialReport" {
        body = with_text(&body, "Content", clean_report);
    }
    body
}

/// The text of the first element of this name, with its children.
pub(super) fn text_of<'a>(body: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("<{element}>"))?;
    let (text, _) = rest.split_once(&format!("</{element}>"))?;
    Some(text)
}

/// Replaces the text of every element of this name.
fn with_text(body: &str, element: &str, text: impl Fn(&str) -> String) -> String {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    let mut parts = body.split(&start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (old, rest) = part.split_once(&end).unwrap();
        out += &format!("{start}{}{end}{rest}", text(old));
    }
    out
}

/// The emulator numbers default rules of load balancers by chance. Ids of others are hexadecimal.
fn fix_number(arn: &str) -> String {
    match arn.rsplit_once('/') {
        Some((before, number)) if number.bytes().all(|digit| digit.is_ascii_digit()) => {
            format!("{before}/{}", "0".repeat(16))
        }
        _ => arn.to_owned(),
    }
}

/// The credential report is a CSV in base64, and has times of its own.
fn clean_report(content: &str) -> String {
    let csv = String::from_utf8(base64::decode(content.trim()).unwrap()).unwrap();
    base64::encode(fix_times(&csv, true))
}

/// Replaces every time like `2026-11-22T22:30:59.123`, also with a space in the middle. Its length
/// and its zone stay; and of an age the days.
fn fix_times(text: &str, are_ages: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(middle) = rest.find(['T', ' ']) {
        let from = middle.saturating_sub(DATE.len());
        let until = middle + 1 + CLOCK.len();
        if !rest.get(from..until).is_some_and(is_time) {
            out += &rest[..=middle];
            rest = &rest[middle + 1..];
            continue;
        }
        let date = match are_ages {
            true => days_before(&rest[from..until]),
            false => DATE.to_owned(),
        };
        out += &format!("{}{date}{}{CLOCK}", &rest[..from], &rest[middle..=middle]);
        rest = &rest[until..];
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit());
            let digits = end.unwrap_or(fraction.len());
            out += &format!(".{}", "0".repeat(digits));
            rest = &fraction[digits..];
        }
    }
    out + rest
}

/// The day that is as long before [`DAY`] as the time is before now, to the nearest day.
fn days_before(time: &str) -> String {
    let time: Timestamp = format!("{time}Z").parse().unwrap();
    let hours = Timestamp::now().duration_since(time).as_hours();
    let days = (hours + 12).div_euclid(24);
    (DAY - jiff::Span::new().days(days)).to_string()
}

/// Whether it has digits and signs where a time has them. The separator of date and time was checked before.
fn is_time(text: &str) -> bool {
    let shape = format!("{DATE}T{CLOCK}");
    let same = |(one, other): (char, char)| {
        one == other || (one.is_ascii_digit() && other.is_ascii_digit()) || other == 'T'
    };
    text.len() == shape.len() && text.chars().zip(shape.chars()).all(same)
}

/// JSON answers have times as numbers: `JoinedTimestamp`, `LatestDeliveryTime`; or as text: `createdAt`. Those of this run
/// become the same in every run.
fn fix_times_of_json(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(fix_times_of_json),
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_time = ["Time", "Date"].iter().any(|word| name.contains(word));
                let is_time = is_time || name.ends_with("At");
                if is_time && value.as_f64().is_some_and(is_of_this_run) {
                    *value = EPOCH_SECONDS.into();
                }
                let is_in_milliseconds = |time: f64| is_of_this_run(time / 1_000.0);
                if is_time && value.as_f64().is_some_and(is_in_milliseconds) {
                    *value = (EPOCH_SECONDS * 1_000).into();
                }
                let is_text = ["At", "Date", "Modified", "CreationTime", "ModifiedTime"]
                    .iter()
                    .any(|word| name.ends_with(word));
                if let (true, Value::String(text)) = (is_text, &mut *value) {
                    *text = fix_times(text, false);
                }
                fix_times_of_json(value);
            }
        }
        _ => {}
    }
}

/// Whether a time in seconds since 1970 is close to now.
fn is_of_this_run(seconds: f64) -> bool {
    let distance = seconds - Timestamp::now().as_second() as f64;
    distance.abs() < (VARYING_DAYS * 24 * 3_600) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(service: &str, operation: &str) -> Call {
        Call {
            service: service.to_owned(),
            operation: operation.to_owned(),
            ..Call::default()
        }
    }

    #[test]
    fn credentials_are_not_kept_and_a_denial_is() {
        let call = call("sts", "AssumeRole");
        let given = "<R><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>wJalr\
                     </SecretAccessKey><SessionToken>FQoG</SessionToken></Credentials>\
                     <Arn>a</Arn><RequestId>7</RequestId></R>";
        assert_eq!(text_of(given, "AccessKeyId"), Some("ASIA1"));
        let kept = format!(
            "<R><Credentials>not recorded</Credentials><Arn>a</Arn><RequestId>{REQUEST_ID}</RequestId></R>"
        );
        assert_eq!(clean(&call, given), kept);
        let denied = "<Error><Code>AccessDenied</Code><Message>T</Message></Error>";
        assert_eq!(clean(&call, denied), denied);
    }

    #[test]
    fn times_are_the_same_in_every_run_and_nothing_else_is_touched() {
        let call = call("ec2", "DescribeVolumes");
        let body = "<T><id>vol-2026T</id><t>2026-11-22T22:30:59.123Z</t>T<t>2026-11-22T22:30:59Z</t>\
                    <reason>User initiated (2026-11-22 22:30:59 UTC)</reason></T>";
        let kept = "<T><id>vol-2026T</id><t>2026-01-15T09:00:00.000Z</t>T<t>2026-01-15T09:00:00Z</t>\
                    <reason>User initiated (2026-01-15 09:00:00 UTC)</reason></T>";
        assert_eq!(clean(&call, body), kept);
        let now = Timestamp::now().as_second();
        let json = format!(
            r#"{{"Accounts":[{{"Id":"1","JoinedTimestamp":{now}.25,"CreationTime":1704067200}}]}}"#
        );
        let kept = format!(
            r#"{{"Accounts":[{{"CreationTime":1704067200,"Id":"1","JoinedTimestamp":{EPOCH_SECONDS}}}]}}"#
        );
        let cleaned: Value = serde_json::from_str(&clean(&call, &json)).unwrap();
        assert_eq!(cleaned, serde_json::from_str::<Value>(&kept).unwrap());
        let seconds: jiff::Timestamp = format!("{DATE}T{CLOCK}Z").parse().unwrap();
        assert_eq!(seconds.as_second(), EPOCH_SECONDS);
    }

    #[test]
    fn the_credential_report_is_cleaned_inside() {
        let call = call("iam", "GetCredentialReport");
        let body = |csv: &str| format!("<Content>{}</Content>", base64::encode(csv));
        let row = |time: &str| body(&format!("ann,{time}+00:00,true\n"));
        let now = Timestamp::now();
        for (days, kept) in [(0, DATE), (1, "2026-01-14"), (91, "2025-10-16")] {
            let then = now - jiff::SignedDuration::from_hours(24 * days);
            let then = then.to_string()[..19].to_owned();
            assert_eq!(clean(&call, &row(&then)), row(&format!("{kept}T{CLOCK}")));
        }
    }
}
