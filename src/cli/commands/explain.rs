//! `orgscan explain`

use std::io::{self, Write};
use std::sync::Arc;

use orgscan_app::config::ConfigLayer;
use orgscan_app::scan::RunError;
use orgscan_aws::discover::{Discovery, discover};
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{AwsContext, Source};
use orgscan_core::checks::{INDICATORS, Indicator};
use orgscan_core::document::Origins;
use orgscan_core::model::{Account, AccountId, AccountState};
use orgscan_core::services::by_id;
use orgscan_core::settings::{AccountDetails, Config};
use orgscan_core::suggest::instead;
use orgscan_core::text::clean;
use orgscan_core::thresholds::{Subject, ThresholdRule, describe, rules};

use super::{CommandError, configure_traced};
use crate::args::{ExplainArgs, GlobalArgs};
use crate::exit::CLEAN;
use crate::style::{FAINT, HEADING, paint};
use crate::{catalog, explain};

/// What a threshold is asked for does not exist.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSuchThreshold {
    #[error("--threshold: no indicator `{0}`; {1}")]
    Indicator(String, String),
    #[error(
        "--account: no account {0} in the organization; correct the id, or add --ou to show the threshold in an OU"
    )]
    Account(AccountId),
}

/// Explains a check, an indicator, a framework, a control or a threshold. Gives the exit code.
pub(crate) async fn explain(
    global: &GlobalArgs,
    args: &ExplainArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let (config, origins) = configure_traced(global, ConfigLayer::default()).await?;
    match &args.threshold {
        Some(indicator) => threshold((&config, &origins), args, indicator, out).await?,
        None => explain::write(&args.what.join(" "), &config, out)??,
    }
    Ok(CLEAN)
}

/// Shows the threshold of an indicator with its source, and the thresholds that it overrides.
async fn threshold(
    (config, origins): (&Config, &Origins),
    args: &ExplainArgs,
    indicator: &str,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let indicator = known(indicator)?;
    let account = account(config, args).await?;
    let subject = match (&account, &args.ou) {
        (Some(account), _) => Subject::Account(account),
        (None, Some(ou)) => Subject::Unit {
            path: ou.trim_matches('/'),
            id: Some(ou),
        },
        (None, None) => Subject::Organization,
    };
    let rules = rules(&config.thresholds, &subject, indicator.name);
    write(indicator, &subject, &rules, origins, out)?;
    if let Some(check) = by_id(indicator.check) {
        catalog::ports(check, config, out)?;
    }
    Ok(())
}

fn known(name: &str) -> Result<&'static Indicator, NoSuchThreshold> {
    let found = INDICATORS.iter().find(|one| one.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = INDICATORS.iter().map(|one| one.name).collect();
        NoSuchThreshold::Indicator(name.escape_debug().to_string(), instead(name, &names))
    })
}

/// The account that is asked for: as `--ou` places it, or else as the organization lists it.
async fn account(config: &Config, args: &ExplainArgs) -> Result<Option<Account>, CommandError> {
    let Some(id) = &args.account else {
        return Ok(None);
    };
    if let Some(ou) = &args.ou {
        return Ok(Some(account_in_ou(id, ou)));
    }
    let aws = Arc::new(AwsContext::connect(config, &Source::Environment).await?);
    let rate_limits = RateLimits::new(RateLimitSettings::of(config));
    let account_details = AccountDetails::default();
    let discovery = Discovery {
        aws: &aws,
        rate_limits: &rate_limits,
        deadline: Deadline::of(config),
        config,
        own_account: false,
        account_details: &account_details,
        organization: Arc::default(),
    };
    let discovered = discover(&discovery, &|_| {});
    let plan = discovered.await.map_err(RunError::from)?.plan;
    let mut listed = plan.accounts.iter();
    let found = listed.find(|planned| planned.account.id == *id);
    match found {
        Some(planned) => Ok(Some((*planned.account).clone())),
        None => Err(NoSuchThreshold::Account(id.clone()).into()),
    }
}

/// An account in an OU that is given by its path or its id.
fn account_in_ou(id: &AccountId, ou: &str) -> Account {
    let is_id = ou.starts_with("ou-") || ou.starts_with("r-");
    let path = if is_id { "" } else { ou.trim_matches('/') };
    Account {
        id: id.clone(),
        name: String::new(),
        state: AccountState::Active,
        ou_ids: is_id.then(|| ou.to_owned()).into_iter().collect(),
        ou_path: path.to_owned(),
        tags: Default::default(),
    }
}

fn write(
    indicator: &Indicator,
    subject: &Subject<'_>,
    rules: &[ThresholdRule<'_>],
    origins: &Origins,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(
        out,
        "{}  {}",
        paint(HEADING, indicator.name),
        indicator.counts
    )?;
    writeln!(out, "{}", describe_subject(subject))?;
    let Some((first, others)) = rules.split_first() else {
        return writeln!(out, "\nThe configuration has no threshold for it.");
    };
    writeln!(out, "\n{}", paint(HEADING, "Threshold"))?;
    rule(first, origins, out)?;
    if !others.is_empty() {
        writeln!(out, "\n{}", paint(HEADING, "Overridden"))?;
        for other in others {
            rule(other, origins, out)?;
        }
    }
    Ok(())
}

fn rule(rule: &ThresholdRule<'_>, origins: &Origins, out: &mut impl Write) -> io::Result<()> {
    let origin = origins.origin_text(&rule.field).unwrap_or("the default");
    let location = format!("{origin}, {}", rule.field);
    writeln!(
        out,
        "  {}, for {}\n    {}",
        describe(rule.threshold),
        clean(&rule.applies_to, 300),
        paint(FAINT, clean(&location, 600)),
    )
}

/// `account 111122223333 prod-web: root > Workloads > Production`
fn describe_subject(subject: &Subject<'_>) -> String {
    match subject {
        Subject::Organization => "the organization's total".to_owned(),
        Subject::Unit { path, .. } => format!("the total of OU {}", clean(path, 600)),
        Subject::Account(account) => {
            let names = account.ou_path.split('/').filter(|name| !name.is_empty());
            let by_id = account.ou_ids.iter().map(String::as_str);
            let tree: Vec<_> = match account.ou_path.is_empty() {
                true => by_id.collect(),
                false => ["root"].into_iter().chain(names).collect(),
            };
            let name = format!("account {} {}", account.id, account.name);
            let (name, tree) = (clean(&name, 100), clean(&tree.join(" > "), 600));
            format!("{name}: {tree}")
        }
    }
}
