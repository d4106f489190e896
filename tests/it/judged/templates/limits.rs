//! AWS's limits, for the longest values that the template's parameters take.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use super::{CENTRAL, parsed, text};

/// The longest name of a stack for which all names that are made of it fit. `infra/deploy.sh` refuses longer ones.
const STACK_NAME: usize = 50;

/// Longer than any ARN or name of a resource of the stack.
const RESOURCE: usize = 130;

struct LongestValue<'a>(&'a Value);

impl LongestValue<'_> {
    /// How many characters a value has at most.
    fn of(&self, value: &Value) -> usize {
        match value {
            Value::Null => 0,
            Value::Bool(_) => 5,
            Value::Number(number) => number.to_string().len(),
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(|one| self.of(one) + 1).sum(),
            Value::Object(fields) => {
                let (name, argument) = fields.iter().next().unwrap();
                match (name.as_str(), fields.len()) {
                    ("Ref", 1) => self.named(argument.as_str().unwrap()),
                    ("Fn::GetAtt", 1) => RESOURCE,
                    ("Fn::If", 1) => self.of(&argument[1]).max(self.of(&argument[2])),
                    ("Fn::FindInMap", 1) => {
                        let map = self.0["Mappings"][argument[0].as_str().unwrap()].as_object();
                        let values = map.unwrap().values();
                        let named = values.map(|one| self.of(&one[argument[2].as_str().unwrap()]));
                        named.max().unwrap()
                    }
                    // Quotes and a comma for each item, and none is shorter than thirty characters.
                    ("Fn::Split", 1) => self.of(&argument[1]) * 11 / 10,
                    ("Fn::Join", 1) => self.of(&argument[1]),
                    ("Fn::Sub", 1) => self.substituted(argument),
                    // With quotes, a colon and a comma.
                    _ => fields
                        .iter()
                        .map(|(key, one)| key.len() + self.of(one) + 6)
                        .sum(),
                }
            }
        }
    }

    fn substituted(&self, argument: &Value) -> usize {
        let own = &argument[1];
        let text = argument.as_str().or(argument[0].as_str()).unwrap();
        let variable = Regex::new(r"\$\{([^!}]+)\}").unwrap();
        let rest = variable.replace_all(text, "").len();
        let variables = variable
            .captures_iter(text)
            .map(|found| match &own[&found[1]] {
                Value::Null => self.named(&found[1]),
                value => self.of(value),
            });
        rest + variables.sum::<usize>()
    }

    fn named(&self, name: &str) -> usize {
        match name {
            "AWS::NoValue" => 0,
            "AWS::StackName" => STACK_NAME,
            "AWS::AccountId" => 12,
            "AWS::Partition" => "aws-us-gov".len(),
            "AWS::Region" => "ap-northeast-1".len(),
            "AWS::URLSuffix" => "amazonaws.com.cn".len(),
            _ => match &self.0["Parameters"][name] {
                Value::Null => RESOURCE,
                parameter => longest(name, parameter),
            },
        }
    }
}

fn longest(name: &str, parameter: &Value) -> usize {
    let number = |key: &str| parameter[key].as_u64();
    if let Some(values) = parameter["AllowedValues"].as_array() {
        return values
            .iter()
            .map(|one| one.to_string().len())
            .max()
            .unwrap();
    }
    if name == "OrganizationId" {
        return 34;
    }
    match (number("MaxLength"), number("MaxValue")) {
        (Some(most), _) => usize::try_from(most).unwrap(),
        (None, Some(most)) => most.to_string().len(),
        (None, None) => panic!("{name} has no MaxLength"),
    }
}

#[test]
fn the_functions_environment_has_room_for_the_longest_values() {
    let template = parsed(CENTRAL);
    let variables = &template["Resources"]["Function"]["Properties"]["Environment"]["Variables"];
    let longest = LongestValue(&template).of(variables);
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    assert!(longest <= 4_096, "{longest}");
}

#[test]
fn the_roles_policies_have_room_for_the_longest_values() {
    let template = parsed(CENTRAL);
    for role in [
        "CentralRole",
        "StateMachineRole",
        "ScheduleRole",
        "MemberRole",
    ] {
        let policies = &template["Resources"][role]["Properties"]["Policies"];
        let longest = LongestValue(&template).of(policies);
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        assert!(longest <= 10_240, "{role}: {longest}");
    }
}

/// Whether a parameter takes this value: its pattern, which is of the whole value, and its length.
fn takes(parameter: &Value, value: &str) -> bool {
    let pattern = parameter["AllowedPattern"].as_str().unwrap_or(".*");
    let pattern = Regex::new(&format!("^(?:{pattern})$")).unwrap();
    let most = parameter["MaxLength"].as_u64().unwrap_or(4_096);
    pattern.is_match(value) && value.len() as u64 <= most
}

