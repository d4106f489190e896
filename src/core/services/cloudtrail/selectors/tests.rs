use super::*;

fn condition(field: &str, equals: &[&str]) -> FieldCondition {
    FieldCondition {
        field: field.into(),
        equals: owned(equals),
        ..FieldCondition::default()
    }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn advanced(selectors: &[&[FieldCondition]]) -> EventSelectors {
    let selectors = selectors.iter().map(|conditions| AdvancedSelector {
        conditions: conditions.to_vec(),
    });
    EventSelectors {
        advanced: selectors.collect(),
        ..EventSelectors::default()
    }
}

fn basic(selectors: &[BasicSelector]) -> EventSelectors {
    EventSelectors {
        basic: selectors.to_vec(),
        ..EventSelectors::default()
    }
}

/// A basic selector of reads and writes.
fn all() -> BasicSelector {
    BasicSelector {
        reads: true,
        writes: true,
        has_management_events: true,
        ..BasicSelector::default()
    }
}

fn objects(values: &[&str]) -> BasicSelector {
    BasicSelector {
        data_resources: vec![("AWS::S3::Object".into(), owned(values))],
        ..all()
    }
}

fn kinds(logged: &LoggedEvents) -> (bool, bool) {
    (logged.has_reads(), logged.has_writes())
}

#[test]
fn a_trail_without_selectors_logs_nothing() {
    let none = EventSelectors::default();
    assert_eq!(kinds(&none.management_events()), (false, false));
    assert_eq!(kinds(&none.s3_object_events()), (false, false));
    assert!(!none.has_some_s3_object_events());
}

#[test]
fn basic_selectors_of_management_events_add_up() {
    let reads = BasicSelector {
        writes: false,
        ..all()
    };
    let writes = BasicSelector {
        reads: false,
        ..all()
    };
    let data_only = BasicSelector {
        has_management_events: false,
        ..all()
    };
    for (selectors, expected) in [
        (vec![all()], (true, true)),
        (vec![reads.clone()], (true, false)),
        (vec![writes.clone()], (false, true)),
        (vec![reads, writes], (true, true)),
        (vec![data_only], (false, false)),
    ] {
        assert_eq!(kinds(&basic(&selectors).management_events()), expected);
    }
}

#[test]
fn a_source_that_one_selector_leaves_out_may_be_in_another() {
    let without = |source: &str| BasicSelector {
        excluded_sources: [source.to_owned()].into(),
        ..all()
    };
    let kms = basic(&[without("kms.amazonaws.com")]).management_events();
    assert_eq!(kinds(&kms), (true, true));
    assert_eq!(kms.excluded_sources(), ["kms.amazonaws.com"].into());
    let both = basic(&[without("kms.amazonaws.com"), all()]).management_events();
    assert!(both.excluded_sources().is_empty());
    // Reads of KMS are in the second selector, and writes in none.
    let reads = BasicSelector {
        writes: false,
        ..all()
    };
    let both = basic(&[without("kms.amazonaws.com"), reads]).management_events();
    assert_eq!(both.excluded_sources(), ["kms.amazonaws.com"].into());
}

#[test]
fn advanced_selectors_of_management_events_count_unless_they_are_narrow() {
    let management = || condition("eventCategory", &["Management"]);
    let without = |sources: &[&str]| FieldCondition {
        not_equals: owned(sources),
        ..condition("eventSource", &[])
    };
    for (conditions, expected) in [
        (vec![management()], (true, true)),
        (
            vec![management(), condition("readOnly", &["true"])],
            (true, false),
        ),
        (
            vec![management(), condition("readOnly", &["false"])],
            (false, true),
        ),
        (
            vec![management(), condition("readOnly", &["true", "false"])],
            (true, true),
        ),
        (
            vec![
                management(),
                without(&["kms.amazonaws.com", "rdsdata.amazonaws.com"]),
            ],
            (true, true),
        ),
        (
            vec![management(), without(&["iam.amazonaws.com"])],
            (false, false),
        ),
        (
            vec![
                management(),
                condition("eventSource", &["iam.amazonaws.com"]),
            ],
            (false, false),
        ),
        (
            vec![management(), condition("eventName", &["CreateUser"])],
            (false, false),
        ),
        (vec![condition("eventCategory", &["Data"])], (false, false)),
        (vec![condition("readOnly", &["true"])], (false, false)),
    ] {
        let selectors = advanced(&[&conditions]);
        assert_eq!(
            kinds(&selectors.management_events()),
            expected,
            "{conditions:?}"
        );
    }
    let excluded = advanced(&[&[management(), without(&["kms.amazonaws.com"])]]);
    let excluded = excluded.management_events();
    assert_eq!(excluded.excluded_sources(), ["kms.amazonaws.com"].into());
    let reads = [management(), condition("readOnly", &["true"])];
    let writes = [management(), condition("readOnly", &["false"])];
    assert_eq!(
        kinds(&advanced(&[&reads, &writes]).management_events()),
        (true, true)
    );
}

#[test]
fn basic_data_events_are_of_all_buckets_only_without_a_bucket() {
    for (values, is_every) in [
        (&["arn:aws:s3"][..], true),
        (&["arn:aws:s3:::"], true),
        (&["arn:aws-us-gov:s3:::"], true),
        (&["arn:aws:s3:::one/", "arn:aws:s3"], true),
        (&["arn:aws:s3:::one/", "arn:aws:s3:::two/"], false),
        (&["arn:aws:s3:::one"], false),
        (&["arn:aws:lambda"], false),
        (&["arn:aws:s3control"], false),
        (&["arn::s3"], false),
        (&["s3"], false),
    ] {
        let selectors = basic(&[objects(values)]);
        assert_eq!(
            kinds(&selectors.s3_object_events()),
            (is_every, is_every),
            "{values:?}"
        );
        assert!(selectors.has_some_s3_object_events());
    }
    let writes = BasicSelector {
        reads: false,
        ..objects(&["arn:aws:s3"])
    };
    assert_eq!(kinds(&basic(&[writes]).s3_object_events()), (false, true));
    let functions = BasicSelector {
        data_resources: vec![("AWS::Lambda::Function".into(), owned(&["arn:aws:s3"]))],
        ..all()
    };
    let functions = basic(&[functions]);
    assert_eq!(kinds(&functions.s3_object_events()), (false, false));
    assert!(!functions.has_some_s3_object_events());
}

#[test]
fn advanced_data_events_are_of_all_buckets_without_a_narrower_condition() {
    let objects = || {
        vec![
            condition("eventCategory", &["Data"]),
            condition("resources.type", &["AWS::S3::Object"]),
        ]
    };
    let with = |other: FieldCondition| [objects(), vec![other]].concat();
    let arn = |change: fn(&mut FieldCondition)| {
        let mut arn = condition("resources.ARN", &[]);
        change(&mut arn);
        with(arn)
    };
    for (conditions, expected) in [
        (objects(), (true, true)),
        (with(condition("readOnly", &["true"])), (true, false)),
        (with(condition("readOnly", &["false"])), (false, true)),
        (
            arn(|arn| arn.starts_with = owned(&["arn:aws:s3:::"])),
            (true, true),
        ),
        (
            arn(|arn| arn.starts_with = owned(&["arn:aws:s3:::one/"])),
            (false, false),
        ),
        (
            arn(|arn| arn.not_starts_with = owned(&["arn:aws:s3:::trail-logs/"])),
            (false, false),
        ),
        (
            arn(|arn| arn.equals = owned(&["arn:aws:s3:::one/a"])),
            (false, false),
        ),
        (
            with(condition("eventName", &["DeleteObject"])),
            (false, false),
        ),
    ] {
        let selectors = advanced(&[&conditions]);
        assert_eq!(
            kinds(&selectors.s3_object_events()),
            expected,
            "{conditions:?}"
        );
        assert!(selectors.has_some_s3_object_events());
    }
    let functions = [
        condition("eventCategory", &["Data"]),
        condition("resources.type", &["AWS::Lambda::Function"]),
    ];
    assert!(!advanced(&[&functions]).has_some_s3_object_events());
}
