//! All IAM users: the credential report answers for all of them in a few requests; where it cannot be had, every
//! user costs three, and so does every user that it lacks.

use std::collections::BTreeSet;

use orgscan_core::model::{Gap, Reading};
use orgscan_core::services::iam::{AccountNumbers, UserSource, Users};

use super::{credential_report, per_user};
use crate::collect::{AccountScope, Collect, CollectScope, FactError};

impl Collect<AccountScope<'_>> for Users {
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        let because = match credential_report::read(scope).await {
            Ok(users) => return Ok(complete(scope, users).await),
            Err(FactError::Failed(failure)) => failure.into(),
            Err(FactError::Gap(gap)) => gap,
            Err(FactError::Irrelevant) => return Err(FactError::Irrelevant),
        };
        let account = &scope.session.account;
        tracing::info!(account_id = %account, gap = %because, "no credential report; each user is requested separately");
        match per_user::read(&scope.iam(), &scope.api_caller, &BTreeSet::new()).await {
            Ok(list) => Ok(Self {
                list,
                root: Reading::missing(because.clone()),
                source: UserSource::PerUserCalls { because },
            }),
            Err(failure) => Err(FactError::Gap(Gap {
                detail: format!(
                    "{}; and before that {because}: {}",
                    failure.detail, because.detail
                ),
                ..failure.into()
            })),
        }
    }
}

/// Adds the users that the credential report lacks: those that were made since, those whose rows cannot be
/// read, and those that IAM left out. A report that has as many as the account's summary counts is complete.
async fn complete(scope: &AccountScope<'_>, mut users: Users) -> Users {
    let names: BTreeSet<String> = users.list.iter().map(|user| user.name.clone()).collect();
    let numbers = scope.fact::<AccountNumbers>().await;
    let counted = numbers.and_then(|numbers| numbers.users.get().copied());
    let has_all = counted.as_ref().is_ok_and(|all| names.len() as u64 >= *all);
    if has_all && users.list.gaps.is_empty() {
        return users;
    }
    match per_user::read(&scope.iam(), &scope.api_caller, &names).await {
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
                Err(gap) => format!("the number of users is not known: {gap}"),
            };
            let detail = format!("{detail}: {}", gap.detail);
            users.list.gaps.push(Gap { detail, ..gap });
        }
    }
    users
}
