//! Destinations, and the partition that they share.

use super::Found;
use crate::aws::partition_of_region;
use crate::config::{AlertConfig, Config, names};

impl Found {
    pub(super) fn destinations(&mut self, config: &Config) {
        let to = &config.destinations;
        if let Some(metrics) = &to.metrics {
            let field = "destinations.metrics.namespace";
            self.shape(field, names::namespace(&metrics.namespace));
        }
        if let Some(alert) = &to.alert {
            self.alert(alert);
        }
        if let Some(report) = &to.report {
            let field = "destinations.report.location";
            self.shape(field, names::report_location(&report.location));
        }
    }

    fn alert(&mut self, alert: &AlertConfig) {
        let at = "destinations.alert";
        self.shape(
            format!("{at}.topic_arn"),
            names::topic_arn(&alert.topic_arn),
        );
        if let Some(dashboard) = &alert.dashboard {
            self.shape(format!("{at}.dashboard"), names::web_address(dashboard));
        }
        for (index, route) in alert.routes.iter().enumerate() {
            let field = format!("{at}.routes[{index}]");
            self.shape(
                format!("{field}.topic_arn"),
                names::topic_arn(&route.topic_arn),
            );
            self.accounts(&format!("{field}.match"), &route.accounts);
            if route.accounts.is_empty() {
                let mend = "names no account; give `ids`, `ous`, `names` or `tags`";
                self.add(format!("{field}.match"), mend);
            }
        }
    }

    /// All Regions and ARNs are of one partition: credentials of one mean nothing in another.
    pub(super) fn partitions(&mut self, config: &Config) {
        if let Some(partition) = &config.partition {
            self.shape("partition", names::partition(partition));
        }
        let mut partitions: Vec<(&str, &str)> = Vec::new();
        partitions.extend(config.partition.as_deref().map(|name| ("partition", name)));
        for (field, region) in regions(config) {
            match names::region(region) {
                Ok(()) => partitions.push((field, partition_of_region(region))),
                Err(message) => self.add(field, message),
            }
        }
        let arns: Vec<_> = arns(config).collect();
        for (field, arn) in &arns {
            partitions.extend(names::arn(arn).map(|[partition, ..]| (&**field, partition)));
        }
        let Some((first_field, first)) = partitions.first().copied() else {
            return;
        };
        for (field, partition) in partitions.into_iter().filter(|(_, other)| *other != first) {
            let message = format!(
                "is in partition {partition}, but {first_field} is in {first}; \
                 keep a run in one partition"
            );
            self.add(field, message);
        }
    }
}

/// Every Region that is given.
fn regions(config: &Config) -> impl Iterator<Item = (&'static str, &str)> {
    let to = &config.destinations;
    let metrics = to.metrics.as_ref().and_then(|to| to.region.as_ref());
    let report = to.report.as_ref().and_then(|to| to.region.as_ref());
    [
        ("home_region", config.home_region.as_ref()),
        ("destinations.metrics.region", metrics),
        ("destinations.report.region", report),
    ]
    .into_iter()
    .filter_map(|(field, region)| Some((field, region?.as_str())))
}

/// Every text that is given and may be an ARN.
fn arns(config: &Config) -> impl Iterator<Item = (String, &str)> {
    let to = &config.destinations;
    let alert = to.alert.iter().flat_map(|alert| {
        let routes = alert.routes.iter().enumerate().map(|(index, route)| {
            let field = format!("destinations.alert.routes[{index}].topic_arn");
            (field, &*route.topic_arn)
        });
        let all = "destinations.alert.topic_arn".to_owned();
        [(all, &*alert.topic_arn)].into_iter().chain(routes)
    });
    let key = to.report.as_ref().and_then(|to| to.kms_key_id.as_deref());
    let key = key.map(|key| ("destinations.report.kms_key_id".to_owned(), key));
    alert.chain(key)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{about, refused};
    use crate::config::{AlertConfig, MetricsConfig, ReportConfig};
    use crate::model::Region;

    #[test]
    fn destinations_exist_in_aws_and_in_one_partition() {
        let topic = |arn: &str| Some(AlertConfig::to(arn));
        let china = "arn:aws-cn:sns:cn-north-1:123456789012:alerts";
        let at = "destinations.alert.topic_arn";
        refused(at, |c| c.destinations.alert = topic("alerts"));
        assert_eq!(about(|c| c.destinations.alert = topic(china)), [""; 0]);
        refused(at, |c| {
            c.home_region = Some(Region::new("eu-west-1"));
            c.destinations.alert = topic(china);
        });
        refused("home_region", |c| {
            c.home_region = Some(Region::new("Ireland"))
        });
        refused("destinations.metrics.namespace", |c| {
            c.destinations.metrics.get_or_insert_default().namespace = "AWS/EC2".into();
        });
        refused("destinations.metrics.region", |c| {
            c.home_region = Some(Region::new("eu-west-1"));
            c.destinations.metrics = Some(MetricsConfig {
                region: Some(Region::new("us-gov-west-1")),
                ..MetricsConfig::default()
            });
        });
        refused("destinations.report.location", |c| {
            c.destinations.report = Some(ReportConfig::at("s3://No"));
        });
    }
}
