//! Values of a key that stand for all that a request of the public can have.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::keys::{Domain, is_always_there, is_multivalued, of_anonymous};
use super::operators::{Comparison, date, network};
use super::{Condition, identity};
use crate::policy::atoms::{Budget, atoms};
use crate::policy::pattern::{OWN_ORGANIZATION, Pattern, Syntax, Variables};
use crate::policy::principal::Caller;
use crate::policy::truth::Truth;

/// How a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// With a public address.
    Internet,
    /// Through a VPC endpoint of the caller: with the keys of the VPC in place of the address.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip>
    Endpoint,
}

/// What all samples of a request have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) caller: Caller,
    pub(crate) network: Network,
    pub(crate) variables: Variables<'a>,
    pub(crate) budget: &'a Budget,
}

/// For one value of a key: whether each condition is met.
pub(crate) type Sample = Vec<Truth>;

/// The values of the request; none if it does not have the key.
type KeyValues = Option<Vec<String>>;

/// All samples that differ; none if they are too many for the budget. Each condition is with whether it is of an Allow.
pub(crate) fn samples(
    key: &str,
    conditions: &[(&Condition, bool)],
    request: Request<'_>,
) -> Option<BTreeSet<Sample>> {
    let evaluate = |found: &KeyValues| -> Sample {
        let found = found.as_deref();
        let each = conditions.iter().map(|(condition, allows)| {
            let own = condition.compares_own(key, request.variables, *allows);
            own.unwrap_or_else(|| condition.is_met(found, request.variables, *allows))
        });
        each.collect()
    };
    let is_unknown = Domain::of(key) == Domain::Unknown
        || has_many_quantifiers(key, conditions)
        || is_of_endpoint(key, conditions);
    if is_unknown {
        return Some(BTreeSet::from([vec![Truth::Unknown; conditions.len()]]));
    }
    let all: Vec<&Condition> = conditions.iter().map(|(one, _)| *one).collect();
    let found = found(key, &all, request)?;
    let values = all.iter().flat_map(|one| &one.values);
    let length: usize = values.map(|value| 1 + value.len()).sum();
    request.budget.spend(found.len() * length)?;
    let samples: BTreeSet<Sample> = found.iter().map(evaluate).collect();
    // Which of the two the account of an anonymous caller is, is not known: absent, or `anonymous`.
    if request.caller != Caller::Account && key == "aws:principalaccount" {
        let named = evaluate(&Some(vec!["anonymous".to_owned()]));
        let merge = |sample: Sample| -> Sample {
            let pairs = sample.into_iter().zip(&named);
            pairs
                .map(|(one, other)| if one == *other { one } else { Truth::Unknown })
                .collect()
        };
        return Some(samples.into_iter().map(merge).collect());
    }
    Some(samples)
}

/// Whether more conditions ask for one of several values than pairs of values can meet.
fn has_many_quantifiers(key: &str, conditions: &[(&Condition, bool)]) -> bool {
    let quantified = conditions
        .iter()
        .filter(|(one, _)| one.operator.is_some_and(|one| one.has_quantifier()));
    is_multivalued(key) && quantified.count() > 2
}

/// Whether a condition is about the mail address, the number or the URL of a subscriber. Whose it is, is not known.
fn is_of_endpoint(key: &str, conditions: &[(&Condition, bool)]) -> bool {
    let values = conditions.iter().flat_map(|(one, _)| &one.values);
    let is_arn = |value: &String| value == "*" || value.starts_with("arn:");
    key == "sns:endpoint" && !values.into_iter().all(is_arn)
}

/// What the key has in all requests of such a caller or network, if it is the same in all.
fn only(key: &str, request: Request<'_>) -> Option<KeyValues> {
    let is_signed = request.caller == Caller::Account;
    match Domain::of(key) {
        Domain::Caller(_) if !is_signed => {}
        Domain::Only(_) if !is_signed && key == "aws:principaltype" => {}
        Domain::Network(_) if request.network == Network::Internet => {}
        Domain::Address if request.network == Network::Endpoint => {}
        _ => return None,
    }
    Some(of_anonymous(key).map(|one| vec![one.to_owned()]))
}

fn found(key: &str, conditions: &[&Condition], request: Request<'_>) -> Option<Vec<KeyValues>> {
    let text = |text: String| Some(vec![text]);
    let absent_without =
        |is_there: bool| -> Vec<KeyValues> { (!is_there).then_some(None).into_iter().collect() };
    if let Some(only) = only(key, request) {
        return Some(vec![only]);
    }
    Some(match Domain::of(key) {
        Domain::Caller(of) | Domain::Network(of) | Domain::Source(of) => {
            let is_there = is_always_there(key, request.caller);
            let mut found = absent_without(is_there);
            found.extend(
                identity::foreign(of, conditions, request.variables, request.budget)?
                    .into_iter()
                    .map(text),
            );
            found
        }
        Domain::Address => addresses(conditions).into_iter().map(text).collect(),
        Domain::Only(values) => {
            let values = values.iter().map(|one| (*one).to_owned());
            values
                .map(|one| (!one.is_empty()).then_some(vec![one]))
                .collect()
        }
        Domain::OwnAccount => vec![text(request.variables.account.to_owned())],
        Domain::OwnOrganization => vec![text(OWN_ORGANIZATION.to_owned())],
        Domain::Free { optional } => {
            let texts = free(conditions, request)?;
            let mut found = absent_without(!optional);
            if is_multivalued(key) {
                found.extend(pairs(&texts).map(Some));
            }
            found.extend(texts.into_iter().map(text));
            found
        }
        Domain::Unknown => vec![None],
    })
}

