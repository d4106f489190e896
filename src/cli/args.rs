//! The arguments of the command line.

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
/// A configuration file and environment variables can set the same values; flags override them. See
/// docs/configuration.md.
#[derive(Debug, Parser)]
#[command(name = "orgscan", version, after_help = exit::HELP, max_term_width = 100)]
pub struct Cli {
    /// The arguments of all commands.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The arguments of all commands.
#[derive(Debug, Args)]
pub struct GlobalArgs {
    /// Configuration file (YAML): a path or s3://BUCKET/KEY [env: ORGSCAN_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// AWS profile whose credentials are used [env: AWS_PROFILE]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Print log messages: -v for each step, -vv for every detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Print no progress and no hints, only results, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// When to use colors
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan the organization, and publish the results to the configured destinations
    Scan(Box<ScanArgs>),
    /// Show the accounts and Regions that a scan would evaluate, and the IAM actions it needs
    Plan(Box<PlanArgs>),
    /// Show in which accounts the member role works, and how to fix the others
    Enrollment(Box<EnrollmentArgs>),
    /// Check the prerequisites of a scan and a deployment: credentials, quotas, roles, destinations
    ///
    /// Changes nothing, writes nothing and sends nothing. Checks the destinations of the configuration.
    Doctor(DoctorArgs),
    /// Show the effective configuration, with the source of every value
    Config(ConfigArgs),
    /// List the checks, or the controls of a framework
    Checks(ChecksArgs),
    /// Explain a check, an indicator, a framework or a control; or show which threshold applies
    Explain(ExplainArgs),
    /// Validate, list, add or import exceptions, which suppress findings
    Exceptions(ExceptionsArgs),
    /// Show the alert of a stored run
    Alert(AlertArgs),
    /// Export the reports of stored runs: in other formats, or for selected accounts and checks
    Export(ExportArgs),
    /// Verify that stored reports are complete and unchanged
    Verify(VerifyArgs),
    /// Show how the indicators changed over time, from the reports of past runs
    Trend(TrendArgs),
    /// Repair the stored state that runs are compared with
    History(HistoryArgs),
    /// Write the weekly report from the reports of the week's runs
    Weekly(WeeklyArgs),
    /// Scan a simulated organization on this machine, without an AWS account
    Demo(DemoArgs),
    /// Serve the report pages of a folder to the browser, until interrupted
    Serve(ServeArgs),
    /// Serve a simulated organization to AWS clients (AWS CLI, boto3, SDKs), until interrupted
    Replay(ReplayArgs),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
    /// Print the CloudWatch dashboard as JSON, for `aws cloudwatch put-dashboard`
    Dashboard(DashboardArgs),
    /// Print the completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page of orgscan or of one of its commands
    Man(ManArgs),
}

/// `orgscan scan`
#[derive(Debug, Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = exit::HELP)]
pub struct ScanArgs {
    /// Output format
    #[serde(skip)]
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Exit with code 1 if there are findings of this severity or higher
    #[arg(long, value_name = "SEVERITY", value_parser = values::severity())]
    pub fail_on: Option<Severity>,
    /// Do not exit with code 3 because some checks could not be evaluated
    #[arg(long)]
    pub allow_incomplete: bool,
    /// Id of the run; an interrupted run with the same id continues [default: the start time]
    #[arg(long, value_name = "ID")]
    pub run_id: Option<RunId>,
    /// Exceptions file (YAML), which suppresses findings: a path or s3://BUCKET/KEY
    #[arg(long, value_name = "FILE")]
    pub exceptions: Option<FileLocation>,
    /// Time limit of the run in seconds; accounts that are not finished are coverage gaps
    #[arg(long, value_name = "SECONDS")]
    pub run_seconds: Option<u64>,
    /// Print timings and request counts
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
    /// Open the report page in the browser after the run
    #[arg(long)]
    pub open: bool,
    /// Write the report to this folder or s3://BUCKET/PREFIX
    #[arg(long, value_name = "LOCATION")]
    pub report: Option<Location>,
    /// Send the alert to this SNS topic
    #[arg(long, value_name = "ARN")]
    pub alert_topic_arn: Option<String>,
    /// Publish CloudWatch metrics, in the configured namespace or OrgScan
    #[arg(long)]
    pub metrics: bool,
    /// Publish CloudWatch metrics in this namespace
    #[arg(long, value_name = "NAMESPACE")]
    pub metrics_namespace: Option<String>,
    /// Scan, but publish nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `orgscan plan`
#[derive(Debug, Args)]
#[command(after_help = exit::PLAN)]
pub struct PlanArgs {
    /// Output format
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
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: RowFormat,
    /// Which accounts, and how to access them.
    #[command(flatten)]
    pub account_args: AccountArgs,
}

/// `orgscan checks`
#[derive(Debug, Args)]
pub struct ChecksArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// List the controls of this framework, with the checks that cover them
    #[arg(long, value_name = "FRAMEWORK", value_parser = lists::FRAMEWORK, hide_possible_values = true)]
    pub framework: Option<String>,
    /// List only the checks of this category
    #[arg(long, value_name = "CATEGORY", conflicts_with = "framework",
          value_parser = lists::CATEGORY, hide_possible_values = true)]
    pub category: Option<String>,
}

/// `orgscan schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The file format
    #[arg(value_enum)]
    pub of: SchemaOf,
}

/// `orgscan dashboard`
#[derive(Debug, Args)]
pub struct DashboardArgs {
    /// Print a template for CloudFormation's Fn::Sub, with parameters instead of configured values
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
    /// The command [default: orgscan itself]
    pub command: Option<String>,
}

/// A file format that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The configuration file
    Config,
    /// The event of the Lambda function
    Event,
    /// The exceptions file
    Exceptions,
    /// The report, `report.json`
    Report,
    /// The alert as JSON
    Alert,
    /// The manifest of a report, `manifest.json`
    Manifest,
    /// The weekly report, `weekly.json`
    Weekly,
}

/// The format of an output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people
    #[default]
    Text,
    /// JSON for programs
    Json,
}

/// The format of an output with one row for each account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// Text for people
    #[default]
    Text,
    /// JSON for programs
    Json,
    /// CSV for spreadsheets
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
            &["orgscan", "scan", "--report", "s3://a", "--report", "b"],
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
