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

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_iam::Client;
use aws_sdk_iam::primitives::DateTime;
use futures::future;
use jiff::Timestamp;
use orgscan_core::api;
use orgscan_core::api::Api;
use orgscan_core::checks::Need;
use orgscan_core::model::{
    AccountFacts, Cause, Fact, Gap, Place, RootCredentials, UserSource, Users,
};

pub use credential_report::ReportAsked;
use holders::{CLOUD_SHELL, SUPPORT};
pub use root_access::root_access;

use super::Needs;
use crate::assume::Session;
use crate::pace::Lane;
use crate::{Failure, require};

/// APIs called for users; the last four only where the credential report cannot be had, or lacks users.
pub const USER_APIS: &[&Api] = &[
    &api::GENERATE_CREDENTIAL_REPORT,
    &api::GET_CREDENTIAL_REPORT,
    &api::GET_ACCOUNT_SUMMARY,
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
/// be had, every user costs three, and so does every user that it lacks. `counted` is how many there are.
pub async fn users(session: &Session, asked: ReportAsked, counted: Fact<u64>) -> Fact<Users> {
    let iam = session.clients.iam();
    let lane = session.lane(&Place::Global);
    let because: Gap = match credential_report::read(&iam, &lane, asked).await {
        Ok(users) => return Fact::known(complete(&iam, &lane, users, &counted).await),
        Err(failure) => failure.into(),
    };
    tracing::info!(account = %session.account, gap = %because, "no credential report, asking for each user");
    match per_user::read(&iam, &lane, &BTreeSet::new()).await {
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

/// Adds the users that the credential report lacks: those that were made since, those whose rows cannot be
/// read, and those that IAM left out. A report that has as many as the account's summary counts is complete.
async fn complete(iam: &Client, lane: &Lane, mut users: Users, counted: &Fact<u64>) -> Users {
    let names: BTreeSet<String> = users.list.iter().map(|user| user.name.clone()).collect();
    let counted = counted.get();
    let has_all = counted
        .as_ref()
        .is_ok_and(|all| names.len() as u64 >= **all);
    if has_all && users.list.gaps.is_empty() {
        return users;
    }
    match per_user::read(iam, lane, &names).await {
        Ok(others) => {
            if let UserSource::CredentialReport { added, .. } = &mut users.source {
                *added = others.known.len() as u64;
            }
            users.list.known.extend(others.known);
            // Whose rows cannot be read was read with calls now, if it could be.
            users.list.gaps = others.gaps;
        }
        Err(failure) => {
            let gap = Gap::from(failure);
            let detail = match counted {
                Ok(all) => format!("the credential report has {} of {all} users", names.len()),
                Err(gap) => format!("how many users there are is not known: {gap}"),
            };
            let detail = format!("{detail}: {}", gap.detail);
            users.list.gaps.push(Gap { detail, ..gap });
        }
    }
    users
}

/// What is needed beside users: side by side, each in as few requests as it takes. With it comes how many
/// users there are.
pub async fn account(
    session: &Session,
    partition: &str,
    needs: &Needs,
) -> (AccountFacts, Fact<u64>) {
    let iam = Iam::of(session);
    let ((root, root_has_virtual_mfa, users), password_policy, server_certificates, policies) =
        future::join4(
            summary(&iam, needs),
            fact(needs, Need::PasswordPolicy, iam.password_policy()),
            fact(needs, Need::ServerCertificates, iam.server_certificates()),
            policies(&iam, partition, needs),
        )
        .await;
    let facts = AccountFacts {
        root,
        root_has_virtual_mfa,
        password_policy,
        server_certificates,
        ..policies
    };
    (facts, users)
}

/// The root user's credentials, whether it has a virtual MFA device, and how many users there are.
async fn summary(iam: &Iam, needs: &Needs) -> (Fact<RootCredentials>, Fact<bool>, Fact<u64>) {
    let is_needed = [Need::Root, Need::RootMfa, Need::Users];
    if !is_needed.into_iter().any(|need| needs.has(need)) {
        return Default::default();
    }
    let (root, users) = match iam.summary().await {
        Ok(summary) => (Fact::known(summary.root), summary.users),
        Err(failure) => {
            let gap = Gap::from(failure);
            (Fact::missing(gap.clone()), Fact::missing(gap))
        }
    };
    let has_mfa = root.get().and_then(|root| root.has_mfa.get().copied());
    let device = match has_mfa == Ok(true) && needs.has(Need::RootMfa) {
        true => iam.root_has_virtual_mfa().await.map_err(Gap::from).into(),
        false => Fact::default(),
    };
    (root, device, users)
}

/// Policies first: where they say that nobody has one of AWS's, nobody needs to ask who.
async fn policies(iam: &Iam, partition: &str, needs: &Needs) -> AccountFacts {
    let (user_policies, attached_policies) = iam.authorization_details(needs).await;
    let known = attached_policies.get().ok();
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

/// A time that IAM always sends. For one that is missing the SDK writes the beginning of 1970.
///
/// # Errors
/// [`Cause::Malformed`] where it is none.
fn time(action: &'static str, field: &str, time: &DateTime) -> Result<Timestamp, Failure> {
    let seconds = require(action, field, Some(time.secs()).filter(|time| *time != 0))?;
    let unreadable = |error| Failure::new(action, Cause::Malformed, format!("{time}: {error}"));
    Timestamp::from_second(seconds).map_err(unreadable)
}

/// A text that IAM always sends. For one that is missing the SDK writes an empty one.
///
/// # Errors
/// [`Cause::Malformed`] where it is empty.
fn text(action: &'static str, field: &str, text: &str) -> Result<String, Failure> {
    require(action, field, Some(text).filter(|text| !text.is_empty())).map(str::to_owned)
}
