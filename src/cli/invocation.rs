//! The command that was given, as the start of the next one.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, CommandFactory};
use orgscan_core::shell;

use super::args::Cli;
use super::resume_command::{self, SECRET, VARIABLE};

/// How the heading of the flags that select accounts, Regions and checks starts.
const SELECTION: &str = "Selection";

/// Flags beside the selection that decide what a command sees.
const SETTINGS: &[&str] = &["config", "profile"];

/// Flags that select accounts.
const ACCOUNTS: &[&str] = &["account", "ou", "exclude-account", "exclude-ou"];

/// Flags that change how a command prints, not what it does.
const PRINTING: &[&str] = &[
    "verbose",
    "quiet",
    "color",
    "format",
    "timings",
    "open",
    "fail-on",
    "allow-incomplete",
];

/// The flags of a command, as they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Invocation {
    command: String,
    /// What stands before the flags.
    arguments: Vec<String>,
    flags: Vec<Flag>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Flag {
    name: String,
    values: Vec<String>,
    is_selection: bool,
}

impl Invocation {
    /// This process's.
    pub(super) fn of_process() -> Self {
        Self::of(std::env::args_os())
    }

    /// The one of these arguments, the program's name first. Without flags if they are not valid.
    pub(super) fn of(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Self {
        let mut cli = Cli::command();
        let Ok(matches) = cli.try_get_matches_from_mut(arguments) else {
            return Self::default();
        };
        let Some((command, matches)) = matches.subcommand() else {
            return Self::default();
        };
        let args = cli.find_subcommand(command).into_iter();
        let args = args.flat_map(clap::Command::get_arguments);
        Self {
            command: command.to_owned(),
            arguments: Vec::new(),
            flags: args.filter_map(|arg| Flag::parse(arg, matches)).collect(),
        }
    }

    /// Whether this flag was given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|flag| flag.name == name)
    }

    /// The values that this flag was given.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let flags = self.flags.iter().filter(move |flag| flag.name == name);
        flags.flat_map(|flag| flag.values.iter().map(String::as_str))
    }

    /// Whether it selects the account of the credentials.
    pub(super) fn is_own_account(&self) -> bool {
        self.values("account").any(|account| account == "self")
    }

    /// Another command about the same selection, with the flags that it knows.
    pub(super) fn for_command(&self, command: &str) -> Self {
        let mut cli = Cli::command();
        cli.build();
        let known = |flag: &&Flag| {
            let args = cli.find_subcommand(command).into_iter();
            let mut args = args.flat_map(clap::Command::get_arguments);
            let known = args.find(|arg| arg.get_long() == Some(&*flag.name));
            let selects = |arg: &Arg| flag.is_selection && is_selection(arg);
            known.is_some_and(|arg| selects(arg) || SETTINGS.contains(&&*flag.name))
        };
        Self {
            command: command.to_owned(),
            arguments: Vec::new(),
            flags: self.flags.iter().filter(known).cloned().collect(),
        }
    }

    /// The same about these accounts alone. The account of the credentials stays selected as it was.
    pub(super) fn narrowed_to_accounts<'a>(self, ids: impl Iterator<Item = &'a str>) -> Self {
        if self.is_own_account() {
            return self;
        }
        let ids = ids.map(str::to_owned).collect();
        let mut narrowed = self.without(ACCOUNTS);
        narrowed.push("account", ids);
        narrowed
    }

    /// The same about this Region alone.
    pub(super) fn narrowed_to_region(self, region: &str) -> Self {
        let mut narrowed = self.without(&["region", "exclude-region"]);
        narrowed.push("region", vec![region.to_owned()]);
        narrowed
    }

    /// The same with this argument.
    pub(super) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// The same with this flag.
    pub(super) fn with(mut self, name: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.push(name, values);
        self
    }

    /// The same without these flags.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.flags.retain(|flag| !names.contains(&&*flag.name));
        self
    }

    /// Whether both do the same, however they print it.
    pub(super) fn does_the_same_as(&self, other: &Self) -> bool {
        let essence = |one: &Self| {
            let mut flags = one.clone().without(PRINTING).flags;
            flags.sort();
            let mut pairs: Vec<_> = flags
                .into_iter()
                .map(|one| (one.name, one.values))
                .collect();
            pairs.iter_mut().for_each(|(_, values)| values.sort());
            pairs
        };
        self.command == other.command
            && self.arguments == other.arguments
            && essence(self) == essence(other)
    }

    /// The command for a shell. Secrets are not in it. None if an argument has characters that cannot be seen.
    pub(super) fn in_shell(&self) -> Option<String> {
        let mut parts = vec![resume_command::program().to_owned(), self.command.clone()];
        for argument in &self.arguments {
            parts.push(shell::quote(argument)?);
        }
        for flag in &self.flags {
            let name = format!("--{}", flag.name);
            if flag.values.is_empty() {
                parts.push(name);
                continue;
            }
            for value in &flag.values {
                parts.push(match name == SECRET {
                    true => format!("{name} {VARIABLE}"),
                    false if value.starts_with('-') => format!("{name}={}", shell::quote(value)?),
                    false => format!("{name} {}", shell::quote(value)?),
                });
            }
        }
        Some(parts.join(" "))
    }

    fn push(&mut self, name: &str, values: Vec<String>) {
        self.flags.push(Flag {
            name: name.to_owned(),
            values,
            is_selection: false,
        });
    }
}

