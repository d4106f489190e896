//! Helpers for pages of the documentation that are made of the code.

use std::fmt::Write;

use serde_json::Value;

/// A page of the documentation.
pub fn page(path: &str) -> String {
    std::fs::read_to_string(super::repository().join(path)).unwrap()
}

/// The code block after a marker.
pub fn block(page: &str, marker: &str) -> String {
    let (_, rest) = page.split_once(&format!("<!-- {marker}: ")).unwrap();
    let (_, rest) = rest.split_once("\n```").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("\n```").unwrap().0.to_owned()
}

/// The page with another text between a pair of markers.
pub fn with_section(page: &str, marker: &str, text: &str) -> String {
    let (open, close) = (
        format!("<!-- {marker}: generated -->\n"),
        format!("<!-- /{marker} -->"),
    );
    let (before, rest) = page.split_once(&open).unwrap();
    let (_, after) = rest.split_once(&close).unwrap();
    format!("{before}{open}\n{text}\n{close}{after}")
}

/// One row for each field of the schema, those of nested mappings after their own.
pub fn fields(schema: &Value) -> String {
    let mut table =
        String::from("| field | holds | default | meaning |\n| --- | --- | --- | --- |\n");
    rows(schema, schema, "", &mut table);
    table
}

fn rows(root: &Value, mapping: &Value, above: &str, table: &mut String) {
    let properties = mapping["properties"].as_object().into_iter().flatten();
    for (key, property) in properties {
        let shape = resolve(root, property);
        let field = format!("{above}{key}");
        let meaning = property["description"].as_str().unwrap_or_default();
        let meaning = meaning.replace("\n", " ");
        let (type_name, default) = (type_name(root, shape), default(property));
        writeln!(table, "| `{field}` | {type_name} | {default} | {meaning} |").unwrap();
        rows(root, shape, &format!("{field}."), table);
        if let Some(items) = shape.get("items") {
            rows(root, resolve(root, items), &format!("{field}[]."), table);
        }
        if let Some(values) = shape.get("additionalProperties").filter(|v| v.is_object()) {
            rows(root, resolve(root, values), &format!("{field}.*."), table);
        }
    }
}

/// The schema that a reference or an optional value stands for.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(name) = schema["$ref"].as_str() {
        return resolve(root, root.pointer(name.trim_start_matches('#')).unwrap());
    }
    match schema["anyOf"].as_array() {
        Some(options) => resolve(root, &options[0]),
        None => schema,
    }
}

fn type_name(root: &Value, shape: &Value) -> String {
    if let Some(variants) = shape["oneOf"].as_array().or(shape["enum"].as_array()) {
        let word = |word: &Value| word["const"].as_str().or(word.as_str()).map(str::to_owned);
        let variants: Vec<String> = variants.iter().filter_map(word).collect();
        return variants
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(" ");
    }
    let kind = match &shape["type"] {
        Value::Array(kinds) => kinds[0].as_str(),
        kind => kind.as_str(),
    };
    match kind {
        Some("array") => match type_name(root, resolve(root, &shape["items"])).as_str() {
            variants if variants.starts_with('`') => "list of words".to_owned(),
            item => format!("list of {item}s"),
        },
        Some("object") => "mapping".to_owned(),
        Some("string") if shape["format"] == "date" => "date".to_owned(),
        Some("string") => "text".to_owned(),
        Some("integer") => "whole number".to_owned(),
        other => other.unwrap_or_default().to_owned(),
    }
}

fn default(property: &Value) -> String {
    match property.get("default") {
        None | Some(Value::Null) => String::new(),
        Some(Value::Object(_)) => String::new(),
        Some(Value::Array(items)) if items.is_empty() => String::new(),
        Some(Value::Array(items)) => format!("{} of them", items.len()),
        Some(value) => format!("`{}`", value.to_string().trim_matches('"')),
    }
}
