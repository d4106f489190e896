//! Routes and filters over an emulated SNS and SQS.

use serde_json::{Value, json};

use crate::judged::World;
use crate::judged::receiver::Receiver;
use crate::run::Run;

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[test]
fn each_topic_gets_one_message_about_its_accounts_and_filters_let_through_what_they_ask_for() {
    let world = World::start(&[]);
    let receiver = Receiver::start(world.folder(), "sns,sqs", &[]);
    let all = receiver.ask(&world, "setup", &[]);
    let sandbox = receiver.ask(&world, "topic", &["--name", "sandbox"]);
    let alex = world.id("sandbox-alex");
    let queue = |name: &str, policy: Value| {
        let (topic, policy) = (text(&all, "topic"), policy.to_string());
        let options = ["--name", name, "--topic", topic, "--policy", &policy];
        let made = receiver.ask(&world, "queue", &options);
        text(&made, "queue").to_owned()
    };
    let of_alex = queue("alex", json!({"account_ids": [alex]}));
    let of_nobody = queue("nobody", json!({"account_ids": ["000000000000"]}));
    let of_bad = queue(
        "bad",
        json!({"highest_severity": ["critical"], "findings": [{"numeric": [">", 3]}]}),
    );
    let location = world.folder().join("report");
    let scan = |run_id: &str, routes: &Value| {
        let alert = json!({"topic_arn": all["topic"], "routes": routes});
        let report = json!({"location": location});
        let file = json!({"destinations": {"alert": alert, "report": report}});
        let config = world.folder().join("orgscan.yaml");
        std::fs::write(&config, file.to_string()).unwrap();
        let mut command = world.orgscan(&["scan", "--run-id", run_id, "--config"]);
        command.arg(&config);
        command.env("AWS_ENDPOINT_URL_SNS", &receiver.url);
        for region in &world.emulator.inventory.regions {
            command.args(["--region", region.as_str()]);
        }
        Run::of(command, location.clone())
    };
    let routes = json!([
        {"match": {"ous": ["Sandbox"]}, "topic_arn": sandbox["topic"]},
        {"match": {"names": ["sandbox-*"]}, "topic_arn": sandbox["topic"], "name": "the sandboxes"},
        {"match": {"ous": ["Workloads"]}, "topic_arn": all["topic"]},
    ]);
    let run = scan("routed", &routes);
    assert_eq!(run.code(), 3, "{}", run.stderr);

    let read = |queue: &str| {
        let arrived = receiver.ask(&world, "messages", &["--queue", queue]);
        arrived["messages"].as_array().unwrap().clone()
    };
    let messages = read(text(&all, "queue"));
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(text(&messages[0], "Message").contains("acquired-startup"));
    let messages = read(text(&sandbox, "queue"));
    assert_eq!(messages.len(), 1, "{messages:?}");
    let message = text(&messages[0], "Message");
    let document: Value = serde_json::from_str(message).unwrap();
    assert_eq!(document["route"], "Sandbox, the sandboxes");
    assert_eq!(document["coverage"]["accounts_listed"], 2);
    for (name, account) in &world.emulator.inventory.accounts {
        let is_own = name.starts_with("sandbox-");
        let central = document["run"]["central_account"] == account.id.as_str();
        let is_named = message.contains(account.id.as_str());
        assert!(is_own || central || !is_named, "{name}: {message}");
    }
    assert_eq!(read(&of_alex).len(), 1);
    assert_eq!(read(&of_bad).len(), 1);
    assert_eq!(read(&of_nobody).len(), 0);

    // Started again, the run tells nobody a second time.
    let again = scan("routed", &routes);
    assert!(
        again.stdout.contains("Already delivered"),
        "{}",
        again.stdout
    );
    for queue in [text(&all, "queue"), text(&sandbox, "queue")] {
        assert_eq!(read(queue).len(), 0);
    }

    // Nothing is new, so nobody is told but those who asked for it, and they cannot be reached. The next
    // run says so.
    let missing = text(&all, "topic").replace("orgscan-alerts", "missing");
    let unreachable = json!([
        {"match": {"ous": ["Sandbox"]}, "topic_arn": missing, "send": "always"},
    ]);
    let run = scan("unreachable", &unreachable);
    assert_eq!(run.code(), 4, "{}", run.stderr);
    assert!(run.stdout.contains(&missing), "{}", run.stdout);
    assert_eq!(read(text(&all, "queue")).len(), 0);
    let run = scan("after", &routes);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let messages = read(text(&all, "queue"));
    let document: Value = serde_json::from_str(text(&messages[0], "Message")).unwrap();
    assert_eq!(document["baseline"]["run"]["alert"]["delivered"], false);
    assert_eq!(read(text(&sandbox, "queue")).len(), 0);
}
