use super::*;

const MFA: &str = "iam-user-without-mfa";
const UNUSED: &str = "iam-credentials-unused";

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
                      mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
                      access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date\n";

/// A row of a user without MFA.
fn row(user: &str) -> String {
    let day = "2026-11-01T00:00:00+00:00";
    format!(
        "{user},arn:aws:iam::{ACCOUNT}:user/{user},{day},false,N/A,N/A,false,false,N/A,N/A,false,N/A,N/A\n"
    )
}

fn report(rows: &[&str]) -> String {
    let root = "<root_account>,arn:x,2026-01-01T00:00:00+00:00,not_supported,N/A,N/A,true,false,N/A,N/A,false,N/A,N/A\n";
    let csv = format!("{HEADER}{root}{}", rows.concat());
    format!(
        "<GetCredentialReportResponse><GetCredentialReportResult><Content>{}</Content>\
         <GeneratedTime>2026-11-14T23:00:00Z</GeneratedTime></GetCredentialReportResult></GetCredentialReportResponse>",
        aws_smithy_types::base64::encode(csv)
    )
}

fn summary(users: u32) -> String {
    let entry =
        |key: &str, value: u32| format!("<entry><key>{key}</key><value>{value}</value></entry>");
    format!(
        "<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap>{}{}{}</SummaryMap>\
         </GetAccountSummaryResult></GetAccountSummaryResponse>",
        entry("AccountAccessKeysPresent", 0),
        entry("AccountMFAEnabled", 1),
        entry("Users", users)
    )
}

fn listed(users: &[&str]) -> String {
    let users: String = users
        .iter()
        .map(|user| {
            format!(
                "<member><UserName>{user}</UserName><Arn>arn:aws:iam::{ACCOUNT}:user/{user}</Arn>\
                 <CreateDate>2026-01-01T00:00:00Z</CreateDate></member>"
            )
        })
        .collect();
    format!(
        "<ListUsersResponse><ListUsersResult><Users>{users}</Users><IsTruncated>false</IsTruncated>\
         </ListUsersResult></ListUsersResponse>"
    )
}

/// A user with an old key and no MFA device, as calls tell.
fn with_calls(account: FakeAccount, user: &str) -> FakeAccount {
    let list = |name: &str, items: &str| {
        format!(
            "<{name}Response><{name}Result>{items}<IsTruncated>false</IsTruncated></{name}Result></{name}Response>"
        )
    };
    let key = "<AccessKeyMetadata><member><AccessKeyId>AKIDEXAMPLE</AccessKeyId><Status>Active</Status>\
               <CreateDate>2026-01-01T00:00:00Z</CreateDate></member></AccessKeyMetadata>";
    account
        .refusing(&format!("GetLoginProfile {user}"), 404, "NoSuchEntity")
        .with(
            &format!("ListMFADevices {user}"),
            &list("ListMFADevices", "<MFADevices/>"),
        )
        .with(
            &format!("ListAccessKeys {user}"),
            &list("ListAccessKeys", key),
        )
}

/// An account whose summary counts so many users.
fn account(users: u32, rows: &[&str]) -> FakeAccount {
    let generate = "<GenerateCredentialReportResponse><GenerateCredentialReportResult><State>COMPLETE</State>\
                    </GenerateCredentialReportResult></GenerateCredentialReportResponse>";
    FakeAccount::default()
        .with("GenerateCredentialReport", generate)
        .with("GetCredentialReport", &report(rows))
        .with("GetAccountSummary", &summary(users))
}

#[tokio::test]
async fn users_that_the_report_lacks_are_read_one_by_one() {
    let account = account(3, &[&row("ann")]).with("ListUsers", &listed(&["ann", "eve", "zoe"]));
    let account = with_calls(with_calls(account, "eve"), "zoe");
    let [mfa, unused] = account.verdicts([MFA, UNUSED]).await;
    assert_eq!((mfa.resources_evaluated, mfa.violations.len()), (3, 3));
    assert_eq!(gaps(&mfa), []);
    assert!(mfa.notes[0].ends_with("; 2 users missing from it read with calls per user"));
    // Only the report tells when a key was used.
    let unread = [("eve", Cause::Malformed), ("zoe", Cause::Malformed)];
    assert_eq!(gaps(&unused), unread);
    assert_eq!(account.count("ListMFADevices"), 2);
}

