use std::io::Read;

use flate2::read::GzDecoder;
use orgscan_core::model::AccountResult;
use orgscan_core::model::Severity::{High, Low};
use orgscan_core::settings::OcsfVersion;
use orgscan_core::testing::{CHECKS, USERS, account, evaluated, failed, plain, result, run};
use serde_json::{Value, json};

use super::*;
use crate::Sink;
use crate::asff::AsffJsonl;
use crate::ocsf::OcsfJsonl;

/// What a file has in it.
fn written(mut sink: Box<dyn Sink<Vec<u8>> + '_>, result: &AccountResult) -> Vec<Value> {
    let applied = plain(result);
    sink.account(&AccountReport::new(&applied, None, CHECKS))
        .unwrap();
    let mut text = String::new();
    let bytes = sink.finish().unwrap();
    GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Severity and requirements of each finding about users, as OCSF and as ASFF have them.
fn required(result: &AccountResult) -> [Vec<(Value, Value)>; 2] {
    let run = run();
    let ocsf = OcsfJsonl::start(Vec::new(), &run, CHECKS, OcsfVersion::default());
    let ocsf = written(Box::new(ocsf), result).into_iter();
    let ocsf = ocsf.filter(|one| one["compliance"]["control"] == USERS);
    let ocsf = ocsf.map(|one| {
        (
            one["severity"].clone(),
            one["compliance"]["requirements"].clone(),
        )
    });
    let asff = written(Box::new(AsffJsonl::start(Vec::new(), &run, CHECKS)), result);
    let asff = asff
        .iter()
        .flat_map(|one| one["Findings"].as_array().unwrap());
    let asff = asff.filter(|one| one["GeneratorId"] == USERS);
    let asff = asff.map(|one| {
        let severity = one["FindingProviderFields"]["Severity"]["Label"].clone();
        (severity, one["Compliance"]["RelatedRequirements"].clone())
    });
    [ocsf.collect(), asff.collect()]
}

#[test]
fn an_event_carries_the_controls_that_it_breaks_and_no_others() {
    let users = evaluated(USERS, TargetScope::Global, 9, &[High, Low], &[]);
    for found in required(&result(account(1, "one", ""), vec![users])) {
        let of = |severity: &str| {
            let mut found = found.iter();
            let is = |one: &&(Value, Value)| one.0.as_str().unwrap().eq_ignore_ascii_case(severity);
            found.find(is).unwrap().1.clone()
        };
        assert_eq!(found.len(), 2);
        let high = [
            "cis-7.0 2.10",
            "cis-6.0 2.9",
            "cis-5.0 1.9",
            "aws-fsbp IAM.5",
        ];
        assert_eq!(of("high"), json!(high));
        // Findings of low severity break none.
        assert!([json!([]), Value::Null].contains(&of("low")));
    }
}

#[test]
fn a_target_that_could_not_be_evaluated_has_all_its_controls() {
    for found in required(&failed(account(1, "one", ""))) {
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1.as_array().unwrap().len(), 4, "{found:?}");
    }
}
