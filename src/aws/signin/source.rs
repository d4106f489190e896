//! Where the caller's credentials come from, in words: for errors, since the SDK's own name neither the profile
//! nor the file.

use orgscan_core::shell;

use super::chain::{Base, RoleChain};
use super::files::{SelectedBy, SharedFiles, paths};

/// How the caller signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Where the credentials come from.
    pub source: String,
    /// What to do if they are not accepted.
    pub fix: String,
}

impl SignIn {
    /// An emulator takes any credentials.
    pub(super) fn emulator() -> Self {
        Self {
            source: "the emulator's credentials".to_owned(),
            fix: "Start the emulator again.".to_owned(),
        }
    }

    /// The first source of the SDK's order that is configured.
    ///
    /// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
    pub(super) fn of(files: &SharedFiles, variable: impl Fn(&str) -> Option<String>) -> Self {
        let flag = files.selected_by == SelectedBy::Flag;
        if !flag && variable("AWS_ACCESS_KEY_ID").is_some() {
            return environment(files, variable("AWS_SESSION_TOKEN").is_some());
        }
        let chain = RoleChain::of(&files.profiles, &files.name);
        let has_profile = files.profiles.get_profile(&files.name).is_some();
        let is_empty = chain.roles.is_empty() && matches!(chain.base, Base::Unusable(_));
        if has_profile && !is_empty {
            return of_profile(files, &chain);
        }
        let file = variable("AWS_WEB_IDENTITY_TOKEN_FILE").filter(|_| !flag);
        if let (Some(file), Some(role)) = (file, variable("AWS_ROLE_ARN")) {
            return web_identity(&file, &role);
        }
        let relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            .map(|path| format!("http://169.254.170.2{path}"));
        if let Some(url) = relative.or_else(|| variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
            return Self {
                source: format!("the container's credentials endpoint, {url}"),
                fix: "Check that the task or the pod has a role.".to_owned(),
            };
        }
        nothing_configured(files, &variable)
    }
}

fn environment(files: &SharedFiles, has_token: bool) -> SignIn {
    let token = match has_token {
        true => ", AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
        false => " and AWS_SECRET_ACCESS_KEY",
    };
    let over = match files.selected_by {
        SelectedBy::Variable(by) => {
            format!(
                ", which override the profile `{}` ({by})",
                files.name.escape_debug()
            )
        }
        _ => String::new(),
    };
    SignIn {
        source: format!("the environment variables AWS_ACCESS_KEY_ID{token}{over}"),
        fix: "Set them again, or unset all of them to use other credentials.".to_owned(),
    }
}

fn web_identity(file: &str, role: &str) -> SignIn {
    SignIn {
        source: format!("the web identity token in {file}, for the role {role}"),
        fix: "Check that the token is not expired, and that the role's trust policy allows its issuer, audience and \
              subject."
            .to_owned(),
    }
}

fn of_profile(files: &SharedFiles, chain: &RoleChain) -> SignIn {
    let SignIn { source: base, fix } = of_base(&chain.base);
    let roles = chain.roles.iter().rev();
    let roles: String = roles
        .map(|role| format!("the role {}, assumed with ", role.arn))
        .collect();
    let name = files.name.escape_debug();
    let by = files.selected_by.describe();
    SignIn {
        source: format!("the profile `{name}` ({by}) of {}: {roles}{base}", paths()),
        fix,
    }
}

pub(super) fn of_base(base: &Base) -> SignIn {
    let with_profile = |command: &str, profile: &str| match shell::quote(profile) {
        Some(profile) => format!("`{command} --profile {profile}`"),
        None => format!("`{command}` for this profile"),
    };
    let (source, fix) = match base {
        Base::Keys(profile) => (
            format!("access keys of the profile `{profile}`"),
            "Correct the keys in the file.".to_owned(),
        ),
        Base::Process(profile) => (
            format!("the credential_process of the profile `{profile}`"),
            "Run its command to see its error.".to_owned(),
        ),
        Base::IdentityCenter(profile, session) => {
            let login = with_profile("aws sso login", profile);
            let source = format!("IAM Identity Center, session {session}");
            (source, format!("Sign in again: {login}."))
        }
        Base::Login(profile) => (
            "the console session of `aws login`".to_owned(),
            format!(
                "Sign in again: {}. These credentials need the AWS CLI, 2.32 or later, on the PATH.",
                with_profile("aws login", profile)
            ),
        ),
        Base::WebIdentity { file, role } => return web_identity(file, role),
        Base::Named(source) => (
            format!("credential_source {source}"),
            format!("Check that this machine has credentials of the source {source}."),
        ),
        Base::Unusable(profile) => (
            format!("the profile `{profile}`, which has no usable credentials"),
            "Correct the profile: it needs access keys, a role with source_profile or credential_source, an \
             sso_session, a login_session, a credential_process or a web_identity_token_file."
                .to_owned(),
        ),
    };
    SignIn { source, fix }
}

/// What is left is the instance's role.
fn nothing_configured(files: &SharedFiles, variable: impl Fn(&str) -> Option<String>) -> SignIn {
    let is_off = variable("AWS_EC2_METADATA_DISABLED")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let endpoint = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
        .or_else(|| {
            let endpoint = files.setting("ec2_metadata_service_endpoint");
            endpoint.map(str::to_owned)
        })
        .unwrap_or_else(|| "http://169.254.169.254".to_owned());
    let instance = match is_off {
        true => "the instance metadata service (off, because AWS_EC2_METADATA_DISABLED is set)"
            .to_owned(),
        false => format!("the instance metadata service, {endpoint}"),
    };
    SignIn {
        source: format!(
            "none found. Tried: the variable AWS_ACCESS_KEY_ID, the profile `{}` of {}, a web identity token, a \
             container's endpoint, and {instance}",
            files.name.escape_debug(),
            paths()
        ),
        fix: "Do one of these: sign in with `aws login` or `aws sso login`; name a profile with --profile or \
              AWS_PROFILE; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if the \
              credentials are temporary. See docs/signing-in.md."
            .to_owned(),
    }
}
