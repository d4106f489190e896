//! A recorded answer, made ready to be given to any account.

use std::collections::HashMap;
use std::ops::Range;

use http::header::HeaderValue;
use roxmltree::{Document, Node};

use super::ages::has_ages;
use super::ids::Ids;
use super::listing::{Listing, listing, page};
use super::recording::Exchange;
use super::template::{Edit, Piece, Scope, Slot, Template, occurrences};
use super::user_rows::UserRows;

/// The Region of each bucket, by account and name.
pub(super) type BucketRegions = HashMap<(String, String), String>;

/// A recorded answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: HeaderValue,
    pub(super) content: Content,
}

/// What an answer consists of.
#[derive(Debug)]
pub(super) enum Content {
    /// The same for each multiple.
    Plain(Template),
    /// A list in pages.
    List(List),
    /// The credential report in its frame.
    Report { frame: Template, rows: UserRows },
}

/// A list whose items can be counted out into pages.
#[derive(Debug)]
pub(super) struct List {
    listing: &'static Listing,
    head: Template,
    items: Vec<Template>,
    tail: Template,
}

/// Why a recorded answer cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the recorded answer to {request} in {account} {region} cannot be used: {reason}; make the recording again"
)]
pub struct AnswerError {
    request: String,
    account: String,
    region: String,
    reason: String,
}

impl Answer {
    /// Makes a recorded answer ready.
    pub(super) fn new(
        exchange: &Exchange,
        homes: &BucketRegions,
        ids: &mut Ids,
    ) -> Result<Self, AnswerError> {
        let unusable = |reason: String| AnswerError {
            request: format!("{}:{}", exchange.service, exchange.operation),
            account: exchange.account.clone(),
            region: exchange.region.clone(),
            reason,
        };
        let content_type = HeaderValue::from_str(&exchange.content_type)
            .map_err(|_| unusable(format!("its content type is `{}`", exchange.content_type)))?;
        let compiler = Compiler {
            exchange,
            homes,
            ids,
        };
        Ok(Self {
            status: exchange.status,
            content_type,
            content: compiler.content().map_err(unusable)?,
        })
    }
}

struct Compiler<'a> {
    exchange: &'a Exchange,
    homes: &'a BucketRegions,
    ids: &'a mut Ids,
}

