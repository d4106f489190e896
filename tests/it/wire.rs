//! Paging, denial and throttling, answer by answer, with the SDK's own replay client.

mod answers;

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use orgscan::assume::{Session, Sessions};
use orgscan::aws::{Aws, Caller, Failure, checked};
use orgscan::collect::{RegionScope, account_regions};
use orgscan::discover::discover;
use orgscan::pace::{Deadline, PaceSettings, Pacer};
use orgscan_core::checks::needs_of;
use orgscan_core::facts::FactStore;
use orgscan_core::model::{
    Cause, Instances, Owner, Place, PrefixList, Region, SecurityGroups, Volumes,
};
use orgscan_core::settings::{Config, Wanted};

const REGION: &str = "eu-west-1";

fn answer(status: u16, body: &str) -> ReplayEvent {
    let request = http::Request::new(SdkBody::empty());
    let response = http::Response::builder().status(status);
    ReplayEvent::new(request, response.body(SdkBody::from(body)).unwrap())
}

fn volumes(ids: &[&str], next: Option<&str>) -> ReplayEvent {
    let items: String = ids
        .iter()
        .map(|id| format!("<item><volumeId>{id}</volumeId><encrypted>false</encrypted></item>"))
        .collect();
    let next = next.map_or(String::new(), |token| {
        format!("<nextToken>{token}</nextToken>")
    });
    answer(
        200,
        &format!(
            "<DescribeVolumesResponse><volumeSet>{items}</volumeSet>{next}</DescribeVolumesResponse>"
        ),
    )
}

fn error(status: u16, code: &str, message: &str) -> ReplayEvent {
    answer(
        status,
        &format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>\
             <RequestID>1</RequestID></Response>"
        ),
    )
}

