//! Destinations, and the partition that they share.

use std::path::Path;

use super::FieldProblems;
use crate::model::Arn;
use crate::partition::Partition;
use crate::settings::{AlertConfig, Config, OcsfVersion, ReportConfig, ReportFormat, names};

impl FieldProblems {
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
            if !report.formats.contains(&ReportFormat::Json) {
                let remediation = "does not contain `json`, which other commands read; add it";
                self.add("destinations.report.formats", remediation);
            }
            if report.tables && !report.formats.contains(&ReportFormat::Parquet) {
                let remediation = "needs `parquet`; add it to destinations.report.formats";
                self.add("destinations.report.tables", remediation);
            }
            self.security_lake(report);
            self.signing(report);
        }
    }

    fn security_lake(&mut self, report: &ReportConfig) {
        let field = "destinations.report.security_lake";
        if report.security_lake && !report.formats.contains(&ReportFormat::Ocsf) {
            let remediation = "needs `ocsf`; add it to destinations.report.formats";
            self.add(field, remediation);
        }
        if report.security_lake && report.ocsf_version != OcsfVersion::V1_3 {
            let remediation = "needs OCSF 1.3.0; set destinations.report.ocsf_version to 1.3.0";
            self.add(field, remediation);
        }
    }

    fn signing(&mut self, report: &ReportConfig) {
        let field = "destinations.report.signing.key_file";
        let Some(file) = &report.signing.key_file else {
            return;
        };
        if report.signing.kms_key_id.is_some() {
            let with = "has no effect with `kms_key_id`, which signs; remove one of them";
            self.add(field, with);
        }
        let folder = report.location.folder();
        if folder.is_some_and(|folder| Path::new(file).starts_with(folder)) {
            let within = "is in the report folder, where anyone who can change reports could sign them; use \
                          another folder";
            self.add(field, within);
        }
    }

    fn alert(&mut self, alert: &AlertConfig) {
        let at = "destinations.alert";
        self.shape(
            format!("{at}.topic_arn"),
            names::topic_arn(&alert.topic_arn),
        );
        if let Some(dashboard) = &alert.dashboard_url {
            self.shape(format!("{at}.dashboard_url"), names::web_address(dashboard));
        }
        for (index, route) in alert.routes.iter().enumerate() {
            let field = format!("{at}.routes[{index}]");
            self.shape(
                format!("{field}.topic_arn"),
                names::topic_arn(&route.topic_arn),
            );
            self.accounts(&format!("{field}.match"), &route.accounts);
            if route.accounts.is_empty() {
                let remediation = "has no filter; give `ids`, `ous`, `names` or `tags`";
                self.add(format!("{field}.match"), remediation);
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
                Ok(()) => {
                    partitions.extend(Partition::of_region(region).map(|one| (field, one.name)))
                }
                Err(message) => self.add(field, message),
            }
        }
        let arns: Vec<_> = arns(config).collect();
        for (field, arn) in &arns {
            if names::is_owned(arn) {
                partitions.push((field, arn.partition()));
            }
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
fn arns(config: &Config) -> impl Iterator<Item = (String, Arn)> {
    let to = &config.destinations;
    let alert = to.alert.iter().flat_map(|alert| {
        let routes = alert.routes.iter().enumerate().map(|(index, route)| {
            let field = format!("destinations.alert.routes[{index}].topic_arn");
            (field, route.topic_arn.clone())
        });
        let all = "destinations.alert.topic_arn".to_owned();
        [(all, alert.topic_arn.clone())].into_iter().chain(routes)
    });
    let keys = to.report.iter().flat_map(|to| {
        let at = "destinations.report";
        let key = to.kms_key_id.as_deref();
        let signing = to.signing.kms_key_id.as_deref();
        [
            key.map(|key| (format!("{at}.kms_key_id"), key.into())),
            signing.map(|key| (format!("{at}.signing.kms_key_id"), key.into())),
        ]
    });
    alert.chain(keys.flatten())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{about, refused};
    use crate::model::Region;
    use crate::settings::{
        AccountMatch, AlertConfig, AlertRoute, MetricsConfig, OcsfVersion, ReportConfig,
        ReportFormat,
    };

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
        refused("destinations.report.formats", |c| {
            let mut report = ReportConfig::at("reports".parse().unwrap());
            report.formats = vec![ReportFormat::Csv];
            c.destinations.report = Some(report);
        });
        refused("destinations.report.tables", |c| {
            let mut report = ReportConfig::at("reports".parse().unwrap());
            report.formats = vec![ReportFormat::Json];
            report.tables = true;
            c.destinations.report = Some(report);
        });
        for (formats, version) in [
            (vec![ReportFormat::Json], OcsfVersion::V1_3),
            (ReportFormat::ALL.to_vec(), OcsfVersion::V1_5),
        ] {
            refused("destinations.report.security_lake", |c| {
                let mut report = ReportConfig::at("reports".parse().unwrap());
                report.security_lake = true;
                (report.formats, report.ocsf_version) = (formats, version);
                c.destinations.report = Some(report);
            });
        }
    }

    #[test]
    fn one_key_signs_and_it_lies_elsewhere_than_the_reports() {
        let report = |kms_key_id: Option<&str>, key_file: &str| {
            let mut report = ReportConfig::at("out/reports".parse().unwrap());
            report.signing.kms_key_id = kms_key_id.map(str::to_owned);
            report.signing.key_file = Some(key_file.to_owned());
            Some(report)
        };
        let fine = report(None, "out/signing-key.pem");
        assert_eq!(about(|c| c.destinations.report = fine), [""; 0]);
        let field = "destinations.report.signing.key_file";
        let within = report(None, "out/reports/state/key.pem");
        refused(field, |c| c.destinations.report = within);
        let both = report(Some("alias/orgscan"), "key.pem");
        refused(field, |c| c.destinations.report = both);
        refused("destinations.report.signing.kms_key_id", |c| {
            c.home_region = Some(Region::new("eu-west-1"));
            let mut report = ReportConfig::at("s3://reports".parse().unwrap());
            let china = "arn:aws-cn:kms:cn-north-1:123456789012:key/1";
            report.signing.kms_key_id = Some(china.to_owned());
            c.destinations.report = Some(report);
        });
    }

    #[test]
    fn a_route_names_accounts_and_a_topic_and_a_dashboard_has_an_address() {
        let topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
        let ous = |ou: &str| AccountMatch {
            ous: vec![ou.into()],
            ..AccountMatch::default()
        };
        let alert = |accounts, topic_arn: &str, dashboard: &str| {
            Some(AlertConfig {
                dashboard_url: Some(dashboard.into()),
                routes: vec![AlertRoute {
                    name: None,
                    accounts,
                    topic_arn: topic_arn.into(),
                    send: None,
                    chat: None,
                }],
                ..AlertConfig::to(topic)
            })
        };
        let url = "https://example.com/dashboard";
        let fine = alert(ous("Workloads"), topic, url);
        assert_eq!(about(|c| c.destinations.alert = fine), [""; 0]);
        let at = "destinations.alert.routes[0]";
        refused(&format!("{at}.match"), |c| {
            c.destinations.alert = alert(AccountMatch::default(), topic, url);
        });
        refused(&format!("{at}.match.ous[0]"), |c| {
            c.destinations.alert = alert(ous("/"), topic, url);
        });
        refused(&format!("{at}.topic_arn"), |c| {
            c.destinations.alert = alert(ous("Workloads"), "alerts", url);
        });
        let china = "arn:aws-cn:sns:cn-north-1:123456789012:alerts";
        refused(&format!("{at}.topic_arn"), |c| {
            c.destinations.alert = alert(ous("Workloads"), china, url);
        });
        for address in ["", "http://example.com", "https://", "https://a b"] {
            refused("destinations.alert.dashboard_url", |c| {
                c.destinations.alert = alert(ous("Workloads"), topic, address);
            });
        }
    }
}
