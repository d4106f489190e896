//! What the tests of the checks share.

use super::{LoadBalancer, LoadBalancerType};
use crate::model::Arn;

/// The ARN of a load balancer in `eu-west-1`: `app/shop/1`.
pub(super) fn arn(path: &str) -> Arn {
    format!("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/{path}").into()
}

/// An Application Load Balancer, or a Network Load Balancer if its path begins so.
pub(super) fn balancer(path: &str) -> LoadBalancer {
    LoadBalancer {
        arn: arn(path),
        name: path.split('/').nth(1).unwrap_or_default().to_owned(),
        kind: match path.starts_with("net/") {
            true => LoadBalancerType::Network,
            false => LoadBalancerType::Application,
        },
        is_internal: false,
    }
}
