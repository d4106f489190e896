//! Sessions in the accounts: one per account, shared by all its Regions, renewed before it expires.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use orgscan_core::model::{AccountId, Arn, Cause, Region, TargetScope};
use orgscan_core::services::sts;
use orgscan_core::settings::{ExternalId, RoleConfig};
use tokio::sync::OnceCell;

use crate::rate_limit::{ApiCaller, Deadline, RateLimits, RateScope};
use crate::{Availability, AwsContext, Clients, Failure, OrganizationAnswers, require, validate};

/// Sessions are renewed this long before they expire, so that no request is signed with credentials
/// that expire on the way.
const RENEW_BEFORE: Duration = Duration::from_secs(120);

/// The Regions of an account.
#[derive(Clone, Debug)]
pub struct AccountRegions {
    /// All Regions of the partition; false for one that AWS says is off in the account.
    pub enabled: BTreeMap<Region, bool>,
    /// What the reader should know about how they were found out.
    pub note: Option<String>,
}

/// Opens sessions in accounts.
#[derive(Debug)]
pub struct Sessions {
    aws: Arc<AwsContext>,
    rate_limits: Arc<RateLimits>,
    deadline: Deadline,
    assumer: Arc<Assumer>,
    organization: Arc<OrganizationAnswers>,
}

/// Calls AssumeRole, limited by the one limiter that all accounts share.
#[derive(Debug)]
struct Assumer {
    sts: aws_sdk_sts::Client,
    /// For new sessions.
    opening: ApiCaller,
    /// For sessions that requests wait for.
    renewal: ApiCaller,
    role: RoleConfig,
    partition: String,
    session_name: String,
}

impl Sessions {
    /// Sessions for one run. The run's id is in their name, so that CloudTrail in every account
    /// attributes each call to the run.
    pub fn new(
        aws: Arc<AwsContext>,
        rate_limits: Arc<RateLimits>,
        deadline: Deadline,
        role: &RoleConfig,
        run_id: &str,
    ) -> Self {
        let api_caller = || rate_limits.api_caller(&aws.scope(None), deadline);
        let assumer = Arc::new(Assumer {
            sts: aws_sdk_sts::Client::new(&aws.config),
            opening: api_caller(),
            renewal: api_caller().urgent(),
            role: role.clone(),
            partition: aws.caller.partition.clone(),
            session_name: session_name(run_id),
        });
        Self {
            aws,
            rate_limits,
            deadline,
            assumer,
            organization: Arc::default(),
        }
    }

    /// The same, for a run in which Organizations has answered this.
    #[must_use]
    pub fn with_organization(mut self, organization: Arc<OrganizationAnswers>) -> Self {
        self.organization = organization;
        self
    }

    /// Where the caller is.
    pub fn aws(&self) -> &Arc<AwsContext> {
        &self.aws
    }

    /// No request is sent after it.
    pub fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// A session in the account's member role. In the caller's own account, where that role may not
    /// exist, the caller's own credentials serve instead.
    ///
    /// # Errors
    /// The cause for which there is no session.
    pub async fn open(&self, account: &AccountId) -> Result<Session, Failure> {
        let own = *account == self.aws.caller.account;
        match self.assumer.assume(account, &self.assumer.opening).await {
            Ok(credentials) => {
                let member = MemberCredentials::new(&self.assumer, account, credentials);
                Ok(Session {
                    account: account.clone(),
                    clients: self.aws.members.clone(),
                    availability: self.aws.availability.clone(),
                    signer: Some(SharedCredentialsProvider::new(member)),
                    ..Self::own(&self.aws, &self.rate_limits, self.deadline)
                })
            }
            Err(failure) if own && is_denied(failure.cause) => {
                let note = format!(
                    "scanned with the caller's own credentials, because the member role could not \
                     be assumed: {failure}"
                );
                Ok(Session {
                    note: Some(note),
                    ..Self::own(&self.aws, &self.rate_limits, self.deadline)
                })
            }
            Err(failure) => Err(failure),
        }
    }

    /// A session with the caller's own credentials, for what is asked of the organization: what has been
    /// answered in this run is not asked again.
    pub fn central(&self) -> Session {
        Session {
            organization: self.organization.clone(),
            ..Self::own(&self.aws, &self.rate_limits, self.deadline)
        }
    }

    /// A session of the caller in its own account, with its own credentials.
    pub fn own(aws: &AwsContext, rate_limits: &Arc<RateLimits>, deadline: Deadline) -> Session {
        Session {
            account: aws.caller.account.clone(),
            home: aws.home.clone(),
            clients: aws.own.clone(),
            availability: aws.availability.clone(),
            signer: None,
            note: None,
            rate_limits: rate_limits.clone(),
            deadline,
            organization: Arc::default(),
            api_callers: Mutex::default(),
            regions: OnceCell::new(),
        }
    }
}

fn is_denied(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::RoleNotAssumable | Cause::MissingPermission | Cause::DeniedUnexplained
    )
}

/// `orgscan-<run id>`, within the 64 characters that STS allows.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
fn session_name(run_id: &str) -> String {
    format!("orgscan-{run_id}").chars().take(64).collect()
}

impl Assumer {
    fn role_arn(&self, account: &AccountId) -> String {
        format!(
            "arn:{}:iam::{account}:role{}{}",
            self.partition, self.role.path, self.role.name
        )
    }

