//! Whether a policy grants access to the public.
//!
//! The public is an anonymous caller, and a principal of an account and organization that the policy does not name. A
//! statement grants access if such a caller can make a request that it allows and that no statement denies.
//!
//! Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::atoms::Budget;
use super::document::{PolicyDocument, Statement};
use super::pattern::Variables;
use super::principal::Caller;
use super::requests::{Scope, Target};
use super::search::{Denial, Outcome, Search};
use super::truth::Truth;

/// The resource that a policy is attached to.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Its ARN, as in the policy's `Resource`: `arn:aws:sns:eu-west-1:111122223333:alerts`, `arn:aws:s3:::logs`.
    /// What is in it, such as the objects of a bucket, is part of it.
    pub arn: &'a str,
    /// The account that owns it, 12 digits.
    pub account: &'a str,
}

/// Whether a policy grants access to the public, as AWS defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicAccess {
    /// To nobody outside the accounts, organizations, services and networks that it names.
    No,
    /// To anyone. The first statement that does so.
    Yes(Grant),
    /// Not decidable. The reason is for a person: "whether the condition key `x:y` excludes the public is unknown".
    Undecided(String),
}

/// A statement that grants access to the public. `Display` describes it: ``statement `Sid` allows sns:Publish``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The statement's `Sid`, or its number, from 1, if it has none.
    pub statement: String,
    /// Its actions that the public may use, as in the policy; at most 20. Those of `NotAction` if `inverted`.
    pub actions: Vec<String>,
    /// Whether `actions` is what the statement does not allow (`NotAction`).
    pub inverted: bool,
    /// Whether the statement has a condition, which the public can meet.
    pub conditional: bool,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let except = match self.inverted {
            true => "everything except ",
            false => "",
        };
        let actions = self.actions.join(", ");
        write!(f, "statement `{}` allows {except}{actions}", self.statement)
    }
}

/// How many actions a grant lists.
const MOST_ACTIONS: usize = 20;

const TOO_COMPLEX: &str = "the policy is too complex to evaluate";

/// Evaluates a policy for anyone: an anonymous caller, and a principal of another account and organization.
///
/// `actions` are the actions that matter, as in a policy: `["sns:*"]`, or a list of known actions, then only these
/// count. Only actions of the resource's service can be granted.
#[must_use]
pub fn public_access(
    policy: &PolicyDocument,
    resource: &Resource<'_>,
    actions: &[&str],
) -> PublicAccess {
    let variables = Variables {
        enabled: policy.has_variables,
        account: resource.account,
    };
    let budget = Budget::new();
    let Some(scope) = Scope::new(policy, resource, actions, variables, &budget) else {
        return PublicAccess::Undecided(TOO_COMPLEX.to_owned());
    };
    let mut undecided = None;
    for (index, statement) in policy.statements.iter().enumerate() {
        if !statement.allows {
            continue;
        }
        match granted(policy, &scope, index, (variables, &budget)) {
            PublicAccess::No => {}
            PublicAccess::Undecided(reason) => {
                undecided.get_or_insert(reason);
            }
            yes @ PublicAccess::Yes(_) => return yes,
        }
    }
    undecided.map_or(PublicAccess::No, PublicAccess::Undecided)
}

/// What one statement grants to the public.
fn granted(
    policy: &PolicyDocument,
    scope: &Scope,
    index: usize,
    (variables, budget): (Variables<'_>, &Budget),
) -> PublicAccess {
    let statement = &policy.statements[index];
    let mut public = BTreeSet::new();
    let mut undecided = None;
    for caller in Caller::ALL {
        let is_named = statement.principal.covers(caller);
        if is_named == Truth::False {
            continue;
        }
        for ((covers, denials), targets) in by_denials(policy, scope, index, caller) {
            let denials: Vec<Denial<'_>> = denials
                .into_iter()
                .map(|(index, covers)| (&policy.statements[index], covers))
                .collect();
            let search = Search::new(statement, is_named.and(covers), &denials);
            match search.run(caller, variables, budget) {
                Outcome::No => {}
                Outcome::Unknown(reason) => {
                    undecided.get_or_insert(reason);
                }
                Outcome::TooComplex => {
                    undecided.get_or_insert(TOO_COMPLEX.to_owned());
                }
                Outcome::Yes => {
                    let actions = targets.iter().flat_map(|one| scope.patterns(index, one));
                    public.extend(actions);
                }
            }
        }
    }
    match (public.is_empty(), undecided) {
        (false, _) => PublicAccess::Yes(grant(statement, &public)),
        (true, Some(reason)) => PublicAccess::Undecided(reason),
        (true, None) => PublicAccess::No,
    }
}

/// The denials of a request, each with whether it covers the request as far as its conditions hold.
type Denials = Vec<(usize, Truth)>;

/// What a statement allows, by how certain that is and by what is denied of it.
fn by_denials(
    policy: &PolicyDocument,
    scope: &Scope,
    allow: usize,
    caller: Caller,
) -> BTreeMap<(Truth, Denials), Vec<Target>> {
    let mut groups: BTreeMap<(Truth, Denials), Vec<Target>> = BTreeMap::new();
    for target in scope.targets() {
        let allowed = scope.covers(allow, &target);
        if allowed == Truth::False {
            continue;
        }
        let statements = policy.statements.iter().enumerate();
        let denials = statements.filter(|(_, statement)| !statement.allows);
        let denials = denials.map(|(index, statement)| {
            let covers = statement.principal.covers(caller);
            (index, covers.and(scope.covers(index, &target)))
        });
        let denials = denials.filter(|(_, covers)| *covers != Truth::False);
        let group = (allowed, denials.collect());
        groups.entry(group).or_default().push(target);
    }
    groups
}

fn grant(statement: &Statement, public: &BTreeSet<usize>) -> Grant {
    let patterns = statement.actions.patterns.iter().enumerate();
    let actions = patterns.filter(|(at, _)| statement.actions.inverted || public.contains(at));
    let actions = actions.map(|(_, pattern)| pattern.clone());
    Grant {
        statement: statement.id.clone(),
        actions: actions.take(MOST_ACTIONS).collect(),
        inverted: statement.actions.inverted,
        conditional: !statement.conditions.is_empty(),
    }
}
