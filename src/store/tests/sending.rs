//! What is sent to S3.

use orgscan_aws::s3_client;
use orgscan_aws::testing::RecordingClient;

use super::*;
use crate::Content;

/// A folder in S3 of which every request ends on this wire.
fn folder_on(wire: &RecordingClient, kms_key_id: Option<&str>) -> Remote {
    let bucket = FakeBucket::default();
    let sdk = bucket.sdk().into_builder().http_client(wire.client());
    Remote {
        s3: s3_client(&sdk.build()),
        kms_key_id: kms_key_id.map(str::to_owned),
        ..crate::testing::folder_in(&bucket, "a/")
    }
}

#[tokio::test]
async fn objects_are_encrypted_and_have_a_checksum() {
    let (wire, folder) = (RecordingClient::default(), tempfile::tempdir().unwrap());
    let path = folder.path().join("findings.csv");
    let content = Content::File(&path, "text/csv; charset=utf-8");
    let send = async |remote: Remote| remote.send(&remote.api_caller, "key", content).await;
    assert!(send(folder_on(&wire, None)).await.is_err());
    assert_eq!(wire.sent().len(), 0, "there is no such file");
    fs::write(&path, "account\n").unwrap();
    // The wire's answers have no ETag, so these fail, once they are sent.
    assert!(send(folder_on(&wire, None)).await.is_err());
    assert!(send(folder_on(&wire, Some("alias/audit"))).await.is_err());
    let sent = wire.sent();
    let header = |n: usize, name| sent[n].headers().get(name);
    assert_eq!(header(0, "x-amz-server-side-encryption"), Some("AES256"));
    assert_eq!(header(0, "content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(header(0, "x-amz-trailer"), Some("x-amz-checksum-sha256"));
    assert_eq!(header(1, "x-amz-server-side-encryption"), Some("aws:kms"));
    assert_eq!(
        header(1, "x-amz-server-side-encryption-aws-kms-key-id"),
        Some("alias/audit")
    );
    assert!(sent[0].uri().contains("/a/key"));
}
