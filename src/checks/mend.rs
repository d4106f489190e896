//! Commands that mend one resource, or begin to.
//!
//! Whoever names a resource chooses a part of the command that somebody else pastes into a shell, so
//! every value is quoted, and where one cannot be quoted safely there is no command.

/// A resource that breaks a check, as the finding has it.
#[derive(Clone, Copy, Debug)]
pub struct Flawed<'a> {
    /// Its account's 12 digits.
    pub account: &'a str,
    /// Its Region; `global` for the account as a whole.
    pub region: &'a str,
    /// Its ARN.
    pub resource: &'a str,
    /// Which part of it; may be empty.
    pub part: &'a str,
}

impl<'a> Flawed<'a> {
    /// The resource's own name or id: what comes last in its ARN.
    pub fn name(&self) -> &'a str {
        let end = self.resource.rfind(['/', ':']).map_or(0, |at| at + 1);
        &self.resource[end..]
    }
}

/// The command `aws` with these words and values, each value as one word of a POSIX shell. None where
/// a value is empty, could be taken for an option or the address of a file, or has characters that
/// cannot be seen.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html>
pub(super) fn aws(words: &str, options: &[(&str, &str)]) -> Option<String> {
    let mut command = format!("aws {words}");
    for (option, value) in options {
        command.push_str(&format!(" --{option} {}", quoted(value)?));
    }
    Some(command)
}

/// The same for a resource of a Region.
pub(super) fn regional(words: &str, flawed: &Flawed<'_>, option: (&str, &str)) -> Option<String> {
    aws(words, &[option, ("region", flawed.region)])
}

fn quoted(value: &str) -> Option<String> {
    let seen = |c: char| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric();
    if value.is_empty() || value.starts_with('-') || !value.chars().all(seen) {
        return None;
    }
    if value.contains("://") {
        return None;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:=,@".contains(c);
    Some(match value.chars().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::CHECKS;

    /// The commands of all checks for resources of this name, by check.
    fn commands(name: &str) -> Vec<(&'static str, Option<String>)> {
        let command = |check: &&'static crate::checks::Check| {
            let arn = format!("arn:aws:x:eu-west-1:111122223333:kind/{name}");
            let flawed = Flawed {
                account: "111122223333",
                region: "eu-west-1",
                resource: &arn,
                part: "tcp 22 from 0.0.0.0/0",
            };
            (check.id, (check.mend)(&flawed))
        };
        CHECKS.iter().map(command).collect()
    }

    #[test]
    fn every_check_has_a_command_for_its_resource() {
        for (id, command) in commands("thing-1") {
            let command = command.unwrap();
            assert!(command.starts_with("aws "), "{id}: {command}");
            assert!(command.contains("thing-1"), "{id}: {command}");
        }
    }

    #[test]
    fn a_name_stays_one_word_whatever_is_in_it() {
        for name in [
            "$(reboot)",
            "`reboot`",
            "a;reboot",
            "a b",
            "it's",
            "a\\",
            "!!",
            "*",
        ] {
            for (id, command) in commands(name) {
                let command = command.unwrap();
                let word = format!("'{}'", name.replace('\'', r"'\''"));
                // The filters and other values with the name inside are quoted as a whole.
                let inside = format!("{}'", name.replace('\'', r"'\''"));
                let is_quoted = command.contains(&word) || command.contains(&inside);
                assert!(is_quoted, "{id}: {command}");
            }
        }
    }

    #[test]
    fn a_shell_reads_the_name_back() {
        let name = "a'b $(touch /tmp/x) \"c\" `d` \\e";
        let word = quoted(name).unwrap();
        let mut shell = std::process::Command::new("sh");
        let output = shell.args(["-c", &format!("printf %s {word}")]).output();
        assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), name);
    }

    #[test]
    fn what_cannot_be_quoted_safely_has_no_command() {
        for name in [
            "",
            "-rf",
            "a\nb",
            "a\u{1b}[31m",
            "a\u{202e}b",
            "file://a",
            "a\u{200b}",
        ] {
            assert_eq!(quoted(name), None, "{name:?}");
        }
    }
}
