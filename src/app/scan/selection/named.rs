//! The accounts and OUs that there are, held against what the configuration names.

use orgscan_core::model::{Account, AccountId, Plan};
use orgscan_core::settings::{AccountMatch, glob, is_in_ou};
use orgscan_core::suggest::nearest;

use super::describe;

/// The accounts and OUs that there are.
pub(super) struct KnownNames<'a> {
    accounts: Vec<&'a Account>,
    ous: &'a [(String, String)],
}

impl<'a> KnownNames<'a> {
    pub(super) fn of(plan: &'a Plan, ous: &'a [(String, String)]) -> Self {
        Self {
            accounts: plan.accounts.iter().map(|one| &*one.account).collect(),
            ous,
        }
    }

    /// Each part that names nothing, with what may be meant.
    pub(super) fn unmatched(&self, field: &str, named: &AccountMatch) -> Vec<String> {
        let of = |part: &str| format!("{field}.{part}");
        let ids = named.ids.iter().filter_map(|id| self.id(&of("ids"), id));
        let ous = named.ous.iter().filter_map(|ou| self.ou(&of("ous"), ou));
        let names = named.names.iter();
        let names = names.filter_map(|name| self.name(&of("names"), name));
        let tags = named.tags.iter();
        let tags = tags.filter_map(|(key, value)| self.tag(&of("tags"), key, value));
        ids.chain(ous).chain(names).chain(tags).collect()
    }

    pub(super) fn id(&self, field: &str, id: &AccountId) -> Option<String> {
        let ids = self.accounts.iter().map(|account| account.id.as_str());
        let is_known = self.accounts.iter().any(|account| account.id == *id);
        (!is_known).then(|| describe(field, id.as_str(), nearest(id.as_str(), ids)))
    }

    /// An OU without accounts is there all the same.
    pub(super) fn ou(&self, field: &str, ou: &str) -> Option<String> {
        let path = ou.trim_matches('/');
        let is_listed = |(id, own): &(String, String)| id == ou || own == path;
        let is_known = self.ous.iter().any(is_listed)
            || self.accounts.iter().any(|account| is_in_ou(account, ou));
        let paths = || {
            let of_accounts = self.accounts.iter().map(|account| &*account.ou_path);
            let listed = self.ous.iter().map(|(_, path)| &**path);
            listed.chain(of_accounts).filter(|path| !path.is_empty())
        };
        // Who gives the last name of a path alone means the whole.
        let ends = |whole: &&str| {
            whole
                .rsplit('/')
                .next()
                .is_some_and(|last| last.eq_ignore_ascii_case(path))
        };
        let ids = self.ous.iter().map(|(id, _)| &**id);
        let meant = || match ou.starts_with("ou-") || ou.starts_with("r-") {
            true => nearest(ou, ids),
            false => paths().find(ends).or_else(|| nearest(path, paths())),
        };
        (!is_known).then(|| describe(field, ou, meant()))
    }

    fn name(&self, field: &str, pattern: &str) -> Option<String> {
        let names = || self.accounts.iter().map(|account| &*account.name);
        let is_known = names().any(|name| glob(pattern, name));
        (!is_known).then(|| describe(field, pattern, nearest(pattern, names())))
    }

    fn tag(&self, field: &str, key: &str, value: &str) -> Option<String> {
        let tags = || self.accounts.iter().flat_map(|account| &account.tags);
        let mut known = tags();
        if known.any(|(one, actual)| one == key && glob(value, actual)) {
            return None;
        }
        let texts: Vec<String> = tags()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        let text = format!("{key}: {value}");
        let meant = nearest(&text, texts.iter().map(String::as_str));
        Some(describe(field, &text, meant))
    }
}
