//! What a reader of the results has to know beside them: what could not be evaluated, and what was omitted.

use std::collections::BTreeMap;

use orgscan_core::model::{Report, Severity, TargetScope};
use orgscan_core::text::{clean, count};
use serde_json::{Value, json};

use super::RANKS;
use crate::events::Event;

/// How many targets a notification names.
const NAMED: usize = 5;

/// The longest text, in characters.
const TEXT: usize = 1_000;

/// A gap of one check, cause and action: how many targets have it, and the first ones.
#[derive(Debug, Default)]
struct Gap {
    targets: u64,
    named: Vec<String>,
}

/// The gaps of a run, by check, cause and action, so that their number does not grow with the
/// organization.
#[derive(Debug, Default)]
pub(super) struct Notifications {
    gaps: BTreeMap<(String, String, String), Gap>,
}

impl Notifications {
    pub(super) fn gap(&mut self, event: &Event<'_>, cause: &str, action: &str) {
        let key = (
            event.check_id.to_owned(),
            cause.to_owned(),
            action.to_owned(),
        );
        let gap = self.gaps.entry(key).or_default();
        gap.targets += 1;
        if gap.named.len() < NAMED {
            let region = event.region.unwrap_or(TargetScope::GLOBAL);
            gap.named.push(format!("{} {region}", event.account.id));
        }
    }

    /// All of them. `omitted` are the results that found no room, by rank.
    pub(super) fn finish(&self, report: &Report, omitted: &[u64; RANKS]) -> Vec<Value> {
        let gaps = self.gaps.iter().map(|((check, cause, action), gap)| {
            let (targets, named) = (count(gap.targets, "target"), gap.named.join(", "));
            let more = if gap.targets > gap.named.len() as u64 {
                ", …"
            } else {
                ""
            };
            let action = if action.is_empty() {
                String::new()
            } else {
                format!(", {action}")
            };
            let text =
                format!("{check}: not evaluated in {targets}: {cause}{action} ({named}{more})");
            json!({
                "level": "error",
                "message": { "text": clean(&text, TEXT) },
                "associatedRule": { "id": check },
                "descriptor": { "id": "not-evaluated" },
            })
        });
        let notes = report
            .notes
            .iter()
            .map(|note| json!({ "level": "note", "message": { "text": clean(note, TEXT) } }));
        gaps.chain(notes).chain(cut(omitted)).collect()
    }
}

fn cut(omitted: &[u64; RANKS]) -> Option<Value> {
    if omitted.iter().sum::<u64>() == 0 {
        return None;
    }
    let suppressed = ("suppressed by exceptions", omitted.last());
    let ranks = Severity::ALL
        .iter()
        .rev()
        .map(|one| one.as_str())
        .zip(omitted.iter().map(Some));
    let parts: Vec<String> = ranks
        .chain([suppressed])
        .filter_map(|(what, count)| Some((what, *count?)))
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    let text = format!(
        "Findings omitted: {}. GitHub accepts at most 25,000 results and 10 MB (gzip); the other formats contain all findings.",
        parts.join(", ")
    );
    Some(json!({
        "level": "warning",
        "message": { "text": text },
        "descriptor": { "id": "results-omitted" },
    }))
}
