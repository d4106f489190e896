//! Paging, denial and throttling, answer by answer, with the SDK's own replay client.

mod accounts;
mod answers;
mod regions;

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use orgscan_aws::assume::{Session, Sessions};
use orgscan_aws::collect::RegionScope;
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{AwsContext, Caller, checked};
use orgscan_core::facts::FactStore;
use orgscan_core::model::{Cause, Owner, Region, TargetScope};
use orgscan_core::services::ec2::{Instances, PrefixList, SecurityGroups, Volumes};
use orgscan_core::services::needs_of;

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
fn aws(client: &StaticReplayClient) -> AwsContext {
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
        arn: "arn:aws:iam::111122223333:user/test".into(),
        partition: "aws".to_owned(),
    };
    AwsContext::new(
        config,
        None,
        caller,
        Region::new("us-east-1"),
        Arc::default(),
    )
}

fn rate_limits() -> Arc<RateLimits> {
    RateLimits::new(settings())
}

fn settings() -> RateLimitSettings {
    RateLimitSettings {
        api_share: 1.0,
        central_share: 1.0,
        requests_in_flight: 8,
        attempts: 3,
        attempt_timeout: Duration::from_secs(300),
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
        let session = Sessions::own(&aws(&client), &rate_limits(), deadline);
        Self { client, session }
    }

    async fn volumes(&self) -> FactStore {
        self.volumes_in(REGION).await
    }

    async fn volumes_in(&self, region: &str) -> FactStore {
        let check = orgscan_core::services::by_id("ebs-volume-unencrypted").unwrap();
        RegionScope::collect(&self.session, &Region::new(region), &needs_of(&[check])).await
    }

    fn sent(&self) -> Vec<String> {
        self.client
            .actual_requests()
            .map(|request| String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap())
            .collect()
    }

    fn counted(&self) -> (u64, u64) {
        self.session.requests()[&TargetScope::Region(Region::new(REGION))]
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
async fn a_volume_without_an_encryption_state_is_a_gap_and_hides_no_other() {
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
async fn groups_of_other_accounts_and_unshared_prefix_lists_are_distinguished() {
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
    let check = orgscan_core::services::by_id("security-group-open-to-world").unwrap();
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
    assert_eq!(
        (gap.cause, &*gap.resource),
        (Cause::OwnedByOtherAccount, "pl-1")
    );
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

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    let replay = Replay::until(vec![], Deadline::after(Duration::ZERO));
    let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
    assert_eq!(gap.cause, Cause::DeadlineExceeded);
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
