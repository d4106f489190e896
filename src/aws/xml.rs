//! Whether an XML document is complete.
//!
//! The SDK reads an answer as far as it goes: one that ends after a complete element is a shorter list
//! to it. Nearly every answer has nothing but elements and text, and a scan of its tags shows that it is complete.
//! Every other one is checked with the tokenizer that the SDK reads with, so both see the same document.

use memchr::{memchr, memchr3};
use xmlparser::{ElementEnd, Error, StreamError, Token, Tokenizer};

/// AWS's answers nest far less deep. Bounds the memory that the check takes.
const DEEPEST: usize = 256;

/// What XML takes for white space.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Accepts a document whose root element is closed, without a document type declaration.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| match error.error_len() {
        None => "the answer ends in the middle of a character".to_owned(),
        Some(_) => "the answer is not UTF-8 text".to_owned(),
    })?;
    match is_plain(text) {
        true => Ok(()),
        false => tokenize(text),
    }
}

/// Whether a document has nothing but elements and text after its declaration, and every element is closed. A document
/// that is not plain may be complete too.
fn is_plain(text: &str) -> bool {
    let content = match text.strip_prefix("<?xml ") {
        Some(declaration) => declaration.split_once("?>").map_or("", |(_, rest)| rest),
        None => text,
    };
    let mut rest = content.trim_start_matches(SPACES).as_bytes();
    let mut open: Vec<&[u8]> = Vec::new();
    while let [b'<', tag @ ..] = rest {
        let Some(end) = end_of_tag(tag) else {
            return false;
        };
        let (tag, after) = (&tag[..end], &tag[end + 1..]);
        if memchr(b'<', tag).is_some() {
            return false;
        }
        match tag {
            [] | [b'!' | b'?' | b' ', ..] => return false,
            [b'/', closed @ ..] if open.pop() != Some(closed) => return false,
            [b'/', ..] | [.., b'/'] => {}
            _ if open.len() == DEEPEST => return false,
            _ => open.push(name(tag)),
        }
        if open.is_empty() {
            return after.iter().all(|&byte| is_space(byte));
        }
        match memchr(b'<', after) {
            Some(next) => rest = &after[next..],
            None => return false,
        }
    }
    false
}

/// Where a tag ends. The value of an attribute may contain the character that ends it.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr3(b'>', b'"', b'\'', tag.get(at..)?)?;
        match tag[at] {
            b'>' => return Some(at),
            quote => at += 2 + memchr(quote, &tag[at + 1..])?,
        }
    }
}

/// The name in an opening tag.
fn name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|&byte| is_space(byte));
    &tag[..end.unwrap_or(tag.len())]
}

fn is_space(byte: u8) -> bool {
    SPACES.contains(&char::from(byte))
}

fn tokenize(text: &str) -> Result<(), String> {
    let mut open = OpenElements::default();
    for token in Tokenizer::from(text) {
        open.take(token.map_err(|error| open.broken(&error))?)?;
    }
    match open.root {
        Some(_) if open.names.is_empty() => Ok(()),
        _ => Err(open.ends_early()),
    }
}

/// A name with its prefix.
type Name<'a> = (&'a str, &'a str);

/// The elements that are open at some point of a document.
#[derive(Default)]
struct OpenElements<'a> {
    root: Option<Name<'a>>,
    names: Vec<Name<'a>>,
}

impl<'a> OpenElements<'a> {
    fn take(&mut self, token: Token<'a>) -> Result<(), String> {
        match token {
            Token::DtdStart { .. } | Token::EmptyDtd { .. } => {
                Err("the answer has a document type declaration".to_owned())
            }
            Token::ElementStart { prefix, local, .. } => {
                self.open((prefix.as_str(), local.as_str()))
            }
            Token::ElementEnd { end, .. } => self.close(end),
            _ => Ok(()),
        }
    }

    fn open(&mut self, name: Name<'a>) -> Result<(), String> {
        self.root.get_or_insert(name);
        self.names.push(name);
        match self.names.len() > DEEPEST {
            true => Err(format!("the answer nests more than {DEEPEST} elements")),
            false => Ok(()),
        }
    }

    fn close(&mut self, end: ElementEnd<'a>) -> Result<(), String> {
        let closed = match end {
            ElementEnd::Open => return Ok(()),
            ElementEnd::Empty => None,
            ElementEnd::Close(prefix, local) => Some((prefix.as_str(), local.as_str())),
        };
        let open = self.names.pop();
        match (closed, open) {
            (Some(closed), Some(open)) if closed != open => Err(format!(
                "the answer closes <{}> with </{}>",
                written(open),
                written(closed)
            )),
            _ => Ok(()),
        }
    }

