//! Four weeks of runs over an organization that changes between them: what became of every finding, and
//! the alert of each run as people read it.

mod world;

use orgscan_core::testing::CHECKS;

use super::*;
use world::World;

const WEB: u64 = 1;
const DEV: u64 = 2;
const BILLING: u64 = 3;
const SHOP: u64 = 4;
const DATA: u64 = 5;
const STARTUP: u64 = 6;

/// Until the 27th, so near its end from the 13th on.
const SUPPRESSED: &str = "exceptions:
- id: website
  checks: [s3-bucket-public]
  resources: [site]
  reason: it is a website
  owner: web team
  expires: 2026-11-27
";

fn organization() -> World {
    let mut world = World::new();
    world.opens(WEB, "web", "Workloads/Production");
    world.opens(DEV, "dev", "Workloads/Development");
    world.opens(BILLING, "billing", "");
    world.opens(SHOP, "shop", "Workloads/Production");
    world.opens(DATA, "data", "Workloads/Production");
    world.breaks(WEB, VOLUMES, "vol-1", High);
    world.breaks(WEB, VOLUMES, "vol-2", High);
    world.breaks(DEV, USERS, "alice", Low);
    world.breaks(BILLING, VOLUMES, "vol-3", Medium);
    world.breaks(SHOP, VOLUMES, "vol-4", Low);
    world.breaks(DATA, VOLUMES, "vol-5", Medium);
    world
}

/// The account's role cannot be assumed.
fn no_role() -> Option<Gap> {
    Some(Gap::new("sts:AssumeRole", Cause::RoleNotAssumable))
}

#[test]
fn four_weeks_read_like_this() {
    let mut world = organization();
    findings_come_and_go(&mut world);
    an_account_cannot_be_scanned(&mut world);
    an_exception_and_a_filter_apply(&mut world);
    a_permission_goes_and_comes_back(&mut world);
    accounts_come_and_go(&mut world);
    what_was_slow_is_forbidden(&mut world);
    an_exception_ends(&mut world);
}

fn findings_come_and_go(world: &mut World) {
    let first = world.run(1, "first run");
    first.found("web 2 new; dev 1 new; billing 1 new; shop 1 new; data 1 new");
    first.assert_alert("6 new");

    let quiet = world.run(2, "nothing new");
    quiet.found("web 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing");
    quiet.assert_no_alert("6 ongoing");

    world.breaks(WEB, BUCKETS, "site", Critical);
    let new = world.run(3, "a public bucket");
    new.found(
        "web 1 new, 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing",
    );
    new.assert_alert("1 new, 6 ongoing");

    world.fix(WEB, BUCKETS, "site");
    world.fix(WEB, VOLUMES, "vol-2");
    let fixed = world.run(4, "fixed");
    fixed.found(
        "web 1 ongoing, 2 resolved; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing",
    );
    fixed.assert_no_alert("5 ongoing, 2 resolved");

    world.breaks(WEB, BUCKETS, "site", Critical);
    let again = world.run(5, "reopened");
    again.found(
        "web 1 reopened, 1 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing",
    );
    again.assert_alert("1 reopened, 5 ongoing");

    world.breaks(DEV, USERS, "alice", High);
    let worse = world.run(6, "worse");
    worse.found("web 2 ongoing; dev 1 worsened; billing 1 ongoing; shop 1 ongoing; data 1 ongoing");
    worse.assert_alert("1 worsened, 5 ongoing");
}

fn an_account_cannot_be_scanned(world: &mut World) {
    world.account(BILLING).closed_door = no_role();
    let denied = world.run(7, "a role is gone");
    denied.found("web 2 ongoing; dev 1 ongoing; billing 1 unknown; shop 1 ongoing; data 1 ongoing");
    denied.assert_alert("5 ongoing, 1 unknown");

    let still = world.run(8, "it still is");
    still.found("web 2 ongoing; dev 1 ongoing; billing 1 unknown; shop 1 ongoing; data 1 ongoing");
    still.assert_no_alert("5 ongoing, 1 unknown");

    world.account(BILLING).closed_door = None;
    let back = world.run(9, "it is back");
    back.found("web 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing");
    back.assert_no_alert("6 ongoing");

    world.moves(SHOP, "Workloads/Retail");
    let moved = world.run(10, "moved");
    moved.found("web 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing");
    moved.assert_alert("6 ongoing");
}

fn an_exception_and_a_filter_apply(world: &mut World) {
    world.exceptions = SUPPRESSED;
    let suppressed = world.run(11, "suppressed");
    suppressed
        .found("web 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing");
    suppressed.assert_no_alert("5 ongoing");

    world.checks = vec![CHECKS[0], CHECKS[2]];
    let off = world.run(12, "a check is off");
    off.found(
        "web 1 ongoing, 1 out_of_scope; dev 1 ongoing; billing 1 out_of_scope; shop 1 out_of_scope; \
         data 1 out_of_scope",
    );
    off.assert_no_alert("1 ongoing, 4 out_of_scope");

    world.checks = CHECKS.to_vec();
    let on = world.run(13, "an exception is about to end");
    on.found("web 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 ongoing");
    on.assert_alert("5 ongoing");
}

