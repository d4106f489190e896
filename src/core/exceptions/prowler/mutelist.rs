//! The shape of a Prowler mutelist.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Mutelist {
    /// By account id, or `*`.
    #[serde(rename = "Accounts")]
    pub(super) accounts: BTreeMap<String, Checks>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Checks {
    /// By check id, `*` or a regular expression.
    #[serde(rename = "Checks")]
    pub(super) checks: BTreeMap<String, Mute>,
}

/// What is muted of a check.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Mute {
    pub(super) regions: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) exceptions: Option<MuteExceptions>,
    pub(super) description: Option<String>,
}

/// What is not muted all the same.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct MuteExceptions {
    accounts: Option<Vec<String>>,
    regions: Option<Vec<String>>,
    resources: Option<Vec<String>>,
    tags: Option<Vec<String>>,
}

impl MuteExceptions {
    pub(super) fn is_empty(&self) -> bool {
        let all = [&self.accounts, &self.regions, &self.resources, &self.tags];
        all.into_iter()
            .all(|list| list.as_ref().is_none_or(Vec::is_empty))
    }
}

#[derive(Deserialize)]
struct File {
    /// The newest name first.
    #[serde(rename = "Mutelist", alias = "Mute List", alias = "Allowlist")]
    mutelist: Mutelist,
}

impl Mutelist {
    /// Reads a file. Of a key that stands twice the last one counts, as it does in Prowler.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let options = serde_saphyr::options! {
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
            with_snippet: false,
        };
        let file: Result<File, _> = serde_saphyr::from_str_with_options(text, options);
        file.map(|file| file.mutelist)
            .map_err(|error| error.to_string())
    }
}
