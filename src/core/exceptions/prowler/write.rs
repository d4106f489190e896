//! Writes a list of exceptions as YAML.

use std::fmt::Write;

use super::ImportTerms;
use crate::model::AccountId;

/// An exception that mutes what an entry of the mutelist muted.
#[derive(Clone, Debug)]
pub(super) struct MutedEntry {
    pub(super) checks: Vec<&'static str>,
    pub(super) account: Option<AccountId>,
    pub(super) regions: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) parts: Vec<String>,
    pub(super) reason: Option<String>,
    pub(super) remark: Option<&'static str>,
}

/// The list. Each exception comes with what it was made of.
pub(super) fn write(
    name: &str,
    muted: &[(String, MutedEntry)],
    skipped: &[String],
    terms: &ImportTerms,
) -> String {
    let mut yaml = format!(
        "# Imported from a Prowler mutelist, {}. `orgscan exceptions check FILE` lists what is missing.\n",
        in_line(name)
    );
    yaml.push_str(if muted.is_empty() {
        "exceptions: []\n"
    } else {
        "exceptions:\n"
    });
    for (about, one) in muted {
        entry(&mut yaml, about, one, terms);
    }
    if !skipped.is_empty() {
        yaml.push_str("\n# No counterpart in orgscan:\n");
    }
    for what in skipped {
        let _ = writeln!(yaml, "# - {}", in_line(what));
    }
    yaml
}

fn entry(yaml: &mut String, about: &str, one: &MutedEntry, terms: &ImportTerms) {
    let remark = one.remark.map(|remark| format!("; {remark}"));
    let remark = remark.unwrap_or_default();
    let _ = writeln!(yaml, "  # {}{remark}", in_line(about));
    let _ = writeln!(yaml, "  - checks: [{}]", one.checks.join(", "));
    if let Some(id) = &one.account {
        let _ = writeln!(yaml, "    accounts: {{ ids: [\"{id}\"] }}");
    }
    for (key, values) in [
        ("regions", &one.regions),
        ("resources", &one.resources),
        ("parts", &one.parts),
    ] {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            let _ = writeln!(yaml, "    {key}: [{}]", values.join(", "));
        }
    }
    let reason = one.reason.as_deref().filter(|text| !text.trim().is_empty());
    let reason = reason.unwrap_or("Muted in Prowler");
    let _ = writeln!(yaml, "    reason: {}", quoted(reason));
    let owner = terms.owner.as_deref().unwrap_or_default();
    let _ = writeln!(yaml, "    owner: {}", quoted(owner));
    if let Some(expires) = terms.expires {
        let _ = writeln!(yaml, "    expires: {expires}");
    }
}

/// A text in quotes: what is a string in JSON is one in YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text that stays within a comment.
fn in_line(text: &str) -> String {
    crate::text::clean(text, 1_000)
}
