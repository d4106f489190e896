//! Values that fit the shape of the list of exceptions and are impossible all the same.

use std::collections::BTreeMap;

use super::document::{Document, Exception, ExpectedGap};
use super::resource::Pattern;
use crate::document::FieldProblem;
use crate::settings::FieldProblems;
use jiff::civil::Date;

/// Everything impossible in a list of exceptions, by field.
pub(crate) fn findings(document: &Document, require_expiry: bool) -> Vec<FieldProblem> {
    let mut checked = EntryValidator {
        found: FieldProblems::default(),
        require_expiry,
        ids: BTreeMap::new(),
    };
    for (index, exception) in document.exceptions.iter().enumerate() {
        checked.exception(&format!("exceptions[{index}]"), exception);
    }
    for (index, gap) in document.expected_gaps.iter().enumerate() {
        checked.gap(&format!("expected_gaps[{index}]"), gap);
    }
    checked.found.0
}

struct EntryValidator<'d> {
    found: FieldProblems,
    require_expiry: bool,
    /// Who has each id.
    ids: BTreeMap<&'d str, String>,
}

/// What both kinds of entries say about who accepts them.
struct EntryTerms<'d> {
    id: Option<&'d String>,
    reason: &'d str,
    owner: &'d str,
    expires: Option<Date>,
}

impl<'d> EntryValidator<'d> {
    fn exception(&mut self, field: &str, exception: &'d Exception) {
        let Exception {
            checks,
            accounts,
            regions,
            resources,
            parts,
            ..
        } = exception;
        let lists = [checks, regions, resources, parts];
        if accounts.is_empty() && lists.iter().all(|list| list.is_empty()) {
            let remediation = "add checks, accounts, regions, resources or parts";
            self.found
                .add(field, format!("matches every finding; {remediation}"));
        }
        self.found.checks(&format!("{field}.checks"), checks);
        self.found.accounts(&format!("{field}.accounts"), accounts);
        self.found.globs(&format!("{field}.regions"), regions);
        self.found.globs(&format!("{field}.parts"), parts);
        self.resources(&format!("{field}.resources"), resources);
        self.terms(
            field,
            &EntryTerms {
                id: exception.id.as_ref(),
                reason: &exception.reason,
                owner: &exception.owner,
                expires: exception.expires,
            },
        );
    }

    fn gap(&mut self, field: &str, gap: &'d ExpectedGap) {
        self.found
            .accounts(&format!("{field}.accounts"), &gap.accounts);
        self.found.globs(&format!("{field}.regions"), &gap.regions);
        self.found.globs(&format!("{field}.actions"), &gap.actions);
        self.terms(
            field,
            &EntryTerms {
                id: gap.id.as_ref(),
                reason: &gap.reason,
                owner: &gap.owner,
                expires: gap.expires,
            },
        );
    }

    fn resources(&mut self, field: &str, resources: &[String]) {
        for (index, text) in resources.iter().enumerate() {
            let field = format!("{field}[{index}]");
            if !Pattern::is_regex(text) {
                self.found.glob(field, text);
            } else if let Err(message) = Pattern::new(text) {
                self.found.add(field, message);
            }
        }
    }

    fn terms(&mut self, field: &str, terms: &EntryTerms<'d>) {
        if let Some(id) = terms.id {
            self.id(field, id);
        }
        for (key, text, what) in [
            ("reason", terms.reason, "give the reason"),
            ("owner", terms.owner, "give the owner of the risk"),
        ] {
            if text.trim().is_empty() {
                self.found
                    .add(format!("{field}.{key}"), format!("empty; {what}"));
            }
        }
        if self.require_expiry && terms.expires.is_none() {
            let remediation = "add the last day, such as 2027-03-31, or set exceptions.require_expiry to false in \
                        the configuration";
            self.found.add(
                format!("{field}.expires"),
                format!("missing; {remediation}"),
            );
        }
    }

