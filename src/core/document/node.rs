//! A YAML or JSON document as a tree in which every value knows its field and its line.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use serde_saphyr::Spanned;

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its path from the root, `accounts.include.ids[2]`; empty for the root itself.
    pub(crate) field: String,
    /// The line of its key, or its own in a list; none in a document without lines.
    pub(crate) line: Option<u64>,
    /// The value.
    pub(crate) tree: Tree,
}

/// A value. Map entries keep their order.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// Why a text is no document: the line where there is one, the field if it is known, and the fix.
#[derive(Debug)]
pub struct ParseError {
    /// The line, counted from one.
    pub line: Option<u64>,
    /// The field; empty for the document as a whole.
    pub field: String,
    /// What is wrong and how to fix it.
    pub message: String,
}

impl Node {
    /// Reads one YAML 1.2 document. An empty one is an empty mapping.
    pub fn from_yaml(text: &str) -> Result<Self, ParseError> {
        let options = serde_saphyr::options! {
            strict_booleans: true,
            reject_unsupported_tags: true,
            with_snippet: false,
        };
        serde_saphyr::from_str_with_options(text, options)
            .map(Self::rooted)
            .map_err(|error| unreadable(&error))
    }

    /// Takes over a JSON document.
    pub fn from_json(document: &Value) -> Self {
        Self::unnamed(document).rooted()
    }

    fn unnamed(value: &Value) -> Self {
        let tree = match value {
            Value::Null => Tree::Null,
            Value::Bool(value) => Tree::Bool(*value),
            Value::Number(number) => Tree::Number(number.clone()),
            Value::String(text) => Tree::Text(text.clone()),
            Value::Array(items) => Tree::List(items.iter().map(Self::unnamed).collect()),
            Value::Object(entries) => Tree::Map(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), Self::unnamed(value)))
                    .collect(),
            ),
        };
        Self {
            field: String::new(),
            line: None,
            tree,
        }
    }

    fn rooted(mut self) -> Self {
        if matches!(self.tree, Tree::Null) {
            self.tree = Tree::Map(Vec::new());
        }
        self.line = None;
        self.name(String::new());
        self
    }

    /// Tells this value and those within it their fields.
    fn name(&mut self, field: String) {
        match &mut self.tree {
            Tree::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    item.name(format!("{field}[{index}]"));
                }
            }
            Tree::Map(entries) => {
                for (key, value) in entries {
                    value.name(child(&field, key));
                }
            }
            Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => {}
        }
        self.field = field;
    }

    /// Takes out the value of a field; says whether it was there.
    pub(crate) fn remove(&mut self, field: &str) -> bool {
        match &mut self.tree {
            Tree::List(items) => {
                let before = items.len();
                items.retain(|item| item.field != field);
                items.len() < before || items.iter_mut().any(|item| item.remove(field))
            }
            Tree::Map(entries) => {
                let before = entries.len();
                entries.retain(|(_, value)| value.field != field);
                entries.len() < before || entries.iter_mut().any(|(_, value)| value.remove(field))
            }
            Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => false,
        }
    }

    /// Calls `visit` with this value and with every value within it.
    pub(crate) fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match &self.tree {
            Tree::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Tree::Map(entries) => entries.iter().for_each(|(_, value)| value.walk(visit)),
            Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => {}
        }
    }
}

/// The field of a key in a mapping.
pub fn child(field: &str, key: &str) -> String {
    if field.is_empty() {
        key.to_owned()
    } else {
        format!("{field}.{key}")
    }
}

fn unreadable(error: &serde_saphyr::Error) -> ParseError {
    let line = error.location().map(|location| location.line());
    let (field, message) = match error.without_snippet() {
        serde_saphyr::Error::DuplicateMappingKey { key, .. } => (
            key.clone().unwrap_or_default(),
            "given twice in the same mapping; keep one".to_owned(),
        ),
        serde_saphyr::Error::MultipleDocuments { .. } => (
            String::new(),
            "a second document begins here; keep one, without `---` between".to_owned(),
        ),
        serde_saphyr::Error::NonFiniteFloat { value, .. } => (
            String::new(),
            format!("`{value}` is not a number; give one, or put it in quotes"),
        ),
        other => (
            String::new(),
            format!("not valid YAML 1.2: {other}; correct the syntax"),
        ),
    };
    ParseError {
        line,
        field,
        message,
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Tree>::deserialize(deserializer)?;
        Ok(Self {
            field: String::new(),
            line: line_of(&spanned),
            tree: spanned.value,
        })
    }
}

/// Documents without lines give line 0.
fn line_of<T>(spanned: &Spanned<T>) -> Option<u64> {
    Some(spanned.referenced.line()).filter(|line| *line > 0)
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let mut value: Node = map.next_value()?;
            value.line = line_of(&key).or(value.line);
            entries.push((key.value, value));
        }
        Ok(Tree::Map(entries))
    }
}