#[test]
fn fifty_ous_are_taken_and_one_more_is_not() {
    let parameter = parsed(CENTRAL)["Parameters"]["TargetOrganizationalUnits"].clone();
    let ous = |count: usize| {
        let ids: Vec<_> = (0..count).map(|n| format!("ou-a1b2-c3d4e{n:03}")).collect();
        ids.join(",")
    };
    let taken = ["", "r-a1b2", &ous(1), &ous(50)];
    assert!(taken.iter().all(|value| takes(&parameter, value)));
    let refused = [&ous(51), "r-a1b2,", "r-a1b2, r-a1b2", "Workloads"];
    assert!(refused.iter().all(|value| !takes(&parameter, value)));
    let message = parameter["ConstraintDescription"].as_str().unwrap();
    assert!(
        message.contains("50 at most") && message.contains("a parent OU"),
        "{message}"
    );
}

#[test]
fn a_list_that_is_too_long_is_refused_with_the_way_to_the_configuration_file() {
    let template = parsed(CENTRAL);
    let lists = [
        ("Ous", "accounts.include.ous"),
        ("ExcludeOus", "accounts.exclude.ous"),
        ("ExcludeAccounts", "accounts.exclude.ids"),
        ("Regions", "regions.include"),
        ("ExcludeRegions", "regions.exclude"),
        ("Checks", "checks.include"),
        ("ExcludeChecks", "checks.exclude"),
    ];
    let fields = text("docs/configuration.md");
    for (name, field) in lists {
        let parameter = &template["Parameters"][name];
        assert!(!takes(parameter, &"1".repeat(201)), "{name}");
        for message in ["Description", "ConstraintDescription"] {
            let message = parameter[message].as_str().unwrap();
            assert!(
                message.contains(field) && message.contains("configuration file"),
                "{message}"
            );
        }
        assert!(fields.contains(&format!("`{field}`")), "{field}");
    }
}

/// Names of resources, by type: the property that has it, and how long it may be by AWS's own schema.
const NAMES: &[(&str, &str, usize)] = &[
    ("AWS::CloudFormation::StackSet", "StackSetName", 128),
    ("AWS::CloudWatch::Alarm", "AlarmName", 255),
    ("AWS::CloudWatch::Dashboard", "DashboardName", 255),
    ("AWS::Events::Rule", "Name", 64),
    ("AWS::Glue::Database", "DatabaseInput", 255),
    ("AWS::IAM::Role", "RoleName", 64),
    ("AWS::KMS::Alias", "AliasName", 256),
    ("AWS::Lambda::Function", "FunctionName", 64),
    ("AWS::Logs::LogGroup", "LogGroupName", 512),
    ("AWS::Scheduler::Schedule", "Name", 64),
    ("AWS::Scheduler::ScheduleGroup", "Name", 64),
    ("AWS::StepFunctions::StateMachine", "StateMachineName", 80),
];

/// Parameters that a second stack of an account has to give, since people and other accounts know these names.
const PASSED: &[&str] = &["CentralRoleName", "MemberRoleName", "MetricsNamespace"];

#[test]
fn names_are_of_the_stack_or_of_a_parameter_and_within_limits() {
    let template = parsed(CENTRAL);
    let mut used = BTreeMap::new();
    for (name, resource) in template["Resources"].as_object().unwrap() {
        let kind = resource["Type"].as_str().unwrap();
        let Some((_, property, most)) = NAMES.iter().find(|(known, ..)| *known == kind) else {
            // Of these CloudFormation makes the names, or they are inside another resource.
            assert!(resource["Properties"]["Name"].is_null(), "{name}");
            continue;
        };
        let mut value = &resource["Properties"][*property];
        if let Some(inner) = value.get("Name") {
            value = inner;
        }
        if value.is_null() {
            continue;
        }
        let text = value.to_string();
        let of_parameter = PASSED.iter().any(|one| text.contains(one));
        assert!(
            text.contains("AWS::StackName") || of_parameter,
            "{name}: {text}"
        );
        assert!(LongestValue(&template).of(value) <= *most, "{name}");
        used.insert(kind, ());
    }
    assert_eq!(used.len(), NAMES.len());
    let deployment = text("docs/deployment.md");
    let (_, second) = deployment.split_once("### A second stack").unwrap();
    let (second, _) = second.split_once("\n#").unwrap();
    for parameter in PASSED {
        assert!(second.contains(&format!("{parameter}=")), "{parameter}");
    }
}
