//! What a run was configured to do, as hashes.

use orgscan_core::checks::Check;
use orgscan_core::settings::Config;
use serde_json::{Value, json};

use super::Sha256Sum;

/// The hash of the configuration that a run has worked with, as JSON with sorted keys and no spaces:
/// file, environment and flags together, with all defaults, and without the external id, which is
/// never written out.
///
/// # Errors
/// Where a value cannot be written as JSON.
pub fn configuration_digest(config: &Config) -> Result<Sha256Sum, serde_json::Error> {
    sorted(serde_json::to_value(config)?)
}

/// The hash of what the checks of a run say about themselves, as JSON with sorted keys and no spaces, in
/// registry order.
///
/// # Errors
/// Where a value cannot be written as JSON.
pub fn checks_digest(checks: &[&Check]) -> Result<Sha256Sum, serde_json::Error> {
    let of = |check: &&Check| {
        json!({
            "id": check.id,
            "title": check.title,
            "category": check.category,
            "severity": check.severity,
            "why": check.why,
            "fix": check.fix,
        })
    };
    sorted(checks.iter().map(of).collect())
}

/// The hash of a value, whatever order its keys come in.
fn sorted(mut value: Value) -> Result<Sha256Sum, serde_json::Error> {
    value.sort_all_objects();
    Ok(Sha256Sum::of(&serde_json::to_vec(&value)?))
}

#[cfg(test)]
mod tests {
    use orgscan_core::services::CHECKS;

    use super::*;

    #[test]
    fn the_configurations_hash_covers_all_but_the_secret() {
        let mut config = Config::default();
        let before = configuration_digest(&config).unwrap();
        config.role.external_id = Some("secret".into());
        assert_eq!(configuration_digest(&config).unwrap(), before);
        config.role.name = "Other".to_owned();
        assert_ne!(configuration_digest(&config).unwrap(), before);
    }

    #[test]
    fn the_catalogues_hash_covers_the_checks_that_were_made() {
        let all = checks_digest(CHECKS).unwrap();
        assert_eq!(checks_digest(CHECKS).unwrap(), all);
        assert_ne!(checks_digest(&CHECKS[1..]).unwrap(), all);
    }

    #[test]
    fn the_order_of_keys_changes_nothing() {
        let sum = sorted(json!({ "b": 1, "a": { "d": 2, "c": 3 } })).unwrap();
        assert_eq!(sum, Sha256Sum::of(br#"{"a":{"c":3,"d":2},"b":1}"#));
    }
}
