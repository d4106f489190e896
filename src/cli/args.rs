//! What can be said on the command line.

mod alert;
mod config;
mod demo;
mod doctor;
mod exceptions;
mod explain;
mod export;
mod history;
mod lists;
mod replay;
mod selection;
mod serve;
mod trend;
mod values;
mod verify;

use std::path::PathBuf;

use clap::{ArgAction, Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use orgscan_core::model::{RunId, Severity};
use orgscan_core::settings::{FileLocation, Location};
use serde::Serialize;

use super::exit;
pub use alert::{AlertArgs, AlertFormat};
pub use config::{ConfigArgs, ConfigCommand};
pub use demo::DemoArgs;
pub use doctor::DoctorArgs;
pub use exceptions::{
    ExceptionsAdd, ExceptionsArgs, ExceptionsCommand, ExceptionsFile, ExceptionsImport,
    ExceptionsList,
};
pub use explain::ExplainArgs;
pub use export::{ExportArgs, ExportTarget};
pub use history::{HistoryArgs, HistoryCommand, RepairArgs};
pub use lists::RegionList;
pub use replay::ReplayArgs;
pub use selection::{AccountArg, AccountArgs, SelectionArgs};
pub use serve::ServeArgs;
pub use trend::{ReportsArg, TrendArgs, TrendFormat, WeeklyArgs};
pub use verify::VerifyArgs;

/// Scans every account and Region of an AWS organization for security posture.
///
/// Everything can also be said in a file and in environment variables; flags win. See
/// docs/configuration.md.
#[derive(Debug, Parser)]
#[command(name = "orgscan", version, after_help = exit::HELP, max_term_width = 100)]
pub struct Cli {
    /// What all commands share.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What all commands share.
#[derive(Debug, Args)]
pub struct GlobalArgs {
    /// Configuration file, YAML; a path or s3://BUCKET/KEY [env: ORGSCAN_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// AWS profile to sign in with [env: AWS_PROFILE]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Say more: -v what is done, -vv every detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// No progress and no hints; results and errors stay
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Colors
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan, and publish to the destinations that are configured
    Scan(Box<ScanArgs>),
    /// Show which accounts a scan would take, and why not the others
    Plan(Box<PlanArgs>),
    /// Show which accounts have the member role, and how to mend it where it is missing or amiss
    Enrollment(Box<EnrollmentArgs>),
    /// Check what a scan and a deployment need: credentials, organization, quotas, roles, destinations
    ///
    /// Writes, sends and leaves nothing. Destinations are those of the configuration. Exit code 0 if there is no problem,
    /// 1 if there is one, 2 if the configuration cannot be used.
    Doctor(DoctorArgs),
    /// Show the effective configuration, with the source of every value
    Config(ConfigArgs),
    /// List all checks
    Checks(ChecksArgs),
    /// Say what a check is about, why it matters and how to mend it; or which threshold holds
    Explain(ExplainArgs),
    /// Check, list or import what has been accepted
    Exceptions(ExceptionsArgs),
    /// Show the alert of a stored run, as it was or would have been sent
    Alert(AlertArgs),
    /// Write the report of stored runs anew: in other forms, or about some accounts only
    Export(ExportArgs),
    /// Check that stored reports are as the runs left them
    Verify(VerifyArgs),
    /// Show how the numbers went from run to run, from the reports of past runs
    Trend(TrendArgs),
    /// Repair the history that runs are compared with
    History(HistoryArgs),
    /// Write the weekly report, from the reports of the week's runs
    Weekly(WeeklyArgs),
    /// Scan a simulated organization on this machine; needs no AWS account
    Demo(DemoArgs),
    /// Show the reports of a folder in the browser, until interrupted
    Serve(ServeArgs),
    /// Serve a simulated organization to AWS clients (AWS CLI, boto3, SDKs), until interrupted
    Replay(ReplayArgs),
    /// Print the JSON schema of what can be written
    Schema(SchemaArgs),
    /// Print the CloudWatch dashboard, for `aws cloudwatch put-dashboard`
    Dashboard(DashboardArgs),
    /// Print the completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page of orgscan, or of one of its commands
    Man(ManArgs),
}

/// `orgscan scan`
#[derive(Debug, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = exit::HELP)]
pub struct ScanArgs {
    /// How the summary is printed
    #[serde(skip)]
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Exit with 1 if there are findings of this severity or worse
    #[arg(long, value_name = "SEVERITY", value_parser = values::severity())]
    pub fail_on: Option<Severity>,
    /// Exit with 0 or 1, by findings alone, even if some checks could not be evaluated
    #[arg(long)]
    pub allow_incomplete: bool,
    /// Name of the run; a run of the same name goes on where it stopped [default: the time]
    #[arg(long, value_name = "ID")]
    pub run_id: Option<RunId>,
    /// Findings and gaps that are accepted, YAML; a path or s3://BUCKET/KEY
    #[arg(long, value_name = "FILE")]
    pub exceptions: Option<FileLocation>,
    /// Stop after so many seconds, with what is known by then
    #[arg(long, value_name = "SECONDS")]
    pub deadline: Option<u64>,
    /// Show where the time went
    #[arg(long)]
    pub timings: bool,
    // Below the others: what follows a heading stands under it in the help.
    /// Which accounts, Regions and checks.
    #[command(flatten)]
    #[serde(flatten)]
    pub selection: SelectionArgs,
    /// Where results go.
    #[command(flatten)]
    #[serde(flatten)]
    pub publish: PublishArgs,
}

/// Where results go.
#[derive(Debug, Default, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(next_help_heading = "Destinations")]
pub struct PublishArgs {
    /// Open the report's page in the browser when the run is done
    #[arg(long)]
    pub open: bool,
    /// Write the report there: a folder, or s3://BUCKET/PREFIX
    #[arg(long, alias = "output", value_name = "LOCATION")]
    pub report: Option<Location>,
    /// Send the alert to this SNS topic
    #[arg(long, value_name = "ARN")]
    pub topic_arn: Option<String>,
    /// Publish CloudWatch metrics
    #[arg(long)]
    pub metrics: bool,
    /// Publish CloudWatch metrics in this namespace
    #[arg(long, value_name = "NAMESPACE")]
    pub metrics_namespace: Option<String>,
    /// Scan, and publish nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `orgscan plan`
#[derive(Debug, Args)]
#[command(after_help = exit::PLAN)]
pub struct PlanArgs {
    /// How the plan is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Which accounts, Regions and checks.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// `orgscan enrollment`
#[derive(Debug, Args)]
#[command(after_help = exit::ENROLLMENT)]
pub struct EnrollmentArgs {
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: RowFormat,
    /// Which accounts, and how to get at them.
    #[command(flatten)]
    pub account_args: AccountArgs,
}

/// `orgscan checks`
#[derive(Debug, Args)]
pub struct ChecksArgs {
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// List the controls of this framework, the checks that cover them, and what to review
    #[arg(long, value_name = "FRAMEWORK", value_parser = lists::FRAMEWORK, hide_possible_values = true)]
    pub framework: Option<String>,
    /// Only checks of this category
    #[arg(long, value_name = "CATEGORY", conflicts_with = "framework",
          value_parser = lists::CATEGORY, hide_possible_values = true)]
    pub category: Option<String>,
}

/// `orgscan schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Of what
    #[arg(value_enum)]
    pub of: SchemaOf,
}

/// `orgscan dashboard`
#[derive(Debug, Args)]
pub struct DashboardArgs {
    /// For CloudFormation's Fn::Sub: parameters instead of a configuration
    #[arg(long)]
    pub template: bool,
}

/// `orgscan completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// `orgscan man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command; `orgscan help` lists them
    pub command: Option<String>,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The configuration file
    Config,
    /// The Lambda's event
    Event,
    /// The file that lists the exceptions
    Exceptions,
    /// The report, `report.json`
    Report,
    /// The alert for programs
    Alert,
    /// The manifest of a report, `manifest.json`
    Manifest,
    /// The weekly report, `weekly.json`
    Weekly,
}

/// How something is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

/// How something with one row for each account is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn wrong_usage_exits_as_a_run_that_could_not_begin() {
        for args in [
            &["orgscan", "scan", "--account", "12"][..],
            &["orgscan", "scan", "--report", "s3://a", "--output", "b"],
            &["orgscan", "demo", "--report", "s3:/bucket"],
            &[
                "orgscan",
                "export",
                "--format",
                "csv",
                "--to",
                "s3://bucket/prefix",
            ],
            &["orgscan", "scan", "--region", "eu-west-1,"],
            &["orgscan", "scan", "--run-id", "../x"],
            &["orgscan"],
        ] {
            let error = Cli::try_parse_from(args).unwrap_err();
            assert_eq!(
                error.exit_code(),
                i32::from(exit::COULD_NOT_RUN),
                "{args:?}"
            );
        }
    }
}
