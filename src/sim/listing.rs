//! Lists that come in pages, as each service cuts them.

use std::ops::Range;

use orgscan_core::api::Api;
use orgscan_core::services::{ec2, iam, s3};

/// A list in an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    api: &'static Api,
    /// The element that has the items as its children.
    pub(super) items: &'static str,
    /// The page if no size is asked for; none for all at once.
    ordinary: Option<usize>,
    /// Whether its items can be multiplied.
    pub(super) multiplied: bool,
    /// How the next page's token is given.
    pub(super) more: More,
}

/// How the next page's token is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum More {
    /// In an element of this name, which the last page has not.
    Element(&'static str),
    /// In `Marker`, beside `IsTruncated`.
    Marker,
}

const fn list(api: &'static Api, items: &'static str) -> Listing {
    Listing {
        api,
        items,
        ordinary: None,
        multiplied: false,
        more: More::Element("nextToken"),
    }
}

/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html>, the page of each
/// operation; IAM: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html>,
/// S3: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>
static LISTINGS: &[Listing] = &[
    Listing {
        multiplied: true,
        ..list(&ec2::DESCRIBE_VOLUMES, "volumeSet")
    },
    Listing {
        multiplied: true,
        ..list(&ec2::DESCRIBE_INSTANCES, "reservationSet")
    },
    Listing {
        multiplied: true,
        ..list(&ec2::DESCRIBE_SECURITY_GROUPS, "securityGroupInfo")
    },
    Listing {
        multiplied: true,
        ..list(&ec2::DESCRIBE_INTERFACES, "networkInterfaceSet")
    },
    Listing {
        multiplied: true,
        ..list(&ec2::DESCRIBE_SNAPSHOTS, "snapshotSet")
    },
    Listing {
        multiplied: true,
        ..list(&ec2::DESCRIBE_IMAGES, "imagesSet")
    },
    list(&ec2::DESCRIBE_ROUTE_TABLES, "routeTableSet"),
    list(&ec2::DESCRIBE_NETWORK_ACLS, "networkAclSet"),
    list(&ec2::DESCRIBE_VPCS, "vpcSet"),
    list(&ec2::DESCRIBE_FLOW_LOGS, "flowLogSet"),
    list(&ec2::DESCRIBE_PEERINGS, "vpcPeeringConnectionSet"),
    list(&ec2::DESCRIBE_VPC_ENDPOINTS, "vpcEndpointSet"),
    list(&ec2::GET_PREFIX_LIST_ENTRIES, "entrySet"),
    list(
        &ec2::DESCRIBE_VPC_BLOCK_EXCLUSIONS,
        "vpcBlockPublicAccessExclusionSet",
    ),
    Listing {
        multiplied: true,
        ordinary: Some(10_000),
        more: More::Element("ContinuationToken"),
        ..list(&s3::LIST_BUCKETS, "Buckets")
    },
    Listing {
        multiplied: true,
        ordinary: Some(100),
        more: More::Marker,
        ..list(&iam::LIST_USERS, "Users")
    },
];

/// The list that an operation answers with.
pub(super) fn listing(service: &str, operation: &str) -> Option<&'static Listing> {
    let mut listings = LISTINGS.iter();
    listings.find(|listing| (listing.api.service, listing.api.operation) == (service, operation))
}

impl Listing {
    /// How many items a page has.
    pub(super) fn page_size(&self, asked: Option<usize>) -> usize {
        let size = asked.or(self.ordinary).unwrap_or(usize::MAX);
        match asked {
            Some(_) => size.clamp(1, self.largest()),
            None => size,
        }
    }

    /// The largest page, which larger sizes are taken for.
    fn largest(&self) -> usize {
        let asked = self.api.page.and_then(|page| usize::try_from(page).ok());
        self.ordinary.max(asked).unwrap_or(usize::MAX)
    }
}

impl More {
    /// What an answer says about the next page.
    pub(super) fn markup(self, token: Option<&str>) -> String {
        match (self, token) {
            (Self::Element(_), None) => String::new(),
            (Self::Element(name), Some(token)) => format!("<{name}>{token}</{name}>"),
            (Self::Marker, None) => "<IsTruncated>false</IsTruncated>".to_owned(),
            (Self::Marker, Some(token)) => {
                format!("<IsTruncated>true</IsTruncated><Marker>{token}</Marker>")
            }
        }
    }

    /// The elements that recorded answers may say it in.
    pub(super) fn elements(self) -> &'static [&'static str] {
        match self {
            Self::Element("nextToken") => &["nextToken"],
            Self::Element(_) => &["ContinuationToken"],
            Self::Marker => &["IsTruncated", "Marker"],
        }
    }
}

/// The items of the page that a token stands for, and the next one's token. None where the token is
/// none of these.
pub(super) fn page(
    total: usize,
    size: usize,
    token: Option<&str>,
) -> Option<(Range<usize>, Option<String>)> {
    let start = match token.filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => usize::from_str_radix(token.strip_prefix(TOKEN)?, 16).ok()?,
    };
    let start = start.min(total);
    let end = start.saturating_add(size).min(total);
    let next = (end < total).then(|| format!("{TOKEN}{end:x}"));
    Some((start..end, next))
}

/// How tokens begin; what follows is nobody's business but the server's.
const TOKEN: &str = "replay.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_add_up_to_the_list() {
        for (total, size) in [(0, 5), (1, 5), (5, 5), (23, 5), (23, 1), (7, usize::MAX)] {
            let (mut seen, mut token, mut pages) = (Vec::new(), None, 0);
            loop {
                let (range, next) = page(total, size, token.as_deref()).unwrap();
                seen.extend(range);
                pages += 1;
                token = next;
                if token.is_none() {
                    break;
                }
            }
            assert_eq!(seen, (0..total).collect::<Vec<_>>());
            assert_eq!(pages, total.div_ceil(size).max(1));
        }
        assert_eq!(page(5, 5, Some("elsewhere")), None);
        assert_eq!(page(5, 5, Some("replay.ff")), Some((5..5, None)));
    }

    #[test]
    fn page_sizes_are_bounded_as_each_service_bounds_them() {
        let size =
            |service, operation, asked| listing(service, operation).unwrap().page_size(asked);
        assert_eq!(size("ec2", "DescribeVolumes", Some(1_000)), 500);
        assert_eq!(size("ec2", "DescribeVolumes", None), usize::MAX);
        assert_eq!(size("iam", "ListUsers", None), 100);
        assert_eq!(size("s3", "ListBuckets", Some(7)), 7);
        assert_eq!(listing("ec2", "DescribeRegions"), None);
    }

    #[test]
    fn the_next_token_has_the_name_that_each_service_uses() {
        let markup = More::Element("nextToken").markup(Some("t"));
        assert_eq!(markup, "<nextToken>t</nextToken>");
        assert_eq!(
            More::Marker.markup(None),
            "<IsTruncated>false</IsTruncated>"
        );
    }
}
