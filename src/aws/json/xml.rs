//! Typed answers of the protocols that answer in XML.
//!
//! XML has neither numbers nor lists: an element is what its type takes it for. A list is an element whose children
//! are its members. The document is complete: the check of answers has read it before.
//!
//! Source: <https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings>

use std::borrow::Cow;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use xmlparser::{ElementEnd, Token, Tokenizer};

/// The root element of a document.
///
/// # Errors
/// What is not as the type has it.
pub(super) fn document<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    T::deserialize(&root(body)?)
}

/// The result of an operation of the query protocol, which is in an element of its own.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#response-serialization>
///
/// # Errors
/// What is not as the type has it.
pub(super) fn result_of<T: DeserializeOwned>(operation: &str, body: &[u8]) -> Result<T, Error> {
    let root = root(body)?;
    let name = format!("{operation}Result");
    let mut children = root.children.iter();
    match children.find(|child| child.name == name) {
        Some(result) => T::deserialize(result),
        None => Err(Error::custom(format!("{name} is missing"))),
    }
}

/// An element without its attributes.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

fn root(body: &[u8]) -> Result<Element, Error> {
    let text = std::str::from_utf8(body).map_err(Error::custom)?;
    let mut open: Vec<Element> = Vec::new();
    for token in Tokenizer::from(text) {
        match token.map_err(Error::custom)? {
            Token::ElementStart { local, .. } => open.push(Element {
                name: local.as_str().to_owned(),
                ..Element::default()
            }),
            Token::ElementEnd {
                end: ElementEnd::Empty | ElementEnd::Close(..),
                ..
            } => match (open.pop(), open.last_mut()) {
                (Some(closed), Some(parent)) => parent.children.push(closed),
                (Some(closed), None) => return Ok(closed),
                (None, _) => break,
            },
            Token::Text { text } => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&unescaped(text.as_str())?);
                }
            }
            Token::Cdata { text, .. } => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(text.as_str());
                }
            }
            _ => {}
        }
    }
    Err(Error::custom("the document has no root element"))
}

/// A text with the characters that its references stand for.
///
/// Source: <https://www.w3.org/TR/xml/#sec-references>
fn unescaped(text: &str) -> Result<Cow<'_, str>, Error> {
    let Some((first, rest)) = text.split_once('&') else {
        return Ok(text.into());
    };
    let mut plain = first.to_owned();
    for part in rest.split('&') {
        let (reference, after) = part
            .split_once(';')
            .ok_or_else(|| Error::custom("a reference does not end"))?;
        let character = character(reference)
            .ok_or_else(|| Error::custom(format!("`&{reference};` is no character")))?;
        plain.push(character);
        plain.push_str(after);
    }
    Ok(plain.into())
}

fn character(reference: &str) -> Option<char> {
    let code = match reference {
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "gt" => return Some('>'),
        "lt" => return Some('<'),
        "quot" => return Some('"'),
        _ => reference.strip_prefix('#')?,
    };
    let code = match code.strip_prefix('x') {
        Some(code) => u32::from_str_radix(code, 16),
        None => code.parse(),
    };
    char::from_u32(code.ok()?)
}

impl<'de> IntoDeserializer<'de, Error> for &'de Element {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What the text of an element is parsed as.
macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
                match self.text.trim().parse() {
                    Ok(value) => visitor.$visit(value),
                    Err(error) => {
                        Err(Error::custom(format!("{} is `{}`: {error}", self.name, self.text)))
                    }
                }
            }
        )*
    };
}

impl<'de> Deserializer<'de> for &'de Element {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(&self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.children.iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let children = self.children.iter();
        let children = children.map(|child| (child.name.as_str(), child));
        visitor.visit_map(MapDeserializer::new(children))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct
        enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct List {
        members: Option<Vec<Member>>,
        next_marker: Option<String>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Member {
        name: String,
        port: Option<u16>,
        is_on: Option<bool>,
    }

    const LIST: &str = "<ListResult><Members><member><Name>a &lt;&#x26;&#38; b</Name><Port>443</Port>\
                        <IsOn>true</IsOn><Other><Deep>1</Deep></Other></member><member><Name/></member>\
                        </Members></ListResult>";

    fn list(text: &str) -> Result<List, Error> {
        result_of(
            "List",
            format!("<ListResponse>{text}</ListResponse>").as_bytes(),
        )
    }

    #[test]
    fn elements_are_what_their_types_take_them_for() {
        let first = Member {
            name: "a <&& b".to_owned(),
            port: Some(443),
            is_on: Some(true),
        };
        let second = Member {
            name: String::new(),
            port: None,
            is_on: None,
        };
        let expected = List {
            members: Some(vec![first, second]),
            next_marker: None,
        };
        assert_eq!(list(LIST), Ok(expected));
        let empty = list("<ListResult><Members/><NextMarker>x</NextMarker></ListResult>").unwrap();
        assert_eq!(empty.members, Some(vec![]));
        assert_eq!(empty.next_marker.as_deref(), Some("x"));
        let none = list("<ListResult/>").unwrap();
        assert_eq!(none.members, None);
    }

    #[test]
    fn another_form_is_an_error_that_names_the_element() {
        let problem = |from: &str, to: &str| list(&LIST.replace(from, to)).unwrap_err().to_string();
        assert_eq!(problem("ListResult", "Result"), "ListResult is missing");
        let port = problem("443", "many");
        assert!(port.starts_with("Port is `many`: "), "{port}");
        assert!(problem("<Name/>", "").contains("Name"));
        assert!(problem("<Name/>", "<Name/><Name/>").contains("duplicate"));
        assert!(problem("&#38;", "&nbsp;").contains("nbsp"));
        assert!(problem("&#38;", "& ").contains("reference"));
    }
}
