use super::*;
use crate::checks::samples::{denied, missing};
use crate::facts::{Fact, FactStore};
use crate::model::{Cause, Reading};
use crate::services::ec2::PrefixList;
use crate::services::ec2::samples::{RuleLine, group};

fn list(ranges: &[&str]) -> PrefixList {
    let ranges: Vec<IpNet> = ranges.iter().map(|net| net.parse().unwrap()).collect();
    let ranges = ranges.into();
    PrefixList { ranges }
}

fn lists(lists: &[(&str, &[&str])]) -> FactStore {
    let mut facts = FactStore::default();
    for (id, ranges) in lists {
        facts.put_of::<PrefixList>(id, Reading::known(list(ranges)));
    }
    facts
}

fn read(rules: &Items<Ingress>, lists: &FactStore) -> OpenRules {
    open_rules(rules, &Facts::new(lists, &[PrefixList::SPEC]))
}

fn descriptions(rules: &[RuleLine<'_>], lists: &FactStore) -> Vec<String> {
    let rules = read(&group("sg-1", rules).ingress, lists);
    rules.open.iter().map(OpenRule::describe).collect()
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
        let rules = descriptions(&[("tcp", Some((22, 22)), source)], &FactStore::default());
        assert_eq!(rules, if open { expected } else { &[] });
    }
}

#[test]
fn a_prefix_list_counts_as_its_combined_ranges() {
    let lists = lists(&[
        ("pl-all", &["0.0.0.0/1", "128.0.0.0/1"]),
        ("pl-half", &["0.0.0.0/1", "::/1"]),
        ("pl-mixed", &["0.0.0.0/1", "8000::/1"]),
        ("pl-empty", &[]),
    ]);
    let open = |id| descriptions(&[("tcp", Some((443, 443)), id)], &lists);
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
        descriptions(&[rule, v6, rule], &FactStore::default()),
        ["all from 0.0.0.0/0", "all from ::/0"]
    );
}

#[test]
fn partial_rules_and_open_ones_are_distinguished() {
    let rules = [
        ("tcp", Some((22, 22)), "0.0.0.0/0"),
        ("tcp", Some((22, 22)), "128.0.0.0/1"),
        ("tcp", Some((80, 80)), "0.0.0.0/1"),
        ("tcp", Some((80, 80)), "128.0.0.0/1"),
    ];
    assert_eq!(
        descriptions(&rules, &FactStore::default()),
        [
            "tcp 22 from 0.0.0.0/0",
            "tcp 80 from 0.0.0.0/1 + 128.0.0.0/1"
        ]
    );
}

