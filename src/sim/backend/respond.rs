//! The answer to a request that nothing stands against.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;

use super::{Backend, Caller, lock};
use crate::call::Call;
use crate::faults::FaultKind;
use crate::objects::is_about_objects;
use crate::reply::{ErrorFormat, REQUEST_ID, Refusal, Reply, escape};
use crate::rng::SeededRng;
use crate::{organizations, regions, stack_sets};

impl Backend {
    pub(super) fn reply(
        &self,
        call: &Call,
        headers: &HeaderMap,
        body: &Bytes,
        caller: &Caller<'_>,
        draw: SeededRng,
    ) -> Reply {
        let is_management = caller.member.index == 0;
        let reply = match call.service.as_str() {
            "organizations" if !is_management => Some(organizations::denied()),
            "organizations" => {
                let made = self.organizations.reply(call, &self.account_list);
                made.or_else(|| self.recorded(call, caller, ""))
            }
            "cloudformation" if !is_management => {
                let arn = self.sts.arn(&caller.member, caller.is_session);
                Some(stack_sets::denied(call, &arn))
            }
            "cloudformation" => stack_sets::reply(call, &self.account_list),
            "sts" => {
                let arn = self.sts.arn(&caller.member, caller.is_session);
                self.sts.reply(call, &self.account_list, &arn)
            }
            "cloudwatch" | "sns" | "lambda" => {
                let written = lock(&self.written).reply(call, &caller.id, headers, body);
                written.or_else(|| self.recorded(call, caller, ""))
            }
            "s3" if is_about_objects(&call.operation) => Some(if is_management {
                lock(&self.objects).reply(call, headers, body)
            } else {
                self.refusal(FaultKind::DeniedUnexplained, call, caller)
            }),
            "iam" => self.iam(call, caller, draw),
            "account" if call.operation == "ListRegions" => self.regions(caller),
            _ => self.recorded(call, caller, ""),
        };
        let reply = reply.or_else(|| self.derived(call, caller));
        reply.unwrap_or_else(|| self.not_recorded(call, &caller.id))
    }

    /// What follows from another answer that is recorded.
    fn derived(&self, call: &Call, caller: &Caller<'_>) -> Option<Reply> {
        match call.service.as_str() {
            "ec2" if regions::is_about_enabled(call) => self.enabled_regions(caller),
            "s3" => self.other_region(call, caller),
            _ => None,
        }
    }

    /// Where a bucket is that is asked about in another Region: clients ask again there.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
    fn other_region(&self, call: &Call, caller: &Caller<'_>) -> Option<Reply> {
        let requester = caller.member.requester(&caller.id);
        let home = self.answers.other_home(call, &requester)?;
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint.";
        let refusal = Refusal::new(301, "PermanentRedirect", message);
        Some(
            refusal
                .reply(ErrorFormat::S3)
                .with("x-amz-bucket-region", home),
        )
    }

    /// Credential reports take their time, and the alias is the account's name; all else is recorded.
    fn iam(&self, call: &Call, caller: &Caller<'_>, draw: SeededRng) -> Option<Reply> {
        let (account, now) = (caller.member.index, Instant::now());
        let is_allowed = || {
            let requester = caller.member.requester(&caller.id);
            self.answers.status(call, &requester) == Some(200)
        };
        match call.operation.as_str() {
            "GenerateCredentialReport" if is_allowed() => {
                let takes = self.behavior.credential_report;
                let takes = takes.map_or(Duration::ZERO, |time| time.draw(draw.with("report")));
                Some(lock(&self.reports).generate(account, takes, now))
            }
            "GetCredentialReport" if is_allowed() => {
                let generated = lock(&self.reports).get(account, now);
                generated.map_or_else(Some, |generated| self.recorded(call, caller, &generated))
            }
            "ListAccountAliases" => Some(aliases(&caller.member.name())),
            _ => self.recorded(call, caller, ""),
        }
    }

