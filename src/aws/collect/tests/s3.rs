use super::*;

const LOGGING: &str = "s3-bucket-logging-off";
const PUBLIC: &str = "s3-bucket-public";

fn list(buckets: &[&str]) -> String {
    let buckets: String = buckets
        .iter()
        .map(|name| format!("<Bucket>{name}<BucketRegion>us-east-1</BucketRegion></Bucket>"))
        .collect();
    format!("<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>")
}

fn account(buckets: &[&str]) -> Account {
    let list = list(buckets);
    Account::default().with("GET /?max-buckets=1000", &list)
}

fn named(name: &str) -> String {
    format!("<Name>{name}</Name>")
}

const BLOCK: &str = "<PublicAccessBlockConfiguration><BlockPublicAcls>false</BlockPublicAcls>\
                     <IgnorePublicAcls>false</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy>\
                     <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";

const TO_ALL: &str = "<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\">\
                      <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>\
                      <Permission>READ</Permission></Grant>";

fn acl(grants: &str) -> String {
    format!(
        "<AccessControlPolicy><Owner><ID>1</ID></Owner><AccessControlList>{grants}</AccessControlList>\
         </AccessControlPolicy>"
    )
}

#[tokio::test]
async fn a_bucket_without_a_name_hides_no_other_and_gaps_name_bucket_and_region() {
    let account = account(&["", &named("logs"), &named("data")])
        .with("GET /logs/?logging", "<BucketLoggingStatus/>")
        .refusing("GET /data/?logging", 403, "AccessDenied");
    let [verdict] = account.verdicts([LOGGING]).await;
    assert_eq!((verdict.examined, verdict.violations.len()), (1, 1));
    let expected = [("", Cause::Malformed), ("data", Cause::DeniedUnexplained)];
    assert_eq!(gaps(&verdict), expected);
    assert_eq!(verdict.gaps[1].region, Some(Region::new("us-east-1")));
    assert_eq!(verdict.gaps[1].action, "s3:GetBucketLogging");
}

#[tokio::test]
async fn a_grant_that_cannot_be_read_hides_no_public_one() {
    let block = BLOCK.replace("RestrictPublicBuckets>true", "RestrictPublicBuckets>false");
    let nobody = "<Grant><Permission>READ</Permission></Grant>";
    let of = |grants: String| {
        account(&[&named("logs")])
            .with("GET /v20180820/configuration/publicAccessBlock?", &block)
            .with("GET /logs/?publicAccessBlock", BLOCK)
            .with("GET /logs/?acl", &acl(&grants))
    };
    let [verdict] = of(format!("{nobody}{TO_ALL}")).verdicts([PUBLIC]).await;
    assert_eq!(verdict.violations.len(), 1);
    assert_eq!(gaps(&verdict), [("logs", Cause::Malformed)]);
    let [verdict] = of(nobody.to_owned()).verdicts([PUBLIC]).await;
    assert_eq!((verdict.violations.len(), gaps(&verdict).len()), (0, 1));
    let [verdict] = of(TO_ALL.replace("AllUsers", "LogDelivery"))
        .verdicts([PUBLIC])
        .await;
    assert_eq!((verdict.violations.len(), gaps(&verdict).len()), (0, 0));
}

#[tokio::test]
async fn what_s3_leaves_out_is_no_default() {
    let bucket = || account(&[&named("logs")]);
    for (check, asked, body) in [
        (
            "s3-bucket-logging-off",
            "logging",
            "<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>",
        ),
        (
            "s3-bucket-encryption-type",
            "encryption",
            "<ServerSideEncryptionConfiguration/>",
        ),
        (
            "s3-bucket-encryption-type",
            "encryption",
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>new\
             </SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
        ),
    ] {
        let account = bucket().with(&format!("GET /logs/?{asked}"), body);
        let [verdict] = account.verdicts([check]).await;
        assert_eq!(verdict.violations, [], "{body}");
        assert_eq!(gaps(&verdict), [("logs", Cause::Malformed)], "{body}");
    }
    let account = "GET /v20180820/configuration/publicAccessBlock?";
    for setting in ["BlockPublicAcls", "RestrictPublicBuckets"] {
        let element = BLOCK.find(&format!("<{setting}>")).unwrap();
        let end = BLOCK.find(&format!("</{setting}>")).unwrap() + setting.len() + 3;
        let block = format!("{}{}", &BLOCK[..element], &BLOCK[end..]);
        let account = Account::default().with(account, &block);
        let [verdict] = account
            .verdicts(["s3-account-public-access-block-off"])
            .await;
        assert_eq!(gaps(&verdict), [("", Cause::Malformed)], "{setting}");
    }
}
