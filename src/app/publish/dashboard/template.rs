//! The dashboard for a CloudFormation template, whose parameters say what differs between deployments.

use orgscan_core::settings::Thresholds;
use serde_json::Value;

use super::{Dashboard, ReportsLocation};

/// The dashboard's body as a text for `Fn::Sub`, a line for each widget: the metrics' namespace is
/// `${MetricsNamespace}`, their Region and the bucket's `${AWS::Region}`, the bucket
/// `${ReportBucket}`, what begins its keys `${ReportPrefix}` (empty, or with a slash at its end), and
/// the console's host `${ConsoleHost}`.
///
/// # Errors
/// None that this body gives rise to; those of making JSON.
pub fn template(thresholds: &Thresholds) -> Result<String, serde_json::Error> {
    let region = variable("AWS::Region");
    let dashboard = Dashboard {
        namespace: &variable("MetricsNamespace"),
        region: &region,
        thresholds,
        reports: ReportsLocation::Bucket {
            console: variable("ConsoleHost"),
            region: region.clone(),
            name: variable("ReportBucket"),
            prefix: variable("ReportPrefix"),
        },
    };
    let text = in_lines(&dashboard.body())?;
    // `${LAST}` in a label is CloudWatch's, and `${!LAST}` is what makes Fn::Sub leave it alone.
    let text = text.replace("${", "${!");
    Ok(text.replace(OPEN, "${").replace(CLOSE, "}"))
}

/// Stand for `${` and `}` of the template's own variables, so that they can be told from CloudWatch's.
const OPEN: char = '\u{ab}';
const CLOSE: char = '\u{bb}';

fn variable(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// A dashboard's body with each widget on a line of its own, so that changes can be read.
pub(super) fn in_lines(body: &Value) -> Result<String, serde_json::Error> {
    let mut lines = Vec::new();
    for (key, value) in body.as_object().into_iter().flatten() {
        let key = serde_json::to_string(key)?;
        let value = match value {
            Value::Array(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(serde_json::to_string).collect();
                format!("[\n{}\n]", items?.join(",\n"))
            }
            value => serde_json::to_string(value)?,
        };
        lines.push(format!("{key}: {value}"));
    }
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}
