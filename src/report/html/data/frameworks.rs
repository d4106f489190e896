//! The controls of frameworks, and their outcomes in each account.

use orgscan_core::checks::Check;
use orgscan_core::frameworks::{CheckMapping, Control, Framework};
use orgscan_core::model::{Assessment, ControlEvidence, ControlOutcome, FrameworkView, Severity};
use serde::Serialize;

use super::super::controls::{Controls, letter};
use super::super::strings::Strings;

/// The report's frameworks; see [`Controls`].
#[derive(Debug, Serialize)]
pub(super) struct Frameworks {
    list: Vec<FrameworkText>,
    mapped: Vec<MappedChecks>,
    /// The letters that stand for outcomes, their words and what people read.
    labels: [(char, &'static str, &'static str); 7],
    /// In which times accounts were read, by number.
    times: Strings,
    outcomes: Strings,
    counts: Vec<Vec<u32>>,
    outcomes_of: Vec<Option<u32>>,
    counts_of: Vec<Option<u32>>,
}

#[derive(Debug, Serialize)]
struct FrameworkText {
    id: &'static str,
    title: &'static str,
    controls: Vec<ControlText>,
}

#[derive(Debug, Serialize)]
struct ControlText {
    id: &'static str,
    title: &'static str,
    assessed: Assessment,
    partial: bool,
    review: &'static str,
    /// The number of the time in which its accounts were read, if any was.
    time: Option<u32>,
    /// Its outcome in every account where no check covers it.
    uncovered: Option<&'static str>,
    mapped: Option<usize>,
}

/// The checks that map to a control, with the severities and the parts of their findings that count; none if all do.
#[derive(Debug, Serialize)]
struct MappedChecks {
    checks: Vec<&'static str>,
    severities: Vec<&'static str>,
    parts: Vec<&'static str>,
    /// The API calls that those of the run read.
    calls: Vec<&'static str>,
}

impl Frameworks {
    pub(super) fn new(controls: Controls, views: &[FrameworkView], checks: &[&Check]) -> Self {
        let mut times = Strings::default();
        let frameworks = controls.frameworks.iter();
        let list = frameworks.filter_map(|one| {
            let view = views.iter().find(|view| view.id == one.id)?;
            Some(framework(one, view, &controls, &mut times))
        });
        Self {
            list: list.collect(),
            mapped: controls
                .mapped
                .iter()
                .map(|one| mapped(one, checks))
                .collect(),
            labels: ControlOutcome::ALL.map(|one| (letter(one), one.as_str(), one.label())),
            times,
            counts: controls.counts.list().into_iter().map(Vec::from).collect(),
            outcomes_of: controls.of.iter().map(|one| Some((*one)?.0)).collect(),
            counts_of: controls.of.iter().map(|one| Some((*one)?.1)).collect(),
            outcomes: controls.outcomes,
        }
    }
}

fn framework(
    framework: &Framework,
    view: &FrameworkView,
    controls: &Controls,
    times: &mut Strings,
) -> FrameworkText {
    let texts = framework.controls.iter().zip(&view.controls);
    let texts = texts.map(|(control, counted)| ControlText {
        id: control.id,
        title: control.title,
        assessed: control.assessment,
        partial: control.is_partial(),
        review: control.manual_review(),
        time: time(&counted.evidence).map(|text| times.number(&text)),
        uncovered: control.uncovered().map(ControlOutcome::as_str),
        mapped: controls.number(control),
    });
    FrameworkText {
        id: framework.id,
        title: framework.title,
        controls: texts.collect(),
    }
}

/// `2026-11-15 03:00 to 03:07 UTC`
fn time(evidence: &ControlEvidence) -> Option<String> {
    let (from, until) = (evidence.collected_from?, evidence.collected_until?);
    let is_same_day = from.strftime("%F").to_string() == until.strftime("%F").to_string();
    let end = match is_same_day {
        true => until.strftime("%H:%M"),
        false => until.strftime("%F %H:%M"),
    };
    Some(format!("{} to {end} UTC", from.strftime("%F %H:%M")))
}

fn mapped(control: &Control, checks: &[&Check]) -> MappedChecks {
    MappedChecks {
        checks: control.checks.iter().map(|answer| answer.check).collect(),
        severities: severities(control.checks),
        parts: parts(control.checks),
        calls: control.calls(checks),
    }
}

/// The severities that count, the highest first; none if all do.
pub(in crate::html) fn severities(mappings: &[CheckMapping]) -> Vec<&'static str> {
    let mildest = mappings.iter().map(|answer| answer.at_least).min();
    let mildest = mildest.unwrap_or(Severity::Informational);
    if mildest == Severity::Informational {
        return Vec::new();
    }
    let counting = Severity::ALL.iter().rev().filter(|one| **one >= mildest);
    counting.map(|one| one.as_str()).collect()
}

