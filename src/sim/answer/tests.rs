use jiff::Timestamp;

use super::*;
use crate::ids::Owner;
use crate::recording::Parameters;

const ACCOUNT: &str = "111122223333";
const CLOCK: Timestamp = Timestamp::UNIX_EPOCH;

fn exchange(service: &str, operation: &str, body: &str) -> Exchange {
    Exchange {
        account: ACCOUNT.into(),
        region: "eu-west-1".into(),
        service: service.into(),
        operation: operation.into(),
        parameters: Parameters::new(),
        status: 200,
        content_type: "text/xml".into(),
        body: body.into(),
    }
}

/// An answer of an account that has the bucket `data`.
fn answer(exchange: &Exchange, ids: &mut Ids) -> Result<Answer, AnswerError> {
    let bucket = (ACCOUNT.to_owned(), "data".to_owned());
    let homes = BucketRegions::from([(bucket, "eu-west-1".to_owned())]);
    Answer::new(exchange, &homes, ids)
}

fn list(exchange: &Exchange, ids: &mut Ids) -> List {
    match answer(exchange, ids).unwrap().content {
        Content::List(list) => list,
        other => panic!("no list: {other:?}"),
    }
}

/// All pages of a list, for a copy.
fn pages(list: &List, size: usize, times: u32, ids: &Ids, copy: u32) -> Vec<String> {
    let (mut pages, mut token) = (Vec::new(), None);
    loop {
        let asked = Page {
            size: Some(size),
            token: token.as_deref(),
            times,
        };
        let mut out = String::new();
        let scope = Scope::of("444455556666", copy, CLOCK);
        assert!(list.render(&asked, ids, scope, &mut out));
        token = text_of(&out, &["nextToken", "ContinuationToken", "Marker"]).pop();
        pages.push(out);
        if token.is_none() {
            return pages;
        }
    }
}

fn text_of(xml: &str, names: &[&str]) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let nodes = document.descendants();
    let named = nodes.filter(|node| names.contains(&node.tag_name().name()));
    named
        .filter_map(|node| node.text().map(str::to_owned))
        .collect()
}

const VOLUMES: &str = "<?xml version='1.0'?><DescribeVolumesResponse xmlns=\"http://x/\"><volumeSet>\
    <item><volumeId>vol-0123456789abcdef0</volumeId></item>\
    <item><volumeId>vol-0123456789abcdef1</volumeId></item>\
    <item><volumeId>vol-0123456789abcdef2</volumeId></item>\
    </volumeSet></DescribeVolumesResponse>";

#[test]
fn the_whole_list_of_the_recorded_account_is_as_it_was() {
    let mut ids = Ids::default();
    let list = list(&exchange("ec2", "DescribeVolumes", VOLUMES), &mut ids);
    assert_eq!(pages(&list, 500, 1, &ids, 0), [VOLUMES]);
}

#[test]
fn pages_of_multiples_add_up_and_repeat_no_id() {
    let mut ids = Ids::default();
    let list = list(&exchange("ec2", "DescribeVolumes", VOLUMES), &mut ids);
    let pages = pages(&list, 2, 3, &ids, 5);
    assert_eq!(pages.len(), 5);
    let mut seen: Vec<_> = pages
        .iter()
        .flat_map(|page| text_of(page, &["volumeId"]))
        .collect();
    assert_eq!(seen.len(), 9);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 9);
    let expected = Owner {
        copy: 5,
        multiple: 0,
    };
    let recorded: Vec<_> = seen.iter().filter_map(|id| ids.recorded(id)).collect();
    assert_eq!(recorded.len(), 9);
    assert!(recorded.contains(&("vol-0123456789abcdef2", expected)));
}

