//! The shared AWS configuration files: which profiles there are, and which one is selected.

use std::env;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};
use orgscan_core::suggest;

use super::{ConnectError, variable};

/// The variables that select a profile, the first that is set. The second one is the AWS CLI's older name.
const SELECTING: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/// The most profiles that an error lists.
const LISTED: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SelectedBy {
    Flag,
    Variable(&'static str),
    Default,
}

impl SelectedBy {
    /// In parentheses, after the profile's name.
    pub(super) const fn describe(self) -> &'static str {
        match self {
            Self::Flag => "--profile",
            Self::Variable(name) => name,
            Self::Default => "the default",
        }
    }
}

/// The two files together.
#[derive(Debug)]
pub(super) struct SharedFiles {
    pub(super) profiles: ProfileSet,
    /// The selected profile. It exists, or is `default`.
    pub(super) name: String,
    pub(super) selected_by: SelectedBy,
}

impl SharedFiles {
    /// Reads the files, and selects a profile: the flag's, the environment's, or `default`.
    ///
    /// # Errors
    /// [`ConnectError::SharedFiles`] and [`ConnectError::NoSuchProfile`].
    pub(super) async fn read(flag: Option<&str>) -> Result<Self, ConnectError> {
        let (name, selected_by) = selected(flag, variable);
        let (fs, env) = (Fs::real(), Env::real());
        let files = EnvConfigFiles::default();
        let profiles =
            aws_config::profile::load(&fs, &env, &files, Some(name.clone().into())).await;
        let profiles = profiles.map_err(|error| ConnectError::SharedFiles(super::texts(&error)))?;
        if selected_by != SelectedBy::Default && profiles.get_profile(&name).is_none() {
            return Err(ConnectError::NoSuchProfile(missing(
                &name,
                selected_by,
                &profiles,
            )));
        }
        Ok(Self {
            profiles,
            name,
            selected_by,
        })
    }

    /// A setting of the selected profile.
    pub(super) fn setting(&self, key: &str) -> Option<&str> {
        self.profiles.get(key)
    }
}

fn selected(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> (String, SelectedBy) {
    if let Some(name) = flag {
        return (name.to_owned(), SelectedBy::Flag);
    }
    let named = SELECTING
        .iter()
        .find_map(|name| Some((variable(name)?, SelectedBy::Variable(name))));
    named.unwrap_or_else(|| ("default".to_owned(), SelectedBy::Default))
}

/// What the two files are called in messages.
pub(super) fn paths() -> String {
    let path = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    format!(
        "{} and {}",
        path("AWS_CONFIG_FILE", "~/.aws/config"),
        path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    )
}

fn missing(name: &str, selected_by: SelectedBy, profiles: &ProfileSet) -> String {
    let mut known: Vec<&str> = profiles.profiles().collect();
    known.sort_unstable();
    let nearest = suggest::nearest(name, known.iter().copied());
    let nearest = nearest.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    let rest = known.len().saturating_sub(LISTED);
    known.truncate(LISTED);
    let known = match (known.is_empty(), rest) {
        (true, _) => "The files have no profiles".to_owned(),
        (_, 0) => format!("The files have: {}", known.join(", ")),
        (_, rest) => format!("The files have: {}, and {rest} more", known.join(", ")),
    };
    let paths = paths();
    format!(
        "the AWS profile `{}` ({}) is not in {paths}{nearest}\n{known}. Correct the name, or create the \
         profile with `aws configure sso` or `aws configure`.",
        name.escape_debug(),
        selected_by.describe(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_selects_before_the_environment() {
        let both = |name: &str| Some(format!("of {name}"));
        let (none, old) = (
            |_: &str| None,
            |name: &str| (name == "AWS_DEFAULT_PROFILE").then(|| "old".to_owned()),
        );
        assert_eq!(
            selected(Some("flag"), both),
            ("flag".to_owned(), SelectedBy::Flag)
        );
        assert_eq!(
            selected(None, both),
            (
                "of AWS_PROFILE".to_owned(),
                SelectedBy::Variable("AWS_PROFILE")
            )
        );
        let by = SelectedBy::Variable("AWS_DEFAULT_PROFILE");
        assert_eq!(selected(None, old), ("old".to_owned(), by));
        assert_eq!(
            selected(None, none),
            ("default".to_owned(), SelectedBy::Default)
        );
    }
}