    /// ListRegions says in other words what is recorded of DescribeRegions.
    fn regions(&self, caller: &Caller<'_>) -> Option<Reply> {
        regions::listed(&self.all_regions(caller)?.body)
    }

    /// DescribeRegions without those that are off.
    fn enabled_regions(&self, caller: &Caller<'_>) -> Option<Reply> {
        let all = self.all_regions(caller)?;
        let body = regions::enabled(&all.body)?.into();
        Some(Reply { body, ..all })
    }

    fn all_regions(&self, caller: &Caller<'_>) -> Option<Reply> {
        let described = Call {
            service: "ec2".to_owned(),
            operation: "DescribeRegions".to_owned(),
            parameters: [("AllRegions".to_owned(), "true".to_owned())].into(),
            ..Call::default()
        };
        self.recorded(&described, caller, "")
    }

    fn recorded(&self, call: &Call, caller: &Caller<'_>, generated: &str) -> Option<Reply> {
        let requester = caller.member.requester(&caller.id);
        self.answers.reply(call, &requester, generated)
    }

    fn not_recorded(&self, call: &Call, account: &str) -> Reply {
        let parameters = call.parameters.iter();
        let parameters: Vec<String> = parameters.map(|(k, v)| format!("{k}={v}")).collect();
        let request = format!(
            "{} {} in {account} {}",
            call.name(),
            parameters.join(" "),
            call.region
        );
        self.note_missing(request.clone());
        let message = format!(
            "no response to {request} is recorded; see `orgscan replay --help`; recorded with: {}",
            self.header.made_by
        );
        Refusal::new(501, "NotRecorded", message).reply(ErrorFormat::of(call))
    }
}

/// The answer to ListAccountAliases: the account's name is its alias.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html>
fn aliases(name: &str) -> Reply {
    let name = escape(name);
    Reply::xml(
        200,
        format!(
            "<ListAccountAliasesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <ListAccountAliasesResult><AccountAliases><member>{name}</member></AccountAliases>\
             <IsTruncated>false</IsTruncated></ListAccountAliasesResult>\
             <ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>\
             </ListAccountAliasesResponse>"
        ),
    )
}

/// The answer without its end: cut after the complete element in the middle, or after half of it if it has no
/// complete element.
pub(super) fn cut_cleanly(reply: Reply) -> Reply {
    let ends = ends_of_elements(&reply.body);
    let end = ends.get(ends.len() / 2).copied();
    let end = end.unwrap_or(reply.body.len() / 2);
    Reply {
        body: reply.body.slice(..end),
        ..reply
    }
}

/// Where the elements of a document end, all but its root. In AWS's answers a `<` always begins a tag.
fn ends_of_elements(body: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut begin = None;
    for (at, byte) in body.iter().enumerate() {
        match (byte, begin) {
            (b'<', _) => begin = Some(at),
            (b'>', Some(tag)) => {
                if body.get(tag + 1) == Some(&b'/') || body.get(at - 1) == Some(&b'/') {
                    ends.push(at + 1);
                }
                begin = None;
            }
            _ => {}
        }
    }
    ends.pop();
    ends
}

/// Success, with a document that ends in the middle.
pub(super) fn malformed(call: &Call) -> Reply {
    match ErrorFormat::of(call) {
        ErrorFormat::Json | ErrorFormat::Rest => {
            let document = serde_json::Value::Null;
            Reply {
                body: Bytes::from_static(b"{\"Accounts\":[{\"Id\":"),
                ..Reply::json(200, &document)
            }
        }
        // A map that announces more than there is.
        ErrorFormat::Cbor => Reply {
            body: Bytes::from_static(&[0xbf, 0x61]),
            ..Reply::xml(200, "")
        }
        .with("smithy-protocol", "rpc-v2-cbor"),
        _ => Reply::xml(
            200,
            "<?xml version=\"1.0\"?>\n<Response><volumeSet><item><volumeId>vol-",
        ),
    }
}