#[test]
fn buckets_and_users_of_copies_have_their_names() {
    let mut ids = Ids::default();
    let buckets = exchange(
        "s3",
        "ListBuckets",
        "<R><Buckets><Bucket><Name>data</Name></Bucket></Buckets><Owner>x</Owner></R>",
    );
    let buckets = list(&buckets, &mut ids);
    let names: Vec<_> = pages(&buckets, 1, 2, &ids, 1)
        .iter()
        .flat_map(|page| text_of(page, &["Name"]))
        .collect();
    assert_eq!(names, ["data-444455556666", "data-444455556666-m1"]);

    let users = exchange(
        "iam",
        "ListUsers",
        "<R><ListUsersResult><Users><member><UserName>ann</UserName>\
         <Arn>arn:aws:iam::111122223333:user/ann</Arn></member></Users>\
         <IsTruncated>false</IsTruncated></ListUsersResult></R>",
    );
    let users = list(&users, &mut ids);
    let pages = pages(&users, 1, 2, &ids, 1);
    assert_eq!(text_of(&pages[0], &["IsTruncated"]), ["true"]);
    assert_eq!(text_of(&pages[1], &["IsTruncated"]), ["false"]);
    assert_eq!(
        text_of(&pages[1], &["Arn"]),
        ["arn:aws:iam::444455556666:user/ann-m1"]
    );
}

#[test]
fn an_empty_list_and_a_token_from_elsewhere_are_no_trouble() {
    let mut ids = Ids::default();
    let body = "<D><volumeSet/><nextToken/></D>";
    let list = list(&exchange("ec2", "DescribeVolumes", body), &mut ids);
    assert_eq!(pages(&list, 5, 3, &ids, 0), ["<D><volumeSet/></D>"]);
    let asked = Page {
        size: None,
        token: Some("elsewhere"),
        times: 1,
    };
    let scope = Scope::of(ACCOUNT, 0, CLOCK);
    assert!(!list.render(&asked, &ids, scope, &mut String::new()));
}

#[test]
fn an_error_about_a_bucket_names_the_copys() {
    let mut ids = Ids::default();
    let body = "<Error><BucketName>data</BucketName><Message>database</Message></Error>";
    let mut exchange = exchange("s3", "GetBucketPolicyStatus", body);
    exchange.status = 404;
    exchange.parameters.insert("Bucket".into(), "data".into());
    let Content::Plain(template) = answer(&exchange, &mut ids).unwrap().content else {
        panic!("no plain answer");
    };
    let mut out = String::new();
    template.render(&ids, &Scope::of("444455556666", 1, CLOCK), &mut out);
    assert_eq!(text_of(&out, &["BucketName"]), ["data-444455556666"]);
    assert_eq!(text_of(&out, &["Message"]), ["database"]);
}

#[test]
fn buckets_that_a_setting_or_a_policy_names_are_the_copys() {
    let rendered = |operation: &str, body: &str| {
        let mut ids = Ids::default();
        let mut exchange = exchange("s3", operation, body);
        exchange.parameters.insert("Bucket".into(), "data".into());
        let Content::Plain(template) = answer(&exchange, &mut ids).unwrap().content else {
            panic!("no plain answer");
        };
        let mut out = String::new();
        template.render(&ids, &Scope::of("444455556666", 1, CLOCK), &mut out);
        out
    };
    let logging = "<B><LoggingEnabled><TargetBucket>logs</TargetBucket></LoggingEnabled></B>";
    let logging = rendered("GetBucketLogging", logging);
    assert_eq!(text_of(&logging, &["TargetBucket"]), ["logs-444455556666"]);
    let policy = r#"{"Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"]}"#;
    assert_eq!(
        rendered("GetBucketPolicy", policy),
        r#"{"Resource":["arn:aws:s3:::data-444455556666","arn:aws:s3:::data-444455556666/*"]}"#
    );
    let origins = "<A><D>data.s3.amazonaws.com</D><D>foreign.s3.amazonaws.com</D></A>";
    assert_eq!(
        text_of(&rendered("ListDistributions", origins), &["D"]),
        [
            "data-444455556666.s3.amazonaws.com",
            "foreign.s3.amazonaws.com"
        ]
    );
}

#[test]
fn a_broken_list_is_refused_by_name() {
    let broken = exchange("ec2", "DescribeVolumes", "<D><volumeSet>");
    let error = answer(&broken, &mut Ids::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("ec2:DescribeVolumes in 111122223333 eu-west-1"),
        "{error}"
    );
}
