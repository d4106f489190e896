//! `orgscan doctor`

use std::io::{self, Write};

use orgscan_app::config::ConfigLayer;
use orgscan_app::doctor::{DiagnosticLine, Options, Status, examine};
use orgscan_aws::{AwsContext, Source};
use orgscan_core::settings::ExternalId;
use orgscan_core::text::{clean, count, number};
use serde_json::json;

use super::{CommandError, configure_traced};
use crate::args::{DoctorArgs, Format, GlobalArgs};
use crate::exit::{CLEAN, FINDINGS};
use crate::grid::width;
use crate::style::{BAD, FAINT, GOOD, HEADING, UNKNOWN, paint};
use crate::terminal;

/// How wide the column of the status is, and that of the check's name.
const STATUS: usize = 13;
const CHECK: usize = 17;

/// Narrower terminals have details below the check's name.
const WIDE: u16 = 90;

/// How much of a detail is shown.
const DETAIL: usize = 1_500;

/// Checks everything. Gives the exit code.
pub(crate) async fn doctor(
    global: &GlobalArgs,
    args: &DoctorArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let external_id = args.external_id.as_ref().map(ExternalId::expose);
    let layer = ConfigLayer::default()
        .with("home_region", &args.region)
        .with("role.name", &args.role_name)
        .with("role.external_id", external_id);
    let (config, _) = configure_traced(global, layer).await?;
    let options = Options {
        preflight: args.preflight,
        reserved_concurrency: args.reserved_concurrency,
        member_role_deployment: args.member_role_deployment,
        central_role: args.central_role_name.clone(),
        account: args.account.clone(),
    };
    let connected = AwsContext::connect(&config, &Source::Environment).await;
    let lines = examine(&config, &options, connected).await;
    let problems = of(&lines, Status::Problem);
    match args.format {
        Format::Text => write(&lines, width(), out)?,
        Format::Json => {
            let document = json!({ "checks": lines, "problems": problems });
            writeln!(out, "{document:#}")?;
        }
    }
    Ok(if problems > 0 { FINDINGS } else { CLEAN })
}

fn of(lines: &[DiagnosticLine], status: Status) -> u64 {
    lines.iter().filter(|line| line.status == status).count() as u64
}

fn write(lines: &[DiagnosticLine], width: u16, out: &mut impl Write) -> io::Result<()> {
    for line in lines {
        write_line(line, width, out)?;
    }
    let problems = of(lines, Status::Problem);
    let not_checked = match of(lines, Status::NotChecked) {
        0 => String::new(),
        some => format!(" {} not checked.", number(some)),
    };
    let summary = match problems {
        0 => paint(GOOD, "No problems."),
        some => paint(BAD, format_args!("{}.", count(some, "problem"))),
    };
    writeln!(
        out,
        "\n{}{}",
        paint(HEADING, summary),
        paint(FAINT, not_checked)
    )
}

fn write_line(line: &DiagnosticLine, width: u16, out: &mut impl Write) -> io::Result<()> {
    let style = match line.status {
        Status::Ok => GOOD,
        Status::Problem => BAD,
        Status::NotChecked => UNKNOWN,
    };
    // Padded before it is painted, since a style has a width for formatting and none on a terminal.
    let status = paint(style, format_args!("{:<STATUS$}", line.status.as_str()));
    let is_wide = width >= WIDE;
    let indent = if is_wide { STATUS + CHECK } else { STATUS };
    let room = usize::from(width).saturating_sub(indent);
    let mut texts = wrapped(&clean(&line.detail, DETAIL), room);
    if let Some(fix) = &line.remediation {
        let fix = format!("How to fix: {}.", fix.trim_end_matches('.'));
        texts.extend(wrapped(&clean(&fix, DETAIL), room));
    }
    // Whole, so that it can be copied.
    texts.extend(
        line.command
            .iter()
            .map(|command| format!("  {}", terminal::plain(command))),
    );
    let mut texts = texts.into_iter();
    match is_wide {
        true => {
            let first = texts.next().unwrap_or_default();
            writeln!(out, "{status}{:<CHECK$}{first}", line.check)?;
        }
        false => writeln!(out, "{status}{}", line.check)?,
    }
    texts.try_for_each(|text| writeln!(out, "{:indent$}{text}", ""))
}

/// A text in lines of whole words. A word that is longer than a line, an ARN say, has a line of its own.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(check: &str, status: Status, detail: &str) -> DiagnosticLine {
        DiagnosticLine {
            check: check.to_owned(),
            status,
            detail: detail.to_owned(),
            remediation: None,
            command: None,
        }
    }

    fn printed(width: u16) -> String {
        let arn = "account 111122223333, arn:aws:sts::111122223333:assumed-role/Administrator/ada";
        let lines = [
            line("credentials", Status::Ok, arn),
            DiagnosticLine {
                remediation: Some(
                    "deploy with ReservedConcurrency=0, or request a higher quota.".to_owned(),
                ),
                command: Some(
                    "aws service-quotas request-service-quota-increase --region eu-west-1"
                        .to_owned(),
                ),
                ..line(
                    "Lambda quota",
                    Status::Problem,
                    "10 concurrent executions in eu-west-1, 10 of them unreserved",
                )
            },
            line(
                "metrics",
                Status::NotChecked,
                "CloudWatch has no dry run of cloudwatch:PutMetricData",
            ),
        ];
        let mut out = Vec::new();
        write(&lines, width, &mut out).unwrap();
        String::from_utf8(anstream::adapter::strip_bytes(&out).into_vec()).unwrap()
    }

    #[test]
    fn lines_are_aligned_and_whole_words_at_every_width() {
        insta::assert_snapshot!("doctor_at_60_columns", printed(60));
        insta::assert_snapshot!("doctor_at_100_columns", printed(100));
        for width in [40, 60, 80, 100, 140] {
            let text = printed(width);
            assert!(text.contains(
                "aws service-quotas request-service-quota-increase --region eu-west-1\n"
            ));
            assert!(text.contains("1 problem. 1 not checked."), "{text}");
        }
    }
}
