//! The events of an account as Security Lake takes them.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::fields::{Field, FieldKind};
use super::table::Table;

/// The columns of class 2003 in 1.3.0 with the profile `cloud`: what [`crate::ocsf`] writes of it.
/// `timestamp_t` and `long_t` are 64 bits wide, `integer_t` 32.
///
/// Source: <https://schema.ocsf.io/1.3.0/classes/compliance_finding?profiles=cloud>
const EVENT: &[Field] = &[
    ("activity_id", FieldKind::Int, false),
    ("activity_name", FieldKind::Text, false),
    ("category_name", FieldKind::Text, false),
    ("category_uid", FieldKind::Int, false),
    ("class_name", FieldKind::Text, false),
    ("class_uid", FieldKind::Int, false),
    ("cloud", FieldKind::Group(CLOUD), false),
    ("compliance", FieldKind::Group(COMPLIANCE), false),
    ("finding_info", FieldKind::Group(FINDING_INFO), false),
    ("message", FieldKind::Text, false),
    ("metadata", FieldKind::Group(METADATA), false),
    (
        "remediation",
        FieldKind::Group(&[("desc", FieldKind::Text, false)]),
        true,
    ),
    (
        "resources",
        FieldKind::List(&FieldKind::Group(RESOURCE)),
        false,
    ),
    ("severity", FieldKind::Text, false),
    ("severity_id", FieldKind::Int, false),
    ("status", FieldKind::Text, false),
    ("status_detail", FieldKind::Text, true),
    ("status_id", FieldKind::Int, false),
    ("time", FieldKind::Long, false),
    ("type_name", FieldKind::Text, false),
    ("type_uid", FieldKind::Long, false),
    ("unmapped", FieldKind::Group(UNMAPPED), false),
];

const CLOUD: &[Field] = &[
    (
        "account",
        FieldKind::Group(&[
            ("name", FieldKind::Text, false),
            ("type", FieldKind::Text, false),
            ("type_id", FieldKind::Int, false),
            ("uid", FieldKind::Text, false),
        ]),
        false,
    ),
    (
        "org",
        FieldKind::Group(&[
            ("ou_name", FieldKind::Text, true),
            ("ou_uid", FieldKind::Text, true),
            ("uid", FieldKind::Text, false),
        ]),
        true,
    ),
    ("provider", FieldKind::Text, false),
    ("region", FieldKind::Text, true),
];

const COMPLIANCE: &[Field] = &[
    ("control", FieldKind::Text, false),
    ("requirements", FieldKind::List(&FieldKind::Text), true),
    ("standards", FieldKind::List(&FieldKind::Text), false),
    ("status", FieldKind::Text, false),
    ("status_detail", FieldKind::Text, true),
    ("status_id", FieldKind::Int, false),
];

const FINDING_INFO: &[Field] = &[
    ("created_time", FieldKind::Long, true),
    ("desc", FieldKind::Text, false),
    ("first_seen_time", FieldKind::Long, true),
    ("last_seen_time", FieldKind::Long, true),
    ("title", FieldKind::Text, false),
    ("types", FieldKind::List(&FieldKind::Text), false),
    ("uid", FieldKind::Text, false),
];

const METADATA: &[Field] = &[
    ("correlation_uid", FieldKind::Text, false),
    ("event_code", FieldKind::Text, false),
    (
        "product",
        FieldKind::Group(&[
            ("name", FieldKind::Text, false),
            ("vendor_name", FieldKind::Text, false),
            ("version", FieldKind::Text, false),
        ]),
        false,
    ),
    ("profiles", FieldKind::List(&FieldKind::Text), false),
    ("uid", FieldKind::Text, false),
    ("version", FieldKind::Text, false),
];

const RESOURCE: &[Field] = &[
    ("cloud_partition", FieldKind::Text, false),
    ("region", FieldKind::Text, true),
    ("type", FieldKind::Text, true),
    ("uid", FieldKind::Text, false),
];

const UNMAPPED: &[Field] = &[
    ("finding_status", FieldKind::Text, true),
    ("exception_id", FieldKind::Text, true),
    ("ou_path", FieldKind::Text, false),
    ("part", FieldKind::Text, true),
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
