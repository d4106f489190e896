//! Makes a list of exceptions of a Prowler mutelist.
//!
//! What is muted there and has no counterpart here is named, not guessed: an exception that covers more
//! than was muted would hide what nobody has accepted.
//!
//! Source: <https://docs.prowler.com/projects/prowler-open-source/en/latest/tutorials/mutelist/>

mod checks;
mod mutelist;
mod patterns;
mod write;

use jiff::civil::Date;

use checks::counterparts;
use mutelist::{Mute, Mutelist};
use write::{MutedEntry, write};

/// A Prowler mutelist as a list of exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedExceptions {
    /// The list, as YAML.
    pub yaml: String,
    /// What has no counterpart, each with the reason.
    pub skipped: Vec<String>,
}

/// What a mutelist does not say and an exception has to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportTerms {
    /// Who owns the risk.
    pub owner: Option<String>,
    /// The last day.
    pub expires: Option<Date>,
}

/// A text that is no mutelist.
#[derive(Debug, thiserror::Error)]
#[error(
    "{name}: not a Prowler mutelist: {why}; give a file with `Mutelist`, `Accounts` and `Checks`"
)]
pub struct MutelistError {
    name: String,
    why: String,
}

/// Makes a list of exceptions of a mutelist that was read from `name`.
///
/// # Errors
/// Where the text is no mutelist.
pub fn import(
    name: &str,
    text: &str,
    terms: &ImportTerms,
) -> Result<ImportedExceptions, MutelistError> {
    let mutelist = Mutelist::read(text).map_err(|why| MutelistError {
        name: name.to_owned(),
        why,
    })?;
    let (mut muted, mut skipped) = (Vec::new(), Vec::new());
    for (account, checks) in &mutelist.accounts {
        for (check, mute) in &checks.checks {
            let about = format!("account {account:?}, check {check:?}");
            match translate(account, check, mute) {
                Ok(all) => muted.extend(all.into_iter().map(|one| (about.clone(), one))),
                Err(why) => skipped.push(format!("{about}: {why}")),
            }
        }
    }
    Ok(ImportedExceptions {
        yaml: write(name, &muted, &skipped, terms),
        skipped,
    })
}

/// The exceptions that mute the same, or why there are none.
fn translate(account: &str, check: &str, mute: &Mute) -> Result<Vec<MutedEntry>, String> {
    let account = match account {
        "*" => None,
        id => Some(
            id.parse()
                .map_err(|_| "it is not an account id".to_owned())?,
        ),
    };
    let is_any = |tags: &Vec<String>| tags.iter().all(|tag| tag == "*");
    if !mute.tags.as_ref().is_none_or(is_any) {
        return Err("it uses resource tags, which orgscan does not read".to_owned());
    }
    if mute.exceptions.as_ref().is_some_and(|one| !one.is_empty()) {
        return Err("orgscan has no counterpart of Exceptions".to_owned());
    }
    let rows = counterparts(check)?;
    if rows.is_empty() {
        return Err("orgscan has no such check".to_owned());
    }
    let resources = patterns::resources(&mute.resources)?;
    let mut muted = Vec::new();
    for row in rows {
        muted.push(MutedEntry {
            account: account.clone(),
            regions: patterns::regions(&mute.regions, row.checks[0])?,
            resources: resources.clone(),
            parts: row.parts(),
            reason: mute.description.clone(),
            remark: row.remark(),
            checks: row.checks,
        });
    }
    Ok(muted)
}

#[cfg(test)]
mod tests;
