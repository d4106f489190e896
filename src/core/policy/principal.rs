//! Whom a statement is about.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::document::{PolicyError, grammar, texts};
use super::json::{Json, excerpt};
use super::truth::Truth;

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Principal {
    inverted: bool,
    /// `"*"`, or `{"AWS": "*"}`, which is the same in a resource-based policy.
    everyone: bool,
    /// With a wildcard in the place of the account. IAM takes no such principal, so its effect is not documented.
    partial: bool,
    /// A public identity provider, where anyone can get an account: `graph.facebook.com`.
    public_provider: bool,
}

/// The public as a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Without a signature.
    Anonymous,
    /// A principal of another account and organization.
    Account,
    /// A user of a public identity provider.
    WebIdentity,
}

impl Caller {
    pub(super) const ALL: [Self; 3] = [Self::Anonymous, Self::Account, Self::WebIdentity];
}

impl Principal {
    pub(super) fn parse(value: Json, inverted: bool) -> Result<Self, PolicyError> {
        let mut principal = Self {
            inverted,
            everyone: false,
            partial: false,
            public_provider: false,
        };
        let kinds = match value {
            Json::Text(text) if text == "*" => {
                principal.everyone = true;
                return Ok(principal);
            }
            Json::Object(kinds) => kinds,
            _ => return grammar("its principal is neither `*` nor an object"),
        };
        for (kind, value) in kinds {
            let names = texts(value, &kind)?;
            match kind.as_str() {
                "AWS" => names.iter().for_each(|name| principal.add_aws(name)),
                // A provider of an account has an ARN; without one it is public.
                "Federated" => {
                    principal.public_provider |= names.iter().any(|name| !name.starts_with("arn:"));
                }
                // The principal of a service is no public: what its customers can do with it is the service's to limit.
                "Service" => {}
                "CanonicalUser" => principal.partial |= names.iter().any(|name| name == "*"),
                other => return grammar(format!("its principal `{}` is unknown", excerpt(other))),
            }
        }
        Ok(principal)
    }

    fn add_aws(&mut self, name: &str) {
        self.everyone |= name == "*";
        let account = name.split(':').nth(4).unwrap_or(name);
        self.partial |= name != "*" && account.contains(['*', '?']);
    }

    /// Whether the statement is about such a caller. The public is none of the principals that have a name here.
    pub(super) fn covers(&self, caller: Caller) -> Truth {
        let named = match caller {
            _ if self.everyone => Truth::True,
            Caller::WebIdentity if self.public_provider => Truth::True,
            Caller::WebIdentity => Truth::False,
            _ if self.partial => Truth::Unknown,
            _ => Truth::False,
        };
        match self.inverted {
            true => named.not(),
            false => named,
        }
    }
}
