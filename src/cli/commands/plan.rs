//! `orgscan plan`

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use super::{CommandError, config_source, configure, request};
use crate::aws::{Aws, Source};
use crate::cli::args::{Format, Global, PlanArgs};
use crate::cli::style::{BAD, FAINT, HEADING, paint};
use crate::model::{Decision, PlannedAccount, RegionDecision, SkipReason};
use crate::render::text::{clean, count, number};
use crate::scan::{Preview, preview};

/// Shows what a scan would do. Gives the exit code.
pub(in crate::cli) async fn plan(
    global: &Global,
    args: &PlanArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let overlay = args.selection.overlay()?;
    let own_account = overlay.own_account;
    let request = request(configure(global, overlay).await?, None, own_account, false);
    let aws = Arc::new(Aws::connect(&request.config, &Source::Environment).await?);
    let config_source = config_source(global)?;
    let preview = preview(&aws, &request, config_source.as_ref()).await?;
    match args.format {
        Format::Table => write(&preview, out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &preview)?;
            writeln!(out)?;
        }
    }
    let unknown = preview.regions.values().any(Result::is_err);
    Ok(if unknown {
        crate::cli::exit::INCOMPLETE
    } else {
        crate::cli::exit::CLEAN
    })
}

fn write(preview: &Preview, out: &mut impl Write) -> io::Result<()> {
    let accounts = &preview.plan.accounts;
    let scanned = preview.regions.len() as u64;
    let skipped = accounts.len() as u64 - scanned;
    writeln!(
        out,
        "{}  {} to scan, {} to skip",
        paint(HEADING, "Plan"),
        count(scanned, "account"),
        number(skipped)
    )?;
    for planned in accounts {
        account(preview, planned, out)?;
    }
    for note in &preview.notes {
        writeln!(out, "\nNote: {}", clean(note, 300))?;
    }
    writeln!(
        out,
        "\nAt least {} AWS requests: one page of every list; more where there is more.",
        number(preview.requests_at_least)
    )?;
    actions("The member role has to allow", &preview.member_actions, out)?;
    actions(
        "The caller has to be allowed",
        &preview.central_actions,
        out,
    )?;
    if preview.lambda_actions.is_empty() {
        return Ok(());
    }
    let title = "As a Lambda function it has to be allowed, on itself";
    actions(title, &preview.lambda_actions, out)
}

fn account(preview: &Preview, planned: &PlannedAccount, out: &mut impl Write) -> io::Result<()> {
    let account = &planned.account;
    let name = clean(&account.name, 28);
    let head = format!("  {}  {name:<28}", account.id);
    let decision = match &planned.decision {
        Decision::Skip { detail, .. } => paint(FAINT, format_args!("skip: {}", clean(detail, 200))),
        Decision::Fail { gap } => paint(BAD, format_args!("cannot be scanned: {gap}")),
        Decision::Scan => match preview.regions.get(&account.id) {
            Some(Ok(regions)) => regions_in_words(regions.iter()),
            Some(Err(gap)) => paint(BAD, format_args!("cannot be scanned: {gap}")),
            None => String::new(),
        },
    };
    writeln!(out, "{head}  {decision}")
}

fn regions_in_words<'a>(
    regions: impl Iterator<Item = (&'a crate::model::Region, &'a RegionDecision)>,
) -> String {
    let (mut scan, mut off, mut left_out) = (Vec::new(), 0_u64, 0_u64);
    for (region, decision) in regions {
        match decision {
            RegionDecision::Scan => scan.push(region.as_str()),
            RegionDecision::Skip {
                reason: SkipReason::RegionOff,
            } => off += 1,
            RegionDecision::Skip { .. } => left_out += 1,
        }
    }
    let names = match scan.len() {
        0 => "no Region".to_owned(),
        1..=6 => clean(&scan.join(", "), 300),
        many => format!("{many} Regions"),
    };
    let mut without = Vec::new();
    if off > 0 {
        without.push(format!("{off} off"));
    }
    if left_out > 0 {
        without.push(format!("{left_out} filtered out"));
    }
    let without = without.join(", ");
    match without.is_empty() {
        true => names,
        false => format!("{names} {}", paint(FAINT, format_args!("({without})"))),
    }
}

fn actions(title: &str, actions: &BTreeSet<&str>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, title))?;
    for action in actions {
        writeln!(out, "  {action}")?;
    }
    Ok(())
}
