//! What the configuration declares to be monitored elsewhere.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Controls of `cloudtrail-alarm-missing` that something monitors which orgscan cannot see, such as an external SIEM.
/// They pass until the date, with a note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Monitoring {
    /// The controls of CIS 7.0, `5.1` to `5.15`, or the parts of the check, such as `root-usage`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// What monitors them, and who is responsible for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The last day of the declaration, in UTC. Afterwards the controls are evaluated again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What a declaration comes to for a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It is declared, until this day.
    Until(Date),
    /// It was declared, until this day.
    Ended(Date),
}

impl Monitoring {
    /// Whether a control is declared, by one of its names; none where it never was.
    pub fn declared(&self, names: [&str; 2], now: Timestamp) -> Option<Declared> {
        let mut controls = self.controls.iter();
        if !controls.any(|control| names.contains(&control.as_str())) {
            return None;
        }
        let until = self.until?;
        match TimeZone::UTC.to_datetime(now).date() <= until {
            true => Some(Declared::Until(until)),
            false => Some(Declared::Ended(until)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_valid_on_its_last_day() {
        let declared = Monitoring {
            controls: vec!["5.1".into(), "root-usage".into()],
            by: "the SIEM".into(),
            until: Some("2026-12-31".parse().unwrap()),
        };
        let at = |names, now: &str| declared.declared(names, now.parse().unwrap());
        let last = "2026-12-31".parse().unwrap();
        let names = ["5.1", "unauthorized-api-calls"];
        assert_eq!(
            at(names, "2026-12-31T23:59:59Z"),
            Some(Declared::Until(last))
        );
        assert_eq!(
            at(names, "2027-01-01T00:00:00Z"),
            Some(Declared::Ended(last))
        );
        let root = at(["5.3", "root-usage"], "2026-11-01T00:00:00Z");
        assert_eq!(root, Some(Declared::Until(last)));
        assert_eq!(
            at(["5.2", "sign-in-without-mfa"], "2026-11-01T00:00:00Z"),
            None
        );
    }
}
