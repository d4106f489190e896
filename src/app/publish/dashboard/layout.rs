//! Where widgets lie: left to right, and on in the next row.

use serde_json::{Value, json};

/// Columns of a dashboard's grid.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>
pub(super) const COLUMNS: u64 = 24;

/// Widgets, laid down one after the other.
#[derive(Debug, Default)]
pub(super) struct Layout {
    widgets: Vec<Value>,
    x: u64,
    y: u64,
    /// The height of the row so far.
    height: u64,
}

/// Columns and rows of a widget.
pub(super) type Size = (u64, u64);

impl Layout {
    /// Lays down a text over the whole width.
    pub(super) fn text(&mut self, height: u64, markdown: String) {
        let properties = json!({ "markdown": markdown, "background": "transparent" });
        self.add("text", (COLUMNS, height), properties);
    }

    /// Lays down a widget of metrics.
    pub(super) fn metric(&mut self, size: Size, properties: Value) {
        self.add("metric", size, properties);
    }

    pub(super) fn next_row(&mut self) {
        self.x = 0;
        self.y += self.height;
        self.height = 0;
    }

    pub(super) fn widgets(self) -> Vec<Value> {
        self.widgets
    }

    fn add(&mut self, kind: &str, (width, height): Size, properties: Value) {
        if self.x + width > COLUMNS {
            self.next_row();
        }
        self.widgets.push(json!({
            "type": kind,
            "x": self.x,
            "y": self.y,
            "width": width,
            "height": height,
            "properties": properties,
        }));
        self.x += width;
        self.height = self.height.max(height);
    }
}
