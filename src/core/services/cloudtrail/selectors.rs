//! The events that a trail logs. A trail logs an event that one of its selectors matches.
//!
//! Sources: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>

use std::collections::BTreeSet;

/// The management events that a selector can leave out. They are too many for some users, and a trail without them
/// still logs management events.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
const SOURCES_TO_EXCLUDE: [&str; 2] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// The type of the objects in general purpose buckets.
const S3_OBJECT: &str = "AWS::S3::Object";

/// The selectors of a trail. AWS keeps either basic or advanced ones. A trail without any logs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSelectors {
    /// Basic ones.
    pub basic: Vec<BasicSelector>,
    /// Advanced ones.
    pub advanced: Vec<AdvancedSelector>,
}

/// A basic event selector.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasicSelector {
    /// Whether it selects events that only read.
    pub reads: bool,
    /// Whether it selects events that write.
    pub writes: bool,
    /// Whether it selects management events.
    pub has_management_events: bool,
    /// Sources of management events that it leaves out: `kms.amazonaws.com`.
    pub excluded_sources: BTreeSet<String>,
    /// The resources whose data events it selects: type, and ARNs or beginnings of ARNs.
    pub data_resources: Vec<(String, Vec<String>)>,
}

/// An advanced event selector: an event has to meet all conditions.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdvancedSelector {
    /// The conditions.
    pub conditions: Vec<FieldCondition>,
}

/// A condition on one field of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldCondition {
    /// The field: `eventCategory`.
    pub field: String,
    /// Values that the field may have.
    pub equals: Vec<String>,
    /// Beginnings that it may have.
    pub starts_with: Vec<String>,
    /// Ends that it may have.
    pub ends_with: Vec<String>,
    /// Values that it may not have.
    pub not_equals: Vec<String>,
    /// Beginnings that it may not have.
    pub not_starts_with: Vec<String>,
    /// Ends that it may not have.
    pub not_ends_with: Vec<String>,
}

/// Which events of a kind are logged: reads and writes, each without some event sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggedEvents {
    reads: Option<BTreeSet<String>>,
    writes: Option<BTreeSet<String>>,
}

impl LoggedEvents {
    /// Whether reads are logged.
    pub fn has_reads(&self) -> bool {
        self.reads.is_some()
    }

    /// Whether writes are logged.
    pub fn has_writes(&self) -> bool {
        self.writes.is_some()
    }

    /// The event sources that are left out of what is logged.
    pub fn excluded_sources(&self) -> BTreeSet<&str> {
        let excluded = self.reads.iter().chain(&self.writes).flatten();
        excluded.map(String::as_str).collect()
    }

    /// Adds what one selector selects. Another selector may have what this one leaves out.
    fn add(&mut self, reads: bool, writes: bool, excluded: &BTreeSet<String>) {
        let kinds = [(reads, &mut self.reads), (writes, &mut self.writes)];
        for (_, known) in kinds.into_iter().filter(|(is_selected, _)| *is_selected) {
            match known {
                Some(known) => known.retain(|source| excluded.contains(source)),
                None => *known = Some(excluded.clone()),
            }
        }
    }
}

impl EventSelectors {
    /// The management events that are logged. A selector that matches only some of them, other than by leaving out the
    /// sources that AWS lets users exclude, does not count.
    pub fn management_events(&self) -> LoggedEvents {
        let mut logged = LoggedEvents::default();
        for one in self.basic.iter().filter(|one| one.has_management_events) {
            logged.add(one.reads, one.writes, &one.excluded_sources);
        }
        for one in &self.advanced {
            if let Some((reads, writes, excluded)) = one.management_events() {
                logged.add(reads, writes, &excluded);
            }
        }
        logged
    }

    /// The data events of S3 objects that are logged in all general purpose buckets. A selector that leaves out a
    /// bucket or an operation does not count.
    pub fn s3_object_events(&self) -> LoggedEvents {
        let mut logged = LoggedEvents::default();
        let none = BTreeSet::new();
        for one in self.basic.iter().filter(|one| one.has_all_objects()) {
            logged.add(one.reads, one.writes, &none);
        }
        for (reads, writes) in self
            .advanced
            .iter()
            .filter_map(AdvancedSelector::s3_objects)
        {
            logged.add(reads, writes, &none);
        }
        logged
    }

