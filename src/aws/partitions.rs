//! The table of partitions, held against what the resolvers of the SDK return.

use std::fmt::Write;

use aws_smithy_types::Document;
use aws_smithy_types::endpoint::Endpoint;
use futures::FutureExt;

use orgscan_core::partition::{PARTITIONS, Partition, is_enabled_by_default};
use orgscan_core::testing::assert_fresh;
use orgscan_core::testing::docs::{page, with_section};

const PAGE: &str = "docs/partitions.md";

/// Where an SDK crate sends the requests of a client in a Region.
macro_rules! endpoint {
    ($sdk:ident, $region:expr $(, $parameter:ident = $value:expr)*) => {{
        use $sdk::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
        let params = Params::builder().region($region)$(.$parameter($value))*.build().unwrap();
        let resolver = DefaultResolver::new();
        ResolveEndpoint::resolve_endpoint(&resolver, &params).now_or_never().unwrap().unwrap()
    }};
}

/// The services with an SDK crate that orgscan calls in a Region.
fn endpoints(region: &str) -> Vec<Endpoint> {
    vec![
        endpoint!(aws_sdk_cloudformation, region),
        endpoint!(aws_sdk_cloudwatch, region),
        endpoint!(aws_sdk_ec2, region),
        endpoint!(aws_sdk_iam, region),
        endpoint!(aws_sdk_kms, region),
        endpoint!(aws_sdk_lambda, region),
        endpoint!(aws_sdk_organizations, region),
        endpoint!(aws_sdk_s3, region, bucket = "data", force_path_style = true),
        endpoint!(
            aws_sdk_s3control,
            region,
            account_id = "111122223333",
            requires_account_id = true
        ),
        endpoint!(aws_sdk_sns, region),
        endpoint!(aws_sdk_sts, region),
    ]
}

/// The Region that requests are signed for; none where it is the client's own.
fn signed_for(endpoint: &Endpoint) -> Option<&str> {
    match endpoint.auth_schemes().first()?.get("signingRegion")? {
        Document::String(region) => Some(region),
        _ => None,
    }
}

/// The host without `https://`, a path and a port.
fn host(endpoint: &Endpoint) -> &str {
    let url = endpoint.url().trim_start_matches("https://");
    url.split('/').next().unwrap()
}

fn assert_is_the_sdks(partition: &Partition, region: &str) {
    for endpoint in endpoints(region) {
        let host = host(&endpoint);
        let suffix = format!(".{}", partition.dns_suffix);
        assert!(host.ends_with(&suffix), "{region}: {host}");
    }
    let homes = [
        (endpoint!(aws_sdk_iam, region), partition.iam_region),
        (
            endpoint!(aws_sdk_organizations, region),
            partition.organizations_region,
        ),
    ];
    for (endpoint, home) in homes {
        assert_eq!(signed_for(&endpoint), Some(home), "{region}: {endpoint:?}");
    }
}

#[test]
fn the_table_is_what_the_sdk_resolves_for_every_service() {
    for partition in &PARTITIONS {
        for region in partition.regions() {
            assert_is_the_sdks(partition, region);
            assert_eq!(Partition::of_region(region), Some(partition), "{region}");
            // STS is regional everywhere: its tokens are valid in all Regions.
            let sts = endpoint!(aws_sdk_sts, region);
            assert!(host(&sts).contains(region), "{sts:?}");
        }
        assert_eq!(Partition::named(partition.name), Some(partition));
    }
}

#[test]
fn a_region_that_is_newer_than_the_table_has_a_partition_by_its_name() {
    let new = [
        ("eu-east-9", "aws"),
        ("mx-west-1", "aws"),
        ("cn-south-1", "aws-cn"),
        ("us-gov-central-1", "aws-us-gov"),
        ("eusc-de-west-2", "aws-eusc"),
        ("us-iso-south-1", "aws-iso"),
        ("us-isob-south-1", "aws-iso-b"),
        ("eu-isoe-east-1", "aws-iso-e"),
        ("us-isof-west-1", "aws-iso-f"),
    ];
    for (region, name) in new {
        let partition = Partition::of_region(region).unwrap();
        assert_eq!(partition.name, name, "{region}");
        assert_is_the_sdks(partition, region);
        assert!(!is_enabled_by_default(region), "{region}");
    }
}

#[test]
fn a_region_of_no_known_pattern_has_no_partition() {
    let unknown = [
        "",
        "us",
        "us-east",
        "us-east-",
        "us-east-1a",
        "us--1",
        "-east-1",
        "xx-north-1",
        "eusc-fr-east-1",
        "us-isox-east-1",
        "us-gov-iso-east-1",
        "aws-global",
        "US-EAST-1",
        "us-east-1 ",
        "us_east_1",
        "eu-isoe-west",
    ];
    for region in unknown {
        assert_eq!(Partition::of_region(region), None, "{region}");
    }
    assert_eq!(Partition::named("aws-isob"), None);
}

#[test]
fn the_page_lists_every_partition() {
    let mut table = String::from(
        "| partition | Regions enabled by default | opt-in Regions | IAM | Organizations, Account Management | \
         hosts | console |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let list = |regions: &[&str]| match regions {
        [] => "none".to_owned(),
        regions => format!("`{}`", regions.join("`, `")),
    };
    for one in &PARTITIONS {
        writeln!(
            table,
            "| `{}` | {} | {} | `{}` | `{}` | `*.{}` | `{}` |",
            one.name,
            list(one.default_regions),
            list(one.opt_in_regions),
            one.iam_region,
            one.organizations_region,
            one.dns_suffix,
            one.console
        )
        .unwrap();
    }
    assert_fresh(PAGE, &with_section(&page(PAGE), "partitions", &table));
}
