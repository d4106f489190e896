//! Keys of conditions: which values a request of the public can have.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>,
//! <https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html>, and the service authorization
//! reference of each service.

use crate::policy::principal::Caller;

/// What identifies an account, an organization, a network or a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    Account,
    Organization,
    /// `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`
    OrganizationPath,
    /// The ARN of a user, role or account.
    PrincipalArn,
    /// Of any resource.
    Arn,
    /// The unique ID of a principal: of a user, of a role with its session, of an account.
    UserId,
    Vpc,
    VpcEndpoint,
}

/// The values of a key in requests of the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// Of the caller: one that the policy does not name.
    Caller(Identity),
    /// Of the network, if the request comes through a VPC endpoint: one that the policy does not name.
    Network(Identity),
    /// Of the resource that the caller uses: absent, or one that the policy does not name.
    Source(Identity),
    /// The public address of the caller, if the request comes from the internet.
    Address,
    /// What the caller chooses. `optional`: it can be absent.
    Free { optional: bool },
    /// These values only; an empty one is absence.
    Only(&'static [&'static str]),
    /// The resource's account.
    OwnAccount,
    /// The resource's organization, whose ID is not known.
    OwnOrganization,
    /// Not known: the state of the resource, or the key itself.
    Unknown,
}

impl Domain {
    /// Of a key in lower case.
    pub(super) fn of(key: &str) -> Self {
        let exact = EXACT.iter().find(|(name, _)| *name == key);
        if let Some((_, domain)) = exact {
            return *domain;
        }
        let prefixed = PREFIXED.iter().find(|(name, _)| key.starts_with(name));
        prefixed.map_or(Self::Unknown, |(_, domain)| *domain)
    }
}

/// Whether requests can have several values for the key.
pub(super) fn is_multivalued(key: &str) -> bool {
    matches!(
        key,
        "aws:tagkeys"
            | "aws:calledvia"
            | "aws:principalorgpaths"
            | "aws:principalservicenameslist"
            | "aws:vpceorgpaths"
            | "aws:sourceorgpaths"
            | "kms:encryptioncontextkeys"
    )
}

/// Whether the key is there at all for a caller.
pub(super) fn is_always_there(key: &str, caller: Caller) -> bool {
    let is_of_account = matches!(
        key,
        "aws:principalaccount" | "aws:principalarn" | "aws:userid" | "kms:calleraccount"
    );
    caller == Caller::Account && is_of_account
}

/// For requests without a signature, the documented value of a key of the caller.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
pub(super) fn of_anonymous(key: &str) -> Option<&'static str> {
    match key {
        "aws:userid" => Some("anonymous"),
        "aws:principaltype" => Some("Anonymous"),
        _ => None,
    }
}

const ANY: Domain = Domain::Free { optional: true };
const ALWAYS: Domain = Domain::Free { optional: false };

