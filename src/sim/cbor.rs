//! CBOR documents, kept as they came and shown as JSON.

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

/// A CBOR document, and who sent it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) sender: Value,
    pub(super) bytes: Bytes,
    pub(super) is_packed: bool,
}

impl Document {
    /// The document as JSON, with its sender.
    pub(super) fn show(&self) -> Result<Value, String> {
        let mut unpacked = Vec::new();
        if self.is_packed {
            let mut decoder = GzDecoder::new(&*self.bytes);
            let read = decoder.read_to_end(&mut unpacked);
            read.map_err(|error| format!("the body is not gzip: {error}"))?;
        }
        let bytes = if self.is_packed {
            &unpacked
        } else {
            &*self.bytes
        };
        let document: ciborium::Value = ciborium::from_reader(bytes)
            .map_err(|error| format!("the body is not CBOR: {error}"))?;
        let mut shown = json(document);
        for field in ["account", "region"] {
            if let Some(fields) = shown.as_object_mut() {
                fields.insert(field.to_owned(), self.sender[field].clone());
            }
        }
        Ok(shown)
    }
}

/// CBOR as JSON. Times, which are numbers with a tag, become the number of seconds since 1970.
fn json(value: ciborium::Value) -> Value {
    match value {
        ciborium::Value::Integer(number) => {
            i64::try_from(number).map_or_else(|_| Value::from(f64_of(number)), Value::from)
        }
        ciborium::Value::Float(number) => Value::from(number),
        ciborium::Value::Text(text) => Value::from(text),
        ciborium::Value::Bool(truth) => Value::from(truth),
        ciborium::Value::Bytes(bytes) => Value::from(aws_smithy_types::base64::encode(bytes)),
        ciborium::Value::Tag(_, tagged) => json(*tagged),
        ciborium::Value::Array(items) => items.into_iter().map(json).collect(),
        ciborium::Value::Map(entries) => {
            let entries = entries.into_iter().map(|(name, value)| {
                let name = name.into_text().unwrap_or_default();
                (name, json(value))
            });
            Value::from(entries.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

fn f64_of(number: ciborium::value::Integer) -> f64 {
    i128::from(number) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds() {
        let time = ciborium::Value::Tag(1, Box::new(ciborium::Value::Float(1.5)));
        assert_eq!(json(time), serde_json::json!(1.5));
    }
}
