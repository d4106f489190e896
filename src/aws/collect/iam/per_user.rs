//! What can be had without the credential report: one list, and three requests for each user. When keys
//! were used last is not asked for; it would be one more request for each key.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;
use aws_sdk_iam::primitives::DateTime;
use aws_sdk_iam::types::{AccessKeyMetadata, StatusType, User as Listed};
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use orgscan_core::api::Meaning;
use orgscan_core::model::Items;
use orgscan_core::services::iam::{
    AccessKey, GET_LOGIN_PROFILE, LIST_ACCESS_KEYS, LIST_MFA_DEVICES, LIST_USERS, LastUsed,
    Password, User,
};

use super::{text, time};
use crate::rate_limit::ApiCaller;
use crate::{Failure, next_page, pages, require};

/// Users asked about at the same time; the limiters limit the rate anyway.
const SIDE_BY_SIDE: usize = 8;

/// All users but those whose names are `known`. One that is deleted meanwhile is left out.
///
/// # Errors
/// Where they cannot be listed.
pub(super) async fn read(
    iam: &Client,
    api_caller: &ApiCaller,
    known: &BTreeSet<String>,
) -> Result<Items<User>, Failure> {
    let mut listed = list(iam, api_caller).await?;
    listed.retain(|user| !known.contains(&user.user_name));
    let users: Vec<_> = stream::iter(listed)
        .map(|listed| async move {
            let name = listed.user_name.clone();
            match user(iam, api_caller, listed).await {
                Err(failure) if failure.means(Meaning::Gone) => None,
                user => Some(user.map_err(|failure| failure.of_item(Some(&name)))),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    Ok(users.into_iter().flatten().collect())
}

async fn list(iam: &Client, api_caller: &ApiCaller) -> Result<Vec<Listed>, Failure> {
    pages(LIST_USERS.action, |marker| async move {
        let page = api_caller
            .call(&LIST_USERS, || {
                iam.list_users()
                    .set_max_items(LIST_USERS.page)
                    .set_marker(marker.clone())
                    .send()
            })
            .await?;
        let next = next_page(LIST_USERS.action, Some(page.is_truncated), page.marker)?;
        Ok((page.users, next))
    })
    .await
}

async fn user(iam: &Client, api_caller: &ApiCaller, listed: Listed) -> Result<User, Failure> {
    let name = text(LIST_USERS.action, "UserName", &listed.user_name)?;
    let arn = text(LIST_USERS.action, "Arn", &listed.arn)?;
    let created = time(LIST_USERS.action, "CreateDate", &listed.create_date)?;
    let (password_set, has_mfa, keys) = futures::try_join!(
        password_set(iam, api_caller, &name),
        has_mfa(iam, api_caller, &name),
        keys(iam, api_caller, &name),
    )?;
    // A user that never signed in has no such date.
    // Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html>
    let used = match &listed.password_last_used {
        Some(used) => LastUsed::At(time(LIST_USERS.action, "PasswordLastUsed", used)?),
        None => LastUsed::Never,
    };
    Ok(User {
        name,
        arn: arn.into(),
        created,
        password: password_set.map(|changed| Password {
            changed: Some(changed),
            used,
        }),
        has_mfa,
        keys,
    })
}

/// When the user's password was set, if it has one.
async fn password_set(
    iam: &Client,
    api_caller: &ApiCaller,
    user: &str,
) -> Result<Option<Timestamp>, Failure> {
    let answer = api_caller
        .call(&GET_LOGIN_PROFILE, || {
            iam.get_login_profile().user_name(user).send()
        })
        .await;
    let profile = match answer {
        Err(failure) if failure.means(Meaning::Absent) => return Ok(None),
        answer => answer?.login_profile,
    };
    let profile = require(GET_LOGIN_PROFILE.action, "LoginProfile", profile)?;
    time(GET_LOGIN_PROFILE.action, "CreateDate", &profile.create_date).map(Some)
}

/// Devices of any kind.
async fn has_mfa(iam: &Client, api_caller: &ApiCaller, user: &str) -> Result<bool, Failure> {
    let action = LIST_MFA_DEVICES.action;
    let devices = pages(action, |marker| async move {
        let send = || {
            let request = iam.list_mfa_devices().user_name(user);
            request.set_marker(marker.clone()).send()
        };
        let page = api_caller.call(&LIST_MFA_DEVICES, send).await?;
        let next = next_page(action, Some(page.is_truncated), page.marker)?;
        Ok((page.mfa_devices, next))
    });
    Ok(!devices.await?.is_empty())
}

/// The older key comes first, as in the credential report.
async fn keys(iam: &Client, api_caller: &ApiCaller, user: &str) -> Result<Vec<AccessKey>, Failure> {
    let action = LIST_ACCESS_KEYS.action;
    let listed = pages(action, |marker| async move {
        let send = || {
            let request = iam.list_access_keys().user_name(user);
            request.set_marker(marker.clone()).send()
        };
        let page = api_caller.call(&LIST_ACCESS_KEYS, send).await?;
        let next = next_page(action, Some(page.is_truncated), page.marker)?;
        Ok((page.access_key_metadata, next))
    });
    let mut listed = listed.await?;
    listed.sort_by_key(|key| key.create_date.as_ref().map(DateTime::as_nanos));
    listed.into_iter().zip(1..).map(key).collect()
}

fn key((key, slot): (AccessKeyMetadata, u8)) -> Result<AccessKey, Failure> {
    let action = LIST_ACCESS_KEYS.action;
    let status = require(action, "Status", key.status)?;
    let made = require(action, "CreateDate", key.create_date)?;
    Ok(AccessKey {
        slot,
        active: match status {
            StatusType::Active => true,
            StatusType::Inactive | StatusType::Expired => false,
            other => return require(action, &format!("a known status, not {other}"), None),
        },
        rotated: Some(time(action, "CreateDate", &made)?),
        used: LastUsed::NotRead,
    })
}
