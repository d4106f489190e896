//! Where the conversation with AWS starts.

use orgscan_core::model::Region;
use orgscan_core::partition::{self, Partition};
use orgscan_core::settings::Config;

use super::ConnectError;

/// The configured home Region; else the caller's own where every account has it enabled, so that
/// tokens of its STS endpoint are valid everywhere; else the partition's first.
///
/// # Errors
/// A Region of no known partition is refused by name. The SDK would send its requests to hosts of the
/// partition `aws`.
pub(crate) fn home_region(config: &Config, own: Option<&str>) -> Result<Region, ConnectError> {
    let known = |region: &str| {
        Partition::of_region(region).ok_or_else(|| ConnectError::UnknownRegion(region.to_owned()))
    };
    if let Some(region) = &config.home_region {
        return known(region.as_str()).map(|_| region.clone());
    }
    let of_own = own.map(known).transpose()?;
    let configured = config.partition.as_deref().and_then(Partition::named);
    let partition = configured.or(of_own).unwrap_or(&partition::PARTITIONS[0]);
    Ok(Region::new(match own {
        Some(own) if partition.default_regions.contains(&own) => own,
        _ => partition.first_region(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_is_a_region_that_every_account_has() {
        let mut config = Config::default();
        let home = |config: &Config, own| home_region(config, own).unwrap().to_string();
        assert_eq!(home(&config, None), "us-east-1");
        let cases = [
            ("eu-west-1", "eu-west-1"),
            ("me-south-1", "us-east-1"),
            ("eu-east-9", "us-east-1"),
            ("cn-northwest-1", "cn-northwest-1"),
            ("eusc-de-east-1", "eusc-de-east-1"),
            ("us-iso-west-1", "us-iso-west-1"),
            ("us-isob-east-9", "us-isob-east-1"),
            ("eu-isoe-west-1", "eu-isoe-west-1"),
            ("us-isof-north-1", "us-isof-south-1"),
        ];
        for (own, expected) in cases {
            assert_eq!(home(&config, Some(own)), expected, "{own}");
        }
        config.partition = Some("aws-us-gov".to_owned());
        assert_eq!(home(&config, None), "us-gov-west-1");
        assert_eq!(home(&config, Some("eu-west-1")), "us-gov-west-1");
        config.home_region = Some(Region::new("us-gov-east-1"));
        assert_eq!(home(&config, None), "us-gov-east-1");
    }

    #[test]
    fn a_region_of_an_unknown_partition_is_refused_by_name() {
        let mut config = Config::default();
        for region in ["xx-north-1", "eusc-fr-east-1", "eu-west-1a", "aws-global"] {
            let error = home_region(&config, Some(region)).unwrap_err().to_string();
            assert!(
                error.contains(region) && error.contains("aws-eusc"),
                "{error}"
            );
        }
        config.home_region = Some(Region::new("xx-north-1"));
        assert!(home_region(&config, Some("eu-west-1")).is_err());
    }
}