    /// Whether the data events of some S3 objects are logged, be it of one bucket.
    pub fn has_some_s3_object_events(&self) -> bool {
        let mut basic = self.basic.iter().flat_map(|one| &one.data_resources);
        let mut advanced = self.advanced.iter();
        basic.any(|(kind, values)| kind == S3_OBJECT && !values.is_empty())
            || advanced
                .any(|one| one.has("eventCategory", "Data") && one.has("resources.type", S3_OBJECT))
    }
}

impl BasicSelector {
    /// All objects of all buckets are the ARN `arn:aws:s3`, without a bucket.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>
    fn has_all_objects(&self) -> bool {
        let objects = self
            .data_resources
            .iter()
            .filter(|(kind, _)| kind == S3_OBJECT);
        objects
            .flat_map(|(_, values)| values)
            .any(|value| is_every_bucket(value))
    }
}

impl AdvancedSelector {
    fn management_events(&self) -> Option<(bool, bool, BTreeSet<String>)> {
        self.of("eventCategory", "Management")?;
        let (mut kinds, mut excluded) = ((true, true), BTreeSet::new());
        for condition in &self.conditions {
            match condition.field.as_str() {
                "eventCategory" => {}
                "readOnly" => kinds = condition.read_only()?,
                "eventSource" => excluded.extend(condition.excluded_sources()?.iter().cloned()),
                _ => return None,
            }
        }
        Some((kinds.0, kinds.1, excluded))
    }

    fn s3_objects(&self) -> Option<(bool, bool)> {
        self.of("eventCategory", "Data")?;
        self.of("resources.type", S3_OBJECT)?;
        let mut kinds = (true, true);
        for condition in &self.conditions {
            match condition.field.as_str() {
                "eventCategory" | "resources.type" => {}
                "readOnly" => kinds = condition.read_only()?,
                "resources.ARN" if condition.admits_every_bucket() => {}
                _ => return None,
            }
        }
        Some(kinds)
    }

    fn of(&self, field: &str, value: &str) -> Option<()> {
        self.has(field, value).then_some(())
    }

    fn has(&self, field: &str, value: &str) -> bool {
        let mut own = self.conditions.iter().filter(|one| one.field == field);
        own.any(|one| {
            one.only_equals()
                .is_some_and(|values| values.iter().any(|one| one == value))
        })
    }
}

impl FieldCondition {
    /// The values that the field may have, if nothing else is a condition.
    fn only_equals(&self) -> Option<&[String]> {
        let others = [
            &self.starts_with,
            &self.ends_with,
            &self.not_equals,
            &self.not_starts_with,
            &self.not_ends_with,
        ];
        let is_only = others.iter().all(|values| values.is_empty());
        is_only.then_some(&*self.equals)
    }

    /// Whether reads and writes are selected; none where the condition is of another kind.
    fn read_only(&self) -> Option<(bool, bool)> {
        let values = self.only_equals()?;
        let has = |wanted: &str| {
            values
                .iter()
                .any(|value| value.eq_ignore_ascii_case(wanted))
        };
        Some((has("true"), has("false")))
    }

    /// The sources that are left out, if they are among those that AWS lets users exclude and nothing else is a condition.
    fn excluded_sources(&self) -> Option<&[String]> {
        let rest = Self {
            field: self.field.clone(),
            not_equals: self.not_equals.clone(),
            ..Self::default()
        };
        let is_known = |source: &String| SOURCES_TO_EXCLUDE.contains(&source.as_str());
        let is_plain = *self == rest && self.not_equals.iter().all(is_known);
        is_plain.then_some(&*self.not_equals)
    }

    fn admits_every_bucket(&self) -> bool {
        let rest = Self {
            field: self.field.clone(),
            starts_with: self.starts_with.clone(),
            ..Self::default()
        };
        *self == rest && self.starts_with.iter().any(|value| is_every_bucket(value))
    }
}

/// Whether an ARN's beginning is that of every bucket: `arn:aws:s3` or `arn:aws:s3:::`.
fn is_every_bucket(value: &str) -> bool {
    let mut parts = value.splitn(4, ':');
    let is_s3 = parts.next() == Some("arn")
        && parts.next().is_some_and(|partition| !partition.is_empty())
        && parts.next() == Some("s3");
    is_s3 && parts.all(|rest| rest.chars().all(|character| character == ':'))
}

#[cfg(test)]
mod tests;
