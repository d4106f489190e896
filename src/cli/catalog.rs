//! `orgscan checks`, `orgscan explain` and `orgscan schema`: what needs no AWS.

use std::io::{self, Write};

use orgscan_app::config::{config_schema, event_schema};
use orgscan_app::publish::alert;
use orgscan_core::checks::{Category, Check, INDICATORS, Parameters};
use orgscan_core::exceptions::exceptions_schema;
use orgscan_core::services::CHECKS;
use orgscan_core::settings::Config;
use orgscan_report::json;
use orgscan_report::trend::weekly;
use orgscan_store::integrity;
use serde_json::json;

use super::args::{Format, SchemaOf};
use super::grid::{Grid, Page, width};
use super::no_such::NoSuch;
use super::style::{FAINT, HEADING, of, paint};
use super::{controls, prose, terminal};
/// The checks of a category, or all.
pub(super) fn of_category(id: Option<&str>) -> Result<Vec<&'static Check>, NoSuch> {
    let Some(id) = id else {
        return Ok(CHECKS.to_vec());
    };
    let known = Category::ALL.map(Category::id);
    if !known.contains(&id) {
        return Err(NoSuch::new(("--category", "category"), id, &known));
    }
    let all = CHECKS.iter().copied();
    Ok(all.filter(|check| check.category.id() == id).collect())
}

pub(super) fn checks(checks: &[&Check], format: Format, out: &mut impl Write) -> io::Result<()> {
    if format == Format::Json {
        let all: Vec<_> = checks.iter().map(|check| as_json(check)).collect();
        return writeln!(out, "{:#}", json!(all));
    }
    let columns = ["severity", "check", "finding", "runs"];
    let mut grid = Grid::new(width(), &columns);
    for category in Category::ALL {
        let mut of_category = checks
            .iter()
            .filter(|check| check.category == category)
            .peekable();
        if of_category.peek().is_some() {
            let heading = paint(HEADING, category.as_str());
            grid.line(format!("\n{heading}"));
        }
        for check in of_category {
            grid.row(row(check));
        }
    }
    grid.whole(0).whole(1).whole(3).write(out)?;
    writeln!(out)?;
    Page::of_terminal().write(
        "An opt-in check runs only with --check ID or a --framework that it maps to. `orgscan explain ID` explains a \
         check and how to fix its findings.",
        out,
    )
}

fn row(check: &Check) -> [String; 4] {
    [
        paint(of(Some(check.severity)), check.severity),
        check.id.to_owned(),
        check.title.to_owned(),
        paint(FAINT, default_label(check)),
    ]
}

/// Whether the check runs by default.
const fn default_label(check: &Check) -> &'static str {
    match check.by_default {
        true => "by default",
        false => "opt-in",
    }
}

/// Explains a check.
pub(super) fn explain(check: &Check, config: &Config, out: &mut impl Write) -> io::Result<()> {
    let severity = paint(of(Some(check.severity)), check.severity);
    writeln!(out, "{}", paint(HEADING, check.title))?;
    let (id, category, default_label) = (check.id, check.category.as_str(), default_label(check));
    writeln!(out, "{id}  {severity}, {category}, {default_label}")?;
    prose(out, "Why it matters", check.why)?;
    fix(check, out)?;
    ports(check, config, out)?;
    section(out, "Required IAM actions", &actions(check).join("\n"))?;
    let counted = INDICATORS.iter().filter(|one| one.check == check.id);
    let lines: Vec<_> = counted
        .map(|one| format!("{}: {}", one.name, one.counts))
        .collect();
    section(out, "Indicators", &lines.join("\n"))?;
    let controls = controls::lines_of(check.id);
    section(
        out,
        "Controls that it covers, fully or in part",
        &controls.join("\n"),
    )
}

/// The sensitive ports of this configuration, for a check that uses them.
pub(super) fn ports(check: &Check, config: &Config, out: &mut impl Write) -> io::Result<()> {
    if !matches!(check.parameters, Parameters::SensitivePorts) {
        return Ok(());
    }
    let ports = config.sensitive_ports.effective();
    let title = format!("Sensitive ports ({}, see sensitive_ports)", ports.len());
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    section(out, &title, &terminal::plain(&ports.join(", ")))
}

/// The steps, and the command for an example resource, whole so that it can be copied.
fn fix(check: &Check, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, "How to fix"))?;
    prose::steps(out, check.fix)?;
    match (check.remediation)(&check.example) {
        None => Ok(()),
        Some(command) => writeln!(
            out,
            "\n{}\n  {command}",
            paint(HEADING, "Command for an example resource")
        ),
    }
}

fn prose(out: &mut impl Write, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, title))?;
    prose::write(out, text)
}

fn section(out: &mut impl Write, title: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint(HEADING, title))?;
    Grid::lines(width(), text.lines().map(str::to_owned)).write(out)
}

