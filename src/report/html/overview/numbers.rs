//! The indicators of the organization and of its OUs.

use orgscan_core::checks::INDICATORS;
use orgscan_core::model::{IndicatorTotal, Report, ThresholdScope};
use orgscan_core::text::number;

use super::super::format::{DisplayNumber, heading, shown, visible};

/// An indicator of the organization.
pub(super) struct OverviewIndicator {
    pub(super) counts: &'static str,
    pub(super) heading: String,
    pub(super) category: &'static str,
    pub(super) check: &'static str,
    pub(super) shown: DisplayNumber,
    /// `of 1,234`, or what could not be evaluated.
    pub(super) of: String,
    pub(super) highest_severity: Option<&'static str>,
    pub(super) affected: String,
    pub(super) unknown: Option<String>,
    pub(super) suppressed: Option<String>,
    pub(super) limit: Option<String>,
}

/// An OU's numbers, in the order of the indicators.
pub(super) struct OverviewUnit {
    pub(super) path: String,
    /// The path as the address has it.
    pub(super) href: String,
    pub(super) numbers: Vec<DisplayNumber>,
}

pub(super) fn indicators(report: &Report) -> Vec<OverviewIndicator> {
    let totals = report.indicators.iter();
    totals.filter_map(|total| line(report, total)).collect()
}

fn line(report: &Report, total: &IndicatorTotal) -> Option<OverviewIndicator> {
    let indicator = INDICATORS.iter().find(|one| one.name == total.indicator)?;
    let counted = &total.total;
    let is_own = |crossing: &&orgscan_core::model::Crossing| {
        crossing.scope == ThresholdScope::Organization && crossing.indicator == total.indicator
    };
    Some(OverviewIndicator {
        counts: indicator.counts,
        heading: heading(indicator.name),
        category: indicator.category.as_str(),
        check: indicator.check,
        shown: shown(counted),
        of: number(counted.resources_evaluated),
        highest_severity: counted
            .by_severity
            .highest()
            .map(|severity| severity.as_str()),
        affected: number(total.accounts_affected),
        unknown: (total.accounts_incomplete > 0).then(|| number(total.accounts_incomplete)),
        suppressed: (counted.suppressed > 0).then(|| number(counted.suppressed)),
        limit: report
            .thresholds_crossed
            .iter()
            .find(is_own)
            .map(|one| one.threshold.clone()),
    })
}

/// The OUs right below the root; the page's scripts show those in them.
pub(super) fn units(report: &Report) -> Vec<OverviewUnit> {
    let units = report.ous.iter();
    let upper = units.filter(|(path, _)| !path.contains('/'));
    let line = upper.map(|(path, totals)| OverviewUnit {
        href: address(&visible(path)),
        path: visible(path),
        numbers: totals.iter().map(|total| shown(&total.total)).collect(),
    });
    line.collect()
}

/// `#/ou/Workloads/Production`
fn address(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let encoded: String = form_urlencoded::byte_serialize(segment.as_bytes()).collect();
        // A plus is a space in a form, and a plus in an address.
        encoded.replace('+', "%20")
    });
    format!("#/ou/{}", segments.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_keeps_its_slashes_and_nothing_else() {
        let address = super::address("Work loads/R&D \"<x>+");
        assert_eq!(address, "#/ou/Work%20loads/R%26D%20%22%3Cx%3E%2B");
    }
}
