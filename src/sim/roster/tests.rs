use super::*;
use crate::sample::{DENIED, LOCKED, MANAGEMENT, SOUND, recording};

fn roster(accounts: Option<usize>) -> Roster {
    Roster::new(&recording(), accounts).unwrap()
}

fn ids(roster: &Roster) -> Vec<String> {
    let places = 0..u32::try_from(roster.len()).unwrap();
    places
        .map(|place| roster.member(place).unwrap().id())
        .collect()
}

#[test]
fn the_recorded_accounts_come_first_as_they_are() {
    assert_eq!(ids(&roster(None)), [MANAGEMENT, SOUND, LOCKED, DENIED]);
    assert_eq!(ids(&roster(Some(2))), [MANAGEMENT, SOUND]);
    assert_eq!(ids(&roster(Some(6)))[..4], ids(&roster(None)));
}

#[test]
fn copies_are_of_members_that_nothing_is_denied_in() {
    let roster = roster(Some(100));
    for place in 4..100 {
        let member = roster.member(place).unwrap();
        assert_eq!(member.original.id, SOUND);
        assert_eq!(member.name(), format!("web-{}", place - 3));
        assert_eq!(roster.by_id(&member.id()).unwrap().place, place);
    }
    assert_eq!(ids(&roster), ids(&self::roster(Some(100))));
    let mut different = ids(&roster);
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 100);
    assert!(roster.by_id("12").is_none());
    assert!(roster.member(100).is_none());
}

#[test]
fn copies_lie_in_teams_below_the_ou_of_the_recorded_account() {
    let roster = roster(Some(104));
    let member = roster.member(50).unwrap();
    let path = roster.path(&member);
    assert!(path.starts_with("o-1/r-1/ou-1-work/ou-1-"), "{path}");
    assert!(roster.places_in(last(path)).contains(&50));
    assert_eq!(roster.places_in("ou-1-work"), [1, 3]);
    assert_eq!(roster.places_in("r-1"), [0, 2]);
    let teams = roster.teams().below("ou-1-work");
    let names: Vec<_> = teams.iter().map(|team| &team.name).collect();
    assert_eq!(names, ["Team 01", "Team 02", "Team 03"]);
}

#[test]
fn a_recording_without_accounts_is_refused() {
    let mut empty = recording();
    empty.exchanges.clear();
    let error = Roster::new(&empty, None).unwrap_err();
    assert!(error.contains("ListAccounts"), "{error}");
    let mut denied = recording();
    denied
        .exchanges
        .retain(|exchange| exchange.operation != "AssumeRole");
    let error = Roster::new(&denied, Some(5)).unwrap_err();
    assert!(error.contains("none can be copied"), "{error}");
}
