//! IAM, once per account: users, from the credential report or else from calls per user; the root user's
//! credentials, the password policy, policies and certificates in one bulk call each.

mod account;
mod credential_report;
mod details;
mod documents;
mod holders;
mod per_user;
mod report_rows;
mod root_access;

use std::sync::Arc;

use aws_sdk_iam::Client;
use aws_sdk_iam::primitives::DateTime;
use futures::future;
use jiff::Timestamp;

pub use credential_report::ReportAsked;
use holders::{CLOUD_SHELL, SUPPORT};
pub use root_access::root_access;

use super::Needs;
use crate::assume::Session;
use crate::aws::Failure;
use crate::checks::Need;
use crate::model::{AccountFacts, Cause, Fact, Gap, Place, RootCredentials, UserSource, Users};
use crate::pace::{Api, Lane, api};

/// APIs called for users; the last four only where the credential report cannot be had.
pub const USER_APIS: &[&Api] = &[
    &api::GENERATE_CREDENTIAL_REPORT,
    &api::GET_CREDENTIAL_REPORT,
    &api::LIST_USERS,
    &api::GET_LOGIN_PROFILE,
    &api::LIST_MFA_DEVICES,
    &api::LIST_ACCESS_KEYS,
];

/// APIs called for the root user's credentials.
pub const ROOT_APIS: &[&Api] = &[&api::GET_ACCOUNT_SUMMARY];

/// APIs called for the kind of the root user's MFA; the last only where it has any.
pub const ROOT_MFA_APIS: &[&Api] = &[&api::GET_ACCOUNT_SUMMARY, &api::LIST_VIRTUAL_MFA_DEVICES];

/// APIs called for the password policy.
pub const PASSWORD_POLICY_APIS: &[&Api] = &[&api::GET_PASSWORD_POLICY];

/// APIs called for what policies allow, and for those that users have of their own.
pub const POLICY_APIS: &[&Api] = &[&api::GET_AUTHORIZATION_DETAILS];

/// APIs called for who has one of AWS's policies.
pub const HOLDER_APIS: &[&Api] = &[&api::LIST_ENTITIES_FOR_POLICY];

/// APIs called for server certificates.
pub const CERTIFICATE_APIS: &[&Api] = &[&api::LIST_SERVER_CERTIFICATES];

/// APIs called in the account that orgscan runs in, for what the organization does about root users.
pub const ROOT_ACCESS_APIS: &[&Api] = &[&api::LIST_ORGANIZATIONS_FEATURES];

/// IAM's code for something that is not there, as it comes and as its shape is called.
const NOT_THERE: &[&str] = &["NoSuchEntity", "NoSuchEntityException"];

/// One account's IAM, as its collectors see it.
struct Iam {
    client: Client,
    lane: Arc<Lane>,
}

impl Iam {
    fn of(session: &Session) -> Self {
        Self {
            client: session.clients.iam(),
            lane: session.lane(&Place::Global),
        }
    }
}

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
            root: Fact::missing(because.clone()),
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

/// What is needed beside users: side by side, each in as few requests as it takes.
pub async fn account(session: &Session, partition: &str, needs: &Needs) -> AccountFacts {
    let iam = Iam::of(session);
    let ((root, root_has_virtual_mfa), password_policy, server_certificates, policies) =
        future::join4(
            root(&iam, needs),
            fact(needs, Need::PasswordPolicy, iam.password_policy()),
            fact(needs, Need::ServerCertificates, iam.server_certificates()),
            policies(&iam, partition, needs),
        )
        .await;
    AccountFacts {
        root,
        root_has_virtual_mfa,
        password_policy,
        server_certificates,
        ..policies
    }
}

async fn root(iam: &Iam, needs: &Needs) -> (Fact<RootCredentials>, Fact<bool>) {
    if !needs.has(Need::Root) && !needs.has(Need::RootMfa) {
        return Default::default();
    }
    let root = iam.root_credentials().await;
    let has_mfa = root.as_ref().is_ok_and(|root| root.has_mfa);
    let device = match has_mfa && needs.has(Need::RootMfa) {
        true => iam.root_has_virtual_mfa().await.map_err(Gap::from).into(),
        false => Fact::default(),
    };
    (root.map_err(Gap::from).into(), device)
}

/// Policies first: where they say that nobody has one of AWS's, nobody needs to ask who.
async fn policies(iam: &Iam, partition: &str, needs: &Needs) -> AccountFacts {
    let (user_policies, attached_policies) = iam.authorization_details(needs).await;
    let known = attached_policies.get().ok().map(Vec::as_slice);
    let holders = |policy| iam.holders(partition, policy, known);
    let (support, cloud_shell) = future::join(
        fact(needs, Need::Support, holders(SUPPORT)),
        fact(needs, Need::CloudShell, holders(CLOUD_SHELL)),
    )
    .await;
    AccountFacts {
        user_policies,
        attached_policies,
        support,
        cloud_shell,
        ..AccountFacts::default()
    }
}

/// A fact, if it is needed.
async fn fact<T>(
    needs: &Needs,
    need: Need,
    read: impl Future<Output = Result<T, Failure>>,
) -> Fact<T> {
    match needs.has(need) {
        true => read.await.map_err(Gap::from).into(),
        false => Fact::default(),
    }
}

/// A time as IAM gives it.
///
/// # Errors
/// [`Cause::Malformed`] where it is none.
fn time(action: &'static str, time: &DateTime) -> Result<Timestamp, Failure> {
    let unreadable = |error| Failure::new(action, Cause::Malformed, format!("{time}: {error}"));
    Timestamp::from_second(time.secs()).map_err(unreadable)
}