    fn broken(&self, error: &Error) -> String {
        match (cause(error), self.root) {
            (Some(StreamError::UnexpectedEndOfStream), _) => self.ends_early(),
            (_, Some(root)) if self.names.is_empty() => {
                format!("the response continues after </{}>", written(root))
            }
            _ => format!("the answer is not XML: {error}"),
        }
    }

    fn ends_early(&self) -> String {
        match self.root {
            Some(root) => format!("the answer ends before </{}>", written(root)),
            None => "the answer has no XML element".to_owned(),
        }
    }
}

fn written((prefix, local): Name<'_>) -> String {
    match prefix {
        "" => local.to_owned(),
        prefix => format!("{prefix}:{local}"),
    }
}

fn cause(error: &Error) -> Option<StreamError> {
    match error {
        Error::InvalidDeclaration(cause, _)
        | Error::InvalidComment(cause, _)
        | Error::InvalidPI(cause, _)
        | Error::InvalidDoctype(cause, _)
        | Error::InvalidEntity(cause, _)
        | Error::InvalidElement(cause, _)
        | Error::InvalidAttribute(cause, _)
        | Error::InvalidCdata(cause, _)
        | Error::InvalidCharData(cause, _) => Some(*cause),
        Error::UnknownToken(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        check(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_document_is_complete_where_its_root_is_closed() {
        for text in [
            "<LocationConstraint/>",
            "<?xml version=\"1.0\"?>\n<VersioningConfiguration xmlns=\"http://s3/\"/>\n\n",
            "<a><b>x</b><c/></a> \r\n<!-- the end --><?and so?>",
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?><a:b xmlns:a=\"x\"><a:c>&lt;</a:c></a:b>",
            "<!-- first --><a><![CDATA[</a>]]></a>",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_document_that_is_cut_anywhere_is_not_complete() {
        let text = "<?xml version=\"1.0\"?>\n<List xmlns=\"x\"><item><id>1</id><none/></item>\
                    <item><id>é</id></item><nextToken>t</nextToken></List>";
        for end in 0..text.len() {
            assert!(check(&text.as_bytes()[..end]).is_err(), "{}", end);
        }
        let (cut, _) = text.split_once("<nextToken>").unwrap();
        assert_eq!(problem(cut), "the answer ends before </List>");
        assert_eq!(problem(&text[..60]), "the answer ends before </List>");
    }

    #[test]
    fn a_plain_document_is_complete_and_only_others_need_the_tokenizer() {
        let plain = [
            "<a>",
            "</a>",
            "<b>",
            "</b>",
            "<b/>",
            "<a c=\"/>\">",
            "<b c='<a>'/>",
            "x",
            " ",
            "\n",
            "<x:a>",
            "</x:a>",
        ];
        let others = ["<!-- </a> -->", "<![CDATA[</a>]]>", "<?a?>", "</a >"];
        let mut random = fastrand::Rng::with_seed(7);
        let (mut accepted, mut refused) = (0, 0);
        for _ in 0..200_000 {
            let has_others = random.bool();
            let length = random.usize(1..9);
            let text: String = (0..length)
                .map(|_| match has_others && random.u8(0..8) == 0 {
                    true => *random.choice(&others).unwrap(),
                    false => *random.choice(&plain).unwrap(),
                })
                .collect();
            let is_complete = tokenize(&text).is_ok();
            assert!(!is_plain(&text) || is_complete, "{text}");
            assert!(!is_complete || is_plain(&text) || has_others, "{text}");
            accepted += usize::from(is_plain(&text));
            refused += usize::from(!is_complete);
        }
        assert!(accepted > 1_000 && refused > 1_000, "{accepted} {refused}");
    }

    #[test]
    fn what_is_no_single_document_is_refused() {
        let cases = [
            ("<!DOCTYPE a><a/>", "document type declaration"),
            (
                "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
                "document type declaration",
            ),
            ("<a/><b/>", "continues after </a>"),
            ("<a></a>text", "continues after </a>"),
            ("<a><b></a></b>", "closes <b> with </a>"),
            ("<x:a></y:a>", "closes <x:a> with </y:a>"),
            ("", "has no XML element"),
            ("{\"Accounts\":[]}", "is not XML"),
            ("<html><br></html>", "closes <br> with </html>"),
        ];
        for (text, expected) in cases {
            let problem = problem(text);
            assert!(problem.contains(expected), "{text}: {problem}");
        }
        assert_eq!(
            check(b"<a>\xff</a>"),
            Err("the answer is not UTF-8 text".to_owned())
        );
        assert!(problem(&"<a>".repeat(100_000)).contains("nests more than"));
    }
}
