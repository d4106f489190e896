//! Asks AWS. Every request only reads; KMS, which has dry runs, is asked for those.

mod destinations;

use std::sync::Arc;

use aws_sdk_organizations::types::OrganizationFeatureSet;
use orgscan_aws::assume::Sessions;
use orgscan_aws::rate_limit::{ApiCaller, Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{AwsContext, Failure, pages, require};
use orgscan_core::model::{Cause, Organization};
use orgscan_core::services::{cloudformation, iam, lambda, organizations};
use orgscan_core::settings::Config;

use super::facts::{
    AccountPage, Concurrency, ExistingRole, FactResult, Facts, Options, OrganizationFacts,
    RoleName, RoleTest,
};

/// The name of doctor's session in the member account, for CloudTrail.
const SESSION: &str = "doctor";

/// Asks for everything. What depends on nothing else is asked for at the same time.
pub(super) async fn collect(aws: &Arc<AwsContext>, config: &Config, options: &Options) -> Facts {
    let rate_limits = RateLimits::new(RateLimitSettings::of(config));
    let deadline = Deadline::of(config);
    let collector = FactCollector {
        api_caller: rate_limits.api_caller(&aws.scope(None), deadline),
        aws,
        config,
        rate_limits: &rate_limits,
        deadline,
    };
    let (organization, accounts, access, concurrency, central_role, member_role, destinations) = futures::join!(
        collector.organization(),
        collector.accounts(),
        collector.access(),
        collector.concurrency(),
        collector.role(&options.central_role),
        collector.role(&config.role.name),
        collector.destinations(),
    );
    let known = organization.as_ref().ok();
    let management = known.map(|known| &known.organization.management_account);
    let delegated = match management.is_some_and(|account| *account != aws.caller.account) {
        true => Some(collector.delegated().await),
        false => None,
    };
    let role_test = collector.role_test(options, &accounts).await;
    Facts {
        caller: aws.caller.clone(),
        home: aws.home.clone(),
        organization,
        accounts,
        access,
        delegated,
        concurrency,
        central_role,
        member_role,
        role_test,
        destinations,
    }
}

struct FactCollector<'a> {
    aws: &'a Arc<AwsContext>,
    config: &'a Config,
    rate_limits: &'a Arc<RateLimits>,
    api_caller: ApiCaller,
    deadline: Deadline,
}

