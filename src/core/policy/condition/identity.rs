//! Identities that a policy does not name: of the accounts, organizations, networks and resources of others.

use super::Condition;
use super::keys::Identity;
use crate::policy::atoms::atoms;
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

/// Identities that stand for all that the conditions do not name; none if there are too many to find.
pub(super) fn foreign(
    identity: Identity,
    conditions: &[&Condition],
    variables: Variables<'_>,
) -> Option<Vec<String>> {
    let mut patterns: Vec<Pattern> = conditions
        .iter()
        .flat_map(|one| one.patterns(variables))
        .collect();
    let own = [own(identity, variables.account)];
    let named = patterns
        .iter()
        .filter_map(|pattern| named(identity, pattern));
    let named: Vec<Pattern> = named.chain(own).collect();
    let first = patterns.len();
    patterns.extend(named);
    let formats = formats(identity).iter();
    let formats: Vec<Pattern> = formats
        .map(|(text, syntax)| Pattern::plain(text, *syntax))
        .collect();
    let all = atoms(&formats, &patterns)?.into_iter();
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

/// All identities that belong to the account, organization, network or resource that a pattern names without a
/// wildcard.
fn named(identity: Identity, pattern: &Pattern) -> Option<Pattern> {
    let literal = pattern.is_literal().then(|| pattern.clone());
    let text = readable(pattern);
    let fixed = |part: &str| !part.is_empty() && !part.contains(['*', '?']);
    let before = |separator: char| {
        let part = text.split(separator).next().unwrap_or_default();
        let all = || Pattern::plain(&format!("{part}{separator}*"), Syntax::Glob);
        (text.contains(separator) && fixed(part)).then(all)
    };
    match identity {
        Identity::Account | Identity::Organization | Identity::Vpc | Identity::VpcEndpoint => {
            literal
        }
        Identity::OrganizationPath => before('/').or(literal),
        Identity::UserId => before(':').or(literal),
        Identity::PrincipalArn | Identity::Arn => {
            let fields: Vec<&str> = text.split(':').collect();
            let is_account =
                |part: &&&str| part.len() == 12 && part.chars().all(|one| one.is_ascii_digit());
            let account = match fields.len() {
                6.. => fields.get(4).filter(|part| fixed(part)),
                // A wildcard stands for several fields.
                _ => fields.iter().find(is_account),
            };
            account.map(|account| of_account(account)).or(literal)
        }
    }
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