impl Flag {
    /// A flag that the arguments have.
    fn parse(arg: &Arg, matches: &ArgMatches) -> Option<Self> {
        let id = arg.get_id().as_str();
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            return None;
        }
        let takes_values = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
        let values = matches.get_raw(id).filter(|_| takes_values);
        let values = values.into_iter().flatten();
        Some(Self {
            name: arg.get_long()?.to_owned(),
            values: values.map(|one| one.to_string_lossy().into()).collect(),
            is_selection: is_selection(arg),
        })
    }
}

/// Whether a flag selects accounts, Regions or checks. One of the same name can mean something else in another command.
fn is_selection(arg: &Arg) -> bool {
    let heading = arg.get_help_heading().unwrap_or_default();
    heading.starts_with(SELECTION)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &str) -> Invocation {
        Invocation::of(format!("orgscan {arguments}").split_whitespace())
    }

    fn shown(invocation: &Invocation) -> String {
        let text = invocation.in_shell().unwrap();
        let text = text.strip_prefix(resume_command::program()).unwrap();
        text.trim_start().to_owned()
    }

    #[test]
    fn every_selection_flag_stays() {
        let mut cli = Cli::command();
        cli.build();
        let scan = cli.find_subcommand("scan").unwrap();
        let mut tried = 0;
        for arg in scan.get_arguments().filter(|arg| is_selection(arg)) {
            let name = arg.get_long().unwrap();
            let valid = [
                "111122223333",
                "r-a1b2",
                "us-east-1",
                "high",
                "0.5",
                "SELF",
                "logging",
                "cis-7.0",
                "secret-id-1",
            ];
            let given = valid.iter().find_map(|value| {
                let given = of(&format!("scan --{name} {value}"));
                given.has(name).then_some((given, value))
            });
            let (given, value) = given.unwrap_or_else(|| panic!("no value for --{name}"));
            let value = match name {
                "external-id" => VARIABLE,
                _ => value,
            };
            let next = given.for_command("scan");
            assert_eq!(shown(&next), format!("scan --{name} {value}"));
            tried += 1;
        }
        assert!(tried > 10);
    }

    #[test]
    fn another_command_gets_the_flags_that_it_knows() {
        let run = of(
            "--config c.yaml scan --ou Sandbox --region eu-* --role-name R --report out --fail-on high",
        );
        assert_eq!(
            shown(&run.for_command("enrollment")),
            "enrollment --ou Sandbox --role-name R --config c.yaml"
        );
        let one = run
            .for_command("scan")
            .narrowed_to_accounts(["111122223333"].into_iter());
        assert_eq!(
            shown(&one),
            "scan --role-name R --region 'eu-*' --config c.yaml --account 111122223333"
        );
        let one = one.narrowed_to_region("eu-west-1").with("dry-run", &[]);
        assert_eq!(
            shown(&one),
            "scan --role-name R --config c.yaml --account 111122223333 --region eu-west-1 --dry-run"
        );
    }

    #[test]
    fn values_are_words_of_a_shell() {
        let run = Invocation::of(["orgscan", "scan", "--ou", "R&D's", "--region=-x"]);
        assert_eq!(shown(&run), r"scan --ou 'R&D'\''s' --region=-x");
        let run = Invocation::of(["orgscan", "scan", "--ou", "a\u{1b}[2J"]);
        assert_eq!(run.in_shell(), None);
    }

    #[test]
    fn how_it_prints_and_in_which_order_is_no_difference() {
        let run = of("scan --ou A --account 111122223333 --account 222233334444 -v");
        let same = of("scan --account 222233334444 --account 111122223333 --ou A --fail-on low");
        assert!(run.does_the_same_as(&same));
        assert!(!run.does_the_same_as(&of("scan --ou A")));
        assert!(!run.does_the_same_as(&run.for_command("enrollment")));
    }

    #[test]
    fn the_own_account_stays_the_own_account() {
        let run = of("scan --account self --region eu-west-1");
        let next = run
            .for_command("scan")
            .narrowed_to_accounts(["111122223333"].into_iter());
        assert_eq!(shown(&next), "scan --account self --region eu-west-1");
    }
}