impl FactCollector<'_> {
    fn organizations(&self) -> aws_sdk_organizations::Client {
        aws_sdk_organizations::Client::new(&self.aws.config)
    }

    async fn organization(&self) -> FactResult<OrganizationFacts> {
        let (api, client) = (&organizations::DESCRIBE_ORGANIZATION, self.organizations());
        let send = || client.describe_organization().send();
        let answer = self.api_caller.call(api, send).await?;
        let found = require(api.action, "Organization", answer.organization)?;
        let management = require(api.action, "MasterAccountId", found.master_account_id)?;
        let management_account = management
            .parse()
            .map_err(|error| Failure::new(api.action, Cause::Malformed, format!("{error}")))?;
        Ok(OrganizationFacts {
            has_all_features: found.feature_set == Some(OrganizationFeatureSet::All),
            organization: Organization {
                id: require(api.action, "Id", found.id)?,
                management_account,
            },
        })
    }

    async fn accounts(&self) -> FactResult<AccountPage> {
        let client = self.organizations();
        let send = || client.list_accounts().max_results(20).send();
        let page = self
            .api_caller
            .call(&organizations::LIST_ACCOUNTS, send)
            .await?;
        let accounts = page.accounts.unwrap_or_default();
        let own = self.aws.caller.account.as_str();
        let is_active = |account: &&aws_sdk_organizations::types::Account| {
            let state = account.state.as_ref().map(|state| state.as_str());
            let state = state.or(account.status.as_ref().map(|status| status.as_str()));
            state.is_none_or(|state| state == "ACTIVE")
        };
        let ids = accounts
            .iter()
            .filter(is_active)
            .filter_map(|account| account.id.as_deref());
        let member = ids.filter(|id| *id != own).find_map(|id| id.parse().ok());
        Ok(AccountPage {
            accounts: accounts.len(),
            has_more: page.next_token.is_some(),
            member,
        })
    }

    async fn access(&self) -> FactResult<Vec<String>> {
        let (api, client) = (&organizations::LIST_SERVICE_ACCESS, self.organizations());
        pages(api.action, |token| {
            let client = &client;
            async move {
                let send = || {
                    let request = client.list_aws_service_access_for_organization();
                    request.set_next_token(token.clone()).send()
                };
                let page = self.api_caller.call(api, send).await?;
                let services = page
                    .enabled_service_principals
                    .unwrap_or_default()
                    .into_iter();
                Ok((
                    services.filter_map(|one| one.service_principal).collect(),
                    page.next_token,
                ))
            }
        })
        .await
    }

    async fn delegated(&self) -> FactResult<Vec<String>> {
        let (api, client) = (
            &organizations::LIST_DELEGATED_SERVICES,
            self.organizations(),
        );
        let own = self.aws.caller.account.as_str();
        pages(api.action, |token| {
            let client = &client;
            async move {
                let send = || {
                    let request = client.list_delegated_services_for_account().account_id(own);
                    request.set_next_token(token.clone()).send()
                };
                let page = self.api_caller.call(api, send).await?;
                let services = page.delegated_services.unwrap_or_default().into_iter();
                Ok((
                    services.filter_map(|one| one.service_principal).collect(),
                    page.next_token,
                ))
            }
        })
        .await
    }

    async fn concurrency(&self) -> FactResult<Concurrency> {
        let api = &lambda::GET_ACCOUNT_SETTINGS;
        let client = aws_sdk_lambda::Client::new(&self.aws.config);
        let send = || client.get_account_settings().send();
        let answer = self.api_caller.call(api, send).await?;
        let limit = require(api.action, "AccountLimit", answer.account_limit)?;
        let all = limit.concurrent_executions;
        Ok(Concurrency {
            limit: all.into(),
            unreserved: limit.unreserved_concurrent_executions.unwrap_or(all).into(),
        })
    }

    async fn role(&self, name: &str) -> RoleName {
        let iam = self.aws.own.iam();
        let send = || iam.get_role().role_name(name).send();
        let found = match self.api_caller.call(&iam::GET_ROLE, send).await {
            Ok(_) => Ok(Some(ExistingRole {
                stack: self.stack_of(name).await,
            })),
            Err(failure) if failure.has_code(&["NoSuchEntity", "NoSuchEntityException"]) => {
                Ok(None)
            }
            Err(failure) => Err(failure),
        };
        RoleName {
            name: name.to_owned(),
            found,
        }
    }

    /// The stack that a resource belongs to, by its physical id.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html>
    async fn stack_of(&self, name: &str) -> FactResult<Option<String>> {
        let client = aws_sdk_cloudformation::Client::new(&self.aws.config);
        let send = || {
            let request = client.describe_stack_resources();
            request.physical_resource_id(name).send()
        };
        match self
            .api_caller
            .call(&cloudformation::DESCRIBE_STACK_RESOURCES, send)
            .await
        {
            Ok(answer) => {
                let resources = answer.stack_resources.unwrap_or_default().into_iter();
                let mut roles =
                    resources.filter(|one| one.resource_type.as_deref() == Some("AWS::IAM::Role"));
                Ok(roles.find_map(|role| role.stack_name))
            }
            Err(failure) if failure.has_code(&["ValidationError"]) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn role_test(&self, options: &Options, accounts: &FactResult<AccountPage>) -> RoleTest {
        if options.preflight {
            return RoleTest::Not("the role is not deployed yet (--preflight)".to_owned());
        }
        let listed = || {
            accounts
                .as_ref()
                .ok()
                .and_then(|listed| listed.member.clone())
        };
        let Some(account) = options.account.clone().or_else(listed) else {
            return RoleTest::Not("no other account is known; name one with --account".to_owned());
        };
        let role = &self.config.role;
        let sessions = Sessions::new(
            self.aws.clone(),
            self.rate_limits.clone(),
            self.deadline,
            role,
            SESSION,
        );
        let opened = sessions.open(&account).await;
        RoleTest::Tried {
            role: format!("{}{}", role.path.trim_start_matches('/'), role.name),
            outcome: opened.map(|session| session.note),
            account,
        }
    }
}
