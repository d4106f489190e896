//! Asks every account for itself: `orgscan enrollment`.

use std::sync::Arc;

use futures::stream::{self, StreamExt};
use orgscan_aws::AwsContext;
use orgscan_aws::assume::Sessions;
use orgscan_aws::discover::{DiscoveryResult, discover};
use orgscan_aws::rate_limit::{RateLimitSettings, RateLimits};
use orgscan_core::enrollment::{AccessAttempt, OrganizationAccounts, enrollment};
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{Decision, Enrollment, Gap, PlannedAccount, SkipReason, TargetScope};

use crate::scan::{Request, RunError, exceptions, validate_accounts};
use crate::stack_set;

/// How all accounts stand, and what the reader should know about how that was found out.
#[derive(Debug)]
pub struct EnrollmentResult {
    /// How they stand.
    pub enrollment: Enrollment,
    /// Remarks.
    pub notes: Vec<String>,
}

/// Lists the accounts, tries to assume the member role in each that is to be scanned, and asks
/// CloudFormation for the stack set where one is configured. Nothing else is read in the accounts.
///
/// # Errors
/// Where the accounts cannot be listed, or the filters name none.
pub async fn evaluate(
    aws: &Arc<AwsContext>,
    request: &Request,
) -> Result<EnrollmentResult, RunError> {
    let rate_limits = RateLimits::new(RateLimitSettings::of(&request.config));
    let stack_set = stack_set::read(aws, &rate_limits, request.deadline, request.enrollment());
    let accounts = list_and_try(aws, &rate_limits, request);
    let (accounts, facts) = futures::join!(accounts, stack_set);
    let (DiscoveryResult { plan, notes, .. }, tried) = accounts?;
    let central_account = plan.central_account.clone();
    let organization = OrganizationAccounts {
        management_account: plan
            .organization
            .map_or_else(|| central_account.clone(), |one| one.management_account),
        central_account,
    };
    let accounts = plan.accounts.iter().map(|planned| &planned.account);
    Ok(EnrollmentResult {
        enrollment: enrollment(&facts, &organization, accounts.zip(tried)),
        notes,
    })
}

/// The accounts, and what came of each in the same order.
async fn list_and_try(
    aws: &Arc<AwsContext>,
    rate_limits: &Arc<RateLimits>,
    request: &Request,
) -> Result<(DiscoveryResult, Vec<AccessAttempt>), RunError> {
    let (config, deadline) = (&request.config, request.deadline);
    let exceptions = exceptions(aws, rate_limits, request).await?;
    let account_details = exceptions.account_details();
    let discovery = request.discovery(aws, rate_limits, &account_details);
    let mut discovered = discover(&discovery, &|_| {}).await?;
    discovered.notes.extend(exceptions.note());
    validate_accounts(request, &mut discovered)?;
    let run_id = request.run_id.as_str();
    let sessions = Sessions::new(
        aws.clone(),
        rate_limits.clone(),
        deadline,
        &config.role,
        run_id,
    );
    let tried = stream::iter(&discovered.plan.accounts)
        .map(|planned| one(&sessions, planned, &exceptions))
        .buffered(config.concurrency.accounts)
        .collect()
        .await;
    Ok((discovered, tried))
}

async fn one(
    sessions: &Sessions,
    planned: &PlannedAccount,
    exceptions: &Exceptions,
) -> AccessAttempt {
    let account = &planned.account;
    match &planned.decision {
        Decision::Scan => {}
        Decision::Fail { gap } => return AccessAttempt::Refused(gap.clone()),
        Decision::Skip { reason, detail } => {
            return AccessAttempt::Excluded {
                reason: *reason,
                detail: detail.clone(),
            };
        }
    }
    let gap = match sessions.open(&account.id).await {
        Ok(session) => {
            return AccessAttempt::Opened {
                lacking: Vec::new(),
                note: session.note.unwrap_or_default(),
            };
        }
        Err(failure) => Gap::from(failure),
    };
    match exceptions.expected(&gap, account, &TargetScope::Global) {
        Some(detail) => AccessAttempt::Excluded {
            reason: SkipReason::ExpectedGap,
            detail,
        },
        None => AccessAttempt::Refused(gap),
    }
}
