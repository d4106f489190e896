//! Identities that a policy does not name: of the accounts, organizations, networks and resources of others.

use super::Condition;
use super::keys::Identity;
use crate::policy::atoms::{Budget, atoms};
use crate::policy::pattern::{Pattern, Syntax, Token, Variables};

/// What identities of this kind look like.
fn formats(identity: Identity) -> &'static [(&'static str, Syntax)] {
    match identity {
        Identity::Account => &[("????????????", Syntax::Glob)],
        Identity::Organization => &[("o-?*", Syntax::Glob)],
        Identity::OrganizationPath => &[("o-?*/r-?*/*", Syntax::Glob)],
        Identity::PrincipalArn => &[
            ("arn:?*:iam::????????????:root", Syntax::Arn),
            ("arn:?*:iam::????????????:user/?*", Syntax::Arn),
            ("arn:?*:iam::????????????:role/?*", Syntax::Arn),
            ("arn:?*:sts::????????????:federated-user/?*", Syntax::Arn),
        ],
        Identity::Arn => &[
            ("arn:?*:?*:*:????????????:?*", Syntax::Arn),
            // Buckets, and APIs of API Gateway.
            ("arn:?*:s3:::?*", Syntax::Arn),
            ("arn:?*:apigateway:?*::?*", Syntax::Arn),
        ],
        Identity::UserId => &[
            ("AIDA?*", Syntax::Glob),
            ("AROA?*:?*", Syntax::Glob),
            ("????????????", Syntax::Glob),
            ("????????????:?*", Syntax::Glob),
        ],
        Identity::Vpc => &[("vpc-?*", Syntax::Glob)],
        Identity::VpcEndpoint => &[("vpce-?*", Syntax::Glob)],
    }
}

/// Identities that stand for all that the conditions do not name; none if they are too many for the
/// budget.
pub(super) fn foreign(
    identity: Identity,
    conditions: &[&Condition],
    variables: Variables<'_>,
    budget: &Budget,
) -> Option<Vec<String>> {
    let mut patterns: Vec<Pattern> = conditions
        .iter()
        .flat_map(|one| one.patterns(variables))
        .collect();
    let own = [own(identity, variables.account)];
    let named = patterns.iter().flat_map(|pattern| named(identity, pattern));
    let named: Vec<Pattern> = named.chain(own).collect();
    let first = patterns.len();
    patterns.extend(named);
    let formats = formats(identity).iter();
    let formats: Vec<Pattern> = formats
        .map(|(text, syntax)| Pattern::plain(text, *syntax))
        .collect();
    let all = atoms(&formats, &patterns, budget)?.into_iter();
    let foreign = all.filter(|atom| !atom.matched[first..].contains(&true));
    Some(foreign.map(|atom| atom.text).collect())
}

/// The resource's own account.
fn own(identity: Identity, account: &str) -> Pattern {
    match identity {
        Identity::PrincipalArn | Identity::Arn => of_account(account),
        _ => Pattern::plain(account, Syntax::Exact),
    }
}

fn of_account(account: &str) -> Pattern {
    Pattern::plain(&format!("*:*:*:*:{account}:*"), Syntax::Arn)
}

/// Patterns of all identities that belong to the account, organization, network or resource that a pattern names
/// without a wildcard.
fn named(identity: Identity, pattern: &Pattern) -> Vec<Pattern> {
    let literal = pattern.is_literal().then(|| pattern.clone());
    let fixed = match identity {
        Identity::Account | Identity::Organization | Identity::Vpc | Identity::VpcEndpoint => None,
        Identity::OrganizationPath => up_to(pattern, '/'),
        Identity::UserId => up_to(pattern, ':'),
        Identity::PrincipalArn | Identity::Arn => {
            // A wildcard of `StringLike` can also stand for several fields, but a resource whose name begins with the
            // ID of another account is none that AWS calls on behalf of.
            return match fixed_account(&readable(pattern)) {
                Some(account) => vec![of_account(account), pattern.clone()],
                None => Vec::from_iter(literal),
            };
        }
    };
    Vec::from_iter(fixed.or(literal))
}

/// The account in a pattern of an ARN, if it has no wildcard.
fn fixed_account(text: &str) -> Option<&str> {
    let fields: Vec<&str> = text.split(':').collect();
    let is_account = |part: &&str| part.len() == 12 && part.chars().all(|one| one.is_ascii_digit());
    match fields.len() {
        6.. => fields.get(4).copied().filter(is_account),
        // A wildcard stands for several fields.
        _ => fields.into_iter().find(is_account),
    }
}

/// All texts with the pattern's beginning, if it has no wildcard before the separator.
fn up_to(pattern: &Pattern, separator: char) -> Option<Pattern> {
    let mut beginning = pattern.clone();
    let is_separator = |token: &Token| *token == Token::Char(separator);
    let end = beginning.tokens.iter().position(is_separator)?;
    beginning.tokens.truncate(end + 1);
    let is_fixed = beginning.is_literal();
    beginning.tokens.push(Token::Many);
    is_fixed.then_some(beginning)
}

/// The pattern as text, with `*` and `?` for wildcards only.
fn readable(pattern: &Pattern) -> String {
    let read = |token: &Token| match token {
        Token::Char('*' | '?') => '\u{e001}',
        Token::Char(one) => *one,
        Token::One | Token::OneInField => '?',
        Token::Many | Token::ManyInField => '*',
    };
    pattern.tokens.iter().map(read).collect()
}
