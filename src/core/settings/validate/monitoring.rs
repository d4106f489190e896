//! What is declared to be monitored elsewhere.

use super::FieldProblems;
use crate::model::Monitoring;
use crate::services::logs::pattern::PARTS;
use crate::settings::Config;

impl FieldProblems {
    pub(super) fn monitoring(&mut self, config: &Config) {
        let monitoring = &config.monitoring;
        if *monitoring == Monitoring::default() {
            return;
        }
        let known = PARTS.iter().flat_map(|part| [part.control, part.id]);
        let known: Vec<&str> = known.collect();
        self.known(
            "monitoring.controls",
            &monitoring.controls,
            "control that can be declared",
            &known,
        );
        if monitoring.controls.is_empty() {
            let fix = "empty, so nothing is declared; list controls, such as `5.1`, or remove `monitoring`";
            self.add("monitoring.controls", fix);
        }
        if monitoring.by.trim().is_empty() {
            let fix = "missing; name what monitors the controls, such as `SIEM of the SOC`";
            self.add("monitoring.by", fix);
        }
        if monitoring.until.is_none() {
            let fix = "missing; give the last day of the declaration, such as `2027-06-30`";
            self.add("monitoring.until", fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Monitoring;
    use crate::settings::Config;
    use crate::settings::validate::findings;

    fn problems(monitoring: Monitoring) -> Vec<String> {
        let config = Config {
            monitoring,
            ..Config::default()
        };
        let found = findings(&config).into_iter();
        found
            .map(|(field, message)| format!("{field}: {message}"))
            .collect()
    }

    #[test]
    fn a_declaration_is_complete_or_refused() {
        let whole = Monitoring {
            controls: vec!["5.1".into(), "root-usage".into()],
            by: "SIEM of the SOC".into(),
            until: Some("2027-06-30".parse().unwrap()),
        };
        assert_eq!(problems(whole.clone()), [""; 0]);
        assert_eq!(problems(Monitoring::default()), [""; 0]);
        for (wrong, field) in [
            (
                Monitoring {
                    by: " ".into(),
                    ..whole.clone()
                },
                "monitoring.by: missing",
            ),
            (
                Monitoring {
                    until: None,
                    ..whole.clone()
                },
                "monitoring.until: missing",
            ),
            (
                Monitoring {
                    controls: vec![],
                    ..whole.clone()
                },
                "monitoring.controls: empty",
            ),
            (
                Monitoring {
                    controls: vec!["4.1".into()],
                    ..whole.clone()
                },
                "monitoring.controls[0]: no control that can be declared `4.1`",
            ),
            (
                Monitoring {
                    controls: vec!["root-use".into()],
                    ..whole
                },
                "monitoring.controls[0]: no control that can be declared `root-use`; did you mean `root-usage`",
            ),
        ] {
            let found = problems(wrong);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(field), "{found:?}");
        }
    }
}
