//! `orgscan enrollment`

use std::io::{self, Write};
use std::sync::Arc;

use orgscan_app::config::ConfigLayer;
use orgscan_app::enrollment::{EnrollmentResult, evaluate};
use orgscan_aws::{AwsContext, OtherEnd, Source};
use orgscan_core::model::{AccountEnrollment, Enrollment, EnrollmentState, StackSet};
use orgscan_core::text::{clean, count, number};
use orgscan_report::csv::write_enrollment;
use orgscan_report::json::EnrollmentSection;

use super::{CommandError, configure_run, request};
use crate::args::{EnrollmentArgs, GlobalArgs, RowFormat};
use crate::exit::{CLEAN, INCOMPLETE};
use crate::grid::{Grid, width};
use crate::prose;
use crate::style::{BAD, FAINT, GOOD, HEADING, Style, UNKNOWN, paint};

/// How much of a name is shown.
const NAME: usize = 28;
/// How much is shown of a text that may be as long as a sentence.
const LINE: usize = 400;
/// How much is shown of what to do.
const TEXT: usize = 2_000;

/// Shows the state of the member role in every account. Gives the exit code.
pub(crate) async fn enrollment(
    global: &GlobalArgs,
    args: &EnrollmentArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let own_account = args.account_args.own_account()?;
    let layer = ConfigLayer::of_flags(&args.account_args);
    let configured = configure_run(global, layer, OtherEnd::Elsewhere).await?;
    let request = request(configured, None, own_account, true);
    let aws = Arc::new(AwsContext::connect(&request.config, &Source::Environment).await?);
    let EnrollmentResult { enrollment, notes } = evaluate(&aws, &request).await?;
    match args.format {
        RowFormat::Text => write(&enrollment, &notes, width(), out)?,
        RowFormat::Csv => write_enrollment(&mut *out, &enrollment)?,
        RowFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &EnrollmentSection::from(&enrollment))?;
            writeln!(out)?;
        }
    }
    Ok(match enrollment.is_complete() {
        true => CLEAN,
        false => INCOMPLETE,
    })
}

fn write(
    enrollment: &Enrollment,
    notes: &[String],
    width: u16,
    out: &mut impl Write,
) -> io::Result<()> {
    headline(enrollment, out)?;
    let mut grid = Grid::new(width, &["account", "name", "state", "stack", "drift"]);
    for one in &enrollment.accounts {
        let instance = one.instance.as_ref();
        grid.row([
            one.account.id.to_string(),
            clean(&one.account.name, NAME),
            paint(style(one.state), one.state.describe()),
            instance.map_or("", |one| one.status.as_str()).to_owned(),
            paint(FAINT, instance.map_or("", |one| one.drift.describe())),
        ]);
    }
    grid.whole(0).write(out)?;
    for one in enrollment.accounts.iter().filter(|one| has_more(one)) {
        detail(one, width, out)?;
    }
    for note in notes {
        writeln!(out, "\nNote: {}", clean(note, LINE))?;
    }
    Ok(())
}

fn headline(enrollment: &Enrollment, out: &mut impl Write) -> io::Result<()> {
    let states = enrollment.by_state().into_iter();
    let states: Vec<String> = states
        .map(|(state, n)| format!("{} {}", number(n), paint(style(state), state.describe())))
        .collect();
    let all = count(enrollment.accounts.len() as u64, "account");
    let title = paint(HEADING, "Enrollment");
    writeln!(out, "{title}  {all}: {}", states.join(", "))?;
    match &enrollment.stack_set {
        StackSet::Read(info) => writeln!(out, "Stack set {}", clean(&info.name, LINE)),
        StackSet::Unreadable { name, gap } => {
            let text = format!("Stack set {name} could not be read: {gap}");
            writeln!(out, "{}", paint(UNKNOWN, clean(&text, LINE)))?;
            writeln!(out, "{}", clean(&gap.detail, LINE))
        }
        StackSet::NotConfigured => writeln!(
            out,
            "No stack set is configured, so only the role was tested. Add --stack-set or enrollment.stack_set to show \
             its state in each account."
        ),
    }?;
    writeln!(out)
}

/// Why an account stands as it does, and what to do.
fn detail(one: &AccountEnrollment, width: u16, out: &mut impl Write) -> io::Result<()> {
    let name = clean(&one.account.name, NAME);
    let state = paint(style(one.state), one.state.describe());
    writeln!(out, "\n{} {name}: {state}", one.account.id)?;
    let refused = one.gap.as_ref().map(|gap| format!("No session: {gap}"));
    let refused = refused.filter(|_| !one.reason.contains("sts:AssumeRole"));
    let reason = clean(&one.reason, LINE);
    let reason = (!reason.is_empty()).then_some(reason);
    let lines = reason.into_iter().chain(refused);
    Grid::lines(width, lines).write(out)?;
    match one.remediation.as_str() {
        "" => Ok(()),
        remediation => prose::write(out, &format!("How to fix: {}", clean(remediation, TEXT))),
    }
}

fn has_more(one: &AccountEnrollment) -> bool {
    !one.reason.is_empty() || !one.remediation.is_empty()
}

const fn style(state: EnrollmentState) -> Style {
    match state {
        EnrollmentState::Enrolled => GOOD,
        EnrollmentState::Unknown | EnrollmentState::InstancePending => UNKNOWN,
        EnrollmentState::AccountNotActive | EnrollmentState::Skipped => FAINT,
        _ => BAD,
    }
}
