//! The events that the CIS benchmark has monitored: its fifteen metric filters, as facts.

use super::{Pattern, parse};

/// A kind of event that the benchmark has monitored, by a control of its own.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name in findings: `iam-policy-changes`. Never changed.
    pub id: &'static str,
    /// The events in a few words, for messages.
    pub title: &'static str,
    /// The control in version 7.0 of the benchmark. In 5.0, it is the same with 4 instead of 5.
    pub control: &'static str,
    /// The filter of the benchmark.
    pub filter: &'static str,
    /// What is always true of these events, or what the benchmark allows a filter to add.
    also: &'static str,
    /// Where the events occur.
    pub regions: EventRegions,
}

/// The Regions that events occur in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventRegions {
    /// Every Region.
    All,
    /// The Region of IAM.
    Iam,
    /// The Region of Organizations.
    Organizations,
}

const API: &str = r#"{ $.eventType = "AwsApiCall" }"#;
const SIGN_IN: &str =
    r#"{ $.eventSource = "signin.amazonaws.com" && $.eventType = "AwsConsoleSignIn" }"#;
const EC2: &str = r#"{ $.eventSource = "ec2.amazonaws.com" && $.eventType = "AwsApiCall" }"#;

const fn part(
    id: &'static str,
    title: &'static str,
    control: &'static str,
    also: &'static str,
    filter: &'static str,
) -> Part {
    Part {
        id,
        title,
        control,
        filter,
        also,
        regions: EventRegions::All,
    }
}

