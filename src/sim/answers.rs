//! All recorded answers, by what was asked.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use super::answer::{Answer, AnswerError, BucketRegions, Content, Page};
use super::call::Call;
use super::ids::Ids;
use super::recording::Exchange;
use super::reply::{ErrorFormat, Refusal, Reply};
use super::template::{Scope, without_multiple};

/// Parameters that change nothing in the recorded organization: no resource in it is managed by a service.
/// orgscan sends them, and other clients do not.
const INDIFFERENT: &[&str] = &["IncludeManagedResources", "IncludeAllInstances"];

/// All recorded answers, ready to be given to any account.
#[derive(Debug)]
pub(super) struct Answers {
    ids: Ids,
    by_request: HashMap<String, Answer>,
    homes: BucketRegions,
    /// How many times each resource comes.
    times: u32,
    /// The time that ages are counted back from.
    clock: Timestamp,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requester<'a> {
    /// Its account's id.
    pub(super) account: &'a str,
    /// The id of the recorded account that it is, or is a copy of.
    pub(super) original: &'a str,
    /// 0 for a recorded account, otherwise its position in the list.
    pub(super) copy: u32,
}

impl Answers {
    /// Makes recorded answers ready. Of several to one question the first counts, which is that with
    /// the lowest status. `ids` are those that are known already.
    pub(super) fn new(
        exchanges: &[Exchange],
        times: u32,
        clock: Timestamp,
        mut ids: Ids,
    ) -> Result<Self, AnswerError> {
        let mut by_request = HashMap::new();
        let homes = exchanges.iter().filter_map(home_of_bucket).collect();
        for exchange in exchanges {
            let parameters = exchange.parameters.iter();
            let parameters = parameters.map(|(name, value)| (&**name, Cow::from(&**value)));
            let asked = RequestKey {
                account: &exchange.account,
                region: &exchange.region,
                service: &exchange.service,
                operation: &exchange.operation,
            };
            let question = asked.question(parameters);
            if let Entry::Vacant(free) = by_request.entry(question) {
                free.insert(Answer::new(exchange, &homes, &mut ids)?);
            }
        }
        Ok(Self {
            ids,
            by_request,
            homes,
            times,
            clock,
        })
    }

    /// The Region of the bucket that is asked about, if it is another one than the request's.
    pub(super) fn other_home(&self, call: &Call, requester: &Requester<'_>) -> Option<&str> {
        let bucket = call.parameter("Bucket").filter(|_| call.service == "s3")?;
        let back = ParameterReverser {
            ids: &self.ids,
            requester,
        };
        let names = [
            back.original("Bucket", bucket),
            back.original_of_multiple("Bucket", bucket),
        ];
        let mut homes = names.into_iter().filter_map(|name| {
            let key = (requester.original.to_owned(), name.into_owned());
            self.homes.get(&key)
        });
        homes
            .next()
            .map(String::as_str)
            .filter(|home| *home != call.region)
    }

    /// The answer that an account gets, if one is recorded. `generated` is when its credential
    /// report was made.
    pub(super) fn reply(
        &self,
        call: &Call,
        requester: &Requester<'_>,
        generated: &str,
    ) -> Option<Reply> {
        let (answer, multiple) = self.find(call, requester)?;
        let scope = Scope {
            generated,
            times: self.times,
            ..Scope::of(requester.account, requester.copy, self.clock).multiple(multiple)
        };
        let mut body = String::with_capacity(4_096);
        match &answer.content {
            Content::Plain(template) => template.render(&self.ids, &scope, &mut body),
            Content::List(list) => {
                let page = Page {
                    size: call.page_size,
                    token: call.page_token.as_deref(),
                    times: self.times,
                };
                if !list.render(&page, &self.ids, scope, &mut body) {
                    return Some(no_such_page(ErrorFormat::of(call)));
                }
            }
            Content::Report { frame, rows } => {
                let mut csv = String::with_capacity(4_096);
                rows.render(self.times, &self.ids, scope, &mut csv);
                let report = &aws_smithy_types::base64::encode(csv);
                frame.render(&self.ids, &Scope { report, ..scope }, &mut body);
            }
        }
        Some(Reply::new(answer.status, &answer.content_type, body))
    }

    /// The status that an account would be answered with, if an answer is recorded.
    pub(super) fn status(&self, call: &Call, requester: &Requester<'_>) -> Option<u16> {
        self.find(call, requester).map(|(answer, _)| answer.status)
    }