#[tokio::test]
async fn a_user_that_cannot_be_read_one_by_one_is_a_gap_beside_the_others() {
    let account = account(3, &[&row("ann")]).with("ListUsers", &listed(&["ann", "eve", "zoe"]));
    let account = with_calls(with_calls(account, "eve"), "zoe");
    let account = account.refusing("ListMFADevices zoe", 403, "AccessDenied");
    let [verdict] = account.verdicts([MFA]).await;
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations.len()),
        (2, 2)
    );
    assert_eq!(gaps(&verdict), [("zoe", Cause::DeniedUnexplained)]);
}

#[tokio::test]
async fn a_short_report_without_a_list_is_a_gap_beside_its_users() {
    let account = account(3, &[&row("ann")]).refusing("ListUsers", 403, "AccessDenied");
    let [verdict] = account.verdicts([MFA]).await;
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations.len()),
        (1, 1)
    );
    assert_eq!(gaps(&verdict), [("", Cause::DeniedUnexplained)]);
    assert!(
        verdict.gaps[0]
            .detail
            .starts_with("the credential report has 1 of 3 users")
    );
}

#[tokio::test]
async fn without_a_summary_the_list_decides_whether_the_report_is_complete() {
    let account = account(0, &[&row("ann")])
        .refusing("GetAccountSummary", 403, "AccessDenied")
        .with("ListUsers", &listed(&["ann"]));
    let [verdict] = account.verdicts([MFA]).await;
    assert_eq!((verdict.resources_evaluated, gaps(&verdict).len()), (1, 0));
    let account = account.refusing("ListUsers", 403, "AccessDenied");
    let [verdict] = account.verdicts([MFA]).await;
    assert_eq!((verdict.resources_evaluated, gaps(&verdict).len()), (1, 1));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_read_with_calls() {
    let bad = row("eve").replace("false", "perhaps");
    let account = account(2, &[&row("ann"), &bad]).with("ListUsers", &listed(&["ann", "eve"]));
    let [verdict] = with_calls(account, "eve").verdicts([MFA]).await;
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations.len()),
        (2, 2)
    );
    assert_eq!(gaps(&verdict), []);
}

#[tokio::test]
async fn without_a_report_one_user_hides_no_other() {
    let account = FakeAccount::default()
        .refusing("GenerateCredentialReport", 403, "AccessDenied")
        .with("GetAccountSummary", &summary(3))
        .with("ListUsers", &listed(&["ann", "eve", "zoe"]));
    let account = ["ann", "eve", "zoe"].into_iter().fold(account, with_calls);
    let keys = account.answers["ListAccessKeys eve"]
        .1
        .replace("<CreateDate>2026-01-01T00:00:00Z</CreateDate>", "");
    let account = account.with("ListAccessKeys eve", &keys);
    let [verdict] = account.verdicts([MFA]).await;
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations.len()),
        (2, 2)
    );
    assert_eq!(gaps(&verdict), [("eve", Cause::Malformed)]);
}

#[tokio::test]
async fn a_field_that_iam_omits_is_no_default() {
    let without_date =
        listed(&["ann"]).replace("<CreateDate>2026-01-01T00:00:00Z</CreateDate>", "");
    let cut = listed(&["ann"]).replace("<IsTruncated>false", "<IsTruncated>true");
    for (list, gap) in [(without_date, "ann"), (cut, "")] {
        let account = FakeAccount::default()
            .refusing("GenerateCredentialReport", 403, "AccessDenied")
            .with("GetAccountSummary", &summary(1))
            .with("ListUsers", &list);
        let [verdict] = with_calls(account, "ann").verdicts([MFA]).await;
        assert_eq!(gaps(&verdict), [(gap, Cause::Malformed)]);
    }
}

#[tokio::test]
async fn a_user_that_is_deleted_meanwhile_is_skipped() {
    let account = account(3, &[&row("ann")]).with("ListUsers", &listed(&["ann", "eve", "zoe"]));
    let gone = [
        "GetLoginProfile eve",
        "ListMFADevices eve",
        "ListAccessKeys eve",
    ];
    let account = gone
        .into_iter()
        .fold(with_calls(account, "zoe"), |account, asked| {
            account.refusing(asked, 404, "NoSuchEntity")
        });
    let [verdict] = account.verdicts([MFA]).await;
    assert_eq!((verdict.resources_evaluated, gaps(&verdict).len()), (2, 0));
}
