//! What holds for the texts of all checks: short sentences, steps that name the command once, and commands that
//! can be run as they are.

use super::Check;
use crate::services::CHECKS;

/// The most words of a sentence.
const LONGEST: usize = 30;

/// The most words that the sentences of all checks have on average.
const MEAN: usize = 15;

/// Words in capitals that AWS's own commands have.
const OF_AWS: &[&str] = &[
    "ACCOUNT",
    "ECR",
    "LAMBDA",
    "ORGANIZATION",
    "VPC",
    "ALL",
    "AWS",
    "ENABLED",
    "SECURITY",
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "DECLARATIVE_POLICY_EC2",
];

/// Words that check texts replace, beside those of all texts.
const REPLACED: &[&str] = &["looked", "waits", "amiss", "whichever"];

/// The sentences of a text. Code is one word.
fn sentences(text: &str) -> Vec<String> {
    let code = |(n, part): (usize, &str)| {
        if n % 2 == 1 {
            "code".to_owned()
        } else {
            part.to_owned()
        }
    };
    let plain: String = text.split('`').enumerate().map(code).collect();
    plain.split_inclusive(". ").map(str::to_owned).collect()
}

fn texts(check: &Check) -> impl Iterator<Item = &'static str> {
    [check.title, check.why]
        .into_iter()
        .chain(check.fix.iter().copied())
}

fn example_of(check: &Check) -> String {
    (check.remediation)(&check.example).unwrap()
}

/// The names of the shell variables in a command.
fn variables(command: &str) -> Vec<&str> {
    let after = command.split('$').skip(1);
    let names = after.map(|rest| {
        rest.split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
            .next()
    });
    // `$Default` is a version of a launch template, in single quotes.
    names.flatten().filter(|name| name.len() > 1).collect()
}

/// Words in capitals that stand for a value, as `BUCKET`; and what is in angle brackets.
fn placeholders(code: &str) -> Vec<&str> {
    let words = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$'));
    let is_capitals =
        |word: &&str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let mut found: Vec<&str> = words
        .filter(is_capitals)
        .filter(|word| !OF_AWS.contains(word))
        .collect();
    found.extend(code.matches('<'));
    found
}

/// `ec2 create-snapshot`
fn operation(command: &str) -> String {
    command
        .split(' ')
        .skip(1)
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn sentences_are_short() {
    let (mut words, mut count) = (0, 0);
    for check in CHECKS {
        for sentence in texts(check).flat_map(sentences) {
            let length = sentence.split_whitespace().count();
            assert!(
                length <= LONGEST,
                "{}: {length} words: {sentence}",
                check.id
            );
            words += length;
            count += 1;
        }
    }
    assert!(words <= MEAN * count, "{words} words in {count} sentences");
}

#[test]
fn words_are_those_of_the_field() {
    for check in CHECKS {
        let all: Vec<&str> = texts(check).collect();
        let lower = all.join(" ").to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        let found = words.find(|word| REPLACED.contains(word));
        assert_eq!(found, None, "{}", check.id);
    }
}

#[test]
fn one_step_runs_the_command_and_none_repeats_it() {
    for check in CHECKS {
        let command = example_of(check);
        let operation = operation(&command);
        let runs = check
            .fix
            .iter()
            .filter(|step| step.to_lowercase().contains("run the command"));
        assert_eq!(runs.count(), 1, "{}", check.id);
        for step in check.fix {
            assert!(
                !step.contains(&operation),
                "{}: {operation}: {step}",
                check.id
            );
            let is_numbered = step.starts_with(|c: char| c.is_ascii_digit());
            assert!(!is_numbered && step.ends_with('.'), "{}: {step}", check.id);
        }
    }
}

#[test]
fn commands_have_no_placeholders_and_steps_set_their_variables() {
    for check in CHECKS {
        let command = example_of(check);
        assert_eq!(
            placeholders(&command),
            Vec::<&str>::new(),
            "{}: {command}",
            check.id
        );
        let set: Vec<String> = variables(&command)
            .iter()
            .map(|name| format!("Set `{name}` to"))
            .collect();
        for text in &set {
            let before = check
                .fix
                .iter()
                .take_while(|step| !step.contains("Run the command"));
            assert!(
                before.into_iter().any(|step| step.contains(text)),
                "{}: {text}",
                check.id
            );
        }
        let code = check
            .fix
            .iter()
            .flat_map(|step| step.split('`').skip(1).step_by(2));
        for code in code.filter(|code| code.starts_with("aws ")) {
            assert_eq!(
                placeholders(code),
                Vec::<&str>::new(),
                "{}: {code}",
                check.id
            );
        }
    }
}

#[test]
fn a_placeholder_is_distinguished_from_variables_and_values() {
    assert_eq!(
        placeholders("--bucket BUCKET --key 'KEY_ARN' <id>"),
        ["BUCKET", "KEY_ARN", "<"]
    );
    let set =
        r#"create --type VPC --traffic-type ALL --versions '$Default' --to "$LOG_BUCKET_ARN""#;
    assert_eq!(placeholders(set), Vec::<&str>::new());
    assert_eq!(variables(set), ["LOG_BUCKET_ARN"]);
}
