//! Policies of all forms, from a seed.

use fastrand::Rng;
use serde_json::{Map, Value, json};

pub(super) const ACCOUNT: &str = "111122223333";

/// A resource with a policy.
pub(super) struct Guarded {
    pub(super) arn: &'static str,
    service: &'static str,
    /// Actions, and whether they are of objects in the resource.
    pub(super) actions: &'static [(&'static str, bool)],
}

pub(super) const GUARDED: &[Guarded] = &[
    Guarded {
        arn: "arn:aws:sns:eu-west-1:111122223333:alerts",
        service: "sns",
        actions: &[
            ("sns:Publish", false),
            ("sns:Subscribe", false),
            ("sns:GetTopicAttributes", false),
            ("sns:DeleteTopic", false),
        ],
    },
    Guarded {
        arn: "arn:aws:sqs:eu-west-1:111122223333:jobs",
        service: "sqs",
        actions: &[
            ("sqs:SendMessage", false),
            ("sqs:ReceiveMessage", false),
            ("sqs:GetQueueUrl", false),
            ("sqs:DeleteMessage", false),
        ],
    },
    Guarded {
        arn: "arn:aws:s3:::logs",
        service: "s3",
        actions: &[
            ("s3:GetObject", true),
            ("s3:PutObject", true),
            ("s3:ListBucket", false),
            ("s3:PutBucketAcl", false),
        ],
    },
    Guarded {
        arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
        service: "secretsmanager",
        actions: &[
            ("secretsmanager:GetSecretValue", false),
            ("secretsmanager:PutSecretValue", false),
            ("secretsmanager:DescribeSecret", false),
            ("secretsmanager:DeleteSecret", false),
        ],
    },
];

enum Kind {
    Text,
    Texts,
    Arn,
    Bool,
    Number,
    Date,
    Address,
}

/// Keys of conditions, and values that policies have for them.
const KEYS: &[(&str, Kind, &[&str])] = &[
    (
        "aws:PrincipalOrgID",
        Kind::Text,
        &[
            "o-trusted1",
            "o-trusted2",
            "o-*",
            "*",
            "o-trust*",
            "${aws:PrincipalOrgID}",
        ],
    ),
    (
        "aws:PrincipalAccount",
        Kind::Text,
        &[
            "111122223333",
            "444455556666",
            "*",
            "4444*",
            "${aws:PrincipalAccount}",
        ],
    ),
    (
        "aws:PrincipalArn",
        Kind::Arn,
        &[
            "arn:aws:iam::444455556666:role/Admin",
            "arn:aws:iam::444455556666:*",
            "arn:aws:iam::*:role/Admin",
            "arn:aws:iam::*:user/${aws:username}",
            "arn:aws:iam::4444*:role/*",
        ],
    ),
    (
        "aws:PrincipalOrgPaths",
        Kind::Texts,
        &[
            "o-trusted1/*",
            "o-trusted1/r-ab12/ou-1/",
            "o-*/r-ab12/*",
            "*",
        ],
    ),
    (
        "aws:userid",
        Kind::Text,
        &["AIDATRUSTED", "AROATRUSTED:*", "*:session", "A*"],
    ),
    (
        "aws:SourceArn",
        Kind::Arn,
        &[
            "arn:aws:sns:eu-west-1:111122223333:alerts",
            "arn:aws:s3:::uploads",
            "arn:aws:s3:::up*",
            "arn:aws:sns:*:*:*",
            "arn:aws:*:*:444455556666:*",
            "arn:aws:sqs:*:4444*:*",
        ],
    ),
    (
        "aws:SourceAccount",
        Kind::Text,
        &["111122223333", "444455556666", "*", "????????????"],
    ),
    ("aws:SourceVpc", Kind::Text, &["vpc-91237329", "vpc-*"]),
    (
        "aws:SourceVpce",
        Kind::Text,
        &["vpce-1a2b3c4d", "vpce-5e6f7a8b", "vpce-*"],
    ),
    (
        "aws:SourceIp",
        Kind::Address,
        &[
            "203.0.113.0/24",
            "10.0.0.0/8",
            "0.0.0.0/0",
            "0.0.0.0/1",
            "128.0.0.0/1",
            "2001:db8::/32",
            "2000::/3",
            "198.51.100.7",
        ],
    ),
    ("aws:SecureTransport", Kind::Bool, &["true", "false"]),
    ("aws:PrincipalIsAWSService", Kind::Bool, &["true", "false"]),
    ("aws:MultiFactorAuthPresent", Kind::Bool, &["true", "false"]),
    ("aws:ViaAWSService", Kind::Bool, &["true", "false"]),
    (
        "aws:UserAgent",
        Kind::Text,
        &["agent", "AGENT", "age*", "?gent", "*"],
    ),
    (
        "aws:PrincipalTag/team",
        Kind::Text,
        &["blue", "Blue", "b*", "red"],
    ),
    ("aws:TagKeys", Kind::Texts, &["cost", "team", "c*"]),
    ("aws:MultiFactorAuthAge", Kind::Number, &["10", "300"]),
    (
        "aws:CurrentTime",
        Kind::Date,
        &["2020-04-01T00:00:00Z", "2030-01-01T00:00:00Z"],
    ),
    ("x:y", Kind::Text, &["1"]),
];

