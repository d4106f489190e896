//! Asks every account for itself: `orgscan enrollment`.

use std::sync::Arc;

use futures::stream::{self, StreamExt};
use orgscan_aws::Aws;
use orgscan_aws::assume::Sessions;
use orgscan_aws::discover::{Discovered, discover};
use orgscan_aws::pace::{PaceSettings, Pacer};
use orgscan_core::enrollment::{Centre, Tried, enrollment};
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{Decision, Enrollment, Gap, Place, PlannedAccount, SkipReason};

use crate::scan::{Request, RunError, exceptions, validate_accounts};
use crate::stack_set;

/// How all accounts stand, and what the reader should know about how that was found out.
#[derive(Debug)]
pub struct Asked {
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
pub async fn ask(aws: &Arc<Aws>, request: &Request) -> Result<Asked, RunError> {
    let pacer = Pacer::new(PaceSettings::of(&request.config));
    let stack_set = stack_set::read(aws, &pacer, request.deadline, request.enrollment());
    let accounts = list_and_try(aws, &pacer, request);
    let (accounts, facts) = futures::join!(accounts, stack_set);
    let (Discovered { plan, notes, .. }, tried) = accounts?;
    let central_account = plan.central_account.clone();
    let centre = Centre {
        management_account: plan
            .organization
            .map_or_else(|| central_account.clone(), |one| one.management_account),
        central_account,
    };
    let accounts = plan.accounts.iter().map(|planned| &planned.account);
    Ok(Asked {
        enrollment: enrollment(&facts, &centre, accounts.zip(tried)),
        notes,
    })
}

/// The accounts, and what came of each in the same order.
async fn list_and_try(
    aws: &Arc<Aws>,
    pacer: &Arc<Pacer>,
    request: &Request,
) -> Result<(Discovered, Vec<Tried>), RunError> {
    let (config, deadline) = (&request.config, request.deadline);
    let exceptions = exceptions(aws, pacer, request).await?;
    let wanted = exceptions.wanted();
    let discovery = request.discovery(aws, pacer, &wanted);
    let mut discovered = discover(&discovery, &|_| {}).await?;
    discovered.notes.extend(exceptions.note());
    validate_accounts(config, &mut discovered)?;
    let run_id = request.run_id.as_str();
    let sessions = Sessions::new(aws.clone(), pacer.clone(), deadline, &config.role, run_id);
    let tried = stream::iter(&discovered.plan.accounts)
        .map(|planned| one(&sessions, planned, &exceptions))
        .buffered(config.concurrency.accounts)
        .collect()
        .await;
    Ok((discovered, tried))
}

async fn one(sessions: &Sessions, planned: &PlannedAccount, exceptions: &Exceptions) -> Tried {
    let account = &planned.account;
    match &planned.decision {
        Decision::Scan => {}
        Decision::Fail { gap } => return Tried::Refused(gap.clone()),
        Decision::Skip { reason, detail } => {
            return Tried::LeftOut {
                reason: *reason,
                detail: detail.clone(),
            };
        }
    }
    let gap = match sessions.open(&account.id).await {
        Ok(session) => {
            return Tried::Opened {
                lacking: Vec::new(),
                note: session.note.unwrap_or_default(),
            };
        }
        Err(failure) => Gap::from(failure),
    };
    match exceptions.expected(&gap, account, &Place::Global) {
        Some(detail) => Tried::LeftOut {
            reason: SkipReason::ExpectedGap,
            detail,
        },
        None => Tried::Refused(gap),
    }
}
