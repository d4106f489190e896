//! IAM, once per account: users, from the credential report or else from calls per user.

mod credential_report;
mod per_user;

pub use credential_report::ReportAsked;

use crate::assume::Session;
use crate::model::{Fact, Gap, Place, UserSource, Users};
use crate::pace::{Api, api};

/// APIs called for users; the last four only where the credential report cannot be had.
pub const APIS: &[&Api] = &[
    &api::GENERATE_CREDENTIAL_REPORT,
    &api::GET_CREDENTIAL_REPORT,
    &api::LIST_USERS,
    &api::GET_LOGIN_PROFILE,
    &api::LIST_MFA_DEVICES,
    &api::LIST_ACCESS_KEYS,
];

/// Asks IAM to make the credential report.
pub async fn ask_for_report(session: &Session) -> ReportAsked {
    let lane = session.lane(&Place::Global);
    credential_report::ask(&session.clients.iam(), &lane).await
}

/// All IAM users. The credential report answers for all of them in a few requests; where it cannot
/// be had, every user costs three.
pub async fn users(session: &Session, asked: ReportAsked) -> Fact<Users> {
    let iam = session.clients.iam();
    let lane = session.lane(&Place::Global);
    let because: Gap = match credential_report::read(&iam, &lane, asked).await {
        Ok(users) => return Fact::known(users),
        Err(failure) => failure.into(),
    };
    tracing::info!(account = %session.account, gap = %because, "no credential report, asking for each user");
    match per_user::read(&iam, &lane).await {
        Ok(list) => Fact::known(Users {
            list,
            source: UserSource::PerUserCalls { because },
        }),
        Err(failure) => Fact::missing(Gap {
            detail: format!(
                "{}; and before that {because}: {}",
                failure.detail, because.detail
            ),
            ..failure.into()
        }),
    }
}
