use std::collections::BTreeSet;

use orgscan_sim::Recording;

use super::*;

/// The request of a service, as far as it decides what is expected.
fn asked(service: &str, parameters: &str) -> HttpRequest {
    let mut request = HttpRequest::empty();
    let headers = request.headers_mut();
    let scope = if service == "s3control" {
        "s3"
    } else {
        service
    };
    let signature =
        format!("AWS4-HMAC-SHA256 Credential=id/20261122/eu-west-1/{scope}/aws4_request");
    headers.insert("authorization", signature);
    match service {
        "cloudtrail" | "cloudwatch" | "config" | "ecr" | "events" | "kms" | "logs"
        | "organizations" | "secretsmanager" | "sqs" | "sso" => {
            headers.insert("content-type", "application/x-amz-json-1.1");
        }
        "account" => {
            headers.insert("content-type", "application/json");
        }
        "access-analyzer" | "apigateway" | "backup" | "elasticfilesystem" | "es" | "glacier"
        | "guardduty" | "inspector2" | "lambda" | "macie2" | "securityhub" => {
            headers.insert("accept", "application/json");
        }
        "cloudfront" => {
            headers.insert("accept", "application/xml");
        }
        "s3" | "s3control" => request
            .set_uri(format!("https://s3/bucket?{parameters}"))
            .unwrap(),
        // The query protocols.
        _ => {
            let form = "application/x-www-form-urlencoded";
            headers.insert("content-type", form);
        }
    }
    request
}

/// Where elements of a document end.
fn cuts(body: &str) -> impl Iterator<Item = usize> {
    let ends_element = if body.starts_with('{') { '}' } else { '>' };
    let ends = body.match_indices(ends_element).map(|(at, _)| at + 1);
    ends.filter(|end| *end < body.trim_end().len())
}

#[tokio::test]
async fn no_recorded_answer_that_is_cut_after_an_element_passes() {
    let exchanges = Recording::embedded().unwrap().exchanges;
    let answers: BTreeSet<_> = exchanges
        .iter()
        .map(|one| (&one.service, &one.operation, one.status, &one.body))
        .collect();
    let mut operations = BTreeSet::new();
    for (service, operation, status, body) in answers {
        let parameters = match operation.as_str() {
            "GetBucketPolicy" => "policy",
            _ => "x-id=Other",
        };
        let expected = ExpectedResponse::of(&asked(service, parameters));
        let whole = expected.check(answer(status, body.as_bytes())).await;
        assert!(whole.is_ok(), "{service}:{operation} {body}");
        for end in cuts(body) {
            let cut = expected
                .check(answer(status, &body.as_bytes()[..end]))
                .await;
            assert!(cut.is_err(), "{service}:{operation} {}", &body[..end]);
        }
        operations.insert(format!("{service}:{operation}"));
    }
    assert!(operations.len() > 65, "{operations:?}");
}
