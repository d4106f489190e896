//! The checks of the organization, once every account has left its records.

use super::{Settings, in_order, target};
use crate::checks::{Check, Records, Rule};
use crate::model::{AccountResult, TargetScope, Verdict};

/// What all accounts together contribute to the checks of the organization.
#[derive(Debug)]
pub struct OrganizationChecks {
    checks: Vec<(&'static Check, Box<dyn Records>)>,
    settings: Settings,
}

impl OrganizationChecks {
    /// Those among these checks, of an organization of which no account was added yet.
    pub fn new(checks: &[&'static Check], settings: Settings) -> Self {
        let of_organization = checks.iter().filter_map(|check| match check.rule {
            Rule::Organization(rule) => Some((*check, (rule.start)())),
            Rule::Account(_) | Rule::Region(_) => None,
        });
        Self {
            checks: of_organization.collect(),
            settings,
        }
    }

    /// Whether there is nothing to evaluate.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Adds an account's records. Once per account, in any order.
    pub fn add(&mut self, result: &AccountResult) {
        for (check, records) in &mut self.checks {
            if let Some(recorded) = result.records.get(check.id) {
                records.add_stored(&result.account.id, recorded);
            }
        }
    }

    /// Puts verdicts in the place of an account's records. All accounts have been added.
    pub fn evaluate(&self, result: &mut AccountResult) {
        if result.records.is_empty() {
            return;
        }
        let context = self.settings.context(&result.account.id);
        for (check, records) in &self.checks {
            let Some(recorded) = result.records.remove(check.id) else {
                continue;
            };
            if let Some(evaluated) = records.evaluate_stored(&recorded, &context) {
                let verdict = target(check, TargetScope::Global, Verdict::from(Ok(evaluated)));
                result.verdicts.push(verdict);
            }
        }
        result.records.clear();
        in_order(&mut result.verdicts);
    }
}
