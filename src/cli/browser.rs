//! The report's page, and the browser that opens it.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use orgscan_core::settings::{Config, ReportFormat};
use url::Url;

use super::terminal;

/// The page in the folder of a run.
pub(super) const PAGE: &str = "index.html";

/// How long a program that opens addresses may take to fail. Some run as long as the browser.
const PATIENCE: Duration = Duration::from_secs(2);

/// The run writes no page on this machine.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPage {
    #[error("--open needs a report folder on this machine: add --report DIR")]
    NoFolder,
    #[error(
        "--open needs the report's page, and --dry-run writes none: remove one of the two flags"
    )]
    DryRun,
    #[error(
        "--open needs the report's page: add `html` to destinations.report.formats in the configuration"
    )]
    NoHtml,
}

/// Refuses to open a page that the run does not write.
pub(super) fn refuse_without_page(config: &Config, dry_run: bool) -> Result<(), NoPage> {
    let report = config.destinations.report.as_ref();
    let folder = report.filter(|report| report.location.folder().is_some());
    match folder {
        None => Err(NoPage::NoFolder),
        Some(_) if dry_run => Err(NoPage::DryRun),
        Some(report) if !report.formats.contains(&ReportFormat::Html) => Err(NoPage::NoHtml),
        Some(_) => Ok(()),
    }
}

/// The address of the page in a run's folder: `file:///…/index.html`. None if the folder has no page or is not on this
/// machine.
pub(super) fn page_url(folder: &str) -> Option<String> {
    let page = Path::new(folder).join(PAGE);
    if !page.is_file() {
        return None;
    }
    file_url(&page)
}

fn file_url(path: &Path) -> Option<String> {
    let absolute = std::path::absolute(path).ok()?;
    Url::from_file_path(absolute).ok().map(String::from)
}

/// Opens an address with the program that the desktop has for it. That there is none is only a warning.
pub(super) async fn open(address: &str) {
    let target = address.to_owned();
    let opened =
        tokio::task::spawn_blocking(move || open::that_detached_with_timeout(target, PATIENCE));
    let error = match opened.await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    let warning =
        format!("warning: no browser could be started ({error}); open the address manually");
    // Nothing is left to do if standard error is gone.
    let _ = writeln!(terminal::stderr(), "{}", terminal::plain(&warning));
}

#[cfg(test)]
mod tests {
    use orgscan_app::config::ConfigLayer;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_address_is_absolute_and_encoded() {
        let url = |path: &str| file_url(Path::new(path)).unwrap();
        assert_eq!(url("/a/b.html"), "file:///a/b.html");
        assert_eq!(
            url("/R&D/50% off #1?/é \u{1b}/x.html"),
            "file:///R&D/50%25%20off%20%231%3F/%C3%A9%20%1B/x.html"
        );
        let here = std::env::current_dir().unwrap();
        let relative = url("report/x.html");
        assert!(relative.starts_with("file:///"), "{relative}");
        assert!(relative.ends_with("/report/x.html"), "{relative}");
        let back = Url::parse(&relative).unwrap().to_file_path().unwrap();
        assert_eq!(back, here.join("report/x.html"));
    }

    #[test]
    fn without_a_page_there_is_no_address() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        assert_eq!(page_url(path), None);
        assert_eq!(page_url("s3://bucket/prefix"), None);
        std::fs::write(folder.path().join(PAGE), "").unwrap();
        assert!(page_url(path).unwrap().ends_with("/index.html"));
    }

    #[test]
    fn a_run_without_a_page_cannot_open_it() {
        let refused = |location: &str, formats: &[ReportFormat], dry_run| {
            let location = (!location.is_empty()).then_some(location);
            let layer = ConfigLayer::default().with("destinations.report.location", location);
            let mut config = orgscan_app::config::load(None, std::iter::empty(), layer).unwrap();
            if let Some(report) = &mut config.destinations.report {
                report.formats = formats.to_vec();
            }
            refuse_without_page(&config, dry_run).map_err(|error| error.to_string())
        };
        let all = &ReportFormat::ALL[..];
        assert_eq!(refused("out", all, false), Ok(()));
        for (location, formats, dry_run, fix) in [
            ("out", all, true, "--dry-run"),
            ("", all, false, "--report DIR"),
            ("s3://reports/p", all, false, "--report DIR"),
            ("out", &[ReportFormat::Json], false, "`html`"),
        ] {
            let error = refused(location, formats, dry_run).unwrap_err();
            assert!(error.contains(fix), "{error}");
        }
    }
}
