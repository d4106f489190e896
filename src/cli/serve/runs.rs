//! The runs of a folder: their list, the latest first, and the way from one to the next.

use std::io;
use std::path::Path;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::civil::Date;
use orgscan_app::past::head_of;
use orgscan_core::model::RunFolder;
use orgscan_report::html::runs::RunLine;
use orgscan_report::html::{NAME, runs};
use orgscan_report::trend::Head;
use orgscan_store::Storage;

/// No run is older.
const OLDEST: Date = Date::constant(2000, 1, 1);

/// How many runs the list has; older ones are in the folder.
const MOST: usize = 500;

/// How many reports are read at a time.
const AT_A_TIME: usize = 8;

/// The page with the list of runs.
pub(super) async fn page(archive: &Storage, root: &Path) -> io::Result<String> {
    let folders = latest_first(archive).await?;
    let older = folders.len().saturating_sub(MOST) as u64;
    let read = folders.into_iter().take(MOST).map(|folder| {
        let archive = archive.clone();
        async move {
            let head = head_of(&archive, &folder).await;
            head.map(|head| (folder, head)).map_err(io::Error::other)
        }
    });
    let mut runs: Vec<_> = stream::iter(read).buffered(AT_A_TIME).try_collect().await?;
    // Names need not follow the time of the day.
    let time = |head: &Option<Head>| head.as_ref().map(|head| head.run.started);
    runs.sort_by(|(a, of_a), (b, of_b)| {
        (b.day, time(of_b), &b.id).cmp(&(a.day, time(of_a), &a.id))
    });
    let lines = runs.into_iter().map(|(folder, head)| {
        let has_page = root.join(folder.file(NAME)).is_file();
        RunLine::of(&folder, head.as_ref(), has_page)
    });
    runs::page(&root.display().to_string(), lines.collect(), older).map_err(io::Error::other)
}

async fn latest_first(archive: &Storage) -> io::Result<Vec<RunFolder>> {
    let mut folders = archive.runs_after(OLDEST).await.map_err(io::Error::other)?;
    folders.sort();
    folders.reverse();
    Ok(folders)
}

/// The runs before and after one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Neighbors {
    earlier: Option<String>,
    later: Option<String>,
}

impl Neighbors {
    /// Those of the run in this folder, `daily/2026/11/22/nightly`.
    pub(super) async fn of(archive: &Storage, run: &str) -> io::Result<Self> {
        let folders = latest_first(archive).await?;
        let links: Vec<String> = folders.iter().map(|folder| folder.file("")).collect();
        let at = links
            .iter()
            .position(|link| link.trim_end_matches('/') == run);
        Ok(at.map_or_else(Self::default, |at| Self {
            earlier: links.get(at + 1).cloned(),
            later: at
                .checked_sub(1)
                .and_then(|later| links.get(later))
                .cloned(),
        }))
    }

    /// The beginning of a page, with links to these runs and to the list at `home`. They need no script and no style.
    pub(super) fn shown_in(&self, beginning: Vec<u8>, home: &str) -> Vec<u8> {
        const BODY: &[u8] = b"<body>";
        let start = beginning
            .windows(BODY.len())
            .position(|bytes| bytes == BODY);
        let Some(start) = start else {
            return beginning;
        };
        let link = |run: &Option<String>, text: &str| match run {
            Some(run) => format!(" · <a href=\"{home}{run}\">{text}</a>"),
            None => String::new(),
        };
        let (earlier, later) = (
            link(&self.earlier, "Earlier run"),
            link(&self.later, "Later run"),
        );
        let links = format!(
            "<footer><nav aria-label=\"Runs\"><a href=\"{home}\">All runs</a>{earlier}{later}</nav></footer>"
        );
        let (before, after) = beginning.split_at(start + BODY.len());
        [before, links.as_bytes(), after].concat()
    }
}
