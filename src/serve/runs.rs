//! The runs of a folder: their list, the latest first, and the way from one to the next.

use std::io;
use std::path::Path;

use askama::Template;
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::civil::Date;
use orgscan_core::model::Severity;
use orgscan_core::text::{clean, count, number};

use crate::render::html::{NAME, STYLE, hash};
use crate::store::{Archive, RunFolder};
use crate::trend::{Head, gather};

/// No run is older.
const OLDEST: Date = Date::constant(2000, 1, 1);

/// How many runs the list has; older ones are in the folder.
const MOST: usize = 500;

/// How many reports are read at a time.
const AT_A_TIME: usize = 8;

/// How much is shown of a folder's path.
const PATH: usize = 300;

/// The list of runs.
#[derive(Template)]
#[template(path = "runs.html", config = "src/render/html/askama.toml")]
struct List {
    policy: String,
    style: &'static str,
    folder: String,
    runs: Vec<Line>,
    older: u64,
}

/// A run, as the list shows it.
struct Line {
    link: String,
    id: String,
    when: String,
    findings: String,
    coverage: String,
    is_complete: bool,
    has_page: bool,
}

/// The policy of the list: its own style, and nothing else.
pub(super) fn policy() -> String {
    format!("{}; frame-ancestors 'none'", own_policy())
}

fn own_policy() -> String {
    let style = hash(STYLE);
    format!("default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'")
}

/// The page with the list of runs.
pub(super) async fn page(archive: &Archive, root: &Path) -> io::Result<String> {
    let folders = latest_first(archive).await?;
    let older = folders.len().saturating_sub(MOST) as u64;
    let read = folders.into_iter().take(MOST).map(|folder| {
        let archive = archive.clone();
        async move {
            let head = gather::head_of(&archive, &folder).await;
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
        Line::of(&folder, head.as_ref(), has_page)
    });
    let list = List {
        policy: own_policy(),
        style: STYLE,
        folder: clean(&root.display().to_string(), PATH),
        runs: lines.collect(),
        older,
    };
    list.render().map_err(io::Error::other)
}

async fn latest_first(archive: &Archive) -> io::Result<Vec<RunFolder>> {
    let mut folders = archive.runs_after(OLDEST).await.map_err(io::Error::other)?;
    folders.sort();
    folders.reverse();
    Ok(folders)
}

impl Line {
    fn of(folder: &RunFolder, head: Option<&Head>, has_page: bool) -> Self {
        let link = folder.file("");
        let line = Self {
            link,
            id: clean(&folder.id, PATH),
            when: folder.day.to_string(),
            findings: "not known".to_owned(),
            coverage: "the report cannot be read".to_owned(),
            is_complete: false,
            has_page,
        };
        let Some(head) = head else {
            return line;
        };
        let coverage = &head.coverage;
        let left_out = coverage
            .accounts_skipped
            .saturating_add(coverage.accounts_failed);
        let scanned = coverage.accounts_listed.saturating_sub(left_out);
        let known = match (coverage.complete, coverage.percent) {
            (true, _) => "complete".to_owned(),
            (false, Some(percent)) => format!("{percent:.1} % of the checks evaluated"),
            (false, None) => "nothing evaluated".to_owned(),
        };
        Self {
            when: head.run.started.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            findings: findings(head),
            coverage: format!("{}, {known}", count(scanned, "account")),
            is_complete: coverage.complete,
            ..line
        }
    }
}

/// `at least 2 critical, 12 high`
fn findings(head: &Head) -> String {
    let counts = &head.findings;
    let found = Severity::ALL
        .into_iter()
        .rev()
        .filter(|one| counts.of(*one) > 0);
    let found: Vec<String> = found
        .map(|one| format!("{} {one}", number(counts.of(one))))
        .collect();
    match (found.is_empty(), head.coverage.complete) {
        (true, true) => "none".to_owned(),
        (true, false) => "none in what was evaluated".to_owned(),
        (false, true) => found.join(", "),
        (false, false) => format!("at least {}", found.join(", ")),
    }
}

/// The runs before and after one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Neighbors {
    earlier: Option<String>,
    later: Option<String>,
}

impl Neighbors {
    /// Those of the run in this folder, `daily/2026/11/22/nightly`.
    pub(super) async fn of(archive: &Archive, run: &str) -> io::Result<Self> {
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
