use super::*;

#[tokio::test]
async fn a_run_whose_record_is_damaged_is_missing_and_not_forgotten() {
    let root = tempfile::tempdir().unwrap();
    for (run, text) in [
        ("20261117T030000Z", Some("{")),
        ("by-hand", Some("")),
        ("20261118T030000Z", None),
    ] {
        let folder = root.path().join("runs").join(run);
        std::fs::create_dir_all(&folder).unwrap();
        if let Some(text) = text {
            std::fs::write(folder.join("run.json"), text).unwrap();
        }
    }
    let archive = Storage::in_folder(root.path());
    let period = Period {
        first: "2026-11-16".parse().unwrap(),
        last: "2026-11-22".parse().unwrap(),
    };
    let runs = runs(&archive, period, &Scope::Organization, Clock::System)
        .await
        .unwrap();
    let missing: Vec<_> = runs
        .missing
        .iter()
        .map(|one| (&*one.run_id, one.day.to_string()))
        .collect();
    assert_eq!(
        missing,
        [
            ("20261117T030000Z", "2026-11-17".to_owned()),
            ("by-hand", "2026-11-22".to_owned())
        ]
    );
    assert!(runs.missing[0].reason.contains("its record cannot be read"));
}