/// A caller whose every request is answered by the next of these events.
fn aws(client: &StaticReplayClient) -> Aws {
    let credentials = Credentials::new("id", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(checked(client.clone()))
        .region(aws_config::Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    let caller = Caller {
        account: "111122223333".parse().unwrap(),
        arn: "arn:aws:iam::111122223333:user/test".to_owned(),
        partition: "aws".to_owned(),
    };
    Aws::new(
        config,
        None,
        caller,
        Region::new("us-east-1"),
        Arc::default(),
    )
}

fn pacer() -> Arc<Pacer> {
    Pacer::new(settings())
}

fn settings() -> PaceSettings {
    PaceSettings {
        api_share: 1.0,
        central_share: 1.0,
        requests_in_flight: 8,
        attempts: 3,
        attempt_timeout: Duration::from_secs(5),
    }
}

struct Replay {
    client: StaticReplayClient,
    session: Session,
}

impl Replay {
    fn of(events: Vec<ReplayEvent>) -> Self {
        Self::until(events, Deadline::never())
    }

    fn until(events: Vec<ReplayEvent>, deadline: Deadline) -> Self {
        let client = StaticReplayClient::new(events);
        let session = Sessions::own(&aws(&client), &pacer(), deadline);
        Self { client, session }
    }

    async fn volumes(&self) -> FactStore {
        self.volumes_in(REGION).await
    }

    async fn volumes_in(&self, region: &str) -> FactStore {
        let check = orgscan_core::checks::by_id("ebs-volume-unencrypted").unwrap();
        RegionScope::collect(&self.session, &Region::new(region), &needs_of(&[check])).await
    }

    fn sent(&self) -> Vec<String> {
        self.client
            .actual_requests()
            .map(|request| String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap())
            .collect()
    }

    fn counted(&self) -> (u64, u64) {
        self.session.requests()[&Place::Region(Region::new(REGION))]
    }
}

#[tokio::test]
async fn every_page_is_read_an_empty_one_in_the_middle_included() {
    let replay = Replay::of(vec![
        volumes(&["vol-1", "vol-2"], Some("second")),
        volumes(&[], Some("third")),
        volumes(&["vol-3"], None),
    ]);
    let facts = replay.volumes().await;
    let ids: Vec<_> = facts
        .get::<Volumes>()
        .unwrap()
        .iter()
        .map(|volume| volume.id.as_str())
        .collect();
    assert_eq!(ids, ["vol-1", "vol-2", "vol-3"]);
    let sent = replay.sent();
    assert_eq!(sent.len(), 3);
    for request in &sent {
        assert!(request.contains("MaxResults=500"), "{request}");
        assert!(
            request.contains("IncludeManagedResources=true"),
            "{request}"
        );
    }
    assert!(sent[1].contains("NextToken=second"), "{}", sent[1]);
    assert!(sent[2].contains("NextToken=third"), "{}", sent[2]);
}

#[tokio::test]
async fn a_denied_page_makes_the_whole_fact_a_gap_and_is_not_tried_again() {
    let text = "User: arn:aws:sts::1:assumed-role/OrgScanMember/x is not authorized to perform: \
                ec2:DescribeVolumes with an explicit deny in a service control policy";
    let replay = Replay::of(vec![
        volumes(&["vol-1"], Some("second")),
        error(403, "UnauthorizedOperation", text),
    ]);
    let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
    assert_eq!(gap.cause, Cause::DeniedByScp);
    assert_eq!(gap.action, "ec2:DescribeVolumes");
    assert!(gap.detail.starts_with("UnauthorizedOperation: User:"));
    assert_eq!(replay.sent().len(), 2);
}

#[tokio::test]
async fn a_throttled_request_is_tried_again_and_counted() {
    let throttled = || error(503, "RequestLimitExceeded", "Request limit exceeded.");
    let replay = Replay::of(vec![throttled(), throttled(), volumes(&["vol-1"], None)]);
    let facts = replay.volumes().await;
    assert_eq!(facts.get::<Volumes>().unwrap().known.len(), 1);
    assert_eq!(replay.counted(), (3, 2));
}

#[tokio::test]
async fn throttling_without_end_is_a_gap_after_the_configured_attempts() {
    let throttled = || error(503, "RequestLimitExceeded", "Request limit exceeded.");
    let replay = Replay::of((0..9).map(|_| throttled()).collect());
    let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
    assert_eq!(gap.cause, Cause::Throttled);
    assert_eq!(replay.sent().len(), 3);
}

#[tokio::test]
async fn a_server_error_in_html_is_tried_again() {
    let replay = Replay::of(vec![
        answer(500, "<html>oops</html>"),
        volumes(&["vol-1"], None),
    ]);
    assert_eq!(
        replay.volumes().await.get::<Volumes>().unwrap().known.len(),
        1
    );
}

#[tokio::test]
async fn a_truncated_answer_is_malformed_and_never_an_empty_list() {
    let cut = || {
        answer(
            200,
            "<DescribeVolumesResponse><volumeSet><item><volumeId>vol",
        )
    };
    let replay = Replay::of((0..9).map(|_| cut()).collect());
    let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
    assert_eq!(gap.cause, Cause::Malformed);
}

#[tokio::test]
async fn a_volume_that_does_not_say_whether_it_is_encrypted_is_a_gap_and_hides_no_other() {
    let replay = Replay::of(vec![answer(
        200,
        "<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId></item>\
         <item><volumeId>vol-2</volumeId><encrypted>false</encrypted></item></volumeSet>\
         </DescribeVolumesResponse>",
    )]);
    let facts = replay.volumes().await;
    let volumes = facts.get::<Volumes>().unwrap();
    assert_eq!(volumes.known[0].id, "vol-2");
    let gap = &volumes.gaps[0];
    assert_eq!((gap.cause, &*gap.resource), (Cause::Malformed, "vol-1"));
    assert!(gap.detail.contains("encrypted"));
}

/// What AWS answers where a Region is off, and in other cases too.
const REJECTIONS: [(u16, &str); 5] = [
    (401, "AuthFailure"),
    (401, "OptInRequired"),
    (403, "InvalidClientTokenId"),
    (400, "UnrecognizedClientException"),
    (400, "InvalidToken"),
];

#[tokio::test]
async fn groups_of_other_accounts_and_prefix_lists_that_they_do_not_share_are_told_apart() {
    let group = |id: &str, owner: &str, rule: &str| {
        format!(
            "<item><groupId>{id}</groupId><groupName>web</groupName>{owner}<ipPermissions><item>\
             <ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>{rule}</item>\
             </ipPermissions></item>"
        )
    };
    let other = "<ownerId>444455556666</ownerId>";
    let list = "<prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds>";
    let any = "<ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges>";
    let groups = group("sg-1", other, list) + &group("sg-2", "", any);
    let groups = format!(
        "<DescribeSecurityGroupsResponse><securityGroupInfo>{groups}</securityGroupInfo>\
         </DescribeSecurityGroupsResponse>"
    );
    let text = "The prefix list ID 'pl-1' does not exist";
    let replay = Replay::of(vec![
        answer(200, &groups),
        error(400, "InvalidPrefixListID.NotFound", text),
    ]);
    let check = orgscan_core::checks::by_id("security-group-open-to-world").unwrap();
    let facts =
        RegionScope::collect(&replay.session, &Region::new(REGION), &needs_of(&[check])).await;
    let groups = facts.get::<SecurityGroups>().unwrap();
    assert_eq!(groups.known[0].owner, Owner::Other("444455556666".into()));
    let Owner::Unknown(gap) = &groups.known[1].owner else {
        panic!("{groups:?}")
    };
    assert_eq!(
        (&*gap.resource, &*gap.detail),
        ("sg-2", "the answer lacks ownerId")
    );
    assert_eq!(groups.known[1].ingress.known.len(), 1);
    let gap = facts.of::<PrefixList>("pl-1").unwrap_err();
    assert_eq!((gap.cause, &*gap.resource), (Cause::OtherAccount, "pl-1"));
}

#[tokio::test]
async fn rejected_credentials_prove_nothing_about_a_region() {
    for (status, code) in REJECTIONS {
        for (region, is_opt_in) in [("eu-west-1", false), ("eu-south-1", true)] {
            let replay = Replay::of(vec![error(status, code, "rejected")]);
            let gap = replay
                .volumes_in(region)
                .await
                .get::<Volumes>()
                .unwrap_err();
            assert_eq!(gap.cause, Cause::CredentialsRejected, "{code} {region}");
            assert!(gap.detail.starts_with(&format!("{code}: rejected")));
            assert_eq!(gap.detail.contains("global endpoint"), is_opt_in, "{gap:?}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_a_cause_of_its_own() {
    let expired = "Signature expired: 20261122T000000Z is now earlier than 20261122T001000Z";
    for (status, code, text) in [
        (403, "RequestTimeTooSkewed", "The difference is too large."),
        (400, "RequestExpired", "Request has expired."),
        (403, "SignatureDoesNotMatch", expired),
    ] {
        let replay = Replay::of(vec![error(status, code, text)]);
        let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
        assert_eq!(gap.cause, Cause::ClockSkew, "{code}");
    }
}

fn described(regions: &[(&str, &str)]) -> ReplayEvent {
    let items = regions.iter().map(|(name, status)| {
        format!("<item><regionName>{name}</regionName><optInStatus>{status}</optInStatus></item>")
    });
    let items: String = items.collect();
    answer(
        200,
        &format!(
            "<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
        ),
    )
}

fn listed(regions: &[(&str, &str)], next: Option<&str>) -> ReplayEvent {
    let regions = regions
        .iter()
        .map(|(name, status)| serde_json::json!({"RegionName": name, "RegionOptStatus": status}));
    let regions: Vec<_> = regions.collect();
    let body = serde_json::json!({"Regions": regions, "NextToken": next});
    answer(200, &body.to_string())
}

/// The Regions that are on, and those that are off.
async fn regions_of(events: Vec<ReplayEvent>) -> Result<(Vec<String>, Vec<String>), Failure> {
    let replay = Replay::of(events);
    let regions = account_regions(&replay.session).await?.enabled;
    let (on, off): (Vec<_>, Vec<_>) = regions.into_iter().partition(|(_, on)| *on);
    let names = |list: Vec<(Region, bool)>| list.into_iter().map(|(name, _)| name.into()).collect();
    Ok((names(on), names(off)))
}

#[tokio::test]
async fn a_region_is_off_only_where_an_answer_says_so() {
    let some = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let answer = described(&[
        ("eu-west-1", "not-opted-in"),
        ("eu-south-1", "not-opted-in"),
        ("eu-south-2", "opted-in"),
        ("us-east-1", "opt-in-not-required"),
    ]);
    let (on, off) = regions_of(vec![answer]).await.unwrap();
    assert_eq!(on, some(&["eu-south-2", "eu-west-1", "us-east-1"]));
    assert_eq!(off, some(&["eu-south-1"]));

    let denied = || {
        error(
            403,
            "UnauthorizedOperation",
            "with an explicit deny in a service control policy",
        )
    };
    let pages = vec![
        denied(),
        listed(
            &[("eu-west-1", "DISABLED"), ("af-south-1", "DISABLED")],
            Some("more"),
        ),
        listed(
            &[
                ("eu-south-1", "ENABLING"),
                ("eu-south-2", "DISABLING"),
                ("ap-east-1", "ENABLED"),
            ],
            None,
        ),
    ];
    let (on, off) = regions_of(pages).await.unwrap();
    assert_eq!(
        on,
        some(&["ap-east-1", "eu-south-1", "eu-south-2", "eu-west-1"])
    );
    assert_eq!(off, some(&["af-south-1"]));

    let both = vec![denied(), answer_denied()];
    let failure = regions_of(both).await.unwrap_err();
    assert_eq!(failure.cause, Cause::DeniedByScp);
    assert!(failure.detail.contains("account:ListRegions"), "{failure}");
    // Where no request can succeed, none follows.
    let failure = regions_of(vec![error(401, "AuthFailure", "no")])
        .await
        .unwrap_err();
    assert_eq!(failure.cause, Cause::CredentialsRejected);
}

fn answer_denied() -> ReplayEvent {
    answer(403, r#"{"__type":"AccessDeniedException","message":"no"}"#)
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let replay = Replay::until(vec![], Deadline::after(Duration::ZERO));
    let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
    assert_eq!(gap.cause, Cause::Deadline);
    assert!(replay.sent().is_empty());
}

#[tokio::test]
async fn what_no_selected_check_needs_is_not_collected() {
    let replay = Replay::of(vec![volumes(&[], None)]);
    let facts = replay.volumes().await;
    let gaps = [
        facts.get::<Instances>().unwrap_err(),
        facts.get::<SecurityGroups>().unwrap_err(),
    ];
    assert!(gaps.iter().all(|gap| gap.cause == Cause::NotCollected));
    assert_eq!(replay.sent().len(), 1);
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
    let config = Config::default();
    let found = discover(
        &aws(&client),
        &pacer(),
        Deadline::never(),
        &config,
        false,
        &Wanted::default(),
        &|_| {},
    )
    .await
    .unwrap();
    assert_eq!(found.plan.organization, None);
    assert_eq!(found.plan.accounts.len(), 1);
    let scanned: Vec<_> = found.plan.to_scan().map(|one| &one.name).collect();
    assert_eq!(scanned, ["shop"]);
    assert_eq!(found.notes.len(), 1);
    assert!(found.notes[0].contains("no organization"));
}

#[tokio::test]
async fn a_member_that_may_not_list_accounts_is_told_what_to_do() {
    let answer = answer(
        400,
        r#"{"__type":"AccessDeniedException","Message":"You don't have permissions to access this resource."}"#,
    );
    let client = StaticReplayClient::new(vec![answer]);
    let config = Config::default();
    let error = discover(
        &aws(&client),
        &pacer(),
        Deadline::never(),
        &config,
        false,
        &Wanted::default(),
        &|_| {},
    )
    .await
    .unwrap_err()
    .to_string();
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
    let config = Config::default();
    let found = discover(
        &aws(&client),
        &pacer(),
        Deadline::never(),
        &config,
        false,
        &Wanted::default(),
        &|_| {},
    )
    .await
    .unwrap();
    assert_eq!(found.plan.to_scan().count(), 2);
    assert!(found.notes[0].contains("OUs"), "{:?}", found.notes);
}
