//! Account Management's list of Regions.

use roxmltree::{Document, Node};
use serde_json::{Value, json};

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
    }
}
