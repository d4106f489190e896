//! Links into the page, for messages and dashboards. docs/report.md has their form.

use orgscan_core::model::AccountId;

/// The view of one account, relative to the run's folder: `index.html#/account/111122223333`.
pub fn account(account: &AccountId) -> String {
    format!("{}#/account/{account}", super::NAME)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_link_leads_to_one_account() {
        let id = "111122223333".parse().unwrap();
        assert_eq!(super::account(&id), "index.html#/account/111122223333");
    }
}