/// The IAM actions that a check needs.
pub(super) fn actions(check: &Check) -> Vec<&'static str> {
    check.apis().into_iter().map(|api| api.action).collect()
}

fn as_json(check: &Check) -> serde_json::Value {
    json!({
        "id": check.id,
        "title": check.title,
        "category": check.category,
        "severity": check.severity,
        "enabled_by_default": check.by_default,
        "controls": controls::ids_of(check.id),
        "why": check.why,
        "remediation": check.fix,
        "example_command": (check.remediation)(&check.example),
        "iam_actions": actions(check),
    })
}

/// Prints the JSON Schema of a file format.
pub(super) fn schema(of: SchemaOf, out: &mut impl Write) -> io::Result<()> {
    let schema = match of {
        SchemaOf::Config => config_schema(),
        SchemaOf::Event => event_schema(),
        SchemaOf::Exceptions => exceptions_schema(),
        SchemaOf::Report => json::schema().into(),
        SchemaOf::Alert => alert::schema().into(),
        SchemaOf::Manifest => integrity::schema().into(),
        SchemaOf::Weekly => weekly::schema().into(),
    };
    writeln!(out, "{:#}", schema)
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::SensitivePort;
    use orgscan_core::services::by_id;

    use super::*;

    fn printed(print: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        print(&mut out);
        anstream::adapter::strip_bytes(&out)
            .into_vec()
            .try_into()
            .unwrap()
    }

    #[test]
    fn every_check_is_listed_and_explained() {
        let list = printed(|out| checks(CHECKS, Format::Text, out).unwrap());
        let all = printed(|out| checks(CHECKS, Format::Json, out).unwrap());
        let all: serde_json::Value = serde_json::from_str(&all).unwrap();
        assert_eq!(all.as_array().unwrap().len(), CHECKS.len());
        for check in CHECKS {
            assert!(list.contains(check.id), "{list}");
            let text = printed(|out| explain(check, &Config::default(), out).unwrap());
            assert!(text.contains("aws "), "{text}");
        }
    }

    #[test]
    fn the_sensitive_ports_are_those_of_the_configuration() {
        let mut config = Config::default();
        let explained =
            |id: &str| printed(|out| explain(by_id(id).unwrap(), &config, out).unwrap());
        let default = explained("security-group-sensitive-port-open");
        let default = default.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["Sensitive ports (50,", "tcp 22 (SSH)", "udp 11211"] {
            assert!(default.contains(part), "{default}");
        }
        assert!(!explained("s3-bucket-public").contains("sensitive ports"));
        config.sensitive_ports.add = vec![SensitivePort {
            port: 8_443,
            protocol: Default::default(),
            name: "admin page".into(),
        }];
        let more =
            printed(|out| ports(by_id("ec2-instance-exposed").unwrap(), &config, out).unwrap());
        assert!(more.contains("(51,") && more.contains("8443"), "{more}");
    }

    #[test]
    fn a_category_has_its_own_checks() {
        let logging = of_category(Some("logging")).unwrap();
        assert!(!logging.is_empty() && logging.len() < CHECKS.len());
        assert!(
            logging
                .iter()
                .all(|check| check.category == Category::Logging)
        );
        let error = of_category(Some("loging")).unwrap_err().to_string();
        assert_eq!(
            error,
            "--category: no category `loging`; did you mean `logging`?"
        );
    }

    #[test]
    fn every_control_of_a_framework_is_listed_and_checks_name_their_controls() {
        let cis = controls::framework("--framework", "cis-7.0").unwrap();
        let text = printed(|out| controls::write(cis, Format::Text, out).unwrap());
        let json = printed(|out| controls::write(cis, Format::Json, out).unwrap());
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let listed = json["controls"].as_array().unwrap();
        assert_eq!(listed.len(), 70);
        for (control, json) in cis.controls.iter().zip(listed) {
            assert!(text.contains(control.id), "{text}");
            let uncovered = control.uncovered().map(|outcome| outcome.as_str());
            assert_eq!(json["uncovered"].as_str(), uncovered, "{json}");
            assert_eq!(json["partial"], control.is_partial(), "{json}");
            assert_eq!(json["calls"] == serde_json::json!([]), uncovered.is_some());
        }
        let unbroken = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unbroken.contains("Not covered: ") && unbroken.contains("Manual: 1."));
        assert!(unbroken.contains("best result: pass (in part)"), "{text}");
        let check = by_id("s3-bucket-http-allowed").unwrap();
        let text = printed(|out| explain(check, &Config::default(), out).unwrap());
        assert!(
            text.contains("cis-7.0 3.1.1 Ensure S3 Bucket Policy is set to deny HTTP requests"),
            "{text}"
        );
        assert!(text.contains("opt-in"), "{text}");
        let error = controls::framework("--framework", "cis-8.0")
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("--framework: no framework `cis-8.0`; did you mean"));
    }
}
