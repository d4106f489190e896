//! Brings a fresh emulator into the state that it would reach during a scan.

use orgscan_core::partition::PARTITIONS;

use crate::judged::emulator::Emulator;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request};

use super::clean::text_of;
use crate::forward::forward;

/// Makes moto create every Region's default VPC, which it does at the first call there. In a scan
/// that would be whatever order requests come by, and the ids come from one seeded sequence.
pub(super) async fn settle(emulator: &Emulator) {
    let host = emulator.url.strip_prefix("http://").unwrap();
    let mut accounts: Vec<_> = emulator.inventory.accounts.values().collect();
    accounts.sort_by_key(|account| &account.id);
    for account in accounts {
        let assume = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=settle\
             &RoleArn=arn:aws:iam::{}:role/OrgScanMember",
            account.id
        );
        let answer = ask(host, "management", ("us-east-1", "sts"), assume).await;
        // An account that cannot be entered has no call during a scan either.
        let Some(key) = text_of(&answer, "AccessKeyId") else {
            continue;
        };
        for region in PARTITIONS[0].default_regions {
            let describe = "Action=DescribeVpcs&Version=2016-11-15".to_owned();
            ask(host, key, (region, "ec2"), describe).await;
        }
    }
}

/// A request of the query protocol. The emulator evaluates only the credential scope.
async fn ask(host: &str, key: &str, (region, service): (&str, &str), form: String) -> String {
    let scope = format!("Credential={key}/20260115/{region}/{service}/aws4_request");
    let request = Request::builder()
        .method(Method::POST)
        .uri("/")
        .header(HOST, host)
        .header(AUTHORIZATION, format!("AWS4-HMAC-SHA256 {scope}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(form))
        .unwrap();
    let answer = forward(host, &request).await.unwrap();
    String::from_utf8_lossy(answer.body()).into_owned()
}
