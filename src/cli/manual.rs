//! `orgscan completions` and `orgscan man`: what shells and `man` know about the command line.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use orgscan_core::suggest::instead;

use super::args::Cli;

/// A command that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("no command `{name}`; {remediation}")]
pub(super) struct NoSuchCommand {
    name: String,
    remediation: String,
}

/// Prints the completions for a shell.
pub(super) fn completions(shell: Shell, out: &mut impl Write) -> io::Result<()> {
    // By way of memory, since the generator panics where the output cannot be written.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "orgscan", &mut text);
    out.write_all(&text)
}

/// Prints the manual page of a command, or that of the program.
pub(super) fn page(
    name: Option<&str>,
    out: &mut impl Write,
) -> Result<io::Result<()>, NoSuchCommand> {
    let mut program = Cli::command().disable_help_subcommand(true);
    // Gives the commands their full names, and the flags that all of them share.
    program.build();
    let command = match name {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let known: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
            NoSuchCommand {
                name: name.escape_debug().to_string(),
                remediation: instead(name, &known),
            }
        })?,
    };
    Ok(clap_mangen::Man::new(command.clone()).render(out))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    fn text(name: Option<&str>) -> String {
        let mut out = Vec::new();
        page(name, &mut out).unwrap().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_command_has_a_page_and_is_on_the_programs() {
        let main = text(None);
        let commands = Cli::command();
        for command in commands.get_subcommands() {
            let name = command.get_name();
            assert!(
                main.contains(&format!("orgscan\\-{name}(1)")),
                "{name}: {main}"
            );
            let page = text(Some(name));
            assert!(page.contains(&format!("orgscan\\-{name}")), "{page}");
            // A flag that all of them share.
            assert!(page.contains("\\-\\-config"), "{page}");
        }
        let error = page(Some("sacn"), &mut Vec::new()).unwrap_err().to_string();
        assert_eq!(error, "no command `sacn`; did you mean `scan`?");
    }

    #[test]
    fn every_shell_completes_every_command() {
        for shell in Shell::value_variants() {
            let mut out = Vec::new();
            completions(*shell, &mut out).unwrap();
            let script = String::from_utf8(out).unwrap();
            for command in Cli::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}");
            }
        }
    }
}
