//! A mutelist as people have it.

use super::*;
use crate::exceptions::Exceptions;

const MUTELIST: &str = r#"
Mutelist:
  Accounts:
    "123456789012":
      Checks:
        "s3_bucket_public_access":
          Regions: ["eu-west-1"]
          Resources: ["^website$"]
          Description: "a website: public on purpose"
        "ec2_*":
          Regions: ["*"]
          Resources: ["*"]
          Tags: ["environment=dev"]
        "iam_user_hardware_mfa_enabled":
          Regions: ["*"]
          Resources: ["user-1"]
    "*":
      Checks:
        "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22":
          Regions: ["*"]
          Resources: ["sg-1"]
        "ec2_ebs_volume_encryption":
          Regions: ["*"]
          Resources: ["*"]
          Exceptions:
            Accounts: ["123456789012"]
    "prod":
      Checks:
        "*":
          Regions: ["*"]
          Resources: ["*"]
"#;

fn terms() -> ImportTerms {
    ImportTerms {
        owner: Some("cloud team".into()),
        expires: Some("2027-03-31".parse().unwrap()),
    }
}

#[test]
fn a_mutelist_becomes_a_list_and_what_has_no_counterpart_is_named() {
    let imported = import("mutelist.yaml", MUTELIST, &terms()).unwrap();
    insta::assert_snapshot!(imported.yaml, @r#"
    # Imported from a Prowler mutelist, mutelist.yaml. `orgscan exceptions check FILE` lists what is missing.
    exceptions:
      # account "*", check "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22"; for rules that open these ports alone
      - checks: [security-group-sensitive-port-open, security-group-admin-port-open-ipv4, security-group-admin-port-open-ipv6]
        resources: ["regex:.*[:/][^:/]*(?:sg-1)[^:/]*"]
        parts: ["tcp 22 from *"]
        reason: "Muted in Prowler"
        owner: "cloud team"
        expires: 2027-03-31
      # account "123456789012", check "s3_bucket_public_access"
      - checks: [s3-bucket-public]
        accounts: { ids: ["123456789012"] }
        regions: ["eu-west-1"]
        resources: ["regex:.*[:/](?:website)"]
        reason: "a website: public on purpose"
        owner: "cloud team"
        expires: 2027-03-31

    # No counterpart in orgscan:
    # - account "*", check "ec2_ebs_volume_encryption": orgscan has no counterpart of Exceptions
    # - account "123456789012", check "ec2_*": it uses resource tags, which orgscan does not read
    # - account "123456789012", check "iam_user_hardware_mfa_enabled": orgscan has no such check
    # - account "prod", check "*": it is not an account id
    "#);
    assert_eq!(imported.skipped.len(), 4);
}

#[test]
fn the_list_is_one_that_can_be_used_once_it_has_an_owner_and_an_expiry_date() {
    let today = "2026-11-15".parse().unwrap();
    let used = |terms: &ImportTerms| {
        let yaml = import("m.yaml", MUTELIST, terms).unwrap().yaml;
        Exceptions::parse("exceptions.yaml".into(), &yaml, true, today)
    };
    assert_eq!(used(&terms()).unwrap().report().entries.len(), 2);
    let error = used(&ImportTerms::default()).unwrap_err().to_string();
    assert!(error.contains("owner: empty; give the owner"), "{error}");
    assert!(error.contains("expires: missing"), "{error}");
}

#[test]
fn everything_may_be_muted_and_nothing() {
    let all = "Allowlist:\n  Accounts:\n    '*':\n      Checks:\n        '*': { Regions: ['*'], \
               Resources: ['*'] }\n";
    let imported = import("m.yaml", all, &terms()).unwrap();
    for check in crate::services::CHECKS {
        let has_same = check.prowler.checks.iter().any(|one| !one.is_part);
        let is_muted = imported.yaml.contains(&format!("[{}", check.id))
            || imported.yaml.contains(&format!(", {}", check.id));
        assert_eq!(is_muted, has_same, "{}", check.id);
    }
    assert_eq!(imported.skipped, [""; 0]);
    let none = import("m.yaml", "Mutelist: { Accounts: {} }", &terms()).unwrap();
    assert!(none.yaml.contains("exceptions: []"), "{}", none.yaml);
    let error = import("m.yaml", "exceptions: []", &terms()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("m.yaml: not a Prowler mutelist"),
        "{error}"
    );
}

#[test]
fn of_a_key_that_stands_twice_the_last_counts() {
    let check = |name: &str| {
        format!("    '*': {{ Checks: {{ {name}: {{ Regions: ['*'], Resources: ['x'] }} }} }}\n")
    };
    let text = format!(
        "Mute List:\n  Accounts:\n{}{}",
        check("s3_bucket_public_access"),
        check("ec2_instance_public_ip")
    );
    let yaml = import("m.yaml", &text, &terms()).unwrap().yaml;
    assert!(yaml.contains("ec2-instance-public-address"), "{yaml}");
    assert!(!yaml.contains("s3-bucket-public"), "{yaml}");
}
