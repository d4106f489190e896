//! What a column has of the row group in the making, and how it goes into the file.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedRowGroupWriter;

/// A row group is closed when it has so many rows, or its texts take so many bytes: it is held in memory
/// until then.
const ROWS: usize = 20_000;
const BYTES: usize = 4 << 20;

/// Whether a row group of this size is to be closed.
pub(super) fn is_full(rows: usize, bytes: usize) -> bool {
    rows >= ROWS || bytes >= BYTES
}

/// How all files are written.
pub(super) fn properties() -> WriterPropertiesPtr {
    let properties = WriterProperties::builder();
    let zstd = Compression::ZSTD(ZstdLevel::default());
    Arc::new(properties.set_compression(zstd).build())
}

/// The values that there are, without the nulls.
#[derive(Debug)]
pub(super) enum Values {
    Text(Vec<ByteArray>),
    Long(Vec<i64>),
    Int(Vec<i32>),
}

impl Values {
    /// Writes them as the group's next column, with the levels that say which are null, and which of them
    /// are of one list.
    pub(super) fn write<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        defined: Option<&[i16]>,
        repeated: Option<&[i16]>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General("a column too many".to_owned()));
        };
        match self {
            Self::Text(values) => {
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(values, defined, repeated)?
            }
            Self::Long(values) => {
                let typed = column.typed::<Int64Type>();
                typed.write_batch(values, defined, repeated)?
            }
            Self::Int(values) => {
                let typed = column.typed::<Int32Type>();
                typed.write_batch(values, defined, repeated)?
            }
        };
        column.close()
    }
}