    fn id(&mut self, field: &str, id: &'d str) {
        let at = format!("{field}.id");
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if !(1..=64).contains(&id.len()) || !id.chars().all(plain) {
            let shown = id.escape_debug();
            let remediation = "use 1 to 64 letters, digits, `.`, `_` and `-`";
            self.found
                .add(at, format!("`{shown}` is not an id; {remediation}"));
        } else if let Some(other) = self.ids.insert(id, field.to_owned()) {
            self.found
                .add(at, format!("{other} has the same id; use another one"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read_document;

    fn problems(yaml: &str, require_expiry: bool) -> String {
        let found = |document: &Document| findings(document, require_expiry);
        match read_document::<Document>("exceptions.yaml", yaml, found) {
            Ok(_) => String::new(),
            Err(error) => {
                let lines = error.problems().iter().map(ToString::to_string);
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }

    #[test]
    fn every_problem_names_its_line_its_field_and_a_fix() {
        let yaml = r"
exceptions:
  - id: a b
    checks: [s3-bucket-publc]
    accounts: { names: ['[a'] }
    regions: ['']
    resources: ['{a', 'regex:(']
    parts: ['[']
    reason: ' '
    owner: ''
    expires: 2027-03-31
  - { id: same, checks: [s3-bucket-public], reason: r, owner: o }
  - { id: same, reason: r, owner: o, expires: 2027-03-31 }
expected_gaps:
  - { id: same, actions: ['['], reason: r, owner: o, expires: 2027-03-31 }
";
        insta::assert_snapshot!(problems(yaml, true), @r"
        exceptions.yaml:4: exceptions[0].checks[0]: no check `s3-bucket-publc`; did you mean `s3-bucket-public`?
        exceptions.yaml:5: exceptions[0].accounts.names[0]: `[a` is not a glob: unclosed character class; missing ']'; close it, or put a backslash before it
        exceptions.yaml:6: exceptions[0].regions[0]: empty, which matches nothing; remove it
        exceptions.yaml:8: exceptions[0].parts[0]: `[` is not a glob: unclosed character class; missing ']'; close it, or put a backslash before it
        exceptions.yaml:7: exceptions[0].resources[0]: `{a` is not a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); close it, or put a backslash before it
        exceptions.yaml:7: exceptions[0].resources[1]: `(` is not a regular expression: found open group without closing ')'; correct it, or use a glob
        exceptions.yaml:3: exceptions[0].id: `a b` is not an id; use 1 to 64 letters, digits, `.`, `_` and `-`
        exceptions.yaml:9: exceptions[0].reason: empty; give the reason
        exceptions.yaml:10: exceptions[0].owner: empty; give the owner of the risk
        exceptions.yaml:12: exceptions[1].expires: missing; add the last day, such as 2027-03-31, or set exceptions.require_expiry to false in the configuration
        exceptions.yaml:13: exceptions[2]: matches every finding; add checks, accounts, regions, resources or parts
        exceptions.yaml:13: exceptions[2].id: exceptions[1] has the same id; use another one
        exceptions.yaml:15: expected_gaps[0].actions[0]: `[` is not a glob: unclosed character class; missing ']'; close it, or put a backslash before it
        exceptions.yaml:15: expected_gaps[0].id: exceptions[2] has the same id; use another one
        ");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named_too() {
        let yaml = r"
exceptions:
  - { check: s3-bucket-public, reason: r, owner: o, expires: 2027-02-29 }
  - { checks: s3-bucket-public, accounts: { ids: [111122223333] }, reason: r }
expected_gaps:
  - { causes: [denied_by_spc], reason: r, owner: o, expires: soon }
";
        insta::assert_snapshot!(problems(yaml, true), @r"
        exceptions.yaml:3: exceptions[0].check: unknown key; did you mean `checks`?
        exceptions.yaml:3: exceptions[0].expires: `2027-02-29` is not a date; write it as 2027-03-31
        exceptions.yaml:4: exceptions[1].checks: the text `s3-bucket-public` where a list belongs; put it in brackets: [...]
        exceptions.yaml:4: exceptions[1].accounts.ids[0]: the number 111122223333 where a text belongs; put it in quotes, because a number loses leading zeros
        exceptions.yaml:4: exceptions[1].owner: missing; add it
        exceptions.yaml:6: expected_gaps[0].causes[0]: `denied_by_spc` is unknown; did you mean `denied_by_scp`?
        exceptions.yaml:6: expected_gaps[0].expires: `soon` is not a date; write it as 2027-03-31
        ");
    }

    #[test]
    fn an_expiry_date_is_required_unless_disabled_by_the_configuration() {
        let yaml = "exceptions:\n- { checks: [s3-bucket-public], reason: r, owner: o }\n\
                    expected_gaps:\n- { reason: r, owner: o }\n";
        assert_eq!(problems(yaml, false), "");
        assert_eq!(problems(yaml, true).lines().count(), 2);
        assert_eq!(problems("", true), "");
    }
}
