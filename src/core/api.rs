//! The APIs that orgscan calls, with the IAM action that each needs, the rate that AWS publishes for it, and what its
//! error codes mean. The member role's policy, `orgscan plan`, the limiters and the collectors all read this table.

mod errors;

pub use errors::{ErrorCodes, Meaning};

/// A token bucket as AWS publishes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests that the full bucket holds.
    pub burst: u32,
    /// Tokens added in a second.
    pub refill_per_second: u32,
    /// Where AWS says so.
    pub source: &'static str,
}

/// One AWS API operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Api {
    /// The service's name in IAM actions and reports: `ec2`.
    pub service: &'static str,
    /// The operation: `DescribeVolumes`.
    pub operation: &'static str,
    /// Service and operation: `ec2:DescribeVolumes`.
    pub name: &'static str,
    /// The IAM action that it needs: not always named after the operation.
    pub action: &'static str,
    /// The published rate.
    pub rate: &'static Rate,
    /// The name of the bucket that it draws from. Several operations may share one.
    pub bucket: &'static str,
    /// The page that orgscan asks for, in items: the largest that AWS returns, unless the table says otherwise. None where
    /// the operation takes no size, or lists nothing.
    pub page: Option<i32>,
    /// What it lists in pages: `volumes`. Empty where it has none.
    pub items: &'static str,
    /// What it is sent for again, in a few words: `for each user`. Empty where one request, or one list, is all.
    pub repeats: &'static str,
    /// When the collector of a fact sends it, in a few words: `root has MFA`. Empty where it always does.
    pub condition: &'static str,
    /// The resources that the member role may do it on.
    pub on: &'static PolicyResources,
    /// The error codes that mean more than that the request failed.
    pub errors: &'static [&'static ErrorCodes],
}

/// The resources that a statement of the member role's policy names.
#[derive(Debug, PartialEq, Eq)]
pub struct PolicyResources {
    /// The statement's id.
    pub sid: &'static str,
    /// What a reader of the policy should know; may be empty.
    pub remark: &'static str,
    /// What they are called in the documentation.
    pub label: &'static str,
    /// Their ARNs, after `arn:${AWS::Partition}:`; none where the actions know no resource but `*`.
    pub arns: &'static [&'static str],
    /// Whether they have to be the account's own, where the ARN does not say it.
    pub own_account_only: bool,
}

/// What most reads know: no resource but `*`.
pub static ANY: PolicyResources = PolicyResources {
    sid: "Lists",
    remark: "These know no resource but *:\n\
             https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    label: "*",
    arns: &[],
    own_account_only: false,
};

/// Resources whose ARNs say whose they are.
pub(crate) const fn resources(
    sid: &'static str,
    label: &'static str,
    arns: &'static [&'static str],
) -> PolicyResources {
    PolicyResources {
        sid,
        remark: "",
        label,
        arns,
        own_account_only: false,
    }
}

impl Api {
    /// Whether it is asked of the central account alone, by every process of a distributed run, so that
    /// they divide its rate.
    pub fn is_central(&self) -> bool {
        matches!(self.service, "sts" | "organizations")
    }

    /// What an error answer means, where the table has it.
    pub fn meaning(&self, code: &str, message: &str) -> Option<Meaning> {
        let mut errors = self.errors.iter();
        errors
            .find(|errors| errors.match_answer(code, message))
            .map(|errors| errors.meaning)
    }
}

/// The APIs of a service, and the list of them, `APIS`. The defaults follow from the operation's name: the IAM action
/// `service:Operation`, the service's usual rate, a bucket of its own, no pages, no resource but `*`, no error
/// code of its own. The texts (`of "items"`, `repeated`, `if`) are for docs/performance.md.
macro_rules! apis {
    ($service:literal at $rate:ident; $(
        $name:ident = $operation:literal $(of $endpoint:literal)? $(needs $action:literal)?
            $(pages $page:literal of $items:literal)? $(repeated $repeats:literal)? $(if $condition:literal)?
            $(on $resources:ident)? $(at $own_rate:ident)? $(shared as $bucket:literal)?
            $(errors [$($errors:ident),+])?;
    )*) => {
        $(
            #[doc = concat!("`", $service, "` `", $operation, "`")]
            pub static $name: $crate::api::Api = $crate::api::Api {
                service: $crate::api::first!($($endpoint,)? $service),
                operation: $operation,
                name: $crate::api::first!($(concat!($endpoint, ":", $operation),)? concat!($service, ":", $operation)),
                action: $crate::api::first!($($action,)? concat!($service, ":", $operation)),
                rate: &$crate::api::first!($($own_rate,)? $rate),
                bucket: $crate::api::first!($($bucket,)? $crate::api::first!($(concat!($endpoint, ":", $operation),)? concat!($service, ":", $operation))),
                page: $crate::api::first!($(Some($page),)? None),
                items: $crate::api::first!($($items,)? ""),
                repeats: $crate::api::first!($($repeats,)? ""),
                condition: $crate::api::first!($($condition,)? ""),
                on: &$crate::api::first!($($resources,)? $crate::api::ANY),
                errors: &[$($(&$errors),+)?],
            };
        )*
        /// All of them.
        pub static APIS: &[&$crate::api::Api] = &[$(&$name),*];
    };
}

/// The first of some expressions.
macro_rules! first {
    ($first:expr $(, $other:expr)*) => {
        $first
    };
}

pub(crate) use {apis, first};
