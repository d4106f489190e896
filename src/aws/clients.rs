//! The service clients that all accounts share, one for each service and Region.
//!
//! A client is the costly part of a request: about 16 KiB of configuration, and as much work to make
//! as a few requests. So there is one for each host that is talked to and not one for each account;
//! whose credentials sign a request is settled where it is sent, by [`super::signed_by`].

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use aws_config::SdkConfig;
use orgscan_core::model::Region;
use orgscan_core::partition::Partition;

use super::json::{ACCOUNT, JsonClient, JsonService};
use super::s3_control::S3ControlEndpoint;

/// Clients with one configuration.
#[derive(Debug)]
pub struct Clients {
    config: SdkConfig,
    s3_control_endpoint: Option<S3ControlEndpoint>,
    ec2: Mutex<HashMap<Region, aws_sdk_ec2::Client>>,
    s3: Mutex<HashMap<Region, aws_sdk_s3::Client>>,
    iam: OnceLock<aws_sdk_iam::Client>,
    organizations: OnceLock<aws_sdk_organizations::Client>,
    json: Mutex<HashMap<(&'static str, Region), JsonClient>>,
    sns: Mutex<HashMap<Region, aws_sdk_sns::Client>>,
    s3_control: OnceLock<aws_sdk_s3control::Client>,
}

impl Clients {
    /// Clients with this configuration; none is made before it is asked for.
    pub fn new(config: SdkConfig, s3_control_endpoint: Option<S3ControlEndpoint>) -> Self {
        Self {
            config,
            s3_control_endpoint,
            ec2: Mutex::default(),
            s3: Mutex::default(),
            iam: OnceLock::new(),
            organizations: OnceLock::new(),
            json: Mutex::default(),
            sns: Mutex::default(),
            s3_control: OnceLock::new(),
        }
    }

    /// An EC2 client for one Region.
    pub fn ec2(&self, region: &Region) -> aws_sdk_ec2::Client {
        cached(&self.ec2, region, || {
            let config = aws_sdk_ec2::config::Builder::from(&self.config);
            aws_sdk_ec2::Client::from_conf(config.region(sdk_region(region)).build())
        })
    }

    /// An S3 client for one Region. Path style, so that all buckets of a Region share its host.
    pub fn s3(&self, region: &Region) -> aws_sdk_s3::Client {
        cached(&self.s3, region, || {
            let config = aws_sdk_s3::config::Builder::from(&self.config);
            let config = config.region(sdk_region(region)).force_path_style(true);
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    /// An SNS client for one Region.
    pub fn sns(&self, region: &Region) -> aws_sdk_sns::Client {
        cached(&self.sns, region, || {
            let config = aws_sdk_sns::config::Builder::from(&self.config);
            aws_sdk_sns::Client::from_conf(config.region(sdk_region(region)).build())
        })
    }

    /// A client of Account Management, which is in one Region of each partition.
    ///
    /// Source: <https://docs.aws.amazon.com/general/latest/gr/accounts.html>
    pub(crate) fn account(&self) -> JsonClient {
        let own = self.config.region().map_or("us-east-1", AsRef::as_ref);
        let home = Partition::of_region(own).map_or("us-east-1", |one| one.organizations_region);
        self.json(&ACCOUNT, &Region::new(home))
    }

    /// An IAM client. IAM is global; its endpoint follows from the partition.
    pub fn iam(&self) -> aws_sdk_iam::Client {
        let new = || aws_sdk_iam::Client::new(&self.config);
        self.iam.get_or_init(new).clone()
    }

    /// A client of a service without an SDK crate, in one Region.
    pub(crate) fn json(&self, service: &'static JsonService, region: &Region) -> JsonClient {
        let mut clients = self.json.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients.entry((service.id, region.clone()));
        let new = || JsonClient::new(&self.config, service, region);
        client.or_insert_with(new).clone()
    }

    /// A client of Organizations, which is global; its endpoint follows from the partition.
    pub fn organizations(&self) -> aws_sdk_organizations::Client {
        let new = || aws_sdk_organizations::Client::new(&self.config);
        self.organizations.get_or_init(new).clone()
    }

    /// An S3 Control client for the home Region.
    pub fn s3_control(&self) -> aws_sdk_s3control::Client {
        let new = || {
            let config = aws_sdk_s3control::config::Builder::from(&self.config);
            let config = match &self.s3_control_endpoint {
                Some(endpoint) => config.endpoint_resolver(endpoint.clone()),
                None => config,
            };
            aws_sdk_s3control::Client::from_conf(config.build())
        };
        self.s3_control.get_or_init(new).clone()
    }
}

fn cached<C: Clone>(
    clients: &Mutex<HashMap<Region, C>>,
    region: &Region,
    new: impl FnOnce() -> C,
) -> C {
    let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
    clients.entry(region.clone()).or_insert_with(new).clone()
}

fn sdk_region(region: &Region) -> aws_config::Region {
    aws_config::Region::new(region.as_str().to_owned())
}