/// The parts that count; none if all do.
pub(in crate::html) fn parts(mappings: &[CheckMapping]) -> Vec<&'static str> {
    let parts = mappings.iter().map(|answer| answer.part);
    match parts.clone().any(str::is_empty) {
        true => Vec::new(),
        false => parts.collect(),
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::consolidate::framework_views::FrameworkViews;
    use orgscan_core::frameworks::{FRAMEWORKS, all_of};
    use orgscan_core::model::{Cause, Gap, TargetScope};
    use orgscan_core::testing::{BUCKETS, CHECKS, USERS, account, evaluated, plain, result};

    use super::*;

    fn views() -> Vec<FrameworkView> {
        FrameworkViews::new(&FRAMEWORKS, CHECKS).finish()
    }

    fn written(controls: Controls) -> usize {
        let json = serde_json::to_vec(&Frameworks::new(controls, &views(), CHECKS));
        json.unwrap().len()
    }

    #[test]
    fn what_accounts_take_is_known_before_it_is_written() {
        let empty = || Controls::new(&views(), 200);
        let mut controls = empty();
        let taken = (0..200).map(|n| {
            let users = vec![Severity::High; n % 150];
            let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
            let gaps = if n % 3 == 0 { vec![gap] } else { Vec::new() };
            let users = evaluated(USERS, TargetScope::Global, 500, &users, &[]);
            let buckets = evaluated(BUCKETS, TargetScope::Global, 500, &[Severity::Low], &gaps);
            let result = result(account(1, "one", ""), vec![users, buckets]);
            controls.add(n, &plain(&result), CHECKS)
        });
        let taken: usize = taken.sum();
        // Without accounts, each has the word `null` twice.
        let more = written(controls) - (written(empty()) - 200 * 2 * "null,".len());
        assert!(taken.abs_diff(more) < more / 50, "{taken} {more}");
    }

    #[test]
    fn the_evidence_has_calls_and_the_time() {
        let at = |time: &str| time.parse().unwrap();
        let mut evidence = ControlEvidence::default();
        assert_eq!(time(&evidence), None);
        evidence.calls.push("iam:ListUsers");
        evidence.add(at("2026-11-15T03:00:10Z"), at("2026-11-15T03:07:30Z"));
        assert_eq!(time(&evidence).unwrap(), "2026-11-15 03:00 to 03:07 UTC");
        evidence.add(at("2026-11-15T03:02:00Z"), at("2026-11-16T00:01:00Z"));
        assert_eq!(
            time(&evidence).unwrap(),
            "2026-11-15 03:00 to 2026-11-16 00:01 UTC"
        );
        let made = &[orgscan_core::services::by_id(USERS).unwrap()];
        let mut all = FrameworkViews::new(&FRAMEWORKS, made);
        all.add(&plain(&result(account(1, "one", ""), Vec::new())), made);
        let views = all.finish();
        let frameworks = Frameworks::new(Controls::new(&views, 0), &views, made);
        let frameworks = serde_json::to_value(&frameworks).unwrap();
        let controls = frameworks["list"][0]["controls"].as_array().unwrap();
        let of = |id: &str| controls.iter().find(|one| one["id"] == id).unwrap();
        let mapped = |id: &str| &frameworks["mapped"][of(id)["mapped"].as_u64().unwrap() as usize];
        assert_eq!(frameworks["times"][0], "2026-11-15 03:00 to 03:07 UTC");
        assert_eq!(
            (&of("2.10")["time"], &of("2.1.4")["time"]),
            (&0.into(), &().into())
        );
        assert_eq!(mapped("6.1.1")["calls"], serde_json::json!([]));
        let calls = mapped("2.10")["calls"].as_array().unwrap();
        assert!(
            calls.contains(&"iam:GetCredentialReport".into()),
            "{calls:?}"
        );
        assert_eq!(
            (&of("2.7")["partial"], &of("2.10")["partial"]),
            (&true.into(), &false.into())
        );
    }

    #[test]
    fn only_severities_that_count_lead_to_findings() {
        let answer = |at_least| CheckMapping {
            at_least,
            ..all_of("x")
        };
        assert_eq!(severities(&[]), [""; 0]);
        assert_eq!(severities(&[answer(Severity::High)]), ["critical", "high"]);
        let both = [answer(Severity::High), answer(Severity::Informational)];
        assert_eq!(severities(&both), [""; 0]);
    }
}