const TEXT: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
const ARN: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "StringLike",
    "StringEquals",
];

fn order(rng: &mut Rng) -> &'static str {
    pick(
        rng,
        &[
            "Equals",
            "NotEquals",
            "LessThan",
            "LessThanEquals",
            "GreaterThan",
            "GreaterThanEquals",
        ],
    )
}

fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())]
}

/// One to `most` of them, each once.
fn some(rng: &mut Rng, from: &[&str], most: usize) -> Value {
    let mut chosen: Vec<&str> = from.to_vec();
    rng.shuffle(&mut chosen);
    chosen.truncate(rng.usize(1..=most));
    match chosen.as_slice() {
        [one] if rng.bool() => json!(one),
        several => json!(several),
    }
}

/// A policy, and the resource that it is for.
pub(super) fn policy(rng: &mut Rng) -> (&'static Guarded, Value) {
    let guarded = &GUARDED[rng.usize(..GUARDED.len())];
    let mut keys: Vec<usize> = (0..KEYS.len()).collect();
    rng.shuffle(&mut keys);
    // One that nobody knows is rare.
    let unknown = KEYS.len() - 1;
    keys.retain(|key| *key != unknown || rng.u8(..) < 25);
    keys.truncate(rng.usize(1..=3));
    let (allows, denies) = (rng.usize(1..=2), rng.usize(0..=2));
    let effects = [vec![true; allows], vec![false; denies]].concat();
    let effects = effects.into_iter();
    let mut statements: Vec<Value> = effects
        .map(|allows| statement(rng, guarded, &keys, allows))
        .collect();
    rng.shuffle(&mut statements);
    let mut policy = json!({"Version": "2012-10-17", "Statement": statements});
    if statements.len() == 1 && rng.bool() {
        policy["Statement"] = statements[0].clone();
    }
    if rng.u8(..) < 25 {
        policy["Version"] = json!("2008-10-17");
    }
    (guarded, policy)
}

fn statement(rng: &mut Rng, guarded: &Guarded, keys: &[usize], allows: bool) -> Value {
    let mut statement = Map::new();
    statement.insert(
        "Effect".to_owned(),
        json!(if allows { "Allow" } else { "Deny" }),
    );
    let (name, value) = principal(rng);
    statement.insert(name.to_owned(), value);
    let name = if rng.u8(..10) < 8 {
        "Action"
    } else {
        "NotAction"
    };
    statement.insert(name.to_owned(), actions(rng, guarded));
    let name = if rng.u8(..10) < 9 {
        "Resource"
    } else {
        "NotResource"
    };
    statement.insert(name.to_owned(), resources(rng, guarded));
    let conditions = pick(rng, &[0, 0, 1, 1, 1, 2]);
    if conditions > 0 {
        let mut all: Map<String, Value> = Map::new();
        for _ in 0..conditions {
            let key = pick(rng, keys);
            let (operator, key, values) = condition(rng, &KEYS[key]);
            let keys = all.entry(operator).or_insert_with(|| json!({}));
            keys[key] = values;
        }
        statement.insert("Condition".to_owned(), Value::Object(all));
    }
    Value::Object(statement)
}

