//! The command that continues a run.

use orgscan_core::model::RunId;
use orgscan_core::shell;

/// Flags whose value is a secret, with the variable that can have it instead.
pub(super) const SECRET: &str = "--external-id";
pub(super) const VARIABLE: &str = "\"$ORGSCAN_ROLE_EXTERNAL_ID\"";

/// How the user calls this program: `orgscan`, or `cargo run --`.
pub(super) fn program() -> &'static str {
    // Cargo sets this for the programs that it runs.
    match std::env::var_os("CARGO") {
        Some(_) => "cargo run --",
        None => "orgscan",
    }
}

/// The command that continues a run which was started with these arguments, for a shell. Secrets are left
/// out of it. None where an argument has characters that cannot be seen.
pub(super) fn command(arguments: impl Iterator<Item = String>, run: &RunId) -> Option<String> {
    let mut parts = vec![program().to_owned()];
    let mut is_named = false;
    let mut is_secret = false;
    for argument in arguments {
        is_named |= argument == "--run-id" || argument.starts_with("--run-id=");
        let value = argument.strip_prefix(SECRET);
        parts.push(match value.and_then(|value| value.strip_prefix('=')) {
            _ if is_secret => VARIABLE.to_owned(),
            Some(_) => format!("{SECRET}={VARIABLE}"),
            None => shell::quote(&argument)?,
        });
        is_secret = !is_secret && argument == SECRET;
    }
    if !is_named {
        parts.push(format!("--run-id {run}"));
    }
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(arguments: &[&str]) -> String {
        let run = "nightly".parse().unwrap();
        let text = command(arguments.iter().map(|one| (*one).to_owned()), &run).unwrap();
        text.strip_prefix(program())
            .unwrap()
            .trim_start()
            .to_owned()
    }

    #[test]
    fn the_flags_that_the_run_had_are_in_it() {
        assert_eq!(again(&["scan"]), "scan --run-id nightly");
        assert_eq!(
            again(&[
                "-v",
                "scan",
                "--report",
                "my report",
                "--ou",
                "R&D's",
                "--region",
                "eu-*"
            ]),
            r"-v scan --report 'my report' --ou 'R&D'\''s' --region 'eu-*' --run-id nightly"
        );
        assert_eq!(
            again(&["scan", "--run-id", "nightly"]),
            "scan --run-id nightly"
        );
        assert_eq!(
            again(&["scan", "--run-id=nightly"]),
            "scan --run-id=nightly"
        );
    }

    #[test]
    fn the_external_id_is_not() {
        let variable = "\"$ORGSCAN_ROLE_EXTERNAL_ID\"";
        assert_eq!(
            again(&["scan", "--external-id", "a-secret", "--metrics"]),
            format!("scan --external-id {variable} --metrics --run-id nightly")
        );
        assert_eq!(
            again(&["scan", "--external-id=a-secret"]),
            format!("scan --external-id={variable} --run-id nightly")
        );
        assert_eq!(
            again(&["scan", "--external-id", "--external-id", "--metrics"]),
            format!("scan --external-id {variable} --metrics --run-id nightly")
        );
    }
}
