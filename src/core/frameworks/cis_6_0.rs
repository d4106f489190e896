//! CIS Amazon Web Services Foundations Benchmark v6.0.0
//!
//! It has the recommendations of v5.0.0 with the same titles, profiles and assessments. Section 1 became an introduction, so
//! that every section has a number one higher. The tests compare the result with `cis_6_0.csv`.
//! Sources: <https://www.cisecurity.org/benchmark/amazon_web_services>,
//! <https://github.com/prowler-cloud/prowler/blob/3e000faa3109230b748e4418a13c11c9e59f5cfb/prowler/compliance/aws/cis_6.0_aws.json>,
//! <https://hub.steampipe.io/plugins/turbot/aws/queries/iam/iam_user_one_active_key> (1.12 of v5.0.0 is 2.12 of v6.0.0)

use super::{Control, Framework};

/// The framework, from v5.0.0 with its checks: what a check maps to there, it maps to here.
pub(super) fn renumbered(cis_5_0: &Framework) -> Framework {
    let controls = cis_5_0.controls.iter().map(|control| Control {
        id: String::leak(next_section(control.id)),
        ..*control
    });
    Framework {
        id: "cis-6.0",
        title: "CIS Amazon Web Services Foundations Benchmark v6.0.0",
        controls: Vec::leak(controls.collect()),
        ..*cis_5_0
    }
}

/// The id with the next section: `2.1.4` for `1.1.4`.
fn next_section(id: &str) -> String {
    let (section, rest) = id.split_once('.').unwrap_or((id, ""));
    // Every id begins with a number: a test compares all of them.
    let section = section.parse::<u8>().map_or(0, |section| section + 1);
    format!("{section}.{rest}")
}
