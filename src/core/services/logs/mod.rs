//! Amazon CloudWatch Logs: metric filters of the log groups that trails deliver to.

pub mod pattern;
