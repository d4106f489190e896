//! Which accounts there are.

use orgscan_aws::discover::{DiscoverError, Discovery, DiscoveryResult, discover};
use orgscan_core::settings::{AccountDetails, Config};

use super::*;

async fn discovered(client: &StaticReplayClient) -> Result<DiscoveryResult, DiscoverError> {
    let discovery = Discovery {
        aws: &aws(client),
        rate_limits: &rate_limits(),
        deadline: Deadline::never(),
        config: &Config::default(),
        own_account: false,
        account_details: &AccountDetails::default(),
        organization: Arc::default(),
    };
    discover(&discovery, &|_| {}).await
}

#[tokio::test]
async fn an_account_without_an_organization_is_scanned_alone() {
    let none = answer(
        400,
        r#"{"__type":"AWSOrganizationsNotInUseException","Message":"Your account is not a member of an organization."}"#,
    );
    let aliases = answer(
        200,
        "<ListAccountAliasesResponse><ListAccountAliasesResult><AccountAliases><member>shop</member></AccountAliases>\
         <IsTruncated>false</IsTruncated></ListAccountAliasesResult></ListAccountAliasesResponse>",
    );
    let client = StaticReplayClient::new(vec![none, aliases]);
    let found = discovered(&client).await.unwrap();
    assert_eq!(found.plan.organization, None);
    assert_eq!(found.plan.accounts.len(), 1);
    let scanned: Vec<_> = found.plan.to_scan().map(|one| &one.name).collect();
    assert_eq!(scanned, ["shop"]);
    assert_eq!(found.notes.len(), 1);
    assert!(found.notes[0].contains("not in an organization"));
}

#[tokio::test]
async fn a_member_that_may_not_list_accounts_gets_a_fix() {
    let answer = answer(
        400,
        r#"{"__type":"AccessDeniedException","Message":"You don't have permissions to access this resource."}"#,
    );
    let client = StaticReplayClient::new(vec![answer]);
    let error = discovered(&client).await.unwrap_err().to_string();
    assert!(
        error.contains("delegated") && error.contains("--account self"),
        "{error}"
    );
}

#[tokio::test]
async fn an_empty_page_of_accounts_with_a_token_does_not_end_the_list() {
    let accounts = |ids: &[&str], next: Option<&str>| {
        let accounts: Vec<_> = ids
            .iter()
            .map(|id| serde_json::json!({"Id": id, "Name": id, "State": "ACTIVE"}))
            .collect();
        answer(
            200,
            &serde_json::json!({"Accounts": accounts, "NextToken": next}).to_string(),
        )
    };
    let organization = r#"{"Organization":{"Id":"o-abc","MasterAccountId":"111122223333"}}"#;
    // The tree of OUs is denied, so the list of accounts is all that is left to ask for.
    let denied = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    let client = StaticReplayClient::new(vec![
        answer(200, organization),
        accounts(&["111122223333"], Some("second")),
        accounts(&[], Some("third")),
        accounts(&["222233334444"], None),
        answer(400, denied),
    ]);
    let found = discovered(&client).await.unwrap();
    assert_eq!(found.plan.to_scan().count(), 2);
    assert!(found.notes[0].contains("OUs"), "{:?}", found.notes);
}
