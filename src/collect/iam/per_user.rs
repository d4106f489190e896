//! The same facts without the credential report: one list, and three requests for each user.

use aws_sdk_iam::Client;
use aws_sdk_iam::types::StatusType;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::aws::{Failure, pages, require};
use crate::model::User;
use crate::pace::Lane;
use crate::pace::api::{GET_LOGIN_PROFILE, LIST_ACCESS_KEYS, LIST_MFA_DEVICES, LIST_USERS};

/// The largest page that IAM gives.
const PAGE: i32 = 1_000;

/// Users asked about at the same time; the limiters pace the requests anyway.
const SIDE_BY_SIDE: usize = 8;

/// IAM's code for something that is not there.
const NOT_THERE: &[&str] = &["NoSuchEntity", "NoSuchEntityException"];

/// All users. One that is deleted meanwhile is left out.
///
/// # Errors
/// The first failure.
pub(super) async fn read(iam: &Client, lane: &Lane) -> Result<Vec<User>, Failure> {
    let named = list(iam, lane).await?;
    let users: Vec<Option<User>> = stream::iter(named)
        .map(|(name, arn)| async move {
            match user(iam, lane, name, arn).await {
                Err(failure) if failure.has_code(NOT_THERE) => Ok(None),
                user => user.map(Some),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(users.into_iter().flatten().collect())
}

async fn list(iam: &Client, lane: &Lane) -> Result<Vec<(String, String)>, Failure> {
    pages(LIST_USERS.action, |marker| async move {
        let page = lane
            .call(&LIST_USERS, || {
                iam.list_users()
                    .max_items(PAGE)
                    .set_marker(marker.clone())
                    .send()
            })
            .await?;
        let users = page
            .users
            .into_iter()
            .map(|user| (user.user_name, user.arn));
        Ok((users.collect(), page.marker))
    })
    .await
}

async fn user(iam: &Client, lane: &Lane, name: String, arn: String) -> Result<User, Failure> {
    let (has_password, has_mfa, active_keys) = futures::try_join!(
        has_password(iam, lane, &name),
        has_mfa(iam, lane, &name),
        active_keys(iam, lane, &name),
    )?;
    Ok(User {
        name,
        arn,
        has_password,
        has_mfa,
        active_keys,
    })
}

async fn has_password(iam: &Client, lane: &Lane, user: &str) -> Result<bool, Failure> {
    let answer = lane
        .call(&GET_LOGIN_PROFILE, || {
            iam.get_login_profile().user_name(user).send()
        })
        .await;
    match answer {
        Ok(_) => Ok(true),
        Err(failure) if failure.has_code(NOT_THERE) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Devices of any kind. A user may have eight, so one page always holds them.
async fn has_mfa(iam: &Client, lane: &Lane, user: &str) -> Result<bool, Failure> {
    let answer = lane
        .call(&LIST_MFA_DEVICES, || {
            iam.list_mfa_devices().user_name(user).send()
        })
        .await?;
    Ok(!answer.mfa_devices.is_empty())
}

/// A user may have two keys, so one page always holds them.
async fn active_keys(iam: &Client, lane: &Lane, user: &str) -> Result<u8, Failure> {
    let answer = lane
        .call(&LIST_ACCESS_KEYS, || {
            iam.list_access_keys().user_name(user).send()
        })
        .await?;
    let mut active = 0;
    for key in answer.access_key_metadata {
        let status = require(LIST_ACCESS_KEYS.action, "Status", key.status)?;
        active += u8::from(status == StatusType::Active);
    }
    Ok(active)
}