fn principal(rng: &mut Rng) -> (&'static str, Value) {
    match rng.u8(..20) {
        0..9 => ("Principal", json!("*")),
        9..13 => ("Principal", json!({"AWS": "*"})),
        13 => (
            "Principal",
            json!({"AWS": ["arn:aws:iam::444455556666:root", "*"]}),
        ),
        14 => ("Principal", json!({"AWS": "444455556666"})),
        15 => (
            "Principal",
            json!({"AWS": "arn:aws:iam::444455556666:role/Admin"}),
        ),
        16 => (
            "Principal",
            json!({"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}),
        ),
        17 => (
            "Principal",
            json!({"AWS": "444455556666", "Service": "sns.amazonaws.com"}),
        ),
        _ => (
            "NotPrincipal",
            json!({"AWS": ["arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/Admin"]}),
        ),
    }
}

fn actions(rng: &mut Rng, guarded: &Guarded) -> Value {
    let service = guarded.service;
    let mut patterns = vec![
        "*".to_owned(),
        format!("{service}:*"),
        format!("{service}:*e*"),
        format!("{service}:Get*"),
        format!("{service}:?ut*"),
        format!("{}:De*", service.to_uppercase()),
        format!("{service}:*Message"),
        "ec2:*".to_owned(),
    ];
    patterns.extend(
        guarded
            .actions
            .iter()
            .map(|(action, _)| (*action).to_owned()),
    );
    patterns.extend(
        guarded
            .actions
            .iter()
            .map(|(action, _)| action.to_lowercase()),
    );
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    some(rng, &patterns, 4)
}

fn resources(rng: &mut Rng, guarded: &Guarded) -> Value {
    let arn = guarded.arn;
    let within = [
        format!("{arn}/*"),
        format!("{arn}/open/*"),
        format!("{arn}*"),
    ];
    let last = arn.rfind(':').unwrap_or_default();
    let wild = [
        format!("{}:*", &arn[..last]),
        format!("{}?", &arn[..arn.len() - 1]),
    ];
    let mut patterns = vec!["*", arn, arn, wild[0].as_str(), wild[1].as_str()];
    patterns.push("arn:aws:sns:eu-west-1:111122223333:other");
    if guarded.service == "s3" {
        patterns.extend(within.iter().map(String::as_str));
    }
    some(rng, &patterns, 3)
}

fn condition(
    rng: &mut Rng,
    (key, kind, values): &(&'static str, Kind, &[&str]),
) -> (String, &'static str, Value) {
    if rng.u8(..12) == 0 {
        return (
            "Null".to_owned(),
            *key,
            json!(pick(rng, &["true", "false"])),
        );
    }
    let base = match kind {
        Kind::Text | Kind::Texts => pick(rng, TEXT).to_owned(),
        Kind::Arn => pick(rng, ARN).to_owned(),
        Kind::Bool => "Bool".to_owned(),
        Kind::Number => format!("Numeric{}", order(rng)),
        Kind::Date => format!("Date{}", order(rng)),
        Kind::Address => pick(rng, &["IpAddress", "IpAddress", "NotIpAddress"]).to_owned(),
    };
    let quantifier = match (kind, rng.u8(..10)) {
        (Kind::Texts, 0..5) | (_, 0) => "ForAnyValue:",
        (Kind::Texts, _) | (_, 1) => "ForAllValues:",
        _ => "",
    };
    let if_exists = if rng.u8(..5) == 0 { "IfExists" } else { "" };
    (
        format!("{quantifier}{base}{if_exists}"),
        *key,
        some(rng, values, 2),
    )
}
