//! The events of an account as Security Lake takes them.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::fields::{Field, Kind};
use super::table::Table;

/// The columns of class 2003 in 1.3.0 with the profile `cloud`: what [`crate::ocsf`] writes of it.
/// `timestamp_t` and `long_t` are 64 bits wide, `integer_t` 32.
///
/// Source: <https://schema.ocsf.io/1.3.0/classes/compliance_finding?profiles=cloud>
const EVENT: &[Field] = &[
    ("activity_id", Kind::Int, false),
    ("activity_name", Kind::Text, false),
    ("category_name", Kind::Text, false),
    ("category_uid", Kind::Int, false),
    ("class_name", Kind::Text, false),
    ("class_uid", Kind::Int, false),
    ("cloud", Kind::Group(CLOUD), false),
    ("compliance", Kind::Group(COMPLIANCE), false),
    ("finding_info", Kind::Group(FINDING_INFO), false),
    ("message", Kind::Text, false),
    ("metadata", Kind::Group(METADATA), false),
    (
        "remediation",
        Kind::Group(&[("desc", Kind::Text, false)]),
        true,
    ),
    ("resources", Kind::List(&Kind::Group(RESOURCE)), false),
    ("severity", Kind::Text, false),
    ("severity_id", Kind::Int, false),
    ("status", Kind::Text, false),
    ("status_detail", Kind::Text, true),
    ("status_id", Kind::Int, false),
    ("time", Kind::Long, false),
    ("type_name", Kind::Text, false),
    ("type_uid", Kind::Long, false),
    ("unmapped", Kind::Group(UNMAPPED), false),
];

const CLOUD: &[Field] = &[
    (
        "account",
        Kind::Group(&[
            ("name", Kind::Text, false),
            ("type", Kind::Text, false),
            ("type_id", Kind::Int, false),
            ("uid", Kind::Text, false),
        ]),
        false,
    ),
    (
        "org",
        Kind::Group(&[
            ("ou_name", Kind::Text, true),
            ("ou_uid", Kind::Text, true),
            ("uid", Kind::Text, false),
        ]),
        true,
    ),
    ("provider", Kind::Text, false),
    ("region", Kind::Text, true),
];

const COMPLIANCE: &[Field] = &[
    ("control", Kind::Text, false),
    ("requirements", Kind::List(&Kind::Text), true),
    ("standards", Kind::List(&Kind::Text), false),
    ("status", Kind::Text, false),
    ("status_detail", Kind::Text, true),
    ("status_id", Kind::Int, false),
];

const FINDING_INFO: &[Field] = &[
    ("created_time", Kind::Long, true),
    ("desc", Kind::Text, false),
    ("first_seen_time", Kind::Long, true),
    ("last_seen_time", Kind::Long, true),
    ("title", Kind::Text, false),
    ("types", Kind::List(&Kind::Text), false),
    ("uid", Kind::Text, false),
];

const METADATA: &[Field] = &[
    ("correlation_uid", Kind::Text, false),
    ("event_code", Kind::Text, false),
    (
        "product",
        Kind::Group(&[
            ("name", Kind::Text, false),
            ("vendor_name", Kind::Text, false),
            ("version", Kind::Text, false),
        ]),
        false,
    ),
    ("profiles", Kind::List(&Kind::Text), false),
    ("uid", Kind::Text, false),
    ("version", Kind::Text, false),
];

const RESOURCE: &[Field] = &[
    ("cloud_partition", Kind::Text, false),
    ("region", Kind::Text, true),
    ("type", Kind::Text, true),
    ("uid", Kind::Text, false),
];

const UNMAPPED: &[Field] = &[
    ("change", Kind::Text, true),
    ("exception", Kind::Text, true),
    ("ou_path", Kind::Text, false),
    ("part", Kind::Text, true),
];

/// Writes events of OCSF 1.3.0, as they are in `findings.ocsf.jsonl.gz`, as Parquet.
pub struct LakeParquet<W: Write + Send>(Table<W>);

impl<W: Write + Send> LakeParquet<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W) -> io::Result<Self> {
        Table::start(out, "compliance_finding", EVENT).map(Self)
    }

    /// Takes an event.
    ///
    /// # Errors
    /// The writer's own, and where the event is none of this class and version.
    pub fn event(&mut self, event: &Map<String, Value>) -> io::Result<()> {
        self.0.object(event)
    }

    /// Writes the end, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}
