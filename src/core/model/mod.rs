//! The nouns of orgscan, as plain data.
//!
//! Nothing here knows an SDK type or does I/O, so every rule, comparison and renderer that works on
//! these types can be tested without AWS.

mod account;
mod arn;
mod changes;
mod check_id;
mod destination;
mod enrollment;
mod exception;
mod framework;
mod gap;
mod items;
mod monitoring;
mod owner;
mod packed;
mod plan;
mod port;
mod report;
mod result;
pub mod run_folder;
mod run_id;
mod s3_object;
mod severity;
mod target;
mod text;
mod trend;
mod verdict;

pub use account::{Account, AccountId, AccountState, InvalidAccountId, Organization, unit_paths};
pub use arn::Arn;
pub use changes::{
    AccountMove, AccountRemoval, AlertOutcome, Baseline, BaselineRun, ChangeGroup, ChangeKind,
    Changes, CheckChanges, CoverageGain, CoverageLoss, PermissionLoss, TruncatedList,
};
pub use check_id::CheckId;
pub use destination::Destination;
pub use enrollment::{
    AccountEnrollment, CallAs, Drift, Enrollment, EnrollmentState, InstanceStatus, StackInstance,
    StackSet, StackSetFacts, StackSetInfo,
};
pub use exception::{
    ExceptionEffect, ExceptionKind, ExceptionState, ExceptionUse, ExceptionsReport, Suppression,
};
pub use framework::{
    Assessment, ControlCounts, ControlEvidence, ControlOutcome, ControlView, FrameworkView,
};
pub use gap::{Cause, Gap, Reading};
pub use items::Items;
pub use monitoring::{Declared, Monitoring};
pub use owner::Owner;
pub use packed::{AccountChanges, Numbers};
pub use plan::{Decision, Plan, PlannedAccount, RegionDecision, SkipReason};
pub use port::{PortProtocol, SensitivePort, default_ports};
pub use report::{
    AccountSummary, Coverage, Crossing, ExceededLimit, GapLine, IndicatorCount, IndicatorTotal,
    Limit, Report, RunInfo, TargetCounts, ThresholdScope,
};
pub use result::{AccountOutcome, AccountResult, OrganizationRecord, TargetOutcome, TargetVerdict};
pub use run_folder::RunFolder;
pub use run_id::{InvalidRunId, RunId};
pub use s3_object::S3Object;
pub use severity::{Severity, SeverityCounts};
pub use target::{Region, TargetScope};
pub use trend::{Trend, TrendNumber, TrendPoint};
pub use verdict::region_of;
pub use verdict::{Outcome, RuleResult, Verdict, Violation};