fn a_permission_goes_and_comes_back(world: &mut World) {
    let denied = Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp);
    world.account(DATA).denied = Some((VOLUMES, denied));
    let lost = world.run(14, "a permission is lost");
    lost.found("web 2 ongoing; dev 1 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 unknown");
    lost.assert_alert("4 ongoing, 1 unknown");

    world.breaks(DEV, VOLUMES, "vol-6", High);
    world.only = Some(DEV);
    let narrow = world.run(15, "one account by hand");
    narrow.found(
        "web 2 out_of_scope; dev 1 new, 1 ongoing; billing 1 out_of_scope; shop 1 out_of_scope; \
         data 1 out_of_scope",
    );
    // What the exception suppresses is not evaluated, so its number is unknown.
    narrow.assert_alert("1 new, 1 ongoing, 5 out_of_scope");

    world.only = None;
    let all = world.run(16, "all accounts again");
    all.found("web 2 ongoing; dev 2 ongoing; billing 1 ongoing; shop 1 ongoing; data 1 unknown");
    all.assert_no_alert("5 ongoing, 1 unknown");

    world.account(DATA).denied = None;
    for account in [WEB, DEV, BILLING, SHOP, DATA] {
        world.breaks(account, USERS, "contractor", High);
    }
    let many = world.run(17, "the same in many accounts");
    many.found(
        "web 1 new, 2 ongoing; dev 1 new, 2 ongoing; billing 1 new, 1 ongoing; shop 1 new, 1 ongoing; \
         data 1 new, 1 ongoing",
    );
    many.assert_alert("5 new, 6 ongoing");
}

fn accounts_come_and_go(world: &mut World) {
    world.opens(STARTUP, "startup", "Workloads/Retail");
    world.breaks(STARTUP, VOLUMES, "vol-7", Low);
    world.account(STARTUP).closed_door = no_role();
    let rest = "web 3 ongoing; dev 3 ongoing; billing 2 ongoing; shop 2 ongoing; data 2 ongoing";
    let new = world.run(18, "a new account without the role");
    new.found(rest);
    new.assert_alert("11 ongoing");

    let still = world.run(19, "it is still without");
    still.found(rest);
    still.assert_no_alert("11 ongoing");

    world.closes(SHOP);
    let closed = world.run(20, "closed");
    closed.found("web 3 ongoing; dev 3 ongoing; billing 2 ongoing; shop 2 gone; data 2 ongoing");
    closed.assert_alert("9 ongoing, 2 gone");

    world.account(STARTUP).closed_door = None;
    let seen = world.run(21, "the new account is scanned");
    seen.found("web 3 ongoing; dev 3 ongoing; billing 2 ongoing; data 2 ongoing; startup 1 new");
    seen.assert_alert("1 new, 9 ongoing");

    world.leaves(BILLING);
    let left = world.run(22, "an account has left");
    left.found("web 3 ongoing; dev 3 ongoing; billing 2 gone; data 2 ongoing; startup 1 ongoing");
    left.assert_alert("8 ongoing, 2 gone");
}

fn what_was_slow_is_forbidden(world: &mut World) {
    let gap = |cause| Some((VOLUMES, Gap::new("ec2:DescribeVolumes", cause)));
    let rest = "web 3 ongoing; dev 3 ongoing; data 1 ongoing, 1 unknown; startup 1 ongoing";
    world.account(DATA).denied = gap(Cause::Throttled);
    let slow = world.run(23, "slow");
    slow.found(rest);
    slow.assert_alert("7 ongoing, 1 unknown");

    world.account(DATA).denied = gap(Cause::DeniedByIdentityPolicy);
    let forbidden = world.run(24, "forbidden");
    forbidden.found(rest);
    forbidden.assert_alert("7 ongoing, 1 unknown");

    world.account(DATA).denied = None;
}

fn an_exception_ends(world: &mut World) {
    let rest = "web 3 ongoing; dev 3 ongoing; data 2 ongoing; startup 1 ongoing";
    let last = world.run(27, "its last day");
    last.found(rest);
    last.assert_no_alert("8 ongoing");

    let ended = world.run(28, "an exception has ended");
    ended.found(rest);
    ended.assert_alert("9 ongoing");
    let crossed = ended.report.thresholds_crossed.iter();
    let crossed = crossed.filter(|crossing| crossing.indicator == "PublicBuckets");
    assert_eq!(crossed.count(), 2, "the organization's and the account's");

    let after = world.run(29, "the day after");
    after.found(rest);
    after.assert_no_alert("9 ongoing");
}
