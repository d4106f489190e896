use super::*;
use crate::checks::samples::{Line, denied, group, missing};
use crate::model::Cause;

fn lists(lists: &[(&str, &[&str])]) -> BTreeMap<String, Fact<PrefixList>> {
    let lists = lists.iter().map(|(id, ranges)| {
        let ranges = ranges.iter().map(|net| net.parse().unwrap()).collect();
        (id.to_string(), Fact::known(PrefixList { ranges }))
    });
    lists.collect()
}

fn words(rules: &[Line<'_>], lists: &BTreeMap<String, Fact<PrefixList>>) -> Vec<String> {
    let rules = open_rules(&group("sg-1", rules), lists);
    rules.open.iter().map(ToString::to_string).collect()
}

#[test]
fn a_source_that_is_the_whole_internet_opens_its_rule() {
    for (source, open) in [
        ("0.0.0.0/0", true),
        ("::/0", true),
        ("2000::/3", true),
        ("0.0.0.0/1", false),
        ("2000::/4", false),
        ("fc00::/7", false),
        ("sg-2", false),
    ] {
        let expected: &[String] = &[format!("tcp 22 from {source}")];
        let rules = words(&[("tcp", Some((22, 22)), source)], &BTreeMap::new());
        assert_eq!(rules, if open { expected } else { &[] });
    }
}

#[test]
fn a_prefix_list_counts_as_all_its_ranges_together() {
    let lists = lists(&[
        ("pl-all", &["0.0.0.0/1", "128.0.0.0/1"]),
        ("pl-half", &["0.0.0.0/1", "::/1"]),
        ("pl-mixed", &["0.0.0.0/1", "8000::/1"]),
        ("pl-empty", &[]),
    ]);
    let open = |id| words(&[("tcp", Some((443, 443)), id)], &lists);
    assert_eq!(open("pl-all"), ["tcp 443 from pl-all"]);
    assert_eq!(open("pl-half"), ["tcp 443 from pl-half"]);
    assert!(open("pl-mixed").is_empty());
    assert!(open("pl-empty").is_empty());
}

#[test]
fn the_same_rule_twice_is_one() {
    let rule = ("-1", None, "0.0.0.0/0");
    let v6 = ("-1", None, "::/0");
    assert_eq!(
        words(&[rule, v6, rule], &BTreeMap::new()),
        ["all from 0.0.0.0/0", "all from ::/0"]
    );
}

#[test]
fn narrow_rules_and_open_ones_are_told_apart() {
    let rules = [
        ("tcp", Some((22, 22)), "0.0.0.0/0"),
        ("tcp", Some((22, 22)), "128.0.0.0/1"),
        ("tcp", Some((80, 80)), "0.0.0.0/1"),
        ("tcp", Some((80, 80)), "128.0.0.0/1"),
    ];
    assert_eq!(
        words(&rules, &BTreeMap::new()),
        [
            "tcp 22 from 0.0.0.0/0",
            "tcp 80 from 0.0.0.0/1 + 128.0.0.0/1"
        ]
    );
}

#[test]
fn a_prefix_list_that_is_missing_leaves_the_others_judged() {
    let mut lists = lists(&[]);
    lists.insert("pl-1".into(), missing("ec2:GetManagedPrefixListEntries"));
    let rules = [
        ("tcp", Some((22, 22)), "pl-1"),
        ("udp", Some((53, 53)), "pl-2"),
        ("tcp", Some((80, 80)), "::/0"),
    ];
    let rules = open_rules(&group("sg-1", &rules), &lists);
    assert_eq!(rules.open.len(), 1);
    let [(ssh, first), (dns, second)] = rules.unread.as_slice() else {
        panic!("{rules:?}")
    };
    assert_eq!(
        (ssh.to_string(), dns.to_string()),
        ("tcp 22".into(), "udp 53".into())
    );
    assert_eq!(*first, denied("ec2:GetManagedPrefixListEntries"));
    assert_eq!(second.cause, Cause::NotCollected);
}

#[test]
fn a_message_says_how_the_sources_are_the_whole_internet() {
    let lists = lists(&[("pl-1", &["0.0.0.0/0"]), ("pl-2", &["0.0.0.0/1"])]);
    let how = |rules: &[Line<'_>]| open_rules(&group("sg-1", rules), &lists).open[0].how();
    assert_eq!(how(&[("-1", None, "0.0.0.0/0")]), "");
    assert!(how(&[("-1", None, "pl-1")]).contains("ranges"));
    assert!(how(&[("-1", None, "pl-2"), ("-1", None, "128.0.0.0/1")]).contains("together"));
}
