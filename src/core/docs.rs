//! `docs/checks.md` is made of the checks and the frameworks.

mod adding_a_check;
mod language;
mod member_role;
mod readme;
mod requests;

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::checks::{Category, Check};
use crate::frameworks::{Control, FRAMEWORKS, Framework};
use crate::model::ControlOutcome;
use crate::services::CHECKS;
use crate::testing::assert_fresh;

const HEAD: &str = "\
# Checks

This page lists all checks, with the reason for each one and the steps of the fix.

Most checks are enabled by default. The others are opt-in: they need many API calls ([performance.md](performance.md) has
the figures), or they overlap with another check. Enable them with `--check ID` or `--framework ID`, or in the
[configuration](configuration.md).

`orgscan explain ID` prints the same text for one check. `orgscan checks --framework ID` lists a framework's controls.

## How to use the steps

Each check has one command and numbered steps. The HTML report, Security Hub (ASFF) and OCSF have the command filled in for
each finding. This page has it for an example resource. Run it with credentials of the account in the finding, unless a
step names another account. The other commands in the steps have the operation and the options that matter; add the
resource and the Region.

A name such as `$KMS_KEY_ARN` in a command is a shell variable. A step explains which value to choose. Set it in your shell
before you run the command, for example with `KMS_KEY_ARN=arn:aws:kms:…`.

The tests generate this page from the code; see [adding-a-check.md](adding-a-check.md).
";

#[test]
fn the_page_of_checks_is_fresh() {
    let mut text = HEAD.to_owned();
    for category in Category::ALL {
        let checks: Vec<_> = of(category).collect();
        if !checks.is_empty() {
            contents(category, &checks, &mut text).unwrap();
        }
    }
    text += "\n## Frameworks\n\n";
    for framework in FRAMEWORKS.iter() {
        writeln!(
            text,
            "- [{}](#{})",
            framework.title,
            anchor(framework.title)
        )
        .unwrap();
    }
    text += "\n## Each check\n";
    for check in Category::ALL.into_iter().flat_map(of) {
        about(check, &mut text).unwrap();
    }
    for framework in FRAMEWORKS.iter() {
        controls(framework, &mut text).unwrap();
    }
    assert_fresh("docs/checks.md", &text);
}

fn of(category: Category) -> impl Iterator<Item = &'static Check> {
    let all = CHECKS.iter().copied();
    all.filter(move |check| check.category == category)
}

fn contents(category: Category, checks: &[&Check], out: &mut String) -> std::fmt::Result {
    let name = category.as_str();
    let (first, rest) = name.split_at(1);
    writeln!(out, "\n## {}{rest}\n", first.to_uppercase())?;
    writeln!(
        out,
        "| check | severity | enabled | what it finds |\n| --- | --- | --- | --- |"
    )?;
    for check in checks {
        let (id, severity, title) = (check.id, check.severity, check.title);
        writeln!(
            out,
            "| [`{id}`](#{id}) | {severity} | {} | {title} |",
            enabled(check)
        )?;
    }
    Ok(())
}

fn enabled(check: &Check) -> &'static str {
    match check.by_default {
        true => "by default",
        false => "opt-in",
    }
}

fn about(check: &Check, out: &mut String) -> std::fmt::Result {
    let (id, category) = (check.id, check.category.as_str());
    writeln!(
        out,
        "\n### {id}\n\n**{}.** Severity {}, {category}, {}.",
        check.title,
        check.severity,
        match check.by_default {
            true => "enabled by default",
            false => "opt-in",
        }
    )?;
    writeln!(out, "\n{}", check.why)?;
    writeln!(out, "\nHow to fix:\n\n{}", check.numbered_fix())?;
    if let Some(command) = (check.remediation)(&check.example) {
        writeln!(
            out,
            "\nThe command, for an example resource:\n\n```sh\n{command}\n```"
        )?;
    }
    let requests: BTreeSet<_> = check
        .apis()
        .into_iter()
        .map(|api| match api.name == api.action {
            true => format!("`{}`", api.name),
            false => format!("`{}` (IAM action `{}`)", api.name, api.action),
        })
        .collect();
    let requests: Vec<_> = requests.into_iter().collect();
    writeln!(
        out,
        "\nAPI calls, if they are needed: {}.",
        requests.join(", ")
    )?;
    let mapped_checks: Vec<_> = FRAMEWORKS
        .iter()
        .filter_map(|one| mapped_checks(one, check))
        .collect();
    match mapped_checks.is_empty() {
        true => Ok(()),
        false => writeln!(
            out,
            "\nControls that it covers, fully or in part:\n\n{}",
            mapped_checks.join("\n")
        ),
    }
}

fn mapped_checks(framework: &Framework, check: &Check) -> Option<String> {
    let ids: Vec<_> = framework
        .controls_of(check.id)
        .map(|control| control.id)
        .collect();
    (!ids.is_empty()).then(|| format!("- {}: {}", framework.id, ids.join(", ")))
}

fn controls(framework: &Framework, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n## {}\n", framework.title)?;
    write!(out, "`{}`, from <{}>.", framework.id, framework.source)?;
    match framework.excluded_controls {
        "" => writeln!(out, "\n")?,
        others => writeln!(out, " Not in the list: {others}.\n")?,
    }
    writeln!(out, "| control | title | assessment | checks | review |")?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for control in framework.controls {
        let assessed = control.assessment.as_str();
        let (id, title) = (control.id, control.title.replace('*', "\\*"));
        let checks = match control.uncovered() {
            Some(uncovered) => uncovered.label().to_owned(),
            None if control.is_partial() => {
                format!(
                    "{} (best result: {})",
                    links(control),
                    ControlOutcome::PassInPart.label()
                )
            }
            None => links(control),
        };
        let review = control.manual_review().replace('|', "\\|");
        writeln!(out, "| {id} | {title} | {assessed} | {checks} | {review} |")?;
    }
    Ok(())
}

fn links(control: &Control) -> String {
    let links = control.checks.iter().map(|answer| {
        let (id, least) = (answer.check, answer.at_least);
        match least == crate::model::Severity::Informational {
            true => format!("[`{id}`](#{id})"),
            false => format!("[`{id}`](#{id}) of severity {least} or worse"),
        }
    });
    links.collect::<Vec<_>>().join(", ")
}

/// How many checks a row of a table names.
const NAMED: usize = 3;

/// Links to the first few checks with these ids, and the number of the others.
fn first_of<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let links: Vec<String> = ids.map(|id| format!("[`{id}`](checks.md#{id})")).collect();
    let more = match links.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    links[..links.len().min(NAMED)].join(", ") + &more
}

/// As GitHub makes it of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars()
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect()
}
