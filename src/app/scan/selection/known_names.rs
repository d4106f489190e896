//! The accounts and OUs of the organization, compared with the names in the configuration.

use orgscan_core::document::child;
use orgscan_core::model::{Account, AccountId, Plan};
use orgscan_core::settings::{AccountMatch, glob, is_in_ou};
use orgscan_core::suggest::nearest;

use super::unmatched::{FilterField, Unmatched};

/// The accounts and OUs of the organization.
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

    /// Each value without a match.
    pub(super) fn unmatched(&self, field: &str, named: &AccountMatch) -> Vec<Unmatched> {
        let of = |part: &str| format!("{field}.{part}");
        let (ids, ous, names, tags) = (of("ids"), of("ous"), of("names"), of("tags"));
        let ids = elements(&ids, &named.ids).filter_map(|(at, id)| self.id(at, id));
        let ous = elements(&ous, &named.ous).filter_map(|(at, ou)| self.ou(at, ou));
        let names = elements(&names, &named.names).filter_map(|(at, name)| self.name(at, name));
        let tags = named.tags.iter().filter_map(|(key, value)| {
            let at = (&*tags, child(&tags, key));
            self.tag(at, key, value)
        });
        ids.chain(ous).chain(names).chain(tags).collect()
    }

    pub(super) fn id(&self, at: FilterField<'_>, id: &AccountId) -> Option<Unmatched> {
        let ids = self.accounts.iter().map(|account| account.id.as_str());
        let is_known = self.accounts.iter().any(|account| account.id == *id);
        let id = id.as_str();
        (!is_known).then(|| Unmatched::new("account", at, id, nearest(id, ids)))
    }

    /// An OU without accounts is there all the same.
    pub(super) fn ou(&self, at: FilterField<'_>, ou: &str) -> Option<Unmatched> {
        let path = ou.trim_matches('/');
        let is_listed = |(id, own): &(String, String)| id == ou || own == path;
        let is_known = self.ous.iter().any(is_listed)
            || self.accounts.iter().any(|account| is_in_ou(account, ou));
        let paths = || {
            let of_accounts = self.accounts.iter().map(|account| &*account.ou_path);
            let listed = self.ous.iter().map(|(_, path)| &**path);
            listed.chain(of_accounts).filter(|path| !path.is_empty())
        };
        // The last name of a path stands for the whole path.
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
        (!is_known).then(|| Unmatched::new("OU", at, ou, meant()))
    }

    fn name(&self, at: FilterField<'_>, pattern: &str) -> Option<Unmatched> {
        let names = || self.accounts.iter().map(|account| &*account.name);
        let is_known = names().any(|name| glob(pattern, name));
        (!is_known).then(|| Unmatched::new("account name", at, pattern, nearest(pattern, names())))
    }

    fn tag(&self, at: FilterField<'_>, key: &str, value: &str) -> Option<Unmatched> {
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
        Some(Unmatched::new("account tag", at, &text, meant))
    }
}

/// The elements of a list, each with its field.
fn elements<'f, T>(
    field: &'f str,
    list: &'f [T],
) -> impl Iterator<Item = (FilterField<'f>, &'f T)> {
    let indexed = list.iter().enumerate();
    indexed.map(move |(index, one)| ((field, format!("{field}[{index}]")), one))
}
