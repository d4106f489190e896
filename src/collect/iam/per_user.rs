//! What can be had without the credential report: one list, and three requests for each user. When keys
//! were used last is not asked for; it would be one more request for each key.

use aws_sdk_iam::Client;
use aws_sdk_iam::primitives::DateTime;
use aws_sdk_iam::types::{StatusType, User as Listed};
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::{NOT_THERE, time};
use crate::aws::{Failure, pages, require};
use crate::model::{AccessKey, Password, Used, User};
use crate::pace::Lane;
use crate::pace::api::{GET_LOGIN_PROFILE, LIST_ACCESS_KEYS, LIST_MFA_DEVICES, LIST_USERS};

/// The largest page that IAM gives.
const PAGE: i32 = 1_000;

/// Users asked about at the same time; the limiters pace the requests anyway.
const SIDE_BY_SIDE: usize = 8;

/// All users. One that is deleted meanwhile is left out.
///
/// # Errors
/// The first failure.
pub(super) async fn read(iam: &Client, lane: &Lane) -> Result<Vec<User>, Failure> {
    let listed = list(iam, lane).await?;
    let users: Vec<Option<User>> = stream::iter(listed)
        .map(|listed| async move {
            match user(iam, lane, listed).await {
                Err(failure) if failure.has_code(NOT_THERE) => Ok(None),
                user => user.map(Some),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    Ok(users.into_iter().flatten().collect())
}

async fn list(iam: &Client, lane: &Lane) -> Result<Vec<Listed>, Failure> {
    pages(LIST_USERS.action, |marker| async move {
        let page = lane
            .call(&LIST_USERS, || {
                iam.list_users()
                    .max_items(PAGE)
                    .set_marker(marker.clone())
                    .send()
            })
            .await?;
        Ok((page.users, page.marker))
    })
    .await
}

async fn user(iam: &Client, lane: &Lane, listed: Listed) -> Result<User, Failure> {
    let name = listed.user_name;
    let (password_set, has_mfa, keys) = futures::try_join!(
        password_set(iam, lane, &name),
        has_mfa(iam, lane, &name),
        keys(iam, lane, &name),
    )?;
    let used = match &listed.password_last_used {
        Some(used) => Used::At(time(LIST_USERS.action, used)?),
        None => Used::Never,
    };
    Ok(User {
        name,
        arn: listed.arn,
        created: time(LIST_USERS.action, &listed.create_date)?,
        password: password_set.map(|changed| Password {
            changed: Some(changed),
            used,
        }),
        has_mfa,
        keys,
    })
}

/// When the user's password was set, if it has one.
async fn password_set(iam: &Client, lane: &Lane, user: &str) -> Result<Option<Timestamp>, Failure> {
    let answer = lane
        .call(&GET_LOGIN_PROFILE, || {
            iam.get_login_profile().user_name(user).send()
        })
        .await;
    let profile = match answer {
        Err(failure) if failure.has_code(NOT_THERE) => return Ok(None),
        answer => answer?.login_profile,
    };
    let profile = require(GET_LOGIN_PROFILE.action, "LoginProfile", profile)?;
    time(GET_LOGIN_PROFILE.action, &profile.create_date).map(Some)
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

/// A user may have two keys, so one page always holds them. The older one comes first, as in the
/// credential report.
async fn keys(iam: &Client, lane: &Lane, user: &str) -> Result<Vec<AccessKey>, Failure> {
    let answer = lane
        .call(&LIST_ACCESS_KEYS, || {
            iam.list_access_keys().user_name(user).send()
        })
        .await?;
    let mut listed = answer.access_key_metadata;
    listed.sort_by_key(|key| key.create_date.as_ref().map(DateTime::as_nanos));
    let mut keys = Vec::new();
    for (key, place) in listed.into_iter().zip(1..) {
        let status = require(LIST_ACCESS_KEYS.action, "Status", key.status)?;
        let made = key.create_date.as_ref();
        keys.push(AccessKey {
            place,
            active: status == StatusType::Active,
            rotated: made
                .map(|made| time(LIST_ACCESS_KEYS.action, made))
                .transpose()?,
            used: Used::NotRead,
        });
    }
    Ok(keys)
}
