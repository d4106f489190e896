//! Expressions that find metrics.

use crate::publish::metrics::DIMENSION;

/// How many accounts a list of those with the most findings shows.
pub(super) const TOP: usize = 10;

/// All accounts' metrics of one name, as a search has it.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html>
pub(super) fn metrics_named(namespace: &str, metric: &str) -> String {
    let namespace = quoted(namespace);
    format!("{{{namespace},{DIMENSION}}} MetricName=\"{metric}\"")
}

/// The accounts with the highest numbers of a metric that few accounts have: a search evaluates 100 metrics. If more
/// match, the selection is not documented.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html>
pub(super) fn top_of_few(namespace: &str, metric: &str, period: u64) -> String {
    // What is quoted with `'` cannot hold one.
    let metrics = metrics_named(namespace, metric).replace('\'', "\\'");
    format!("SLICE(SORT(SEARCH('{metrics}', 'Maximum', {period}), MAX, DESC), 0, {TOP})")
}

/// The accounts with the highest numbers of a metric that all accounts have: a query sorts up to
/// 10,000 metrics before it takes the first ones.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-limits.html>
pub(super) fn top_of_all(namespace: &str, metric: &str) -> String {
    let namespace = quoted(namespace);
    format!(
        "SELECT MAX({metric}) FROM SCHEMA({namespace}, {DIMENSION}) GROUP BY {DIMENSION} \
         ORDER BY MAX() DESC LIMIT {TOP}"
    )
}

/// A name in quotes, which any but a plain one needs.
fn quoted(name: &str) -> String {
    let special = |c: char| matches!(c, '"' | '\\' | '(' | ')');
    let escaped = name
        .chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]));
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_namespace_can_be_searched() {
        assert_eq!(
            metrics_named("Org (Scan)", "X"),
            "{\"Org \\(Scan\\)\",AccountId} MetricName=\"X\""
        );
        assert_eq!(
            top_of_few("It's \"it\"", "X", 60),
            "SLICE(SORT(SEARCH('{\"It\\'s \\\"it\\\"\",AccountId} MetricName=\"X\"', 'Maximum', 60), \
             MAX, DESC), 0, 10)"
        );
        assert_eq!(
            top_of_all("OrgScan", "X"),
            "SELECT MAX(X) FROM SCHEMA(\"OrgScan\", AccountId) GROUP BY AccountId ORDER BY MAX() DESC \
             LIMIT 10"
        );
    }
}
