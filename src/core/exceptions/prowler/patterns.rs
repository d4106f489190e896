//! Regions and resources: Prowler finds regular expressions anywhere in a Region's name and in the last
//! part of an ARN.

use regex_lite::Regex;

use crate::checks::{Category, Rule};
use crate::exceptions::resource::Pattern;
use crate::model::TargetScope;
use crate::partition::PARTITIONS;
use crate::services::by_id;

/// Whether the check's findings are in a Region for Prowler, and here in the account as a whole: all of
/// IAM.
fn is_of_the_account(check: &str) -> bool {
    by_id(check).is_some_and(|check| {
        matches!(check.rule, Rule::Account(_)) && check.category == Category::IamSecurity
    })
}

/// An expression as Prowler reads it: a `*` in front stands for anything.
pub(super) fn expression(text: &str) -> String {
    match text.strip_prefix('*') {
        Some(rest) => format!(".*{rest}"),
        None => text.to_owned(),
    }
}

/// The Regions that are muted, by name; none where all are.
pub(super) fn regions(muted: &[String], check: &str) -> Result<Vec<String>, String> {
    if muted.is_empty() {
        return Err("it has no Regions, so it mutes nothing".to_owned());
    }
    let mut named = Vec::new();
    for text in muted {
        if text == "*" {
            return Ok(Vec::new());
        }
        let regex = Regex::new(&expression(text)).map_err(|error| {
            format!("Region {text:?} is not a supported regular expression: {error}")
        })?;
        let known = PARTITIONS.iter().flat_map(|partition| partition.regions());
        named.extend(known.filter(|name| regex.is_match(name)).map(str::to_owned));
    }
    if is_of_the_account(check) && !named.is_empty() {
        named = vec![TargetScope::GLOBAL.to_owned()];
    }
    if named.is_empty() {
        return Err(format!("no Region matches {}", muted.join(", ")));
    }
    named.sort();
    named.dedup();
    Ok(named)
}

/// The resources that are muted; none where all are.
pub(super) fn resources(muted: &[String]) -> Result<Vec<String>, String> {
    if muted.is_empty() {
        return Err("it has no resources, so it mutes nothing".to_owned());
    }
    let mut patterns = Vec::new();
    for text in muted {
        if matches!(text.as_str(), "*" | ".*") {
            return Ok(Vec::new());
        }
        let pattern = resource(text);
        Pattern::new(&pattern).map_err(|error| format!("resource {text:?}: {error}"))?;
        patterns.push(pattern);
    }
    Ok(patterns)
}

/// The ARNs in whose last part an expression is found.
fn resource(text: &str) -> String {
    let text = text.strip_prefix('*').unwrap_or(text);
    let (before, text) = match text.strip_prefix('^') {
        Some(rest) => ("", rest),
        None => ("[^:/]*", text),
    };
    let (text, after) = match text.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => (rest, ""),
        _ => (text, "[^:/]*"),
    };
    format!("regex:.*[:/]{before}(?:{}){after}", within_a_part(text))
}

/// An expression whose `.` stays within one part of an ARN.
fn within_a_part(text: &str) -> String {
    let (mut made, mut escaped, mut in_class) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            '.' if !escaped && !in_class => made.push_str("[^:/]"),
            _ => made.push(c),
        }
        match c {
            '[' if !escaped => in_class = true,
            ']' if !escaped => in_class = false,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutes(text: &str, arn: &str) -> bool {
        let patterns = resources(&[text.to_owned()]).unwrap();
        let mut patterns = patterns.iter().map(|one| Pattern::new(one).unwrap());
        patterns.any(|one| one.matches(arn))
    }

    #[test]
    fn an_expression_is_found_in_the_resources_own_name_alone() {
        let bucket = "arn:aws:s3:::ci-logs-replica";
        for text in [
            "ci-logs",
            "logs",
            ".+-logs",
            "*logs",
            "^ci-.*a$",
            "ci-logs|x",
            "[a-z]+-logs",
        ] {
            assert!(mutes(text, bucket), "{text}");
        }
        for text in ["^logs", "logs$", "aws", "s3", "x.+-logs", "ci.logs.$"] {
            assert!(!mutes(text, bucket), "{text}");
        }
        assert!(!mutes(".+-logs", "arn:aws:s3:::-logs"));
        let user = "arn:aws:iam::111122223333:user/team/alex";
        assert!(mutes("alex", user) && mutes("^alex$", user));
        assert!(!mutes("team", user) && !mutes("1111", user));
        assert_eq!(resources(&["a".into(), "*".into()]), Ok(vec![]));
        assert!(resources(&["(?=a)".into()]).is_err());
        assert!(resources(&[]).is_err());
    }

    #[test]
    fn regions_become_names() {
        let of = |text: &str, check: &str| regions(&[text.to_owned()], check);
        let volumes = "ebs-volume-unencrypted";
        assert_eq!(of("*", volumes), Ok(vec![]));
        assert_eq!(of("eu-west-1", volumes), Ok(vec!["eu-west-1".to_owned()]));
        let europe = of("eu-.*", volumes).unwrap();
        assert!(europe.len() > 5 && europe.iter().all(|name| name.starts_with("eu-")));
        let users = of("us-east-1", "iam-user-without-mfa");
        assert_eq!(users, Ok(vec!["global".to_owned()]));
        assert!(of("nowhere", volumes).is_err() && of("(", volumes).is_err());
    }
}
