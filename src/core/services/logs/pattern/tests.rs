use super::*;

mod random;

fn part(id: &str) -> Pattern {
    Part::by_id(id).unwrap().required()
}

/// What a filter's pattern comes to for a part: `full`, `missing ...` or `unknown ...`.
fn compared(id: &str, filters: &[&str]) -> String {
    let given: Vec<Pattern> = filters.iter().map(|filter| parse(filter)).collect();
    match coverage(&part(id), &given) {
        Coverage::Full => "full".to_owned(),
        Coverage::Missing(event) => format!("missing {event}"),
        Coverage::Unknown(reason) => format!("unknown {reason}"),
    }
}

#[test]
fn the_benchmarks_own_filters_match_and_none_matches_another_part() {
    for one in &PARTS {
        assert!(one.required().unknown().is_none(), "{}", one.id);
        assert_eq!(compared(one.id, &[one.filter]), "full", "{}", one.id);
        assert_eq!(
            compared(one.id, &["{ $.eventName = \"*\" }"]),
            "full",
            "{}",
            one.id
        );
        assert_eq!(compared(one.id, &[""]), "full", "{}", one.id);
        for other in PARTS.iter().filter(|other| other.id != one.id) {
            let result = compared(one.id, &[other.filter]);
            assert!(
                result.starts_with("missing"),
                "{} {} {result}",
                one.id,
                other.id
            );
        }
    }
}

#[test]
fn order_quotes_spaces_and_parentheses_have_no_meaning() {
    for filter in [
        r#"{($.eventName=CreateTrail)||($.eventName=UpdateTrail)||($.eventName=DeleteTrail)||($.eventName=StartLogging)||($.eventName=StopLogging)}"#,
        r#"{ $.eventName = "StopLogging" || $.eventName = "StartLogging" || $.eventName = DeleteTrail || $.eventName = UpdateTrail || $.eventName = CreateTrail }"#,
        r#"{ ((($.eventName = "*Trail") || (($.eventName = "*Logging")))) }"#,
        r#"{ ($['eventName'] = "CreateTrail") || ($.['eventName'] = "UpdateTrail") || ($.eventName = "DeleteTrail") || ($.eventName = "StartLogging") || ($.eventName = "StopLogging") }"#,
        "{\n  ($.eventSource = cloudtrail.amazonaws.com)\n  &&\t($.eventName = *Trail || $.eventName = St*Logging)\n}",
        r#"{ ($.eventSource = "cloudtrail.amazonaws.com") && (($.eventName = "CreateTrail") || ($.eventName = "UpdateTrail") || ($.eventName = "DeleteTrail") || ($.eventName = "StartLogging") || ($.eventName = "StopLogging")) }"#,
        // Wider.
        r#"{ $.eventSource = "cloudtrail.amazonaws.com" }"#,
        r#"{ $.eventType = "AwsApiCall" }"#,
        r#"{ $.eventName != "ConsoleLogin" }"#,
        r#"{ $.eventName = %Trail|Logging% }"#,
    ] {
        assert_eq!(
            compared("cloudtrail-changes", &[filter]),
            "full",
            "{filter}"
        );
    }
}

#[test]
fn a_narrower_filter_misses_events_and_the_result_names_one() {
    for (filter, missed) in [
        (
            r#"{($.eventName=CreateTrail)||($.eventName=UpdateTrail)||($.eventName=DeleteTrail)||($.eventName=StartLogging)}"#,
            "eventName = StopLogging",
        ),
        (r#"{ $.eventName = "*Trail" }"#, "eventName = StartLogging"),
        (
            r#"{ ($.eventSource = "cloudtrail.amazonaws.com") && ($.errorCode NOT EXISTS) }"#,
            "eventName = CreateTrail",
        ),
        (
            r#"{ ($.eventSource = "cloudtrail.amazonaws.com") && ($.awsRegion = "eu-west-1") }"#,
            "eventName = CreateTrail",
        ),
        (
            r#"{ $.eventSource = "cloudtrail" }"#,
            "eventName = CreateTrail",
        ),
        (r#"{ $.eventname = "*" }"#, "eventName = CreateTrail"),
        (
            r#"{ $.eventName = "createtrail" }"#,
            "eventName = CreateTrail",
        ),
        (
            "{ $.eventName = %^CreateTrail|^UpdateTrail% }",
            "eventName = DeleteTrail",
        ),
        ("{ $.readOnly IS TRUE }", "eventName = CreateTrail"),
        ("{ $.eventName > 5 }", "eventName = CreateTrail"),
        ("{ $.eventName IS NULL }", "eventName = CreateTrail"),
        ("Trail", "eventName = StartLogging"),
        ("ERROR", "eventName = CreateTrail"),
        ("?ERROR ?WARN", "eventName = CreateTrail"),
    ] {
        let result = compared("cloudtrail-changes", &[filter]);
        assert!(
            result.starts_with("missing") && result.contains(missed),
            "{filter}: {result}"
        );
    }
    assert!(compared("cloudtrail-changes", &[]).starts_with("missing"));
}

#[test]
fn filters_can_share_the_events_of_a_part() {
    let (first, second) = (
        r#"{ $.eventName = "*Trail" }"#,
        r#"{ $.eventName = "*Logging" }"#,
    );
    assert_eq!(compared("cloudtrail-changes", &[first, second]), "full");
    let by_outcome = [
        r#"{ $.eventSource = "cloudtrail.amazonaws.com" && $.errorCode EXISTS }"#,
        r#"{ $.eventSource = "cloudtrail.amazonaws.com" && $.errorCode NOT EXISTS }"#,
    ];
    assert_eq!(compared("cloudtrail-changes", &by_outcome), "full");
    assert_eq!(
        compared("cloudtrail-changes", &["Trail", "Logging"]),
        "full"
    );
}

#[test]
fn unauthorized_calls_may_leave_out_what_the_benchmark_does() {
    let id = "unauthorized-api-calls";
    for filter in [
        r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#,
        r#"{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }"#,
        r#"{ $.errorCode = "AccessDenied*" || $.errorCode = "*Unauthorized*" }"#,
        r#"{ $.errorCode EXISTS }"#,
        r#"{ $.errorCode = "*" }"#,
    ] {
        assert_eq!(compared(id, &[filter]), "full", "{filter}");
    }
    for filter in [
        r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied") }"#,
        r#"{ ($.errorCode = "UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#,
        r#"{ ($.errorCode = "*UnauthorizedOperation") && ($.errorCode = "AccessDenied*") }"#,
        r#"{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.userIdentity.type != "AWSService") }"#,
    ] {
        assert!(compared(id, &[filter]).starts_with("missing"), "{filter}");
    }
}

#[test]
fn both_filters_of_the_benchmark_for_sign_in_pass() {
    let id = "sign-in-without-mfa";
    for filter in [
        r#"{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) }"#,
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }"#,
        r#"{ $.additionalEventData.MFAUsed != "Yes" && $.eventName = "ConsoleLogin" }"#,
        r#"{ $.eventName = "ConsoleLogin" }"#,
    ] {
        assert_eq!(compared(id, &[filter]), "full", "{filter}");
    }
    // An absent field differs from No, or it does not: AWS does not document it.
    let by_value =
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed = "No") }"#;
    assert!(compared(id, &[by_value]).starts_with("missing"));
    let present = r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed EXISTS) }"#;
    assert!(compared(id, &[present]).starts_with("unknown"));
}