fn pairs(texts: &[String]) -> impl Iterator<Item = Vec<String>> {
    let others = |(at, one): (usize, &String)| {
        let others = texts[at + 1..].iter();
        others
            .map(|other| vec![one.clone(), other.clone()])
            .collect::<Vec<_>>()
    };
    texts.iter().enumerate().flat_map(others)
}

/// What the caller chooses: everything that makes a difference to one of the conditions.
fn free(conditions: &[&Condition], request: Request<'_>) -> Option<Vec<String>> {
    let patterns: Vec<Pattern> = conditions
        .iter()
        .flat_map(|one| one.patterns(request.variables))
        .collect();
    let any = [Pattern::plain("*", Syntax::Glob)];
    let mut texts: BTreeSet<String> = atoms(&any, &patterns, request.budget)?
        .into_iter()
        .map(|atom| atom.text)
        .collect();
    for condition in conditions {
        let comparison = condition.operator.map(|operator| operator.comparison);
        for value in &condition.values {
            match comparison {
                Some(Comparison::Number(_)) => texts.extend(around(value.parse::<f64>().ok())),
                Some(Comparison::Date(_)) => {
                    texts.extend(around(date(value)));
                }
                Some(Comparison::Bool) => texts.extend(["true", "false"].map(str::to_owned)),
                Some(Comparison::Binary) => texts.extend([value.clone()]),
                _ => {}
            }
        }
        if comparison == Some(Comparison::Address) {
            texts.extend(regions(&networks(condition)).iter().map(IpAddr::to_string));
        }
    }
    Some(texts.into_iter().collect())
}

/// A number, and what is next to it on both sides.
fn around<N>(value: Option<N>) -> Vec<String>
where
    N: Copy + std::fmt::Display + From<i32> + std::ops::Add<Output = N>,
{
    let near = |value: N| [-1, 0, 1].map(|step| (value + N::from(step)).to_string());
    value.map(near).into_iter().flatten().collect()
}

/// The ranges of a condition, joined where they touch.
fn networks(condition: &Condition) -> Vec<IpNet> {
    let networks = condition.values.iter().filter_map(|value| network(value));
    IpNet::aggregate(&networks.collect())
}

/// Addresses that stand for all: the first of everything, of every range, and after every range.
fn regions(networks: &[IpNet]) -> BTreeSet<IpAddr> {
    let mut regions = BTreeSet::from([
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ]);
    for network in networks {
        regions.insert(network.network());
        regions.extend(match network.broadcast() {
            IpAddr::V4(last) => u32::from(last)
                .checked_add(1)
                .map(|next| IpAddr::V4(next.into())),
            IpAddr::V6(last) => u128::from(last)
                .checked_add(1)
                .map(|next| IpAddr::V6(next.into())),
        });
    }
    regions
}

/// Addresses of the public: those in no range that is narrow enough to be somebody's.
fn addresses(conditions: &[&Condition]) -> Vec<String> {
    let each = conditions.iter().map(|condition| networks(condition));
    let networks: Vec<IpNet> = each.flatten().collect();
    let is_public = |address: &IpAddr| {
        let mut around = networks.iter().filter(|one| one.contains(address));
        !around.any(is_fixed)
    };
    let regions = regions(&networks);
    let public = regions.into_iter().filter(is_public);
    public.map(|address| address.to_string()).collect()
}

/// Broader than /8, or /32 for IPv6, is public.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
fn is_fixed(network: &IpNet) -> bool {
    match network {
        IpNet::V4(network) => network.prefix_len() >= 8,
        IpNet::V6(network) => network.prefix_len() >= 32,
    }
}

impl Condition {
    /// For keys of the resource whose value is not known, or that are compared with the caller's, whether the condition
    /// holds; none for other keys.
    fn compares_own(&self, key: &str, variables: Variables<'_>, allows: bool) -> Option<Truth> {
        let domain = Domain::of(key);
        let operator = self.operator.filter(|one| one.syntax().is_some())?;
        let is_of_caller = |value: &String| {
            let value = value.to_ascii_lowercase();
            variables.enabled && value.starts_with("${aws:principal") && value.ends_with('}')
        };
        match domain {
            Domain::OwnAccount | Domain::OwnOrganization
                if self.values.iter().all(is_of_caller) =>
            {
                Some(operator.negated.into())
            }
            // A policy that names an organization here means its own: it excludes nobody.
            Domain::OwnOrganization if allows => Some(Truth::True),
            Domain::OwnOrganization => Some(Truth::Unknown),
            _ => None,
        }
    }
}
