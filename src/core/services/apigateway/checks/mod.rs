//! The checks. A check is one file, and two lines here.

mod api_domain_tls_old;
mod api_logging_off;
mod api_waf_missing;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &api_domain_tls_old::CHECK,
    &api_logging_off::CHECK,
    &api_waf_missing::CHECK,
];

#[cfg(test)]
pub(super) mod samples {
    use crate::services::apigateway::Stage;

    /// The stage `prod` of an API.
    pub(in super::super) fn stage(api: &str) -> Stage {
        Stage {
            api: api.to_owned(),
            api_name: "shop".to_owned(),
            name: "prod".to_owned(),
            access_logs: None,
            web_acl: None,
            is_private: false,
        }
    }
}
