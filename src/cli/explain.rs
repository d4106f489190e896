//! `orgscan explain`: a check, an indicator, a framework or one of its controls.

use std::io::{self, Write};

use orgscan_core::checks::{Check, INDICATORS, Indicator};
use orgscan_core::frameworks::{Control, FRAMEWORKS, Framework};
use orgscan_core::model::ControlOutcome;
use orgscan_core::services::CHECKS;
use orgscan_core::services::by_id as check_by_id;
use orgscan_core::settings::Config;

use super::args::Format;
use super::catalog;
use super::no_such::NoSuch;
use super::style::{FAINT, HEADING, of, paint};
use super::{controls, prose};

/// What an id stands for.
enum Meaning {
    Check(&'static Check),
    Indicator(&'static Indicator),
    Framework(&'static Framework),
    /// Several frameworks may have one of this id.
    Controls(Vec<(&'static Framework, &'static Control)>),
}

/// Explains what an id stands for. A control can follow its framework, `cis-7.0 3.1.1`.
pub(super) fn write(
    id: &str,
    config: &Config,
    out: &mut impl Write,
) -> Result<io::Result<()>, NoSuch> {
    Ok(match meaning(id)? {
        Meaning::Check(check) => catalog::explain(check, config, out),
        Meaning::Indicator(one) => indicator(one, out),
        Meaning::Framework(framework) => controls::write(framework, Format::Text, out),
        Meaning::Controls(all) => {
            all.into_iter()
                .enumerate()
                .try_for_each(|(n, (framework, one))| {
                    let between = if n > 0 { "\n" } else { "" };
                    write!(out, "{between}")?;
                    control(framework, one, out)
                })
        }
    })
}

fn meaning(id: &str) -> Result<Meaning, NoSuch> {
    let is = |known: &str| known.eq_ignore_ascii_case(id);
    if let Some(check) = CHECKS.iter().find(|one| is(one.id)) {
        return Ok(Meaning::Check(check));
    }
    if let Some(indicator) = INDICATORS.iter().find(|one| is(one.name)) {
        return Ok(Meaning::Indicator(indicator));
    }
    if let Some(framework) = FRAMEWORKS.iter().find(|one| is(one.id)) {
        return Ok(Meaning::Framework(framework));
    }
    controls_of(id).map(Meaning::Controls)
}

/// The controls of an id: of all frameworks, or of the one that is named before it.
fn controls_of(id: &str) -> Result<Vec<(&'static Framework, &'static Control)>, NoSuch> {
    let (of, control) = match id.split_once([' ', ':', '/']) {
        Some((of, control)) => (
            Some(controls::framework("ID", &of.to_lowercase())?),
            control.trim(),
        ),
        None => (None, id),
    };
    let all = FRAMEWORKS.iter().copied();
    let frameworks = all.filter(|one| of.is_none_or(|of| of.id == one.id));
    let controls =
        frameworks.flat_map(|one| one.controls.iter().map(move |control| (one, control)));
    let found: Vec<_> = controls
        .filter(|(_, one)| one.id.eq_ignore_ascii_case(control))
        .collect();
    match (found.is_empty(), of) {
        (false, _) => Ok(found),
        (true, Some(framework)) => {
            let known: Vec<_> = framework.controls.iter().map(|one| one.id).collect();
            let what = ("ID", "control of this framework");
            Err(NoSuch::new(what, control, &known))
        }
        (true, None) => Err(NoSuch::nearest(
            ("ID", "check, indicator, control or framework"),
            id,
            &all_ids(),
        )),
    }
}

fn all_ids() -> Vec<&'static str> {
    let checks = CHECKS.iter().map(|one| one.id);
    let frameworks = FRAMEWORKS.iter();
    let controls = FRAMEWORKS.iter().flat_map(|one| one.controls);
    checks
        .chain(INDICATORS.iter().map(|one| one.name))
        .chain(frameworks.map(|one| one.id))
        .chain(controls.map(|one| one.id))
        .collect()
}

fn indicator(indicator: &Indicator, out: &mut impl Write) -> io::Result<()> {
    let (name, category) = (indicator.name, indicator.category.as_str());
    writeln!(out, "{}", paint(HEADING, name))?;
    writeln!(out, "indicator, {category}")?;
    let counts = format!(
        "Counts {}: findings of the check {} with severity {} or higher.",
        indicator.counts, indicator.check, indicator.at_least
    );
    prose::write(out, &format!("\n{counts}"))?;
    if let Some(check) = check_by_id(indicator.check) {
        writeln!(out, "\n{}", paint(HEADING, "Check"))?;
        writeln!(out, "{}: {}", check.id, check.title)?;
    }
    writeln!(
        out,
        "\n`orgscan explain --threshold {name}` shows its threshold, `orgscan explain {}` explains the check.",
        indicator.check
    )
}

fn control(framework: &Framework, control: &Control, out: &mut impl Write) -> io::Result<()> {
    let heading = format!("{} {}", control.id, control.title);
    writeln!(out, "{}", paint(HEADING, heading))?;
    let assessed = control.assessment.as_str();
    writeln!(
        out,
        "{} {}  control, assessment: {assessed}",
        framework.id, control.id
    )?;
    writeln!(out, "{}", paint(FAINT, framework.title))?;
    if !control.checks.is_empty() {
        writeln!(out, "\n{}", paint(HEADING, "Checks that cover it"))?;
    }
    for answer in control.checks {
        let at_least = paint(of(Some(answer.at_least)), answer.at_least);
        writeln!(
            out,
            "{}: findings with severity {at_least} or higher",
            answer.check
        )?;
    }
    let calls = control.calls(CHECKS);
    if !calls.is_empty() {
        writeln!(out, "\n{}", paint(HEADING, "API calls, if they are needed"))?;
        prose::write(out, &format!("{}.", calls.join(", ")))?;
    }
    let in_part = format!("Review the rest manually ({})", controls::best_in_part());
    let heading = match control.uncovered() {
        Some(ControlOutcome::NotCovered) => "Not covered by a check: review it manually",
        Some(_) => "Requires manual review",
        None if control.is_partial() => &in_part,
        None => "Note",
    };
    match control.manual_review() {
        "" => Ok(()),
        review => {
            writeln!(out, "\n{}", paint(HEADING, heading))?;
            prose::write(out, review)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(id: &str) -> String {
        let mut out = Vec::new();
        write(id, &Config::default(), &mut out).unwrap().unwrap();
        String::from_utf8(anstream::adapter::strip_bytes(&out).into_vec()).unwrap()
    }

    fn refused(id: &str) -> String {
        write(id, &Config::default(), &mut Vec::new())
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn every_id_is_explained() {
        for check in CHECKS {
            assert!(explained(check.id).contains(check.title));
        }
        for one in INDICATORS {
            let text = explained(one.name);
            assert!(
                text.contains(one.check) && text.contains("--threshold"),
                "{text}"
            );
        }
        for framework in FRAMEWORKS.iter() {
            assert!(explained(framework.id).contains(framework.source));
            for control in framework.controls {
                for id in [
                    format!("{} {}", framework.id, control.id),
                    format!("{}:{}", framework.id, control.id),
                    format!(
                        "{}/{}",
                        framework.id.to_uppercase(),
                        control.id.to_lowercase()
                    ),
                ] {
                    let text = explained(&id);
                    let head = format!("{} {}  control", framework.id, control.id);
                    assert!(text.contains(&head), "{text}");
                    assert!(text.contains(control.title), "{text}");
                }
                assert!(
                    explained(control.id).contains(control.title),
                    "{}",
                    control.id
                );
            }
        }
    }

    #[test]
    fn a_control_has_its_api_calls_and_what_to_review() {
        let text = explained("cis-7.0 2.21");
        assert!(text.contains("s3:GetBucketPolicyStatus"), "{text}");
        assert!(
            text.contains("Review the rest manually (best result: pass (in part))"),
            "{text}"
        );
        let text = explained("cis-7.0 2.1.4");
        assert!(!text.contains("API calls"), "{text}");
        assert!(text.contains("Requires manual review"), "{text}");
    }

    #[test]
    fn a_control_of_several_frameworks_is_shown_for_each() {
        let shared = FRAMEWORKS[0].controls.iter().find(|control| {
            let others = FRAMEWORKS[1].controls.iter();
            others.map(|one| one.id).any(|id| id == control.id)
        });
        let text = explained(shared.unwrap().id);
        assert!(
            text.contains(FRAMEWORKS[0].title) && text.contains(FRAMEWORKS[1].title),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_match() {
        for (slip, nearest) in [
            ("ebs-volumes-unencrypted", "ebs-volume-unencrypted"),
            ("PublicBucket", "PublicBuckets"),
            ("cis-8.0", "cis-"),
            ("cis-7.0 3.1.11", "3.1.1"),
            ("cis7 3.1.1", "cis-7.0"),
        ] {
            let error = refused(slip);
            assert!(
                error.contains(&format!("did you mean `{nearest}")),
                "{error}"
            );
        }
        let error = refused("volcano");
        assert!(error.contains("orgscan checks"), "{error}");
        assert!(error.len() < 200, "{error}");
    }
}
