//! Event patterns of EventBridge, in the terms of filter patterns.

use serde_json::{Map, Value};

use super::EventRule;
use super::conditions::{one_of, unknown};
use crate::model::Region;
use crate::services::logs::pattern::{Coverage, Pattern, coverage};

/// The types of events of CloudTrail in EventBridge, each with the type that CloudTrail has in `eventType`. All other
/// types of CloudTrail have the first.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>
const TYPES: [(&str, &str); 4] = [
    ("AWS API Call via CloudTrail", "AwsApiCall"),
    ("AWS Console Sign In via CloudTrail", "AwsConsoleSignIn"),
    ("AWS Service Event via CloudTrail", "AwsServiceEvent"),
    ("AWS Insight via CloudTrail", "AwsCloudTrailInsight"),
];

/// What the names of operations that only read begin with. A rule gets them only if its state says so.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html>
const READS: [&str; 3] = ["Describe*", "Get*", "List*"];

/// Whether an event pattern may match events of CloudTrail.
pub fn may_match_cloudtrail(pattern: &str) -> bool {
    match serde_json::from_str::<Map<String, Value>>(pattern) {
        Ok(pattern) => match pattern.get("detail-type") {
            Some(Value::Array(types)) => TYPES.iter().any(|(name, _)| admits(types, name)),
            _ => true,
        },
        Err(_) => true,
    }
}

impl EventRule {
    /// The events of CloudTrail that the rule matches, in the terms of filter patterns. A rule gets the events of its
    /// own account and Region.
    pub fn events(&self, account: &str, region: &Region) -> Pattern {
        let mut parts = vec![Pattern::is("awsRegion", region.as_str())];
        parts.push(match serde_json::from_str(&self.pattern) {
            Ok(Value::Object(pattern)) => event(&pattern, account, region),
            _ => unknown("no JSON object"),
        });
        if !self.has_reads {
            parts.extend(READS.map(|name| Pattern::is_not("eventName", name)));
        }
        Pattern::All(parts)
    }
}

fn event(pattern: &Map<String, Value>, account: &str, region: &Region) -> Pattern {
    let parts = pattern
        .iter()
        .map(|(key, value)| match (key.as_str(), value) {
            ("$or", Value::Array(choices)) => any(choices, |choice| event(choice, account, region)),
            ("source", Value::Array(sources)) => source(sources),
            ("detail-type", Value::Array(types)) => detail_type(types),
            ("account", Value::Array(accounts)) => certain(admits(accounts, account)),
            ("region", Value::Array(regions)) => certain(admits(regions, region.as_str())),
            ("detail", Value::Object(detail)) => fields("", detail),
            (other, _) => unknown(other),
        });
    Pattern::All(parts.collect())
}

/// `aws.iam` is the source of what CloudTrail has as `iam.amazonaws.com`.
fn source(sources: &[Value]) -> Pattern {
    let sources = sources.iter().map(|source| match source {
        Value::String(source) => match source.strip_prefix("aws.") {
            Some(service) => Pattern::is("eventSource", &format!("{service}.amazonaws.com")),
            None => certain(false),
        },
        // All of AWS's sources begin so.
        other if *other == serde_json::json!({ "prefix": "aws." }) => certain(true),
        _ => unknown("an operator on the source"),
    });
    Pattern::Any(sources.collect())
}

fn detail_type(types: &[Value]) -> Pattern {
    let admitted = TYPES.iter().filter(|(name, _)| admits(types, name));
    let admitted = admitted.map(|(_, own)| match *own {
        "AwsApiCall" => {
            let others = TYPES[1..].iter();
            let others = others.map(|(_, other)| Pattern::is_not("eventType", other));
            Pattern::All(others.collect())
        }
        own => Pattern::is("eventType", own),
    });
    Pattern::Any(admitted.collect())
}

fn fields(path: &str, pattern: &Map<String, Value>) -> Pattern {
    let parts = pattern.iter().map(|(key, value)| {
        let path = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        match value {
            Value::Array(choices) if key == "$or" => {
                let parent = path.strip_suffix("$or").unwrap_or_default();
                any(choices, |choice| {
                    fields(parent.trim_end_matches('.'), choice)
                })
            }
            Value::Array(values) => one_of(&path, values),
            Value::Object(inner) => fields(&path, inner),
            _ => unknown("a value without a list"),
        }
    });
    Pattern::All(parts.collect())
}

fn any(choices: &[Value], read: impl Fn(&Map<String, Value>) -> Pattern) -> Pattern {
    let choices = choices.iter().map(|choice| match choice {
        Value::Object(choice) => read(choice),
        _ => unknown("$or"),
    });
    Pattern::Any(choices.collect())
}

/// Whether a condition is certainly true of this text.
fn admits(values: &[Value], text: &str) -> bool {
    let known = Pattern::is("value", text);
    coverage(&known, &[one_of("value", values)]) == Coverage::Full
}

