//! The member role is in the central template twice: for the stack set, and for the management
//! account. Both are the one of `stacksets/member-role.yaml`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{CENTRAL, MEMBER, parsed, text};

/// What stands for the parameter `CentralRoleArn` where the central role is at hand.
fn here(mut role: Value) -> Value {
    replace(
        &mut role,
        &json!({"Ref": "CentralRoleArn"}),
        &json!({"Fn::GetAtt": ["CentralRole", "Arn"]}),
    );
    let trust = &mut role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"];
    *trust = json!({"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"});
    role
}

fn replace(value: &mut Value, old: &Value, new: &Value) {
    if value == old {
        *value = new.clone();
        return;
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|one| replace(one, old, new)),
        Value::Array(items) => items.iter_mut().for_each(|one| replace(one, old, new)),
        _ => {}
    }
}

#[test]
fn the_stack_set_contains_the_file_verbatim() {
    let central = parsed(CENTRAL);
    let body = &central["Resources"]["MemberRoleStackSet"]["Properties"]["TemplateBody"];
    assert_eq!(body.as_str().unwrap(), text(MEMBER));
}

#[test]
fn the_stack_set_sets_every_parameter_and_the_central_stack_has_the_same() {
    let (central, member) = (parsed(CENTRAL), parsed(MEMBER));
    let parameters = member["Parameters"].as_object().unwrap();
    let given = central["Resources"]["MemberRoleStackSet"]["Properties"]["Parameters"]
        .as_array()
        .unwrap();
    let given: BTreeSet<_> = given
        .iter()
        .map(|one| one["ParameterKey"].as_str().unwrap())
        .collect();
    assert_eq!(given, parameters.keys().map(String::as_str).collect());
    for (name, parameter) in parameters {
        if name != "CentralRoleArn" {
            assert_eq!(central["Parameters"][name], *parameter, "{name}");
        }
    }
}

#[test]
fn the_management_account_has_the_same_role() {
    let (central, member) = (parsed(CENTRAL), parsed(MEMBER));
    let role = &central["Resources"]["MemberRole"];
    assert_eq!(role["Condition"], "HasOwnMemberRole");
    let both = json!([{"Condition": "IsManagementAccount"}, {"Condition": "HasMemberRoles"}]);
    assert_eq!(
        central["Conditions"]["HasOwnMemberRole"],
        json!({"Fn::And": both})
    );
    let properties = member["Resources"]["MemberRole"]["Properties"].clone();
    assert_eq!(role["Properties"], here(properties));
}

#[test]
fn the_stack_set_is_what_an_organization_needs() {
    let set = parsed(CENTRAL)["Resources"]["MemberRoleStackSet"]["Properties"].clone();
    assert_eq!(set["PermissionModel"], "SERVICE_MANAGED");
    assert_eq!(set["AutoDeployment"]["Enabled"], true);
    assert_eq!(set["CallAs"], json!({"Ref": "CallAs"}));
    assert_eq!(
        set["OperationPreferences"]["ConcurrencyMode"],
        "SOFT_FAILURE_TOLERANCE"
    );
    let group = &set["StackInstancesGroup"][0];
    assert_eq!(group["Regions"], json!([{"Ref": "AWS::Region"}]));
    // CloudFormation takes at most this from a StackSet's TemplateBody.
    assert!(set["TemplateBody"].as_str().unwrap().len() <= 51_200);
}
