//! The APIs that orgscan calls, with the IAM action that each needs and the rate that AWS publishes
//! for it. The member role's policy, `orgscan plan` and the limiters all read this table.

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
}

impl Api {
    /// Whether it is asked of the central account alone, by every process of a distributed run, so that
    /// they divide its rate.
    pub fn is_central(&self) -> bool {
        matches!(self.service, "sts" | "organizations")
    }
}

/// The APIs of a service, and the list of them, `APIS`. What a line leaves out follows from the operation's name: the
/// IAM action `service:Operation`, the service's usual rate, a bucket of its own, no pages.
macro_rules! apis {
    ($service:literal at $rate:ident; $(
        $name:ident = $operation:literal $(of $endpoint:literal)? $(needs $action:literal)? $(pages $page:literal)?
            $(at $own_rate:ident)? $(shared as $bucket:literal)?;
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
