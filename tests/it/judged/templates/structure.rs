//! What the central stack is made of, whatever its parameters are.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;
use serde_json::{Value, json};

use super::chosen::{ConfiguredTemplate, referred};
use super::{CENTRAL, at, parsed, text, with_key};

/// Parameters that add all that can be added, except the mode.
const EVERYTHING: &[(&str, &str)] = &[
    ("AlertEmail", "a@example.com"),
    ("AthenaTables", "on"),
    ("SecurityLake", "on"),
    ("ReportAccess", "organization"),
    ("ReportEncryption", "aws:kms"),
    ("ReportLock", "compliance"),
    ("TargetOrganizationalUnits", "r-a1b2"),
];

const SINGLE: (&str, &str) = ("Mode", "single");
const DISTRIBUTED: (&str, &str) = ("Mode", "distributed");

/// All resources that have to be there before a resource.
fn before(resources: &BTreeMap<String, Value>, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![name.to_owned()];
    while let Some(one) = left.pop() {
        for other in referred(&resources[&one]) {
            if resources.contains_key(&other) && found.insert(other.clone()) {
                left.push(other);
            }
        }
    }
    found
}

#[test]
fn the_stack_set_comes_after_everything_else() {
    let template = parsed(CENTRAL);
    let nothing = [
        ("TargetOrganizationalUnits", "r-a1b2"),
        ("SignReports", "off"),
        ("ThresholdAlarm", "off"),
    ];
    let delegated = ("CallAs", "DELEGATED_ADMIN");
    for parameters in [
        [EVERYTHING, &[SINGLE]].concat(),
        [EVERYTHING, &[DISTRIBUTED]].concat(),
        [&nothing[..], &[SINGLE, delegated]].concat(),
        [&nothing[..], &[DISTRIBUTED, delegated]].concat(),
    ] {
        let resources = ConfiguredTemplate::of(&template, &parameters).resources();
        let before = before(&resources, "MemberRoleStackSet");
        let others = resources
            .keys()
            .filter(|name| *name != "MemberRoleStackSet");
        let missing: Vec<_> = others.filter(|name| !before.contains(*name)).collect();
        assert!(missing.is_empty(), "{parameters:?}: {missing:?}");
        for name in [
            "Function",
            "DailyScan",
            "WeeklyReport",
            "CentralRole",
            "ReportBucketPolicy",
        ] {
            assert!(before.contains(name), "{name}");
        }
    }
}

#[test]
fn a_dependency_on_a_resource_with_a_condition_is_no_dependson() {
    // CloudFormation refuses a name in DependsOn that its conditions take away.
    let template = parsed(CENTRAL);
    for (name, resource) in template["Resources"].as_object().unwrap() {
        for other in resource["DependsOn"].as_array().into_iter().flatten() {
            let other = &template["Resources"][other.as_str().unwrap()];
            assert!(other["Condition"].is_null() && other.is_object(), "{name}");
        }
    }
}

#[test]
fn only_a_distributed_run_reserves_invocations_and_only_where_configured() {
    let template = parsed(CENTRAL);
    let reserved = |parameters: &[(&str, &str)]| {
        let resources = ConfiguredTemplate::of(&template, parameters).resources();
        resources["Function"]["Properties"]["ReservedConcurrentExecutions"].clone()
    };
    assert_eq!(reserved(&[]), Value::Null);
    assert_eq!(
        reserved(&[SINGLE, ("ReservedConcurrency", "60")]),
        Value::Null
    );
    assert_eq!(reserved(&[DISTRIBUTED]), Value::Null);
    assert_eq!(
        reserved(&[DISTRIBUTED, ("ReservedConcurrency", "0")]),
        Value::Null
    );
    assert_eq!(
        reserved(&[DISTRIBUTED, ("ReservedConcurrency", "60")]),
        "60"
    );
}

