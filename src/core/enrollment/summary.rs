//! The enrollment in one line, for alerts and summaries. Pure.

use crate::model::{Enrollment, StackSet};
use crate::text::{count, number};

/// How many accounts there are to fix, by state, and whether the stack set could not be asked. None
/// where everything is in order.
///
/// `3 of 60 accounts are not enrolled: 1 no stack instance, 2 role drifted`
pub fn summarize(enrollment: &Enrollment) -> Option<String> {
    let mut parts = Vec::new();
    let open = enrollment.open().count() as u64;
    if open > 0 {
        let states = enrollment.by_state().into_iter();
        let states: Vec<String> = states
            .filter(|(state, _)| state.is_open())
            .map(|(state, n)| format!("{} {}", number(n), state.describe()))
            .collect();
        let all = count(enrollment.accounts.len() as u64, "account");
        parts.push(format!(
            "{} of {all} not enrolled: {}",
            number(open),
            states.join(", ")
        ));
    }
    if let StackSet::Unreadable { name, gap } = &enrollment.stack_set {
        parts.push(format!("the stack set {name} could not be read, {gap}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(test)]
mod tests {
    use crate::model::{Cause, Gap, StackSetFacts};
    use crate::testing::{account, id};

    use super::*;
    use crate::enrollment::{AccessAttempt, OrganizationAccounts, enrollment};

    #[test]
    fn only_problems_are_summarized() {
        let organization = OrganizationAccounts {
            management_account: id(1),
            central_account: id(1),
        };
        let (one, two) = (account(1, "one", "").into(), account(2, "two", "").into());
        let opened = || AccessAttempt::Opened {
            lacking: Vec::new(),
            note: String::new(),
        };
        let denied = |action| Gap::new(action, Cause::MissingPermission);
        let mut facts = StackSetFacts::default();
        let fine = [(&one, opened()), (&two, opened())];
        assert_eq!(
            summarize(&enrollment(&facts, &organization, fine.into_iter())),
            None
        );
        facts.stack_set = StackSet::Unreadable {
            name: "roles".into(),
            gap: denied("cloudformation:DescribeStackSet"),
        };
        let refused = AccessAttempt::Refused(denied("sts:AssumeRole"));
        let one_refused = [(&one, opened()), (&two, refused)];
        assert_eq!(
            summarize(&enrollment(&facts, &organization, one_refused.into_iter())).unwrap(),
            "1 of 2 accounts not enrolled: 1 role not assumable; the stack set roles could not be read, \
             cloudformation:DescribeStackSet: the role lacks the permission"
        );
    }
}
