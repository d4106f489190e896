//! Temporary.
use orgscan::{
    aws::{Aws, Source},
    config::Config,
    demo::*,
    model::*,
    observe::Silent,
    pace::Deadline,
    scan::*,
};
use std::sync::Arc;
#[tokio::main]
async fn main() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .init();
    let t = std::time::Instant::now();
    let python = Python::ensure(&environment(), &scripts().join("requirements.txt"))
        .await
        .unwrap();
    eprintln!("python {:?}", t.elapsed());
    let e = Emulator::start(
        &python,
        &scripts(),
        &std::path::Path::new("/tmp/demo-work"),
        &[],
    )
    .await
    .unwrap();
    eprintln!("emulator {:?}", t.elapsed());
    let mut config = Config::default();
    config.regions.include = e.inventory.regions.iter().map(|r| r.to_string()).collect();
    config.destinations.report = Some(orgscan::config::ReportConfig {
        location: "/tmp/demo-out".into(),
        kms_key_id: None,
        region: None,
    });
    let aws = Arc::new(
        Aws::connect(&config, &Source::Emulator(e.url.clone()))
            .await
            .unwrap(),
    );
    let started = jiff::Timestamp::now();
    let r = Request {
        config,
        run_id: RunId::from_timestamp(started),
        started,
        own_account: false,
        dry_run: false,
        deadline: Deadline::never(),
    };
    let f = scan(&aws, &r, &Silent).await.unwrap();
    eprintln!("{:#?}", f.report.coverage);
    eprintln!("{}", serde_json::to_string_pretty(&f.timings).unwrap());
    eprintln!("{:?}", f.deliveries);
}