#[test]
fn without_a_stack_set_no_member_role_is_created_or_mentioned() {
    let template = parsed(CENTRAL);
    let resources =
        ConfiguredTemplate::of(&template, &[("MemberRoleDeployment", "none")]).resources();
    assert!(!resources.contains_key("MemberRoleStackSet") && !resources.contains_key("MemberRole"));
    let variables = &resources["Function"]["Properties"]["Environment"]["Variables"];
    assert_eq!(variables["ORGSCAN_STACK_SET"], "");
    let role = resources["CentralRole"].to_string();
    assert!(!role.contains("cloudformation:"), "{role}");
    let rule = &template["Rules"]["StackSetHasTargets"];
    assert_eq!(
        rule["RuleCondition"],
        json!({"Fn::Equals": [{"Ref": "MemberRoleDeployment"}, "stackset"]})
    );
}

#[test]
fn excluded_accounts_get_no_member_role() {
    let template = parsed(CENTRAL);
    let targets = |parameters: &[(&str, &str)]| {
        let resources = ConfiguredTemplate::of(&template, parameters).resources();
        resources["MemberRoleStackSet"]["Properties"]["StackInstancesGroup"][0]["DeploymentTargets"]
            .clone()
    };
    let ous = (
        "TargetOrganizationalUnits",
        "ou-a1b2-c3d4e5f6,ou-a1b2-c3d4e5f7",
    );
    let listed = json!(["ou-a1b2-c3d4e5f6", "ou-a1b2-c3d4e5f7"]);
    assert_eq!(targets(&[ous]), json!({"OrganizationalUnitIds": listed}));
    let excluded = ("MemberRoleExcludeAccounts", "111122223333,444455556666");
    assert_eq!(
        targets(&[ous, excluded]),
        json!({
            "OrganizationalUnitIds": listed,
            "AccountFilterType": "DIFFERENCE",
            "Accounts": ["111122223333", "444455556666"],
        })
    );
}

/// The bucket's lifecycle rules.
fn lifecycle(template: &Value) -> Vec<Value> {
    let bucket = &template["Resources"]["ReportBucket"]["Properties"];
    let rules = &bucket["LifecycleConfiguration"]["Rules"];
    rules.as_array().unwrap().clone()
}

/// Keys that the documentation has people put into the report bucket.
fn keys_of_people() -> BTreeSet<String> {
    let mut keys = BTreeSet::from(["exceptions.yaml".to_owned(), "config/any.yaml".to_owned()]);
    let put = Regex::new(
        r"(?:aws s3 cp [^-\s]\S* |(?:ConfigLocation|ExceptionsLocation)=)s3://BUCKET/([A-Za-z0-9._/-]+)",
    )
    .unwrap();
    for entry in std::fs::read_dir(at("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "md") {
            let document = std::fs::read_to_string(path).unwrap();
            keys.extend(
                put.captures_iter(&document)
                    .map(|found| found[1].to_owned()),
            );
        }
    }
    keys
}

#[test]
fn every_lifecycle_rule_has_a_prefix_and_none_is_of_what_people_put_into_the_bucket() {
    let template = parsed(CENTRAL);
    let keys = keys_of_people();
    assert!(keys.contains("config/orgscan.yaml"), "{keys:?}");
    let rules = lifecycle(&template);
    for rule in &rules {
        let prefix = rule["Prefix"].as_str().unwrap_or_default();
        assert!(prefix.len() > 1 && prefix.ends_with('/'), "{rule}");
        let of_people = keys.iter().find(|key| key.starts_with(prefix));
        assert_eq!(of_people, None, "{rule}");
    }
    let expiring: BTreeSet<_> = rules
        .iter()
        .filter(|rule| !rule["ExpirationInDays"].is_null())
        .map(|rule| rule["Prefix"].as_str().unwrap())
        .collect();
    let prefixes = ["accounts/", "daily/", "ext/", "runs/", "tables/", "weekly/"];
    assert_eq!(expiring, prefixes.into());
}

