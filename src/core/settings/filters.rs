//! Which accounts and Regions a run is about.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use globset::{GlobBuilder, GlobMatcher};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Account, AccountId, Region};

/// Accounts to include and to exclude. Exclusion wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountFilter {
    /// Scan only accounts that match. Empty: all.
    pub include: AccountMatch,
    /// Exclude accounts that match. Empty: none.
    pub exclude: AccountMatch,
}

/// Filters of accounts. An account matches if any of them matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountMatch {
    /// Account ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<AccountId>,
    /// OUs by id (`ou-a1b2-c3d4e5f6`, `r-a1b2`) or path (`Workloads/Production`), with their nested OUs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ous: Vec<String>,
    /// Account names, as globs: `prod-*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Tags: a key, and its value as a glob: `environment: prod*`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

impl AccountMatch {
    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.ous.is_empty() && self.names.is_empty() && self.tags.is_empty()
    }

    /// Whether it names the account.
    pub fn matches(&self, account: &Account) -> bool {
        self.ids.contains(&account.id)
            || self.ous.iter().any(|ou| is_in_ou(account, ou))
            || self.names.iter().any(|name| glob(name, &account.name))
            || self.tags.iter().any(|(key, value)| {
                account
                    .tags
                    .get(key)
                    .is_some_and(|actual| glob(value, actual))
            })
    }
}

/// What the exceptions name, so that it has to be known of the accounts.
#[derive(Clone, Debug, Default)]
pub struct AccountDetails<'a> {
    /// Whether they name tags.
    pub tags: bool,
    /// The OUs that they name.
    pub ous: Vec<&'a str>,
}

/// Whether the account lies in an OU, or in one nested in it. `ou` is an id or a path of names.
pub fn is_in_ou(account: &Account, ou: &str) -> bool {
    let path = ou.trim_matches('/');
    account.ou_ids.iter().any(|id| id == ou)
        || (!path.is_empty()
            && (account.ou_path == path
                || account
                    .ou_path
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/'))))
}

/// Whether `text` matches the glob. A glob that does not parse matches only itself; validation
/// refuses such globs before a run starts.
pub fn glob(pattern: &str, text: &str) -> bool {
    // Most patterns are plain names, and every Region of every account is held against all of them.
    if !pattern.contains(['*', '?', '[', '{', '\\']) {
        return pattern == text;
    }
    MATCHERS.with_borrow_mut(|matchers| {
        if !matchers.contains_key(pattern) {
            let matcher = GlobBuilder::new(pattern).build();
            let matcher = matcher.map(|glob| glob.compile_matcher());
            matchers.insert(pattern.to_owned(), matcher.ok());
        }
        match matchers.get(pattern) {
            Some(Some(matcher)) => matcher.is_match(text),
            _ => pattern == text,
        }
    })
}

/// The items of a list with commas between. A comma within braces or brackets is a glob's.
pub fn split_globs(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    let is_between = move |c| {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    text.split(is_between).map(str::trim)
}

thread_local! {
    /// Patterns that were met, compiled. They come from the configuration, so they are few.
    static MATCHERS: RefCell<HashMap<String, Option<GlobMatcher>>> = RefCell::default();
}

/// Regions to include and to exclude, as globs. Exclusion wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegionFilter {
    /// Scan only Regions that match: `eu-*`. Empty: all that are enabled.
    pub include: Vec<String>,
    /// Exclude Regions that match.
    pub exclude: Vec<String>,
}

impl RegionFilter {
    /// Whether an include names the Region, or none names any.
    pub fn includes(&self, region: &Region) -> bool {
        self.include.is_empty() || self.include.iter().any(|p| glob(p, region.as_str()))
    }

    /// Whether an exclude names the Region.
    pub fn excludes(&self, region: &Region) -> bool {
        self.exclude.iter().any(|p| glob(p, region.as_str()))
    }

    /// Whether the Region is to be scanned where it is enabled.
    pub fn admits(&self, region: &Region) -> bool {
        self.includes(region) && !self.excludes(region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AccountState;

    fn account() -> Account {
        Account {
            id: "111122223333".parse().unwrap(),
            name: "prod-web".into(),
            state: AccountState::Active,
            ou_ids: vec!["r-a1b2".into(), "ou-a1b2-11111111".into()],
            ou_path: "Workloads/Production".into(),
            tags: BTreeMap::from([("environment".into(), "production".into())]),
        }
    }

    fn matching(change: impl FnOnce(&mut AccountMatch)) -> bool {
        let mut filter = AccountMatch::default();
        change(&mut filter);
        filter.matches(&account())
    }

    #[test]
    fn accounts_match_by_id_ou_name_and_tag() {
        assert!(matching(|m| m.ids.push("111122223333".parse().unwrap())));
        assert!(matching(|m| m.names.push("prod-*".into())));
        assert!(!matching(|m| m.names.push("prod".into())));
        assert!(matching(|m| drop(
            m.tags.insert("environment".into(), "prod*".into())
        )));
        assert!(!matching(|m| drop(
            m.tags.insert("owner".into(), "*".into())
        )));
        assert!(!matching(|_| ()));
    }

    #[test]
    fn an_ou_includes_the_ous_nested_in_it_and_no_namesake() {
        for ou in [
            "r-a1b2",
            "ou-a1b2-11111111",
            "Workloads",
            "/Workloads/Production/",
        ] {
            assert!(matching(|m| m.ous.push(ou.into())), "{ou}");
        }
        for ou in [
            "Work",
            "Production",
            "Workloads/Prod",
            "ou-a1b2-22222222",
            "/",
            "",
        ] {
            assert!(!matching(|m| m.ous.push(ou.into())), "{ou}");
        }
    }

    #[test]
    fn an_excluded_region_stays_out_even_when_included() {
        let filter = RegionFilter {
            include: vec!["eu-*".into()],
            exclude: vec!["eu-south-*".into()],
        };
        assert!(filter.admits(&Region::new("eu-west-1")));
        assert!(!filter.admits(&Region::new("eu-south-2")));
        assert!(!filter.admits(&Region::new("us-east-1")));
        assert!(RegionFilter::default().admits(&Region::new("us-east-1")));
    }
}
