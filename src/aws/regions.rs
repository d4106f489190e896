//! Partitions, and the Regions that every account has.

use crate::model::Region;

/// Regions of the `aws` partition that are enabled in every account and cannot be turned off. Their
/// STS endpoints are always active, and they work for every member account.
///
/// Source: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const DEFAULT_AWS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
];

/// Regions of the `aws` partition that an account has to opt in to. The same source.
const OPT_IN_AWS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// The same for `aws-us-gov`.
const DEFAULT_GOV: &[&str] = &["us-gov-west-1", "us-gov-east-1"];

/// The same for `aws-cn`.
const DEFAULT_CN: &[&str] = &["cn-north-1", "cn-northwest-1"];

/// Regions that are enabled in every account of the partition.
pub fn default_regions(partition: &str) -> &'static [&'static str] {
    match partition {
        "aws-us-gov" => DEFAULT_GOV,
        "aws-cn" => DEFAULT_CN,
        _ => DEFAULT_AWS,
    }
}

/// Regions that an account of the partition may opt in to.
pub fn opt_in_regions(partition: &str) -> &'static [&'static str] {
    match partition {
        "aws" => OPT_IN_AWS,
        _ => &[],
    }
}

/// The Region whose endpoints serve the partition's global services.
pub fn first_region(partition: &str) -> Region {
    Region::new(default_regions(partition)[0])
}

/// The partition that a Region belongs to, by its name.
pub fn partition_of_region(region: &str) -> &'static str {
    if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else if region.starts_with("cn-") {
        "aws-cn"
    } else {
        "aws"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_region_belongs_to_its_own_partition() {
        for partition in ["aws", "aws-us-gov", "aws-cn"] {
            let opt_in = opt_in_regions(partition);
            for region in default_regions(partition).iter().chain(opt_in) {
                assert_eq!(partition_of_region(region), partition, "{region}");
            }
        }
        assert_eq!(first_region("aws").as_str(), "us-east-1");
    }
}
