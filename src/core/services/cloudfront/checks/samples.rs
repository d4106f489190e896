//! What the tests of the checks share.

use crate::facts::FactStore;
use crate::model::Reading;
use crate::services::cloudfront::{
    Behavior, Distribution, Distributions, Origin, OriginKind, ViewerTls,
};

/// A distribution that no check finds anything of.
pub(super) fn distribution(id: &str) -> Distribution {
    Distribution {
        id: id.to_owned(),
        arn: format!("arn:aws:cloudfront::111122223333:distribution/{id}").into(),
        is_enabled: true,
        behaviors: vec![Behavior {
            paths: "*".to_owned(),
            allows_http: false,
            origins: vec!["origin".to_owned()],
        }],
        origins: vec![custom("https-only", &["TLSv1.2"])],
        viewer_tls: ViewerTls::Policy("TLSv1.2_2021".to_owned()),
        web_acl: Some("arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/1".to_owned()),
    }
}

/// The origin of the distribution, as a server.
pub(super) fn custom(protocol: &str, tls: &[&str]) -> Origin {
    Origin {
        id: "origin".to_owned(),
        domain: "www.example.com".to_owned(),
        kind: OriginKind::Custom {
            protocol: protocol.to_owned(),
            tls: tls.iter().map(|version| (*version).to_owned()).collect(),
        },
    }
}

/// An account with this distribution.
pub(super) fn account(distribution: Distribution) -> FactStore {
    FactStore::default().with::<Distributions>(Reading::known(vec![distribution].into()))
}
