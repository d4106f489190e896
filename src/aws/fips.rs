//! FIPS endpoints: which names they have, and how their absence shows.
//!
//! The SDK makes up the name of a FIPS endpoint for every service and Region; AWS has them for some.
//!
//! Source: <https://aws.amazon.com/compliance/fips/>

use orgscan_core::partition::PARTITIONS;

/// What the name of a FIPS endpoint has that the ordinary endpoint's has not: `ec2-fips.us-east-1.amazonaws.com`.
const MARK: &str = "-fips.";

/// AWS has no FIPS endpoint of this name: it does not resolve, and the ordinary endpoint does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("AWS has no FIPS endpoint {0}")]
pub(super) struct NoFipsEndpoint(String);

impl NoFipsEndpoint {
    pub(super) fn new(host: &str) -> Self {
        Self(host.to_owned())
    }
}

/// The ordinary endpoint beside a FIPS endpoint of AWS; none for any other host. A name that does not
/// resolve proves nothing while no name resolves, so this one is looked up too. It is never connected to.
pub(super) fn ordinary_host(host: &str) -> Option<String> {
    let partitions = PARTITIONS.iter();
    let mut suffixes = partitions.flat_map(|one| [one.dns_suffix, one.dual_stack_suffix]);
    let is_aws = suffixes.any(|suffix| {
        host.strip_suffix(suffix)
            .is_some_and(|start| start.ends_with('.'))
    });
    (is_aws && host.contains(MARK)).then(|| host.replacen(MARK, ".", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fips_endpoints_of_aws_have_an_ordinary_one_beside_them() {
        for (fips, ordinary) in [
            (
                "ec2-fips.eu-west-1.amazonaws.com",
                "ec2.eu-west-1.amazonaws.com",
            ),
            ("iam-fips.amazonaws.com", "iam.amazonaws.com"),
            (
                "s3-fips.dualstack.us-east-1.amazonaws.com",
                "s3.dualstack.us-east-1.amazonaws.com",
            ),
            (
                "111122223333.s3-control-fips.us-east-1.amazonaws.com",
                "111122223333.s3-control.us-east-1.amazonaws.com",
            ),
            ("ec2-fips.us-east-1.api.aws", "ec2.us-east-1.api.aws"),
            (
                "sts-fips.cn-north-1.amazonaws.com.cn",
                "sts.cn-north-1.amazonaws.com.cn",
            ),
        ] {
            assert_eq!(ordinary_host(fips).as_deref(), Some(ordinary));
        }
        for other in [
            "ec2.eu-west-1.amazonaws.com",
            "ec2-fips.example.com",
            "ec2-fips.notamazonaws.com",
            "127.0.0.1",
        ] {
            assert_eq!(ordinary_host(other), None, "{other}");
        }
    }
}
