//! A bucket in an organization's management account.

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use orgscan_aws::{AwsContext, Source, s3_client};
use orgscan_core::settings::Config;

use crate::run::runtime;

pub(crate) struct Bucket {
    pub(crate) s3: Client,
    name: &'static str,
}

impl Bucket {
    /// One that is there, or in the replay, where all are.
    pub(crate) fn at(url: &str, name: &'static str) -> Self {
        runtime().block_on(async {
            let source = Source::Emulator(url.to_owned());
            let aws = AwsContext::connect(&Config::default(), &source)
                .await
                .unwrap();
            let s3 = s3_client(&aws.config);
            Self { s3, name }
        })
    }

    pub(crate) fn put(&self, key: &str, text: String) {
        self.put_bytes(key, text.into_bytes());
    }

    pub(crate) fn put_bytes(&self, key: &str, bytes: Vec<u8>) {
        let put = self.s3.put_object().bucket(self.name).key(key);
        let put = put.body(ByteStream::from(bytes));
        runtime().block_on(put.send()).unwrap();
    }

    /// All objects below a prefix, by the rest of their keys. What is no text comes as good as it can.
    pub(crate) fn below(&self, prefix: &str) -> BTreeMap<String, String> {
        runtime().block_on(async {
            let list = self.s3.list_objects_v2().bucket(self.name).prefix(prefix);
            let mut found = BTreeMap::new();
            for object in list.send().await.unwrap().contents() {
                let key = object.key().unwrap();
                let get = self.s3.get_object().bucket(self.name).key(key);
                let body = get.send().await.unwrap().body.collect().await.unwrap();
                let text = String::from_utf8_lossy(&body.to_vec()).into_owned();
                found.insert(key.strip_prefix(prefix).unwrap().to_owned(), text);
            }
            found
        })
    }
}

/// A file of a report below this prefix, whatever its day.
pub(crate) fn file<'a>(objects: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    let found = objects.iter().find(|(key, _)| key.ends_with(name));
    found
        .unwrap_or_else(|| panic!("no {name} in {:?}", objects.keys()))
        .1
}
