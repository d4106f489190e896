//! Account Management's list of Regions.

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use super::call::Call;
use super::reply::Reply;

/// The answer to ListRegions, from that to DescribeRegions. All Regions are on one page.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html>
pub(super) fn listed(described: &[u8]) -> Option<Reply> {
    let text = std::str::from_utf8(described).ok()?;
    let document = Document::parse(text).ok()?;
    let items = document
        .descendants()
        .filter(|node| node.tag_name().name() == "item");
    let regions: Option<Vec<Value>> = items
        .map(|item| {
            let status = match child(&item, "optInStatus")? {
                "opt-in-not-required" => "ENABLED_BY_DEFAULT",
                "not-opted-in" => "DISABLED",
                _ => "ENABLED",
            };
            Some(json!({"RegionName": child(&item, "regionName")?, "RegionOptStatus": status}))
        })
        .collect();
    Some(Reply::json(200, &json!({ "Regions": regions? })))
}

/// Whether a request asks for the Regions that are on alone, as clients do that do not ask for all.
pub(super) fn is_about_enabled(call: &Call) -> bool {
    let mut names = call.parameters.keys().map(String::as_str);
    call.operation == "DescribeRegions"
        && call.parameter("AllRegions") != Some("true")
        && names.all(|name| ["AllRegions", "DryRun"].contains(&name))
}

/// The answer to DescribeRegions without the Regions that are off.
pub(super) fn enabled(described: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(described).ok()?;
    let document = Document::parse(text).ok()?;
    let off = document.descendants().filter(|node| {
        node.tag_name().name() == "item" && child(node, "optInStatus") == Some("not-opted-in")
    });
    let (mut kept, mut from) = (String::with_capacity(text.len()), 0);
    for item in off.map(|item| item.range()) {
        kept.push_str(text.get(from..item.start)?);
        from = item.end;
    }
    kept.push_str(text.get(from..)?);
    Some(kept)
}

fn child<'a>(item: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    // Whatever the namespace, which is the version of the API.
    let mut children = item.children();
    children.find(|node| node.tag_name().name() == name)?.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_that_is_off_is_disabled() {
        let described = b"<R xmlns=\"x\"><regionInfo>\
            <item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>\
            <item><regionName>af-south-1</regionName><optInStatus>opted-in</optInStatus></item>\
            <item><regionName>eu-south-1</regionName><optInStatus>not-opted-in</optInStatus></item>\
            </regionInfo></R>";
        let reply = listed(described).unwrap();
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let statuses = ["ENABLED_BY_DEFAULT", "ENABLED", "DISABLED"];
        for (region, status) in body["Regions"].as_array().unwrap().iter().zip(statuses) {
            assert_eq!(region["RegionOptStatus"], status);
        }
        assert!(listed(b"<R><item/></R>").is_none());
        let kept = enabled(described).unwrap();
        assert!(
            kept.contains("us-east-1") && kept.contains("af-south-1"),
            "{kept}"
        );
        assert!(
            !kept.contains("eu-south-1") && kept.ends_with("</regionInfo></R>"),
            "{kept}"
        );
    }
}