#[test]
fn everything_the_function_writes_has_a_lifecycle_rule() {
    let template = parsed(CENTRAL);
    let policies = &template["Resources"]["CentralRole"]["Properties"]["Policies"];
    let written = with_key(policies, "Sid").into_iter();
    let written = written.filter(|one| one["Action"] == "s3:PutObject");
    let written: String = written.map(|one| one["Resource"].to_string()).collect();
    let written = Regex::new(r"\$\{ReportBucket.Arn\}/([a-z]+/)")
        .unwrap()
        .captures_iter(&written)
        .map(|found| found[1].to_owned())
        .collect::<BTreeSet<_>>();
    let rules = lifecycle(&template).into_iter();
    let prefixes: BTreeSet<_> = rules
        .map(|rule| rule["Prefix"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(written, prefixes);
}

#[test]
fn no_statement_locks_this_account_out_of_its_own_resources() {
    let template = parsed(CENTRAL);
    let parameters = [EVERYTHING, &[DISTRIBUTED]].concat();
    let resources = ConfiguredTemplate::of(&template, &parameters).resources();
    let own = json!({"Ref": "AWS::AccountId"});
    let mut of_organization = 0;
    for (name, resource) in &resources {
        for key in ["PolicyDocument", "KeyPolicy"] {
            let statements = with_key(&resource["Properties"][key], "Effect").into_iter();
            for statement in statements.filter(|one| one["Effect"] == "Deny") {
                let condition = &statement["Condition"];
                let of_transport = !condition["Bool"]["aws:SecureTransport"].is_null()
                    || !condition["NumericLessThan"]["s3:TlsVersion"].is_null();
                let spares_own = condition["StringNotEquals"]["aws:PrincipalAccount"] == own;
                of_organization += u32::from(spares_own);
                assert!(of_transport || spares_own, "{name}: {statement}");
            }
        }
    }
    assert_eq!(of_organization, 1);
}

/// Whether an alarm that is raised ends without a person at CloudWatch: where data is missing it ends, or the next run
/// sends the number that it watches.
#[test]
fn an_alarm_that_is_raised_can_end() {
    let template = parsed(CENTRAL);
    for mode in [SINGLE, DISTRIBUTED] {
        let resources =
            ConfiguredTemplate::of(&template, &[EVERYTHING, &[mode]].concat()).resources();
        let alarms = resources
            .values()
            .filter(|one| one["Type"] == "AWS::CloudWatch::Alarm");
        for alarm in alarms.map(|one| &one["Properties"]) {
            let namespaces = with_key(alarm, "Namespace").into_iter();
            let own = namespaces
                .map(|one| &one["Namespace"])
                .all(|one| one == "OrgScan");
            let missing = alarm["TreatMissingData"].as_str().unwrap();
            // That each run sends these, `settings` tests.
            let ends = missing == "notBreaching" || own;
            assert!(ends, "{alarm}");
        }
    }
}

#[test]
fn an_execution_that_fails_goes_to_the_failure_queue_and_a_child_does_not() {
    let template = parsed(CENTRAL);
    let rule = &template["Resources"]["FailedExecutions"]["Properties"];
    let detail = &rule["EventPattern"]["detail"];
    assert_eq!(detail["status"], json!(["ABORTED", "FAILED", "TIMED_OUT"]));
    let prefix = detail["executionArn"][0]["prefix"]["Fn::Sub"]
        .as_str()
        .unwrap();
    let machine =
        template["Resources"]["StateMachine"]["Properties"]["StateMachineName"]["Fn::Sub"].as_str();
    // A child is NAME/ScanBatches:…
    assert!(
        prefix.ends_with(&format!(":execution:{}:", machine.unwrap())),
        "{prefix}"
    );
    assert_eq!(
        rule["Targets"][0]["Arn"],
        json!({"Fn::GetAtt": ["FailureQueue", "Arn"]})
    );
    let policy = with_key(&template["Resources"]["FailureQueuePolicy"], "Sid").into_iter();
    let mut from_rule = policy.filter(|one| one["Principal"]["Service"] == "events.amazonaws.com");
    let condition = &from_rule.next().unwrap()["Condition"]["ArnEquals"]["aws:SourceArn"];
    assert_eq!(
        *condition,
        json!({"Fn::GetAtt": ["FailedExecutions", "Arn"]})
    );
    assert!(text("docs/deployment.md").contains("Step Functions Execution Status Change"));
}