    async fn assume(
        &self,
        account: &AccountId,
        api_caller: &ApiCaller,
    ) -> Result<Credentials, Failure> {
        let arn = self.role_arn(account);
        let external_id = self.role.external_id.as_ref().map(ExternalId::expose);
        let answer = api_caller
            .call(&sts::ASSUME_ROLE, || {
                self.sts
                    .assume_role()
                    .role_arn(&arn)
                    .role_session_name(&self.session_name)
                    .set_external_id(external_id.map(str::to_owned))
                    .duration_seconds(self.role.session_seconds)
                    .send()
            })
            .await?;
        let action = sts::ASSUME_ROLE.action;
        let user = require(action, "AssumedRoleUser", answer.assumed_role_user)?;
        self.check_role(account, &user.arn)?;
        let given = require(action, "Credentials", answer.credentials)?;
        let credentials = Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            SystemTime::try_from(given.expiration).ok(),
            "AssumeRole",
        );
        validate(&credentials, "AssumeRole")
            .map_err(|bad| Failure::new(action, Cause::Malformed, bad.to_string()))?;
        Ok(credentials)
    }

    /// Whether a session is one of the role that was asked for: everything that it reads is reported as
    /// the account's. A session's ARN has the role's name without its path, and names are not
    /// distinguished by case.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
    fn check_role(&self, account: &AccountId, session: &str) -> Result<(), Failure> {
        let action = sts::ASSUME_ROLE.action;
        let session = Arn::from(session);
        let mut resource = session.resource().split('/');
        let (kind, role) = (resource.next(), resource.next());
        if (session.service(), kind) != ("sts", Some("assumed-role")) {
            let detail = format!("`{session}` is not the ARN of a session");
            return Err(Failure::new(action, Cause::Malformed, detail));
        }
        let is_same = session.partition() == self.partition
            && session.account() == account.as_str()
            && role.is_some_and(|role| role.eq_ignore_ascii_case(&self.role.name));
        match is_same {
            true => Ok(()),
            false => {
                let detail = format!("asked for {}, got {session}", self.role_arn(account));
                Err(Failure::new(action, Cause::UnexpectedRole, detail))
            }
        }
    }
}

/// The credentials of one account's session.
#[derive(Debug)]
struct MemberCredentials {
    assumer: Arc<Assumer>,
    account: AccountId,
    current: tokio::sync::Mutex<Credentials>,
}

impl MemberCredentials {
    fn new(assumer: &Arc<Assumer>, account: &AccountId, credentials: Credentials) -> Self {
        Self {
            assumer: assumer.clone(),
            account: account.clone(),
            current: tokio::sync::Mutex::new(credentials),
        }
    }

    /// The session's credentials, renewed if they are about to expire. The lock is held while they
    /// are, so that one renewal serves all requests that wait for it.
    async fn current(&self) -> Result<Credentials, CredentialsError> {
        let mut current = self.current.lock().await;
        if expires_soon(&current) {
            let Assumer { renewal, .. } = &*self.assumer;
            let renewed = self.assumer.assume(&self.account, renewal).await;
            *current = renewed.map_err(CredentialsError::provider_error)?;
        }
        Ok(current.clone())
    }
}

fn expires_soon(credentials: &Credentials) -> bool {
    credentials
        .expiry()
        .is_some_and(|expiry| expiry < SystemTime::now() + RENEW_BEFORE)
}

impl ProvideCredentials for MemberCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current())
    }
}

/// A session in one account.
#[derive(Debug)]
pub struct Session {
    /// The account.
    pub account: AccountId,
    /// The Region whose endpoints serve what is not regional.
    pub home: Region,
    /// What the reader should know about the session.
    pub note: Option<String>,
    /// The clients to ask with. Requests go through [`Session::api_caller`], which has them signed.
    pub clients: Arc<Clients>,
    /// Which services exist in which Regions.
    pub availability: Arc<Availability>,
    /// What Organizations has answered in this run.
    pub(crate) organization: Arc<OrganizationAnswers>,
    signer: Option<SharedCredentialsProvider>,
    rate_limits: Arc<RateLimits>,
    deadline: Deadline,
    api_callers: Mutex<BTreeMap<TargetScope, Arc<ApiCaller>>>,
    /// The account's Regions, once they are listed.
    pub(crate) regions: OnceCell<Result<AccountRegions, Failure>>,
}

impl Session {
    /// The API caller of one scope; what is sent through it is signed for this session.
    pub fn api_caller(&self, target: &TargetScope) -> Arc<ApiCaller> {
        let mut api_callers = self
            .api_callers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let region = match target {
                TargetScope::Global => &self.home,
                TargetScope::Region(region) => region,
            };
            let scope = RateScope::new(&self.account, region);
            let api_caller = self.rate_limits.api_caller(&scope, self.deadline);
            Arc::new(api_caller.signed_by(&self.signer))
        };
        api_callers
            .entry(target.clone())
            .or_insert_with(new)
            .clone()
    }

    /// Requests sent and requests throttled, by scope.
    pub fn requests(&self) -> BTreeMap<TargetScope, (u64, u64)> {
        let api_callers = self
            .api_callers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        api_callers
            .iter()
            .map(|(target, api_caller)| {
                (
                    target.clone(),
                    (api_caller.requests(), api_caller.throttled()),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_name_carries_the_run_id_within_sts_limits() {
        assert_eq!(session_name("20261122T060000Z"), "orgscan-20261122T060000Z");
        assert_eq!(session_name(&"x".repeat(100)).len(), 64);
    }

    #[test]
    fn credentials_are_renewed_before_they_expire() {
        let expiring = |seconds| {
            let expiry = SystemTime::now() + Duration::from_secs(seconds);
            Credentials::new("id", "secret", None, Some(expiry), "test")
        };
        assert!(expires_soon(&expiring(60)));
        assert!(!expires_soon(&expiring(600)));
        assert!(!expires_soon(&Credentials::new(
            "id", "secret", None, None, "test"
        )));
    }
}