/// All parts, in the order of the benchmark.
///
/// Sources: CIS Amazon Web Services Foundations Benchmark, and for most filters
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html>
#[rustfmt::skip]
pub static PARTS: [Part; 15] = [
    // The exclusions are those of the benchmark. It writes them without parentheses.
    part("unauthorized-api-calls", "unauthorized API calls", "5.1", API,
        r#"{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }"#),
    // With single sign-on, the benchmark allows a filter for successful sign-ins of IAM users.
    part("sign-in-without-mfa", "console sign-in without MFA", "5.2",
        r#"{ $.eventSource = "signin.amazonaws.com" && $.eventType = "AwsConsoleSignIn" && $.userIdentity.type = "IAMUser" && $.responseElements.ConsoleLogin = "Success" }"#,
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }"#),
    part("root-usage", "usage of the root user", "5.3",
        r#"{ $.eventType != "AwsCloudTrailInsight" }"#,
        r#"{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }"#),
    Part { regions: EventRegions::Iam, ..part("iam-policy-changes", "IAM policy changes", "5.4",
        r#"{ $.eventSource = "iam.amazonaws.com" && $.eventType = "AwsApiCall" }"#,
        r#"{ ($.eventName = "DeleteGroupPolicy") || ($.eventName = "DeleteRolePolicy") || ($.eventName = "DeleteUserPolicy") || ($.eventName = "PutGroupPolicy") || ($.eventName = "PutRolePolicy") || ($.eventName = "PutUserPolicy") || ($.eventName = "CreatePolicy") || ($.eventName = "DeletePolicy") || ($.eventName = "CreatePolicyVersion") || ($.eventName = "DeletePolicyVersion") || ($.eventName = "AttachRolePolicy") || ($.eventName = "DetachRolePolicy") || ($.eventName = "AttachUserPolicy") || ($.eventName = "DetachUserPolicy") || ($.eventName = "AttachGroupPolicy") || ($.eventName = "DetachGroupPolicy") }"#) },
    part("cloudtrail-changes", "CloudTrail configuration changes", "5.5",
        r#"{ $.eventSource = "cloudtrail.amazonaws.com" && $.eventType = "AwsApiCall" }"#,
        r#"{ ($.eventName = "CreateTrail") || ($.eventName = "UpdateTrail") || ($.eventName = "DeleteTrail") || ($.eventName = "StartLogging") || ($.eventName = "StopLogging") }"#),
    part("console-authentication-failures", "console authentication failures", "5.6", SIGN_IN,
        r#"{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }"#),
    part("kms-key-deletion", "disabling or scheduled deletion of customer managed keys", "5.7", API,
        r#"{ ($.eventSource = "kms.amazonaws.com") && (($.eventName = "DisableKey") || ($.eventName = "ScheduleKeyDeletion")) }"#),
    part("s3-bucket-policy-changes", "S3 bucket policy changes", "5.8", API,
        r#"{ ($.eventSource = "s3.amazonaws.com") && (($.eventName = "PutBucketAcl") || ($.eventName = "PutBucketPolicy") || ($.eventName = "PutBucketCors") || ($.eventName = "PutBucketLifecycle") || ($.eventName = "PutBucketReplication") || ($.eventName = "DeleteBucketPolicy") || ($.eventName = "DeleteBucketCors") || ($.eventName = "DeleteBucketLifecycle") || ($.eventName = "DeleteBucketReplication")) }"#),
    part("config-changes", "AWS Config configuration changes", "5.9", API,
        r#"{ ($.eventSource = "config.amazonaws.com") && (($.eventName = "StopConfigurationRecorder") || ($.eventName = "DeleteDeliveryChannel") || ($.eventName = "PutDeliveryChannel") || ($.eventName = "PutConfigurationRecorder")) }"#),
    part("security-group-changes", "security group changes", "5.10", EC2,
        r#"{ ($.eventName = "AuthorizeSecurityGroupIngress") || ($.eventName = "AuthorizeSecurityGroupEgress") || ($.eventName = "RevokeSecurityGroupIngress") || ($.eventName = "RevokeSecurityGroupEgress") || ($.eventName = "CreateSecurityGroup") || ($.eventName = "DeleteSecurityGroup") || ($.eventName = "ModifySecurityGroupRules") }"#),
    part("network-acl-changes", "network ACL changes", "5.11", EC2,
        r#"{ ($.eventName = "CreateNetworkAcl") || ($.eventName = "CreateNetworkAclEntry") || ($.eventName = "DeleteNetworkAcl") || ($.eventName = "DeleteNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclAssociation") }"#),
    part("network-gateway-changes", "network gateway changes", "5.12", EC2,
        r#"{ ($.eventName = "CreateCustomerGateway") || ($.eventName = "DeleteCustomerGateway") || ($.eventName = "AttachInternetGateway") || ($.eventName = "CreateInternetGateway") || ($.eventName = "DeleteInternetGateway") || ($.eventName = "DetachInternetGateway") }"#),
    part("route-table-changes", "route table changes", "5.13", EC2,
        r#"{ ($.eventName = "CreateRoute") || ($.eventName = "CreateRouteTable") || ($.eventName = "ReplaceRoute") || ($.eventName = "ReplaceRouteTableAssociation") || ($.eventName = "DeleteRouteTable") || ($.eventName = "DeleteRoute") || ($.eventName = "DisassociateRouteTable") }"#),
    part("vpc-changes", "VPC changes", "5.14", EC2,
        r#"{ ($.eventName = "CreateVpc") || ($.eventName = "DeleteVpc") || ($.eventName = "ModifyVpcAttribute") || ($.eventName = "AcceptVpcPeeringConnection") || ($.eventName = "CreateVpcPeeringConnection") || ($.eventName = "DeleteVpcPeeringConnection") || ($.eventName = "RejectVpcPeeringConnection") || ($.eventName = "AttachClassicLinkVpc") || ($.eventName = "DetachClassicLinkVpc") || ($.eventName = "DisableVpcClassicLink") || ($.eventName = "EnableVpcClassicLink") }"#),
    Part { regions: EventRegions::Organizations, ..part("organizations-changes", "AWS Organizations changes", "5.15", API,
        r#"{ ($.eventSource = "organizations.amazonaws.com") && (($.eventName = "AcceptHandshake") || ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") || ($.eventName = "UpdateOrganizationalUnit")) }"#) },
];

impl Part {
    /// The part with this name.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PARTS.iter().find(|part| part.id == id)
    }

    /// The events that a filter has to match.
    pub fn required(&self) -> Pattern {
        Pattern::All(vec![parse(self.also), parse(self.filter)])
    }
}
