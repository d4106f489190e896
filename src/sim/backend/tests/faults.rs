use super::*;

fn with_fault(yaml: &str) -> Backend {
    let text = format!("faults: [{yaml}]");
    let file = crate::FaultFile::parse("test", &text).unwrap();
    backend(Settings {
        faults: file.faults,
        ..plain(6, 1)
    })
}

#[test]
fn faults_apply_to_the_named_accounts_in_the_named_way() {
    let backend = with_fault("{ account: web-1, service: ec2, kind: missing_permission }");
    let key = session(&backend, 4).1;
    let (status, body) = ask(&backend, &call(&key, "ec2:DescribeVolumes", &[]));
    assert_eq!(
        (status, texts(&body, "Code")),
        (403, vec!["UnauthorizedOperation".into()])
    );
    assert!(body.contains(
        "assumed-role/OrgScanMember/orgscan is not authorized to perform: ec2:DescribeVolumes"
    ));
    assert_eq!(ask(&backend, &call(&key, "iam:ListUsers", &[])).0, 200);
    let other = session(&backend, 5).1;
    assert_eq!(
        ask(&backend, &call(&other, "ec2:DescribeVolumes", &[])).0,
        200
    );

    let backend =
        with_fault("{ account: web, operation: AssumeRole, kind: assume_role_denied, times: 1 }");
    let asked = call("demo", "sts:AssumeRole", &[("RoleArn", &role(SOUND))]);
    assert_eq!(ask(&backend, &asked).0, 403);
    assert_eq!(ask(&backend, &asked).0, 200);
}

#[test]
fn a_rare_fault_may_pass_when_asked_again() {
    let backend = with_fault("{ operation: DescribeVolumes, kind: internal_error, share: 0.5 }");
    let keys: Vec<_> = [0, 1, 3, 4, 5]
        .map(|index| session(&backend, index).1)
        .into();
    for key in keys {
        let asked = call(&key, "ec2:DescribeVolumes", &[]);
        assert!((0..40).any(|_| ask(&backend, &asked).0 == 200));
    }
    assert!(backend.counter.show().apis["ec2:DescribeVolumes"].faults > 0);
}

#[test]
fn faults_without_a_message_have_their_delivery() {
    for (kind, delivery) in [
        ("hang", Delivery::Never),
        ("reset", Delivery::Closed),
        ("truncated", Delivery::Half),
        ("malformed", Delivery::Whole),
    ] {
        let backend = with_fault(&format!("{{ kind: {kind} }}"));
        for name in [
            "ec2:DescribeVolumes",
            "organizations:ListAccounts",
            "iam:ListUsers",
        ] {
            let outcome = outcome(&backend, &call("demo", name, &[]));
            assert_eq!(outcome.delivery, delivery);
            let body = String::from_utf8(outcome.reply.body.to_vec()).unwrap();
            if kind == "malformed" {
                assert_eq!(outcome.reply.status, 200);
                assert!(roxmltree::Document::parse(&body).is_err());
                assert!(serde_json::from_str::<Value>(&body).is_err());
            }
        }
    }
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let fault = Fault {
        account: Some("[".into()),
        region: None,
        service: None,
        operation: None,
        share: 1.0,
        kind: FaultKind::Hang,
        times: None,
    };
    let settings = Settings {
        faults: vec![fault],
        ..plain(4, 1)
    };
    let error = Backend::new(&recording(), &settings)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("faults[0].account: `[` is not a glob"),
        "{error}"
    );
    let error = Backend::new(&recording(), &plain(0, 1))
        .unwrap_err()
        .to_string();
    assert!(error.contains("accounts: use 1"), "{error}");
}
