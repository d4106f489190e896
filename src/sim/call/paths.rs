//! The paths of services that name their operations by them.

use super::decoded;

/// Operations of services that name them by a path. What stands in braces is a parameter.
///
/// Sources: <https://docs.aws.amazon.com/accounts/latest/reference/API_Operations.html>,
/// <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListProtectedResources.html>,
/// <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html>,
/// <https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystems.html>,
/// <https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_ListDomainNames.html>,
/// <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vaults-get.html>,
/// <https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html>
const PATHS: &[(&str, &str, &str)] = &[
    ("access-analyzer", "/analyzer", "ListAnalyzers"),
    ("access-analyzer", "/finding", "ListFindings"),
    ("account", "/getAlternateContact", "GetAlternateContact"),
    ("account", "/getContactInformation", "GetContactInformation"),
    ("account", "/listRegions", "ListRegions"),
    ("apigateway", "/domainnames", "GetDomainNames"),
    ("apigateway", "/restapis", "GetRestApis"),
    ("apigateway", "/restapis/{RestApiId}/stages", "GetStages"),
    ("apigateway", "/v2/apis", "GetApis"),
    ("apigateway", "/v2/apis/{ApiId}/stages", "GetStages"),
    // The version tells it from the operation of the same name above.
    ("apigateway", "/{Version}/domainnames", "GetDomainNames"),
    ("backup", "/backup-vaults", "ListBackupVaults"),
    (
        "backup",
        "/backup-vaults/{BackupVaultName}/access-policy",
        "GetBackupVaultAccessPolicy",
    ),
    ("backup", "/resources", "ListProtectedResources"),
    (
        "cloudfront",
        "/2020-05-31/distribution",
        "ListDistributions",
    ),
    (
        "cloudfront",
        "/2020-05-31/distribution/{Id}/config",
        "GetDistributionConfig",
    ),
    (
        "elasticfilesystem",
        "/2015-02-01/file-systems",
        "DescribeFileSystems",
    ),
    (
        "elasticfilesystem",
        "/2015-02-01/file-systems/{FileSystemId}/policy",
        "DescribeFileSystemPolicy",
    ),
    ("es", "/2021-01-01/domain", "ListDomainNames"),
    (
        "es",
        "/2021-01-01/opensearch/domain-info",
        "DescribeDomains",
    ),
    ("glacier", "/-/vaults", "ListVaults"),
    (
        "glacier",
        "/-/vaults/{vaultName}/access-policy",
        "GetVaultAccessPolicy",
    ),
    ("guardduty", "/detector", "ListDetectors"),
    ("guardduty", "/detector/{DetectorId}", "GetDetector"),
    ("inspector2", "/status/batch/get", "BatchGetAccountStatus"),
    ("lambda", "/2015-03-31/functions", "ListFunctions"),
    (
        "lambda",
        "/2015-03-31/functions/{FunctionName}/policy",
        "GetPolicy",
    ),
    (
        "lambda",
        "/2021-10-31/functions/{FunctionName}/urls",
        "ListFunctionUrlConfigs",
    ),
    ("macie2", "/macie", "GetMacieSession"),
    ("securityhub", "/accounts", "DescribeHub"),
    ("securityhub", "/hubv2", "DescribeSecurityHubV2"),
];

/// The operation at a path, and the parameters in it.
pub(super) fn operation_at(
    service: &str,
    path: &str,
) -> Option<(&'static str, Vec<(&'static str, String)>)> {
    let path = path.trim_end_matches('/');
    let mut known = PATHS.iter().filter(|(of, _, _)| *of == service);
    known.find_map(|(_, pattern, operation)| Some((*operation, parameters(pattern, path)?)))
}

/// The parameters of a path with this pattern; nothing if the path is another.
fn parameters(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return (pattern == path).then(Vec::new);
    };
    let (name, after) = rest.split_once('}')?;
    let value = path.strip_prefix(before)?.strip_suffix(after)?;
    let is_one = !value.is_empty() && !value.contains('/');
    is_one.then(|| vec![(name, decoded(value))])
}
