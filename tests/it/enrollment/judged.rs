//! Stack sets of an independent CloudFormation.

use std::process::Command;

use serde_json::Value;

use super::by_name;
use crate::judged::emulator::scripts;
use crate::judged::{World, installed};
use crate::run::Run;

/// Makes a stack set in the emulator with a stack in each of these accounts.
pub(crate) fn make_stack_set(world: &World, name: &str, accounts: &[String]) {
    let mut command = Command::new(installed::python("emulator"));
    command.arg(scripts().join("stack_set.py"));
    command.args(["--endpoint", &world.emulator.url, "--name", name]);
    let output = command.args(accounts).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
}

#[test]
fn an_independent_cloudformation_is_understood() {
    let world = World::start(&[]);
    let with = ["storefront", "staging-integrations", "network-hub"];
    let accounts = with.map(|name| world.id(name));
    make_stack_set(&world, "member-roles", &accounts);
    let args = [
        "enrollment",
        "--stack-set",
        "member-roles",
        "--format",
        "json",
    ];
    let run = Run::of(world.orgscan(&args), world.folder().join("none"));
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let section: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(section["stack_set"]["status"], "read");
    let accounts = by_name(&section);
    let state = |name: &str| accounts[name]["state"].as_str().unwrap();
    assert_eq!(state("storefront"), "enrolled");
    assert_eq!(accounts["storefront"]["stack_instance"], "current");
    assert_eq!(accounts["storefront"]["drift"], "not_checked");
    assert_eq!(state("staging-integrations"), "role_not_assumable");
    assert_eq!(state("payments-api"), "no_stack_instance");
    assert_eq!(accounts["payments-api"]["can_be_scanned"], true);
    assert_eq!(state("management"), "enrolled");
    assert_eq!(state("legacy-crm"), "account_not_active");

    let none = [
        "enrollment",
        "--stack-set",
        "no-such-set",
        "--format",
        "json",
    ];
    let run = Run::of(world.orgscan(&none), world.folder().join("none"));
    let section: Value = serde_json::from_str(&run.stdout).unwrap();
    let gap = section["stack_set"]["gap"]["detail"].to_string();
    assert!(gap.contains("StackSetNotFound"), "{gap}");
}
