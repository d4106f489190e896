//! Adds an exception to a file that people keep: their comments and their order stay.

use super::document::{Document, Exception};
use super::validate::findings;
use crate::document::{ConfigError, read_document};
use crate::model::{AccountId, TargetVerdict, Violation, region_of};
use crate::settings::AccountMatch;

/// The key of the list, and how far its items are indented where it has none yet.
const KEY: &str = "exceptions:";
const INDENT: usize = 2;

/// Why an exception was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The file cannot be used as it is, or the exception says something impossible.
    #[error(transparent)]
    Invalid(#[from] ConfigError),
    /// There is one that matches the same.
    #[error(
        "{name}: the exception {which} already matches exactly this finding; change its `expires`, `owner` or `reason` \
         instead"
    )]
    Duplicate {
        /// The file.
        name: String,
        /// Its id, or which item it is.
        which: String,
    },
    /// The list is not written with a line for each item.
    #[error(
        "{name}: its list of exceptions does not start each item with `- `; add this entry manually:\n{entry}"
    )]
    Layout {
        /// The file.
        name: String,
        /// The entry.
        entry: String,
    },
}

/// An exception that matches one finding. Reason, owner and the rest of its terms are still empty.
pub fn exception_for(
    account: &AccountId,
    target: &TargetVerdict,
    violation: &Violation,
) -> Exception {
    let glob_of = |text: &str| Some(literal(text)).filter(|text| !text.is_empty());
    Exception {
        checks: vec![target.check_id.to_string()],
        accounts: AccountMatch {
            ids: vec![account.clone()],
            ..AccountMatch::default()
        },
        regions: vec![region_of(&target.scope, violation).to_owned()],
        resources: glob_of(&violation.resource).into_iter().collect(),
        parts: glob_of(&violation.part).into_iter().collect(),
        ..Exception::default()
    }
}

/// A glob that matches this text alone.
fn literal(text: &str) -> String {
    let mut glob = String::with_capacity(text.len());
    for c in text.chars() {
        if "*?[{}\\".contains(c) {
            glob.push('\\');
        }
        glob.push(c);
    }
    glob
}

/// The text of a file with one exception more. `name` is what errors call it.
///
/// # Errors
/// [`AddError`]; then nothing is to be written.
pub fn add(
    name: &str,
    text: &str,
    exception: &Exception,
    require_expiry: bool,
) -> Result<String, AddError> {
    let read = |text: &str| {
        let found = |document: &Document| findings(document, require_expiry);
        read_document::<Document>(name, text, found)
    };
    let mut expected = match text.trim().is_empty() {
        true => Document::default(),
        false => read(text)?,
    };
    if let Some(which) = same(&expected, exception) {
        let name = name.to_owned();
        return Err(AddError::Duplicate { name, which });
    }
    expected.exceptions.push(exception.clone());
    let added = insert(text, exception);
    // What was not understood of the layout must not change another entry.
    match added.map(|added| (read(&added), added)) {
        Some((Ok(document), added)) if document == expected => Ok(added),
        Some((Err(error), _)) if is_about(&error, expected.exceptions.len() - 1) => {
            Err(error.into())
        }
        _ => Err(AddError::Layout {
            name: name.to_owned(),
            entry: lines(exception, INDENT).join("\n"),
        }),
    }
}

/// Whether everything that is wrong is in this exception.
fn is_about(error: &ConfigError, index: usize) -> bool {
    let field = format!("exceptions[{index}]");
    let mut problems = error.problems().iter();
    problems.all(|problem| problem.field.starts_with(&field))
}

/// The exception that matches the same: its id, or else which one it is.
fn same(document: &Document, exception: &Exception) -> Option<String> {
    // What it matches is all that is serialized.
    let matches = |one: &Exception| serde_json::to_value(one).ok();
    let mut all = document.exceptions.iter().enumerate();
    let (index, found) = all.find(|(_, one)| matches(one) == matches(exception))?;
    let which = format!("exceptions[{index}]");
    Some(found.id.clone().unwrap_or(which))
}

/// The text with the exception as the last of its list; none where that is written in another way.
fn insert(text: &str, exception: &Exception) -> Option<String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut all: Vec<String> = text.lines().map(str::to_owned).collect();
    let key = all.iter().position(|line| line.starts_with(KEY));
    let (at, indent) = match key {
        None => {
            all.push(KEY.to_owned());
            (all.len(), INDENT)
        }
        Some(key) => {
            let (_, value) = all[key].split_once(':')?;
            let (value, comment) = value.split_at(value.find(" #").unwrap_or(value.len()));
            match value.trim() {
                "" => after_last(&all, key).unwrap_or((key + 1, INDENT)),
                "[]" | "~" | "null" => {
                    all[key] = format!("{KEY}{comment}");
                    (key + 1, INDENT)
                }
                _ => return None,
            }
        }
    };
    all.splice(at..at, lines(exception, indent));
    Some(all.join(end) + end)
}

/// The line after the last item of a list that follows its key, and how far its items are indented.
fn after_last(all: &[String], key: usize) -> Option<(usize, usize)> {
    let indent_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let is_item = |line: &str| line.trim_start() == "-" || line.trim_start().starts_with("- ");
    let is_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let mut rest = all.iter().enumerate().skip(key + 1);
    let (first, line) = rest.find(|(_, line)| is_content(line))?;
    let indent = Some(indent_of(line)).filter(|_| is_item(line))?;
    let mut last = first;
    for (at, line) in all.iter().enumerate().skip(first + 1) {
        let belongs = indent_of(line) > indent || indent_of(line) == indent && is_item(line);
        if belongs && !line.trim().is_empty() {
            last = at;
        } else if is_content(line) {
            break;
        }
    }
    Some((last + 1, indent))
}

/// The entry, line by line.
fn lines(exception: &Exception, indent: usize) -> Vec<String> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let list = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
    };
    let ids: Vec<_> = exception
        .accounts
        .ids
        .iter()
        .map(ToString::to_string)
        .collect();
    let ids = list(&ids).map(|ids| format!("{{ ids: {ids} }}"));
    let given = [
        ("checks", Some(format!("[{}]", exception.checks.join(", ")))),
        ("accounts", ids),
        ("regions", list(&exception.regions)),
        ("resources", list(&exception.resources)),
        ("parts", list(&exception.parts)),
        ("reason", Some(quoted(&exception.reason))),
        ("owner", Some(quoted(&exception.owner))),
        ("ticket", exception.ticket.as_deref().map(quoted)),
        ("approved_by", exception.approved_by.as_deref().map(quoted)),
        ("expires", exception.expires.map(|day| day.to_string())),
    ];
    let given = given
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    let lines = given.enumerate().map(|(n, (key, value))| {
        let dash = if n == 0 { "- " } else { "  " };
        format!("{:indent$}{dash}{key}: {value}", "")
    });
    lines.collect()
}

#[cfg(test)]
mod tests;
