use super::*;

fn ask(
    objects: &mut Objects,
    operation: &str,
    key: &str,
    headers: &[(&'static str, &str)],
    body: &'static str,
) -> Reply {
    let mut call = Call {
        operation: operation.into(),
        ..Call::default()
    };
    call.parameters.insert("Bucket".into(), "reports".into());
    call.parameters.insert("Key".into(), key.into());
    let headers = headers.iter().map(|(name, value)| {
        let name = http::HeaderName::from_static(name);
        (name, HeaderValue::from_str(value).unwrap())
    });
    objects.reply(
        &call,
        &headers.collect(),
        &Bytes::from_static(body.as_bytes()),
    )
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    let found = reply.headers.iter().find(|(known, _)| known == name);
    found.unwrap().1.to_str().unwrap()
}

#[test]
fn what_is_put_can_be_read_and_deleted() {
    let mut objects = Objects::default();
    let json = [("content-type", "application/json")];
    let put = ask(&mut objects, "PutObject", "a/b", &json, "{}");
    let got = ask(&mut objects, "GetObject", "a/b", &[], "");
    assert_eq!((got.status, &*got.body), (200, &b"{}"[..]));
    assert_eq!(header(&got, "etag"), header(&put, "etag"));
    assert_eq!(header(&got, "content-type"), "application/json");
    assert!(header(&got, "last-modified").ends_with(" GMT"));
    assert_eq!(objects.keys(), ["reports/a/b"]);
    assert_eq!(
        ask(&mut objects, "DeleteObject", "a/b", &[], "").status,
        204
    );
    assert_eq!(ask(&mut objects, "HeadObject", "a/b", &[], "").status, 404);
}

#[test]
fn writes_may_be_conditional() {
    let mut objects = Objects::default();
    let mut put = |headers: &[(&'static str, &str)], body| {
        ask(&mut objects, "PutObject", "lease", headers, body)
    };
    assert_eq!(put(&[("if-match", "\"x\"")], "0").status, 404);
    let first = put(&[("if-none-match", "*")], "1");
    assert_eq!(first.status, 200);
    assert_eq!(put(&[("if-none-match", "*")], "2").status, 412);
    let etag = header(&first, "etag").to_owned();
    assert_eq!(put(&[("if-match", &etag)], "3").status, 200);
    assert_eq!(put(&[("if-match", &etag)], "4").status, 412);
    let got = ask(&mut objects, "GetObject", "lease", &[], "");
    assert_eq!(&*got.body, b"3");
}

#[test]
fn a_list_has_the_keys_of_its_prefix_in_pages_that_add_up() {
    let mut objects = Objects::default();
    for n in 0..7 {
        ask(&mut objects, "PutObject", &format!("a/{n}"), &[], "x");
    }
    ask(&mut objects, "PutObject", "b/0", &[], "x");
    let (mut keys, mut token) = (Vec::new(), None);
    loop {
        let mut call = Call {
            operation: "ListObjectsV2".into(),
            page_size: Some(3),
            page_token: token,
            ..Call::default()
        };
        call.parameters.insert("Bucket".into(), "reports".into());
        call.parameters.insert("prefix".into(), "a/".into());
        let page = objects.reply(&call, &HeaderMap::new(), &Bytes::new());
        let body = String::from_utf8(page.body.to_vec()).unwrap();
        let document = roxmltree::Document::parse(&body).unwrap();
        let texts = |name| {
            let nodes = document
                .descendants()
                .filter(move |n| n.has_tag_name(("http://s3.amazonaws.com/doc/2006-03-01/", name)));
            nodes
                .filter_map(|n| n.text().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        keys.extend(texts("Key"));
        token = texts("NextContinuationToken").pop();
        if token.is_none() {
            break;
        }
    }
    assert_eq!(keys, (0..7).map(|n| format!("a/{n}")).collect::<Vec<_>>());
}

#[test]
fn a_list_that_is_not_replayed_is_refused_and_not_answered_wrong() {
    let mut call = Call {
        operation: "ListObjectsV2".into(),
        ..Call::default()
    };
    call.parameters.insert("start-after".into(), "a".into());
    let refused = Objects::default().reply(&call, &HeaderMap::new(), &Bytes::new());
    assert_eq!(refused.status, 501);
}
