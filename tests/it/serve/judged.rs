//! The served pages in a real browser.

use std::path::Path;

use super::{ReportServer, reports};
use crate::page::judged::python;

#[test]
fn the_pages_work_in_a_browser_under_their_headers() {
    let served = ReportServer::start(reports());
    python("served.py", Path::new(&served.url));
}
