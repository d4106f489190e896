//! Where a profile's credentials come from: roles that are assumed one after the other, beginning with
//! credentials of another kind. The SDK follows the same rules; it does not tell what it found, and does not
//! know `mfa_serial`.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

use aws_config::profile::{Profile, ProfileSet};

/// A role that a profile assumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProfileRole {
    pub(super) profile: String,
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) mfa_serial: Option<String>,
    pub(super) duration_seconds: Option<i32>,
}

/// The first credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// Access keys of a profile.
    Keys(String),
    /// A profile's `credential_process`.
    Process(String),
    /// IAM Identity Center: the profile, and its session or start URL.
    IdentityCenter(String, String),
    /// `aws login` of a profile.
    Login(String),
    /// A file with a web identity token, and the role that it stands for.
    WebIdentity { file: String, role: String },
    /// `credential_source`
    Named(String),
    /// None, or such that the SDK refuses them.
    Unusable(String),
}

/// Roles, the first to assume first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleChain {
    pub(super) base: Base,
    pub(super) roles: Vec<ProfileRole>,
}

impl RoleChain {
    /// That of a profile.
    pub(super) fn of(profiles: &ProfileSet, selected: &str) -> Self {
        let mut roles = Vec::new();
        let mut visited: Vec<&str> = Vec::new();
        let mut name = selected;
        let base = loop {
            let Some(profile) = profiles.get_profile(name) else {
                break Base::Unusable(name.to_owned());
            };
            // The SDK refuses a loop.
            if visited.contains(&name) {
                break Base::Unusable(name.to_owned());
            }
            visited.push(name);
            if visited.len() > 1 && has_keys(profile) {
                break Base::Keys(name.to_owned());
            }
            let Some(role) = role_of(profile) else {
                break base_of(profile);
            };
            roles.push(role);
            match (
                profile.get("source_profile"),
                profile.get("credential_source"),
            ) {
                (Some(source), None) if source == name => break base_of(profile),
                (Some(source), None) => name = source,
                (None, Some(source)) => break Base::Named(source.to_owned()),
                _ => break Base::Unusable(name.to_owned()),
            }
        };
        roles.reverse();
        Self { base, roles }
    }

    /// Whether a code of an MFA device is needed.
    pub(super) fn needs_mfa(&self) -> bool {
        self.roles.iter().any(|role| role.mfa_serial.is_some())
    }
}

fn has_keys(profile: &Profile) -> bool {
    ["aws_access_key_id", "aws_secret_access_key"]
        .iter()
        .all(|key| profile.get(key).is_some())
}

/// The role that a profile assumes with other credentials. One with a web identity token needs no others.
fn role_of(profile: &Profile) -> Option<ProfileRole> {
    let text = |key| profile.get(key).map(str::to_owned);
    if profile.get("web_identity_token_file").is_some() {
        return None;
    }
    Some(ProfileRole {
        profile: profile.name().to_owned(),
        arn: text("role_arn")?,
        external_id: text("external_id"),
        session_name: text("role_session_name"),
        mfa_serial: text("mfa_serial"),
        duration_seconds: profile
            .get("duration_seconds")
            .and_then(|text| text.parse().ok()),
    })
}

/// In the SDK's order.
fn base_of(profile: &Profile) -> Base {
    let name = || profile.name().to_owned();
    let text = |key| profile.get(key).map(str::to_owned);
    if let (Some(file), Some(role)) = (text("web_identity_token_file"), text("role_arn")) {
        return Base::WebIdentity { file, role };
    }
    if let Some(session) = text("sso_session").or_else(|| text("sso_start_url")) {
        return Base::IdentityCenter(name(), session);
    }
    if profile.get("login_session").is_some() {
        return Base::Login(name());
    }
    if profile.get("credential_process").is_some() {
        return Base::Process(name());
    }
    match has_keys(profile) {
        true => Base::Keys(name()),
        false => Base::Unusable(name()),
    }
}

#[cfg(test)]
mod tests {
    use aws_runtime::env_config::file::EnvConfigFiles;
    use aws_types::os_shim_internal::{Env, Fs};

    use super::*;

    async fn chain(selected: &str, config: &str) -> RoleChain {
        let fs = Fs::from_slice(&[("/config", config), ("/credentials", "")]);
        let env = Env::from_slice(&[
            ("AWS_CONFIG_FILE", "/config"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/credentials"),
        ]);
        let files = EnvConfigFiles::default();
        let profiles = aws_config::profile::load(&fs, &env, &files, None).await;
        RoleChain::of(&profiles.unwrap(), selected)
    }

    const KEYS: &str = "aws_access_key_id = a\naws_secret_access_key = s\n";

    #[tokio::test]
    async fn each_kind_of_profile_has_its_base() {
        let text = |text: &str| text.to_owned();
        let cases = [
            (KEYS, Base::Keys(text("p"))),
            ("credential_process = x\n", Base::Process(text("p"))),
            (
                "sso_session = corp\nsso_account_id = 1\n",
                Base::IdentityCenter(text("p"), text("corp")),
            ),
            (
                "sso_start_url = https://x\n",
                Base::IdentityCenter(text("p"), text("https://x")),
            ),
            ("login_session = arn\n", Base::Login(text("p"))),
            (
                "web_identity_token_file = f\nrole_arn = r\n",
                Base::WebIdentity {
                    file: text("f"),
                    role: text("r"),
                },
            ),
            ("region = us-east-1\n", Base::Unusable(text("p"))),
        ];
        for (config, base) in cases {
            let found = chain("p", &format!("[profile p]\n{config}")).await;
            let roles = Vec::new();
            assert_eq!(found, RoleChain { base, roles }, "{config}");
        }
    }

    #[tokio::test]
    async fn roles_are_assumed_from_the_first_source_on() {
        let config = format!(
            "[profile a]\nrole_arn = ra\nsource_profile = b\n\
             [profile b]\nrole_arn = rb\nsource_profile = c\nmfa_serial = m\nduration_seconds = 900\n\
             [profile c]\nrole_arn = rc\nsource_profile = d\n{KEYS}\
             [profile self]\nrole_arn = rs\nsource_profile = self\n{KEYS}\
             [profile named]\nrole_arn = rn\ncredential_source = Environment\n"
        );
        let found = chain("a", &config).await;
        // The keys of a source go before its role.
        assert_eq!(found.base, Base::Keys("c".to_owned()));
        let arns: Vec<_> = found.roles.iter().map(|role| role.arn.as_str()).collect();
        assert_eq!(arns, ["rb", "ra"]);
        assert!(found.needs_mfa());
        assert_eq!(found.roles[0].duration_seconds, Some(900));
        let own = chain("self", &config).await;
        assert_eq!(
            (own.base, own.roles.len()),
            (Base::Keys("self".to_owned()), 1)
        );
        let named = chain("named", &config).await;
        assert!(!named.needs_mfa());
        assert_eq!(named.base, Base::Named("Environment".to_owned()));
    }

    #[tokio::test]
    async fn a_loop_and_a_missing_source_end_the_chain() {
        let config = "[profile a]\nrole_arn = ra\nsource_profile = b\n\
                      [profile b]\nrole_arn = rb\nsource_profile = a\n\
                      [profile c]\nrole_arn = rc\nsource_profile = none\n\
                      [profile d]\nrole_arn = rd\n";
        for (selected, ends_at) in [("a", "a"), ("c", "none"), ("d", "d")] {
            let found = chain(selected, config).await;
            assert_eq!(found.base, Base::Unusable(ends_at.to_owned()), "{selected}");
        }
    }
}
