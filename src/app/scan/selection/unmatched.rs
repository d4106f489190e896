//! A filter value that matches nothing, and the messages about it.

use orgscan_core::document::Origins;

/// A field of the configuration as messages show it, and with its place in a list, for its origin.
pub(super) type FilterField<'f> = (&'f str, String);

/// A filter value that matches nothing.
pub(super) struct Unmatched {
    /// What the filter selects: `Region`.
    kind: &'static str,
    /// The field: `regions.include`.
    field: String,
    /// The element of the field: `regions.include[0]`.
    element: String,
    value: String,
    nearest: Option<String>,
}

impl Unmatched {
    pub(super) fn new(
        kind: &'static str,
        (field, element): FilterField<'_>,
        value: &str,
        nearest: Option<&str>,
    ) -> Self {
        Self {
            kind,
            field: field.to_owned(),
            element,
            value: value.escape_debug().to_string(),
            nearest: nearest.map(|name| name.escape_debug().to_string()),
        }
    }

    /// ``no Region matches `--region eu-wst-1`; did you mean `eu-west-1`?``
    pub(super) fn error(&self, origins: &Origins) -> String {
        let advice = match &self.nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "correct it or remove it".to_owned(),
        };
        let origin = match origins.of(&self.element) {
            origin if is_setting(origin) || origin.is_empty() => String::new(),
            origin => format!(" ({origin})"),
        };
        format!(
            "no {} matches {}{origin}; {advice}",
            self.kind,
            self.filter(origins)
        )
    }

    /// ``accounts.exclude.ous `sandbox` (did you mean `Sandbox`?) matches nothing, so it has no effect; ...``
    pub(super) fn note(&self, origins: &Origins) -> String {
        let nearest = self.nearest.as_ref();
        let nearest = nearest.map(|name| format!(" (did you mean `{name}`?)"));
        format!(
            "{}{} matches nothing, so it has no effect; correct it or remove it",
            self.filter(origins),
            nearest.unwrap_or_default()
        )
    }

    /// The filter as it was given: with its flag or its variable, or else with its field.
    fn filter(&self, origins: &Origins) -> String {
        match origins.of(&self.element) {
            flag if flag.starts_with("--") => format!("`{flag} {}`", self.value),
            variable if is_setting(variable) => format!("{variable} `{}`", self.value),
            _ => format!("{} `{}`", self.field, self.value),
        }
    }
}

/// Whether an origin is a flag or a variable, which has one field.
fn is_setting(origin: &str) -> bool {
    origin.starts_with("--") || origin.starts_with("ORGSCAN_")
}
