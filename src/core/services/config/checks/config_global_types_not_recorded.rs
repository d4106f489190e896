//! Accounts in which no recorder records the global IAM types.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Cause, Gap, RuleResult, Severity};
use crate::partition::Partition;
use crate::services::config::recorder::has_global_types;
use crate::services::config::{
    ConfigRecorders, DESCRIBE_RECORDERS, RecordedTypes, Recorder, RecorderStatus,
};

pub(super) const CHECK: Check = Check {
    id: "config-global-types-not-recorded",
    title: "AWS Config records no IAM resources in any Region",
    category: Category::Logging,
    severity: Severity::Low,
    why: "IAM users, groups, roles and customer managed policies are the same in every Region. A recorder \
          includes these global types only on request. If no Region records them, AWS Config has no \
          history of who had which permissions. One Region is enough, and more cost more. Regions that AWS \
          Config supports since February 2022 cannot record these types. The check needs a request in every \
          Region, so it is not enabled by default.",
    fix: &[
        "Choose the Region that records the global types. Use the same one in every account. The command \
         contains the Region of IAM.",
        "Run the command. It shows the recorder of that Region. The console has the same setting: AWS \
         Config, Settings, Recording method.",
        "Include the global types: `aws configservice put-configuration-recorder --recording-group \
         allSupported=true,includeGlobalResourceTypes=true` with the name and the role of that recorder.",
    ],
    example: FailedResource::example("global", "arn:aws:config::111122223333:account", ""),
    by_default: false,
    remediation: |failed| {
        let region = iam_region(failed.partition());
        let show = "configservice describe-configuration-recorders";
        remediation::aws(show, &[("region", region)])
    },
    controls: &[
        covers("cis-7.0", "4.3"),
        covers("cis-5.0", "3.3"),
        covers("aws-fsbp", "Config.1"),
    ],
    prowler: Counterparts::none(
        "Prowler evaluates each recorder alone and does not compare what they record",
    ),
    parameters: Parameters::None,
    needs: &[ConfigRecorders::SPEC],
    rule: Rule::Account(evaluate),
};

/// The Region that IAM is in: that of the commercial partition for one that is not known.
fn iam_region(partition: &str) -> &'static str {
    let known = Partition::named(partition);
    known.map_or("us-east-1", |partition| partition.iam_region)
}

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let home = iam_region(context.partition);
    let (missing, mut gaps) = unrecorded(facts, home);
    if missing.is_empty() {
        return Ok(RuleResult::of_one(None));
    }
    let mut regions = facts.in_regions::<ConfigRecorders>();
    if !regions.any(|(region, _)| region.as_str() == home) {
        gaps.push(unscanned(home));
    }
    if !gaps.is_empty() {
        return Ok(RuleResult {
            gaps,
            ..RuleResult::default()
        });
    }
    let message = format!("No Region records {}", missing.join(", "));
    let violation = CHECK.violation(arn::config_settings(context, None), message);
    Ok(RuleResult::of_one(Some(violation)))
}

/// The global types that no Region is known to record, and why one of them may record more.
fn unrecorded(facts: &Facts<'_>, home: &str) -> (Vec<&'static str>, Vec<Gap>) {
    let (mut missing, mut gaps) = (RecordedTypes::GLOBAL.to_vec(), Vec::new());
    let regions = facts.in_regions::<ConfigRecorders>();
    for (region, recorders) in regions.filter(|(region, _)| has_global_types(region, home)) {
        let recorders = match recorders {
            Ok(recorders) => recorders,
            Err(gap) => {
                gaps.push(gap.in_region(region));
                continue;
            }
        };
        let unread = recorders.gaps.iter().cloned();
        gaps.extend(unread.map(|gap| gap.in_region(region)));
        for recorder in recorders {
            match is_recording(recorder) {
                Ok(true) => missing.retain(|one| !recorder.types.has_global(one)),
                Ok(false) => {}
                Err(gap) => gaps.push(gap.in_region(region)),
            }
        }
    }
    (missing, gaps)
}

/// A recorder that fails does not record.
fn is_recording(recorder: &Recorder) -> Result<bool, Gap> {
    Ok(*recorder.status.get()? == RecorderStatus::Recording)
}