impl Compiler<'_> {
    fn content(mut self) -> Result<Content, String> {
        let Exchange {
            service,
            operation,
            status,
            body,
            ..
        } = self.exchange;
        if *status == 200 && operation == "GetCredentialReport" {
            return self.report();
        }
        match listing(service, operation).filter(|_| *status == 200) {
            Some(listing) => self.list(listing),
            None => Ok(Content::Plain(self.template(0..body.len(), &self.named()))),
        }
    }

    fn template(&mut self, part: Range<usize>, edits: &[Edit]) -> Template {
        let Exchange {
            service,
            operation,
            body,
            account,
            ..
        } = self.exchange;
        let empty = match has_ages(service, operation) {
            true => Template::with_ages(),
            false => Template::default(),
        };
        empty.with_part(body, part, edits, account, self.ids)
    }

    /// Where the bucket or the user that was asked about is named.
    fn named(&self) -> Vec<Edit> {
        let named = [
            ("Bucket", Piece::BucketSuffix),
            ("UserName", Piece::UserSuffix),
        ];
        let mut edits = Vec::new();
        for (parameter, suffix) in named {
            let name = self.exchange.parameters.get(parameter);
            for range in occurrences(&self.exchange.body, name.map_or("", String::as_str)) {
                if self.is_whole_value(&range) {
                    edits.push((range.end..range.end, Some(suffix.clone())));
                }
            }
        }
        edits.extend(self.counted_users());
        // Where a bucket's logs go is a bucket of the same account.
        for (end, _) in self.exchange.body.match_indices("</TargetBucket>") {
            edits.push((end..end, Some(Piece::BucketSuffix)));
        }
        edits.extend(self.origins());
        edits.sort_by_key(|(range, _)| range.start);
        edits
    }

    /// Where origins of distributions are named that are buckets of the same account. Other accounts' buckets keep their
    /// names.
    fn origins(&self) -> Vec<Edit> {
        let Exchange { body, account, .. } = self.exchange;
        let ends = body.match_indices(".s3.").map(|(end, _)| end);
        let own = ends.filter(|end| {
            let name = body[..*end].rsplit('>').next().unwrap_or_default();
            let bucket = (account.clone(), name.to_owned());
            self.homes.contains_key(&bucket)
        });
        own.map(|end| (end..end, Some(Piece::BucketSuffix)))
            .collect()
    }

    /// How many users the account's summary counts: as many as the credential report has.
    fn counted_users(&self) -> Option<Edit> {
        const KEY: &str = "<key>Users</key><value>";
        let body = &self.exchange.body;
        let start = body.find(KEY)? + KEY.len();
        let end = start + body[start..].find('<')?;
        let users = body[start..end].parse().ok()?;
        Some((start..end, Some(Piece::PerMultiple(users))))
    }

    /// Whether a name is all of an element's text, or the end of an ARN.
    fn is_whole_value(&self, range: &Range<usize>) -> bool {
        let before = &self.exchange.body[..range.start];
        let after = &self.exchange.body[range.end..];
        (before.ends_with('>') && after.starts_with('<')) || before.ends_with(":::")
    }

    fn report(&mut self) -> Result<Content, String> {
        let body = &self.exchange.body;
        let document = Document::parse(body).map_err(|error| error.to_string())?;
        let content = element(&document, "Content")?;
        let encoded: String = content
            .text()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let csv = aws_smithy_types::base64::decode(&encoded)
            .map_err(|error| format!("Content is not base64: {error}"))?;
        let rows = UserRows::new(&csv, &self.exchange.account, self.ids)
            .map_err(|error| format!("Content is no CSV: {error}"))?;
        let mut edits = vec![
            (inside(&content, body), Some(Piece::Slot(Slot::Report))),
            (
                inside(&element(&document, "GeneratedTime")?, body),
                Some(Piece::Slot(Slot::Generated)),
            ),
        ];
        edits.sort_by_key(|(range, _)| range.start);
        let frame = self.template(0..body.len(), &edits);
        Ok(Content::Report { frame, rows })
    }

    fn list(&mut self, listing: &'static Listing) -> Result<Content, String> {
        let body = &self.exchange.body;
        let document = Document::parse(body).map_err(|error| error.to_string())?;
        let mut edits = self.page_edits(listing, &document)?;
        let items: Vec<Range<usize>> = match find(&document, listing.items) {
            Some(set) => set
                .children()
                .filter(Node::is_element)
                .map(|item| item.range())
                .collect(),
            None => Vec::new(),
        };
        if let Some(set) = find(&document, listing.items) {
            edits.extend(self.name_edits(listing, &set));
        }
        edits.sort_by_key(|(range, _)| range.start);
        let first = items.first().map_or(body.len(), |item| item.start);
        let last = items.last().map_or(body.len(), |item| item.end);
        Ok(Content::List(List {
            listing,
            head: self.template(0..first, &edits),
            items: items
                .into_iter()
                .map(|item| self.template(item, &edits))
                .collect(),
            tail: self.template(last..body.len(), &edits),
        }))
    }

    /// Takes out what the recorded answer says about a next page, and makes the place for it.
    fn page_edits(&self, listing: &Listing, document: &Document<'_>) -> Result<Vec<Edit>, String> {
        let matching = document.descendants().filter(|node| {
            let name = node.tag_name().name();
            node.is_element() && listing.more.elements().contains(&name)
        });
        let mut edits: Vec<Edit> = matching.map(|node| (node.range(), None)).collect();
        if let Some((_, piece)) = edits.first_mut() {
            *piece = Some(Piece::Slot(Slot::More));
        } else if let Some(set) = find(document, listing.items) {
            let after = set.range().end;
            edits.push((after..after, Some(Piece::Slot(Slot::More))));
        } else {
            return Err(format!("it has no element {}", listing.items));
        }
        Ok(edits)
    }

    /// Where items are named by people, and not by ids.
    fn name_edits(&self, listing: &Listing, set: &Node<'_, '_>) -> Vec<Edit> {
        let (names, suffix): (&[&str], _) = match listing.items {
            "Buckets" => (&["Name", "BucketArn"], Piece::BucketSuffix),
            "Users" => (&["UserName", "Arn"], Piece::UserSuffix),
            _ => return Vec::new(),
        };
        let named = set.descendants();
        let named = named.filter(|node| names.contains(&node.tag_name().name()));
        named
            .map(|node| {
                let end = inside(&node, &self.exchange.body).end;
                (end..end, Some(suffix.clone()))
            })
            .collect()
    }
}

fn find<'a, 'input>(document: &'a Document<'input>, name: &str) -> Option<Node<'a, 'input>> {
    document
        .descendants()
        .find(|node| node.tag_name().name() == name)
}

fn element<'a, 'input>(
    document: &'a Document<'input>,
    name: &str,
) -> Result<Node<'a, 'input>, String> {
    find(document, name).ok_or_else(|| format!("it has no element {name}"))
}

/// The part between an element's tags.
fn inside(node: &Node<'_, '_>, text: &str) -> Range<usize> {
    let range = node.range();
    let whole = &text[range.clone()];
    let start = whole.find('>').map_or(whole.len(), |tag| tag + 1);
    let end = whole.rfind("</").unwrap_or(whole.len()).max(start);
    range.start + start..range.start + end
}

/// Which page, of a list that is so many times as long as the recorded one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub(super) size: Option<usize>,
    pub(super) token: Option<&'a str>,
    pub(super) times: u32,
}

impl List {
    /// Writes a page; says whether its token was one.
    pub(super) fn render(
        &self,
        asked: &Page<'_>,
        ids: &Ids,
        scope: Scope<'_>,
        out: &mut String,
    ) -> bool {
        let times = if self.listing.multiplied {
            asked.times
        } else {
            1
        };
        let total = self.items.len() * times as usize;
        let size = self.listing.page_size(asked.size);
        let Some((range, next)) = page(total, size, asked.token) else {
            return false;
        };
        let more = self.listing.more.markup(next.as_deref());
        let scope = Scope {
            more: &more,
            ..scope
        };
        self.head.render(ids, &scope, out);
        for at in range {
            let multiple = u32::try_from(at / self.items.len()).unwrap_or_default();
            let item = &self.items[at % self.items.len()];
            item.render(ids, &scope.multiple(multiple), out);
        }
        self.tail.render(ids, &scope, out);
        true
    }
}

#[cfg(test)]
mod tests;