fn certain(is_true: bool) -> Pattern {
    match is_true {
        true => Pattern::All(Vec::new()),
        false => Pattern::Any(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reading;
    use crate::services::logs::pattern::Part;

    /// What a rule in `us-east-1` comes to for a part whose events are there.
    fn compared(part: &str, pattern: &str, has_reads: bool) -> String {
        let rule = EventRule {
            name: "rule".into(),
            pattern: pattern.into(),
            has_reads,
            has_target: Reading::known(true),
        };
        let required = Part::by_id(part).unwrap().required();
        let here = Pattern::is("awsRegion", "us-east-1");
        let required = Pattern::All(vec![here, required]);
        let events = rule.events("111122223333", &Region::new("us-east-1"));
        match coverage(&required, &[events]) {
            Coverage::Full => "full".to_owned(),
            Coverage::Missing(event) => format!("missing {event}"),
            Coverage::Unknown(reason) => format!("unknown {reason}"),
        }
    }

    const KMS: &str = r#"{"source":["aws.kms"],"detail-type":["AWS API Call via CloudTrail"],"detail":{"eventSource":["kms.amazonaws.com"],"eventName":["DisableKey","ScheduleKeyDeletion"]}}"#;

    #[test]
    fn rules_match_like_filters() {
        for pattern in [
            KMS,
            r#"{"source":["aws.kms"]}"#,
            r#"{"detail":{"eventSource":["kms.amazonaws.com"]}}"#,
            r#"{"account":["111122223333"],"region":["us-east-1"],"source":["aws.s3","aws.kms"]}"#,
            r#"{"source":[{"prefix":"aws."}],"detail":{"eventName":[{"suffix":"Key"},{"prefix":"ScheduleKey"}]}}"#,
            r#"{"detail":{"$or":[{"eventName":["DisableKey"]},{"eventName":[{"wildcard":"Schedule*"}]}]}}"#,
            r#"{"$or":[{"source":["aws.kms"]},{"source":["aws.iam"]}]}"#,
            r#"{"detail-type":[{"suffix":"via CloudTrail"}]}"#,
            r#"{"detail":{"eventName":[{"anything-but":["Decrypt","Encrypt"]}]}}"#,
            r#"{"detail":{"eventName":[{"anything-but":{"prefix":"Create"}}]}}"#,
            r#"{"detail":{"eventName":[{"exists":true}]}}"#,
        ] {
            assert_eq!(
                compared("kms-key-deletion", pattern, false),
                "full",
                "{pattern}"
            );
        }
        for (pattern, missed) in [
            (
                r#"{"source":["aws.kms"],"detail":{"eventName":["DisableKey"]}}"#,
                "ScheduleKeyDeletion",
            ),
            (r#"{"source":["aws.iam"]}"#, "DisableKey"),
            (r#"{"source":["custom"]}"#, "DisableKey"),
            (
                r#"{"source":["aws.kms"],"account":["444455556666"]}"#,
                "DisableKey",
            ),
            (
                r#"{"source":["aws.kms"],"region":["eu-west-1"]}"#,
                "DisableKey",
            ),
            (
                r#"{"source":["aws.kms"],"detail-type":["AWS Console Sign In via CloudTrail"]}"#,
                "DisableKey",
            ),
            (
                r#"{"source":["aws.kms"],"detail":{"errorCode":[{"exists":false}]}}"#,
                "DisableKey",
            ),
            (
                r#"{"source":["aws.kms"],"detail":{"requestParameters":{"pendingWindowInDays":[{"numeric":["<",8]}]}}}"#,
                "DisableKey",
            ),
        ] {
            let result = compared("kms-key-deletion", pattern, true);
            assert!(
                result.starts_with("missing") && result.contains(missed),
                "{pattern} {result}"
            );
        }
    }

    #[test]
    fn what_is_not_compared_is_unknown() {
        for pattern in [
            "",
            "[]",
            r#"{"source":["aws.kms"],"resources":["x"]}"#,
            r#"{"source":["aws.kms"],"detail":{"eventName":[{"equals-ignore-case":"disablekey"},"ScheduleKeyDeletion"]}}"#,
            r#"{"source":["aws.kms"],"detail":{"sourceIPAddress":[{"cidr":"10.0.0.0/8"}]}}"#,
            r#"{"source":[{"wildcard":"aws.*"}]}"#,
            r#"{"detail":{"eventName":["Disable*","x"]}}"#,
        ] {
            let result = compared("kms-key-deletion", pattern, true);
            assert!(result.starts_with("unknown"), "{pattern} {result}");
        }
    }

    #[test]
    fn reads_need_a_state_of_their_own() {
        let root = r#"{"detail-type":["AWS API Call via CloudTrail","AWS Console Sign In via CloudTrail"],"detail":{"userIdentity":{"type":["Root"]}}}"#;
        assert_eq!(compared("root-usage", root, true), "full");
        assert!(compared("root-usage", root, false).starts_with("missing"));
        let denied = r#"{"detail":{"errorCode":[{"wildcard":"*UnauthorizedOperation"},{"prefix":"AccessDenied"}]}}"#;
        assert_eq!(compared("unauthorized-api-calls", denied, true), "full");
        assert!(compared("unauthorized-api-calls", denied, false).starts_with("missing"));
        let sign_in = r#"{"source":["aws.signin"],"detail-type":["AWS Console Sign In via CloudTrail"],"detail":{"eventName":["ConsoleLogin"]}}"#;
        for part in ["sign-in-without-mfa", "console-authentication-failures"] {
            assert_eq!(compared(part, sign_in, false), "full");
        }
    }

    #[test]
    fn patterns_of_other_events_are_distinguished() {
        assert!(may_match_cloudtrail(KMS));
        assert!(may_match_cloudtrail(r#"{"source":["aws.kms"]}"#));
        assert!(may_match_cloudtrail("not JSON"));
        let scheduled =
            r#"{"source":["aws.ec2"],"detail-type":["EC2 Instance State-change Notification"]}"#;
        assert!(!may_match_cloudtrail(scheduled));
    }
}