#[test]
fn the_root_user_is_matched_with_its_exclusions() {
    let id = "root-usage";
    for filter in [
        r#"{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }"#,
        r#"{ $.eventType != "AwsServiceEvent" && $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }"#,
        r#"{ $.userIdentity.type = "Root" }"#,
        r#"{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy not exists) }"#,
    ] {
        assert_eq!(compared(id, &[filter]), "full", "{filter}");
    }
    for filter in [
        r#"{ $.userIdentity.type = "Root" && $.eventType = "AwsApiCall" }"#,
        r#"{ $.userIdentity.type = "root" }"#,
        r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy EXISTS }"#,
        r#"{ $.userIdentity.type = "Root" && $.eventName = "ConsoleLogin" }"#,
    ] {
        assert!(compared(id, &[filter]).starts_with("missing"), "{filter}");
    }
}

#[test]
fn what_cannot_be_compared_is_unknown_with_its_reason() {
    for (filter, reason) in [
        ("[ip, user, ...]", "space-delimited"),
        ("%Trail%", "regular expression"),
        (r#"{ $.eventName = "CreateTrail" "#, "closing brace"),
        (r#"{ $.eventName ~ "CreateTrail" }"#, "unexpected"),
        (r#"{ ($.eventName = "CreateTrail" }"#, "parenthesis"),
        (r#"{ $.eventName IS NOT NULL }"#, "unexpected"),
        (r#"{ $.eventName = "a }"#, "open quote"),
        (r#"{ $.resources[*].type = "x" }"#, "wildcard in a selector"),
        (r#"{ $.readOnly = false }"#, "does not document"),
        (r#"{ $.errorCode != %x% }"#, "regular expression"),
        (
            r#"{ $.eventSource = "cloudtrail.amazonaws.com" || $.eventName = "x" && $.errorCode EXISTS }"#,
            "parentheses",
        ),
        ("?a b", "optional"),
        ("{ }", "too early"),
        ("{ $.eventName }", "too early"),
        ("{ $. = 5 }", "without a name"),
        ("{ $.eventName > a }", "no number"),
    ] {
        let result = compared("cloudtrail-changes", &[filter]);
        assert!(
            result.starts_with("unknown") && result.contains(reason),
            "{filter}: {result}"
        );
    }
    // What does not matter is not unknown.
    let other = r#"{ $.eventName = "CreateTrail" && $.readOnly = false }"#;
    assert!(compared("cloudtrail-changes", &[other]).starts_with("missing"));
    let all = r#"{ $.eventSource = "cloudtrail.amazonaws.com" || $.readOnly = false }"#;
    assert_eq!(compared("cloudtrail-changes", &[all]), "full");
}

#[test]
fn numbers_are_compared_by_size() {
    let covers = |required: &str, given: &str| coverage(&parse(required), &[parse(given)]);
    assert_eq!(covers("{ $.size > 5 }", "{ $.size >= 5 }"), Coverage::Full);
    assert_eq!(
        covers("{ $.size >= 5 && $.size <= 5 }", "{ $.size = 5.0 }"),
        Coverage::Full
    );
    assert_eq!(
        covers("{ $.size > 5 && $.size < 5 }", "{ $.a = 1 }"),
        Coverage::Full
    );
    assert_eq!(
        covers("{ $.size IS TRUE }", "{ $.size EXISTS }"),
        Coverage::Full
    );
    assert_eq!(
        covers("{ $.size IS NULL }", "{ $.size EXISTS }"),
        Coverage::Full
    );
    let missing = |required, given| matches!(covers(required, given), Coverage::Missing(_));
    assert!(missing("{ $.size >= 5 }", "{ $.size > 5 }"));
    assert!(missing(
        "{ $.size EXISTS }",
        "{ $.size > 5 || $.size <= 5 }"
    ));
}
