//! Codes of MFA devices. The SDK ignores `mfa_serial` of a profile, so that AWS refuses its request; the AWS CLI
//! asks for the code.
//!
//! Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-mfa>

use std::io::{self, IsTerminal, Write};

use orgscan_core::shell;
use tokio::sync::oneshot;

use super::chain::ProfileRole;
use crate::Failure;

/// Why there is no session with a code.
#[derive(Debug, thiserror::Error)]
pub enum MfaError {
    /// Nobody can type the code.
    #[error(
        "the profile `{profile}` assumes the role {role} with the MFA device {serial}, and there is no terminal \
         to enter its code. Run orgscan on a terminal, or export a session from one: {export}"
    )]
    NoTerminal {
        /// The profile that has `mfa_serial`.
        profile: String,
        /// The role's ARN.
        role: String,
        /// The device.
        serial: String,
        /// The command that exports a session.
        export: String,
    },
    /// Standard input ended, or what was typed is no code.
    #[error(
        "no code of the MFA device {serial} for the profile `{profile}`: {problem}; run the command again, and \
         enter the digits that the device shows"
    )]
    NoCode {
        /// The profile that has `mfa_serial`.
        profile: String,
        /// The device.
        serial: String,
        /// What was wrong.
        problem: String,
    },
    /// STS refuses.
    #[error(
        "the profile `{profile}` cannot assume the role {role}{with}: {failure}\n\
         AWS accepts each code once: wait for the next one. Check `role_arn` and `mfa_serial` of the profile, and \
         the role's trust policy."
    )]
    Refused {
        /// The profile.
        profile: String,
        /// The role's ARN.
        role: String,
        /// The device, in words; empty where the role needs none.
        with: String,
        /// AWS's answer.
        failure: Box<Failure>,
    },
}

/// Asks the person at the terminal. The code is shown as it is typed: it is used at once, and works once.
pub(super) async fn ask(role: &ProfileRole, serial: &str) -> Result<String, MfaError> {
    let ProfileRole { profile, arn, .. } = role;
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let name = shell::quote(profile).unwrap_or_else(|| "NAME".to_owned());
        return Err(MfaError::NoTerminal {
            profile: profile.clone(),
            role: arn.clone(),
            serial: serial.to_owned(),
            export: format!(
                "`eval \"$(aws configure export-credentials --profile {name} --format env)\"`, and no --profile"
            ),
        });
    }
    let no_code = |problem: String| MfaError::NoCode {
        profile: profile.clone(),
        serial: serial.to_owned(),
        problem,
    };
    let prompt = format!("MFA code of {serial}, for the profile {profile}: ");
    let typed = read_line(prompt)
        .await
        .map_err(|error| no_code(error.to_string()))?;
    let code = typed.trim();
    match !code.is_empty() && code.chars().all(|c| c.is_ascii_digit()) {
        true => Ok(code.to_owned()),
        false => Err(no_code("it has to be digits".to_owned())),
    }
}

/// Reads on a thread of its own, which nothing waits for: an interrupted command ends at once.
async fn read_line(prompt: String) -> io::Result<String> {
    let (send, receive) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let asked = io::stderr()
            .write_all(prompt.as_bytes())
            .and_then(|()| io::stdin().read_line(&mut line));
        let _ = send.send(asked.map(|_| line));
    });
    let gone = |_| io::Error::from(io::ErrorKind::UnexpectedEof);
    receive.await.map_err(gone)?
}