    /// The recorded answer, and the number of the multiple that was asked about by name.
    fn find(&self, call: &Call, requester: &Requester<'_>) -> Option<(&Answer, u32)> {
        let asked = RequestKey {
            account: requester.original,
            region: &call.region,
            service: &call.service,
            operation: &call.operation,
        };
        let back = ParameterReverser {
            ids: &self.ids,
            requester,
        };
        let parameters = call.parameters.iter();
        let parameters = parameters.map(|(name, value)| (&**name, back.original(name, value)));
        if let Some(answer) = self.by_request.get(&asked.question(parameters)) {
            return Some((answer, 0));
        }
        let name = ["Bucket", "UserName"]
            .into_iter()
            .find_map(|name| call.parameter(name))?;
        let (_, multiple) = without_multiple(name).filter(|(_, k)| *k < self.times)?;
        let parameters = call.parameters.iter();
        let parameters =
            parameters.map(|(name, value)| (&**name, back.original_of_multiple(name, value)));
        let answer = self.by_request.get(&asked.question(parameters))?;
        Some((answer, multiple))
    }
}

/// The account and the name of a bucket that is asked about in its own Region, with the Region.
fn home_of_bucket(exchange: &Exchange) -> Option<((String, String), String)> {
    let is_global = exchange.operation == "GetBucketLocation";
    let bucket = exchange.parameters.get("Bucket");
    let bucket = bucket.filter(|_| exchange.service == "s3" && !is_global)?;
    let key = (exchange.account.clone(), bucket.clone());
    Some((key, exchange.region.clone()))
}

fn no_such_page(format: ErrorFormat) -> Reply {
    let refusal = match format {
        ErrorFormat::S3 => Refusal::new(
            400,
            "InvalidArgument",
            "The continuation token provided is incorrect",
        ),
        ErrorFormat::Query => Refusal::new(400, "ValidationError", "Invalid Marker."),
        _ => Refusal::new(
            400,
            "InvalidPaginationToken",
            "The specified pagination token is not valid or is expired.",
        ),
    };
    refusal.reply(format)
}

/// The request without its parameters.
struct RequestKey<'a> {
    account: &'a str,
    region: &'a str,
    service: &'a str,
    operation: &'a str,
}

impl RequestKey<'_> {
    /// One text for one question.
    fn question<'p>(&self, parameters: impl Iterator<Item = (&'p str, Cow<'p, str>)>) -> String {
        let mut text = String::with_capacity(128);
        let region = if self.is_global() { "" } else { self.region };
        for part in [self.account, region, self.service, self.operation] {
            text.push_str(part);
            text.push('\n');
        }
        for (name, value) in parameters {
            if INDIFFERENT.contains(&name) || (name, &*value) == ("DryRun", "false") {
                continue;
            }
            text.push_str(name);
            text.push('=');
            text.push_str(&value);
            text.push('\n');
        }
        text
    }

    /// Whether every Region gives the same answer, so that it may be asked in another than that of
    /// the recording.
    fn is_global(&self) -> bool {
        matches!(
            (self.service, self.operation),
            ("iam" | "s3control", _)
                | ("s3", "ListBuckets" | "GetBucketLocation")
                | ("ec2", "DescribeRegions")
        )
    }
}

/// Leads parameters back to those of the recorded account.
struct ParameterReverser<'a> {
    ids: &'a Ids,
    requester: &'a Requester<'a>,
}

impl<'a> ParameterReverser<'a> {
    fn original(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        if name == "Bucket" && self.requester.copy > 0 {
            let name = value.strip_suffix(self.requester.account);
            return Cow::from(
                name.and_then(|name| name.strip_suffix('-'))
                    .unwrap_or(value),
            );
        }
        // Also in an ARN, or in a list of ARNs.
        if self.requester.copy > 0 && value.contains(self.requester.account) {
            let original = self.requester.original;
            return Cow::from(value.replace(self.requester.account, original));
        }
        match self.ids.recorded(value) {
            Some((id, owner)) if owner.copy == self.requester.copy => Cow::from(id),
            _ => Cow::from(value),
        }
    }

    fn original_of_multiple(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        let value = match (name, without_multiple(value)) {
            ("Bucket" | "UserName", Some((name, _))) => name,
            _ => value,
        };
        self.original(name, value)
    }
}