const EXACT: &[(&str, Domain)] = &[
    // Who calls.
    ("aws:principalaccount", Domain::Caller(Identity::Account)),
    ("aws:principalarn", Domain::Caller(Identity::PrincipalArn)),
    ("aws:principalorgid", Domain::Caller(Identity::Organization)),
    (
        "aws:principalorgpaths",
        Domain::Caller(Identity::OrganizationPath),
    ),
    ("aws:userid", Domain::Caller(Identity::UserId)),
    ("kms:calleraccount", Domain::Caller(Identity::Account)),
    // Service principals are no public.
    ("aws:principalisawsservice", Domain::Only(&["false"])),
    ("aws:principalservicename", Domain::Only(&[""])),
    ("aws:principalservicenameslist", Domain::Only(&[""])),
    (
        "aws:principaltype",
        Domain::Only(&["Account", "User", "FederatedUser", "AssumedRole"]),
    ),
    // Everyone with an account can choose them: names and tags of principals, and how they signed in.
    ("aws:username", ANY),
    ("aws:sourceidentity", ANY),
    ("aws:federatedprovider", ANY),
    ("aws:tokenissuetime", ANY),
    ("aws:multifactorauthage", ANY),
    (
        "aws:multifactorauthpresent",
        Domain::Only(&["", "false", "true"]),
    ),
    ("sts:externalid", ANY),
    ("sts:rolesessionname", ANY),
    ("sts:sourceidentity", ANY),
    ("sts:transitivetagkeys", ANY),
    // From where.
    ("aws:sourceip", Domain::Address),
    ("aws:sourcevpc", Domain::Network(Identity::Vpc)),
    ("aws:sourcevpcarn", Domain::Network(Identity::Arn)),
    ("aws:sourcevpce", Domain::Network(Identity::VpcEndpoint)),
    ("aws:vpceaccount", Domain::Network(Identity::Account)),
    ("aws:vpceorgid", Domain::Network(Identity::Organization)),
    (
        "aws:vpceorgpaths",
        Domain::Network(Identity::OrganizationPath),
    ),
    // Everybody can use any private address in a VPC.
    ("aws:vpcsourceip", ANY),
    ("aws:ec2instancesourceprivateipv4", ANY),
    ("aws:ec2instancesourcevpc", Domain::Source(Identity::Vpc)),
    (
        "elasticfilesystem:accessedviamounttarget",
        Domain::Only(&["", "false"]),
    ),
    // For which resource of the caller.
    ("aws:sourceaccount", Domain::Source(Identity::Account)),
    ("aws:sourceowner", Domain::Source(Identity::Account)),
    ("aws:sourcearn", Domain::Source(Identity::Arn)),
    ("aws:sourceorgid", Domain::Source(Identity::Organization)),
    (
        "aws:sourceorgpaths",
        Domain::Source(Identity::OrganizationPath),
    ),
    ("lambda:sourcefunctionarn", Domain::Source(Identity::Arn)),
    ("ec2:sourceinstancearn", Domain::Source(Identity::Arn)),
    ("s3:dataaccesspointarn", Domain::Source(Identity::Arn)),
    (
        "s3:dataaccesspointaccount",
        Domain::Source(Identity::Account),
    ),
    // The resource: no caller is excluded by them.
    ("aws:resourceaccount", Domain::OwnAccount),
    ("s3:resourceaccount", Domain::OwnAccount),
    ("aws:resourceorgid", Domain::OwnOrganization),
    ("aws:resourceorgpaths", Domain::OwnOrganization),
    // The request: callers choose it.
    ("aws:securetransport", Domain::Only(&["true", "false"])),
    ("aws:viaawsservice", Domain::Only(&["false", "true"])),
    ("aws:calledvia", ANY),
    ("aws:calledviafirst", ANY),
    ("aws:calledvialast", ANY),
    ("aws:currenttime", ALWAYS),
    ("aws:epochtime", ALWAYS),
    ("aws:referer", ANY),
    ("aws:useragent", ANY),
    ("aws:requestedregion", ANY),
    ("aws:tagkeys", ANY),
    ("kms:viaservice", ANY),
    ("kms:encryptioncontextkeys", ANY),
    (
        "kms:grantisforawsresource",
        Domain::Only(&["", "false", "true"]),
    ),
    ("kms:encryptionalgorithm", ANY),
    ("kms:signingalgorithm", ANY),
    // Which of the two a function URL has is its setting; with either, `*` is everybody.
    ("lambda:functionurlauthtype", ANY),
    (
        "lambda:invokedviafunctionurl",
        Domain::Only(&["", "false", "true"]),
    ),
    ("sns:protocol", ANY),
    ("sns:endpoint", Domain::Source(Identity::Arn)),
    ("secretsmanager:versionstage", ANY),
    ("secretsmanager:versionid", ANY),
    ("events:source", ANY),
    ("events:detail-type", ANY),
    ("s3:accesspointnetworkorigin", ANY),
    ("s3:prefix", ANY),
    ("s3:delimiter", ANY),
    ("s3:max-keys", ANY),
    ("s3:authtype", ANY),
    ("s3:signatureage", ANY),
    ("s3:signatureversion", ANY),
    ("s3:tlsversion", ANY),
    ("s3:versionid", ANY),
    ("s3:locationconstraint", ANY),
    ("s3:if-match", ANY),
    ("s3:if-none-match", ANY),
];

const PREFIXED: &[(&str, Domain)] = &[
    ("aws:principaltag/", ANY),
    ("aws:requesttag/", ANY),
    ("kms:encryptioncontext:", ANY),
    ("s3:x-amz-", ANY),
    ("s3:object-lock-", ANY),
    ("s3:requestobjecttag/", ANY),
];
