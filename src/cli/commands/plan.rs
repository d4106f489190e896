//! `orgscan plan`

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use orgscan_app::config::ConfigLayer;
use orgscan_app::scan::{AccountRegions, Events, Preview, preview};
use orgscan_aws::{AwsContext, OtherEnd, Source};
use orgscan_core::model::{Account, Decision, PlannedAccount, RegionDecision, SkipReason};
use orgscan_core::text::{clean, count, number};

use super::{CommandError, config_source, configure_run, request};
use crate::args::{Format, GlobalArgs, PlanArgs};
use crate::grid::{Grid, Page};
use crate::style::{BAD, FAINT, HEADING, paint};

/// How much of an account's name is shown.
const NAME: usize = 28;

/// Shows what a scan would do. Gives the exit code.
pub(crate) async fn plan(
    global: &GlobalArgs,
    args: &PlanArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let own_account = args.selection.account_args.own_account()?;
    let layer = ConfigLayer::of_flags(&args.selection);
    let configured = configure_run(global, layer, OtherEnd::Elsewhere).await?;
    let request = request(configured, None, own_account, false);
    let aws = Arc::new(AwsContext::connect(&request.config, &Source::Environment).await?);
    let config_source = config_source(global)?;
    let preview = preview(&aws, &request, config_source.as_ref()).await?;
    match args.format {
        Format::Text => write(&preview, out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &preview)?;
            writeln!(out)?;
        }
    }
    let mut regions = preview.regions.values();
    let unknown = regions.any(|one| matches!(one, AccountRegions::Gap(_)));
    Ok(if unknown {
        crate::exit::INCOMPLETE
    } else {
        crate::exit::CLEAN
    })
}

fn write(preview: &Preview, out: &mut impl Write) -> io::Result<()> {
    let page = Page::of_terminal();
    let scanned = preview.regions.len() as u64;
    let skipped = preview.plan.accounts.len() as u64 - scanned;
    let title = format!(
        "{}  {} to scan, {} skipped",
        paint(HEADING, "Plan"),
        count(scanned, "account"),
        number(skipped)
    );
    page.write(&title, out)?;
    write_accounts(preview, page, out)?;
    for note in &preview.notes {
        page.write(&format!("\nNote: {}", clean(note, 300)), out)?;
    }
    let requests = format!(
        "\nAt least {} AWS requests. Lists with several pages need more.",
        number(preview.requests_at_least)
    );
    page.write(&requests, out)?;
    page.write(&events(&preview.events), out)?;
    actions(
        "IAM actions that the member role needs",
        &preview.member_actions,
        out,
    )?;
    actions(
        "IAM actions that the caller needs",
        &preview.central_actions,
        out,
    )?;
    if preview.lambda_actions.is_empty() {
        return Ok(());
    }
    let title = "IAM actions that the Lambda function needs on itself";
    actions(title, &preview.lambda_actions, out)
}

fn events(events: &Events) -> String {
    format!(
        "One run a day: at least {} CloudTrail events a month. The first copy is free. At list price, a second trail \
         costs ${:.2} a month for them, and GuardDuty ${:.2}.",
        number(events.per_month_at_least),
        events.second_trail_usd,
        events.guardduty_usd
    )
}

fn write_accounts(preview: &Preview, page: Page, out: &mut impl Write) -> io::Result<()> {
    let mut grid = Grid::new(page, &["account", "name", "Regions"])
        .whole(0)
        .plain(1)
        .plain(2);
    for planned in &preview.plan.accounts {
        let Account { id, name, .. } = &*planned.account;
        grid.row([id.to_string(), clean(name, NAME), plan_of(preview, planned)]);
    }
    grid.write(out)
}

/// The Regions of an account, or why there are none.
fn plan_of(preview: &Preview, planned: &PlannedAccount) -> String {
    match &planned.decision {
        Decision::Skip { detail, .. } => {
            paint(FAINT, format_args!("skipped: {}", clean(detail, 200)))
        }
        Decision::Fail { gap } => paint(BAD, format_args!("cannot be scanned: {gap}")),
        Decision::Scan => match preview.regions.get(&planned.account.id) {
            Some(AccountRegions::Regions(regions)) => describe_regions(regions.iter()),
            Some(AccountRegions::Gap(gap)) => paint(BAD, format_args!("cannot be scanned: {gap}")),
            None => String::new(),
        },
    }
}

fn describe_regions<'a>(
    regions: impl Iterator<Item = (&'a orgscan_core::model::Region, &'a RegionDecision)>,
) -> String {
    let (mut scan, mut off, mut excluded) = (Vec::new(), 0_u64, 0_u64);
    for (region, decision) in regions {
        match decision {
            RegionDecision::Scan => scan.push(region.as_str()),
            RegionDecision::Skip {
                reason: SkipReason::RegionDisabled,
            } => off += 1,
            RegionDecision::Skip { .. } => excluded += 1,
        }
    }
    let names = match scan.len() {
        0 => "no Region".to_owned(),
        1..=6 => clean(&scan.join(", "), 300),
        many => format!("{many} Regions"),
    };
    let mut without = Vec::new();
    if off > 0 {
        without.push(format!("{off} disabled"));
    }
    if excluded > 0 {
        without.push(format!("{excluded} not selected"));
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
