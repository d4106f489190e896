//! What is made of answers that are cut, of lists without an end and of sessions of somebody else.

use orgscan_core::settings::Config;

use super::*;

const VOLUMES: &str = "<?xml version=\"1.0\"?>\n<DescribeVolumesResponse xmlns=\"http://ec2/\">\
    <requestId>1</requestId><volumeSet><item><volumeId>vol-1</volumeId><encrypted>false</encrypted>\
    <attachmentSet/></item><item><volumeId>vol-2</volumeId><encrypted>true</encrypted></item>\
    </volumeSet><nextToken>second</nextToken></DescribeVolumesResponse>";

#[tokio::test]
async fn an_answer_that_ends_after_any_element_is_unknown_and_never_a_shorter_list() {
    let ends = VOLUMES.match_indices('>').map(|(at, _)| at + 1);
    let ends: Vec<usize> = ends.filter(|end| *end < VOLUMES.len()).collect();
    assert!(ends.len() > 15);
    for end in ends {
        let cut = &VOLUMES[..end];
        let replay = Replay::of((0..9).map(|_| answer(200, cut)).collect());
        let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
        assert_eq!(gap.cause, Cause::Malformed, "{cut}");
        let expected = match cut.contains("<DescribeVolumesResponse") {
            true => "the answer ends before </DescribeVolumesResponse>",
            false => "the answer has no XML element",
        };
        assert_eq!(gap.detail, expected, "{cut}");
        assert_eq!(replay.sent().len(), 3);
    }
}

#[tokio::test]
async fn a_malformed_answer_is_tried_again_but_not_as_often_as_throttling() {
    let cut = || answer(200, &VOLUMES[..VOLUMES.len() - 30]);
    let again = Replay::of(vec![cut(), cut(), volumes(&["vol-1"], None)]);
    let facts = again.volumes().await;
    assert_eq!(facts.get::<Volumes>().unwrap().known.len(), 1);
    let throttled = || error(503, "RequestLimitExceeded", "Request limit exceeded.");
    for (events, sent) in [
        ((0..9).map(|_| cut()).collect::<Vec<_>>(), 3),
        ((0..9).map(|_| throttled()).collect(), 6),
    ] {
        let client = StaticReplayClient::new(events);
        let patient = RateLimits::new(RateLimitSettings {
            attempts: 6,
            ..settings()
        });
        let session = Sessions::own(&aws(&client), &patient, Deadline::never());
        let replay = Replay { client, session };
        assert!(replay.volumes().await.get::<Volumes>().is_err());
        assert_eq!(replay.sent().len(), sent);
    }
}

#[tokio::test]
async fn a_list_whose_tokens_go_in_a_circle_is_a_gap() {
    let page = |token: &str| volumes(&["vol-1"], Some(token));
    let replay = Replay::of(Vec::from(["a", "b", "c", "a", "b", "c"].map(page)));
    let gap = replay.volumes().await.get::<Volumes>().unwrap_err();
    assert_eq!(gap.cause, Cause::Malformed);
    assert!(gap.detail.contains("page 4 of the list"), "{}", gap.detail);
    assert_eq!(replay.sent().len(), 4);
}

/// An answer to AssumeRole with a session of this ARN, or without one.
fn session_of(arn: Option<&str>, token: &str) -> ReplayEvent {
    let user = arn.map_or(String::new(), |arn| {
        format!(
            "<AssumedRoleUser><AssumedRoleId>A:x</AssumedRoleId><Arn>{arn}</Arn></AssumedRoleUser>"
        )
    });
    answer(
        200,
        &format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>\
             <SecretAccessKey>secret</SecretAccessKey><SessionToken>{token}</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>{user}</AssumeRoleResult>\
             </AssumeRoleResponse>"
        ),
    )
}

/// What opening a session in 222233334444 comes to.
async fn opened(answer: impl Fn() -> ReplayEvent) -> Result<(), (Cause, String)> {
    let client = StaticReplayClient::new(vec![answer(), answer(), answer()]);
    let role = orgscan_core::settings::RoleConfig {
        path: "/security/".to_owned(),
        name: "OrgScanMember".to_owned(),
        ..Config::default().role
    };
    let sessions = Sessions::new(
        Arc::new(aws(&client)),
        rate_limits(),
        Deadline::never(),
        &role,
        "x",
    );
    let opened = sessions.open(&"222233334444".parse().unwrap()).await;
    opened
        .map(drop)
        .map_err(|failure| (failure.cause, failure.detail))
}

#[tokio::test]
async fn a_session_of_another_account_or_role_is_refused() {
    let own = "arn:aws:sts::222233334444:assumed-role/OrgScanMember/orgscan-x";
    assert_eq!(opened(|| session_of(Some(own), "t")).await, Ok(()));
    for other in [
        "arn:aws:sts::111122223333:assumed-role/OrgScanMember/orgscan-x",
        "arn:aws:sts::222233334444:assumed-role/Admin/orgscan-x",
        "arn:aws:sts::222233334444:assumed-role/OrgScanMember2/orgscan-x",
        "arn:aws-cn:sts::222233334444:assumed-role/OrgScanMember/orgscan-x",
    ] {
        let (cause, detail) = opened(|| session_of(Some(other), "t")).await.unwrap_err();
        assert_eq!(cause, Cause::UnexpectedRole, "{other}");
        assert!(detail.contains(other), "{detail}");
        assert!(
            detail.contains("222233334444:role/security/OrgScanMember"),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn a_session_without_an_account_or_a_key_is_malformed() {
    let own = Some("arn:aws:sts::222233334444:assumed-role/OrgScanMember/orgscan-x");
    let role = Some("arn:aws:iam::222233334444:role/OrgScanMember");
    let cases = [
        (None, "t", "lacks AssumedRoleUser"),
        (Some(""), "t", "is not the ARN of a session"),
        (role, "t", "is not the ARN of a session"),
        (
            own,
            "a&#10;b",
            "session token of the credentials from AssumeRole",
        ),
        (own, "", "is empty"),
    ];
    for (arn, token, expected) in cases {
        let (cause, detail) = opened(|| session_of(arn, token)).await.unwrap_err();
        assert_eq!(cause, Cause::Malformed, "{detail}");
        assert!(detail.contains(expected), "{detail}");
    }
}