/// The Region of IAM is where these types are usually recorded, so that without it their absence is not known.
fn unscanned(region: &str) -> Gap {
    Gap {
        detail: format!(
            "{region} is not scanned, and its recorder may record the global IAM types"
        ),
        ..Gap::new(DESCRIBE_RECORDERS.action, Cause::NotCollected)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::checks::samples::{missing, with_context};
    use crate::facts::FactStore;
    use crate::model::{Reading, Region};
    use crate::services::config::samples::{recorder, recording, region_with, types};

    fn in_partition(partition: &str, regions: Vec<(&str, FactStore)>) -> RuleResult {
        let regions = regions.into_iter();
        let regions: BTreeMap<_, _> = regions
            .map(|(name, facts)| (Region::new(name), facts))
            .collect();
        let store = FactStore::default();
        let facts = Facts::new(&store, CHECK.needs).with_regions(&regions);
        let result = with_context(|context| {
            let context = Context {
                partition,
                ..*context
            };
            evaluate(&facts, &context).unwrap()
        });
        assert_eq!(facts.undeclared(), None);
        result
    }

    fn result(regions: Vec<(&str, FactStore)>) -> RuleResult {
        in_partition("aws", regions)
    }

    fn regional() -> FactStore {
        region_with(vec![recording(RecordedTypes::All { with_global: false })])
    }

    #[test]
    fn one_region_that_records_them_is_enough() {
        let global = || region_with(vec![recorder()]);
        for regions in [
            vec![("us-east-1", global()), ("eu-west-1", regional())],
            vec![("us-east-1", regional()), ("eu-west-1", global())],
            vec![("eu-west-1", global())],
        ] {
            let result = result(regions);
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
            assert_eq!(result.gaps, []);
        }
    }

    #[test]
    fn several_regions_may_share_the_types() {
        let only = |names: &[&str]| region_with(vec![recording(RecordedTypes::Only(types(names)))]);
        let (first, second) = RecordedTypes::GLOBAL.split_at(2);
        let both = vec![("us-east-1", only(first)), ("eu-west-1", only(second))];
        assert_eq!(result(both).violations, []);
        let half = vec![("us-east-1", only(first))];
        let message = &result(half).violations[0].message;
        assert_eq!(
            message,
            "No Region records AWS::IAM::Role, AWS::IAM::Policy"
        );
    }

    #[test]
    fn recorders_without_them_stopped_ones_and_newer_regions_do_not_count() {
        let stopped = Recorder {
            status: Reading::known(RecorderStatus::Stopped),
            ..recorder()
        };
        let except = RecordedTypes::AllExcept(types(&RecordedTypes::GLOBAL));
        for regions in [
            vec![("us-east-1", region_with(vec![]))],
            vec![("us-east-1", regional()), ("eu-west-1", regional())],
            vec![("us-east-1", region_with(vec![stopped]))],
            vec![("us-east-1", region_with(vec![recording(except)]))],
            vec![
                ("us-east-1", regional()),
                ("eu-south-2", region_with(vec![recorder()])),
            ],
        ] {
            let result = result(regions);
            assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
            let resource = &result.violations[0].resource;
            assert_eq!(*resource, "arn:aws:config::111122223333:account");
        }
    }

    #[test]
    fn an_unread_region_matters_only_if_no_other_records_them() {
        let unread = || FactStore::default().with::<ConfigRecorders>(missing("x"));
        let global = ("eu-west-1", region_with(vec![recorder()]));
        let found = result(vec![("us-east-1", unread()), global]);
        assert_eq!((found.violations, found.gaps), (vec![], vec![]));
        let unknown = result(vec![("us-east-1", regional()), ("eu-west-1", unread())]);
        assert_eq!((unknown.violations.len(), unknown.gaps.len()), (0, 1));
        let newer = result(vec![("us-east-1", regional()), ("eu-south-2", unread())]);
        assert_eq!((newer.violations.len(), newer.gaps.len()), (1, 0));
    }

    #[test]
    fn without_the_region_of_iam_absence_is_not_known() {
        let unknown = result(vec![("eu-west-1", regional())]);
        assert_eq!((unknown.violations.len(), unknown.gaps.len()), (0, 1));
        let china = |regions| in_partition("aws-cn", regions);
        let unknown = china(vec![("cn-northwest-1", regional())]);
        assert!(unknown.gaps[0].detail.starts_with("cn-north-1 "));
        let found = china(vec![("cn-north-1", regional())]);
        assert_eq!((found.violations.len(), found.gaps.len()), (1, 0));
        let gov = in_partition("aws-us-gov", vec![("us-gov-west-1", regional())]);
        assert_eq!(gov.violations.len(), 1);
    }
}