#[test]
fn a_prefix_list_that_is_missing_leaves_the_others_evaluated() {
    let mut lists = lists(&[]);
    lists.put_of::<PrefixList>("pl-1", missing("ec2:GetManagedPrefixListEntries"));
    let rules = [
        ("tcp", Some((22, 22)), "pl-1"),
        ("udp", Some((53, 53)), "pl-2"),
        ("tcp", Some((80, 80)), "::/0"),
    ];
    let rules = read(&group("sg-1", &rules).ingress, &lists);
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
fn a_message_explains_how_the_sources_are_the_whole_internet() {
    let lists = lists(&[("pl-1", &["0.0.0.0/0"]), ("pl-2", &["0.0.0.0/1"])]);
    let how = |rules: &[RuleLine<'_>]| read(&group("sg-1", rules).ingress, &lists).open[0].how();
    assert_eq!(how(&[("-1", None, "0.0.0.0/0")]), "");
    assert!(how(&[("-1", None, "pl-1")]).contains("ranges"));
    assert!(how(&[("-1", None, "pl-2"), ("-1", None, "128.0.0.0/1")]).contains("together"));
}

/// All of IPv4 in ranges of this length.
fn pieces(prefix: u8) -> Vec<String> {
    let pieces = (0..1_u32 << prefix).map(|piece| {
        let first = std::net::Ipv4Addr::from(piece << (32 - prefix));
        format!("{first}/{prefix}")
    });
    pieces.collect()
}

fn identities(ranges: &[String]) -> Vec<(String, String)> {
    let rules = ranges
        .iter()
        .map(|net| ("tcp", Some((22, 22)), net.as_str()));
    let rules: Vec<RuleLine<'_>> = rules.collect();
    let open = read(&group("sg-1", &rules).ingress, &FactStore::default()).open;
    open.iter()
        .map(|rule| (rule.identity(), rule.describe()))
        .collect()
}

#[test]
fn many_ranges_make_a_short_message_and_an_identity_that_one_more_does_not_change() {
    let all = pieces(8);
    let [(identity, message)] = &identities(&all)[..] else {
        panic!()
    };
    assert_eq!(identity, "tcp 22 from ranges that together cover IPv4");
    assert!(message.len() < 150, "{message}");
    assert!(
        message.contains("1.0.0.0/8 + 2.0.0.0/8 + ") && message.ends_with(" more"),
        "{message}"
    );
    // One range in place of two, one in two parts, one that adds nothing, one that nobody sends from.
    let mut fewer = all.clone();
    fewer.splice(2..4, ["2.0.0.0/7".to_owned()]);
    let mut more = all.clone();
    more.splice(2..3, ["2.0.0.0/9".to_owned(), "2.128.0.0/9".to_owned()]);
    let same = [&all[..], &["8.8.0.0/16".to_owned()]].concat();
    let without = all
        .iter()
        .filter(|net| *net != "10.0.0.0/8")
        .cloned()
        .collect();
    for changed in [fewer, more, same, without, pieces(1), pieces(2)] {
        let found: Vec<String> = identities(&changed).into_iter().map(|(id, _)| id).collect();
        assert_eq!(found, [identity.as_str()], "{} ranges", changed.len());
    }
}

#[test]
fn a_range_for_some_of_the_ports_does_not_cut_a_run() {
    let rule = |first, last, net| ("tcp", Some((first, last)), net);
    let (low, high) = (rule(20, 30, "0.0.0.0/1"), rule(20, 30, "128.0.0.0/1"));
    let identities = |rules: &[RuleLine<'_>]| -> Vec<String> {
        let open = read(&group("sg-1", rules).ingress, &FactStore::default()).open;
        open.iter().map(OpenRule::identity).collect()
    };
    let one = identities(&[low, high]);
    assert_eq!(one, ["tcp 20-30 from ranges that together cover IPv4"]);
    let quarters = [
        rule(20, 25, "128.0.0.0/1"),
        rule(26, 30, "128.0.0.0/2"),
        rule(26, 30, "192.0.0.0/2"),
    ];
    assert_eq!(identities(&[&[low], &quarters[..]].concat()), one);
    // Each family is a finding of its own.
    let v6 = [rule(20, 30, "2000::/4"), rule(20, 30, "3000::/4")];
    assert_eq!(identities(&[&[low, high], &v6[..]].concat()).len(), 2);
}

#[test]
fn a_rule_and_an_entry_of_a_list_that_could_not_be_read_may_let_anybody_in() {
    let gap = |resource| Gap::lacks("ec2:DescribeSecurityGroups", resource, "cidr");
    let mut lists = FactStore::default();
    for (id, range) in [("pl-1", "0.0.0.0/1"), ("pl-2", "0.0.0.0/0")] {
        let mut read = list(&[range]);
        read.ranges.gaps.push(gap(id));
        lists.put_of::<PrefixList>(id, Reading::known(read));
    }
    let mut rules = group(
        "sg-1",
        &[
            ("tcp", Some((22, 22)), "pl-1"),
            ("tcp", Some((80, 80)), "pl-2"),
        ],
    )
    .ingress;
    rules.gaps.push(gap("sg-1"));
    let read = read(&rules, &lists);
    // What is open without the unread entry is open whatever it is.
    assert_eq!(read.open.len(), 1);
    let unread: Vec<String> = read
        .unread
        .iter()
        .map(|(what, _)| what.to_string())
        .collect();
    assert_eq!(unread, ["tcp 22", "all"]);
}
