//! What changed since the runs before.

use orgscan_core::model::{
    AccountGone, AccountId, Base, ChangeKind, Changes, CheckId, CoverageLost, CoverageRegained,
    MovedAccount, PermissionLost, Report, Severity, TruncatedList,
};
use orgscan_core::services::by_id;
use orgscan_core::text::{count, number};

use super::super::format::visible;

pub(super) struct ChangesView {
    /// What the run was compared with.
    pub(super) since: String,
    /// Whether there is anything to tell.
    pub(super) compared: bool,
    /// Whether there should have been a comparison and there is none.
    pub(super) unavailable: bool,
    pub(super) kinds: Vec<KindLine>,
    pub(super) groups: Vec<GroupLine>,
    pub(super) lists: Vec<AccountList>,
}

/// Findings that changed in one way.
pub(super) struct KindLine {
    pub(super) kind: &'static str,
    pub(super) means: &'static str,
    pub(super) total: String,
    /// From the worst.
    pub(super) severities: Vec<String>,
    /// Whether the page has these findings.
    pub(super) linked: bool,
}

/// Findings that changed in the same way.
pub(super) struct GroupLine {
    pub(super) kind: &'static str,
    pub(super) severity: &'static str,
    pub(super) check: CheckId,
    pub(super) title: String,
    pub(super) findings: String,
    pub(super) accounts: String,
}

/// Accounts that something happened to.
pub(super) struct AccountList {
    pub(super) title: &'static str,
    pub(super) total: String,
    pub(super) lines: Vec<ChangedAccount>,
    pub(super) more: Option<String>,
}

/// An account, and what happened.
pub(super) struct ChangedAccount {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) what: String,
}

impl ChangesView {
    pub(super) fn new(report: &Report) -> Self {
        let changes = &report.changes;
        Self {
            since: since(&changes.since),
            compared: matches!(changes.since, Base::FirstRun | Base::Compared { .. }),
            unavailable: changes.is_unavailable(),
            kinds: KINDS.iter().map(|kind| kind_line(changes, *kind)).collect(),
            groups: groups(changes),
            lists: lists(changes),
        }
    }
}

fn since(base: &Base) -> String {
    match base {
        Base::NotKept => {
            "This run keeps no history, so there is nothing to compare it with.".into()
        }
        Base::FirstRun => "This is the first run here: everything in it is new.".into(),
        Base::Compared { run } => format!(
            "Compared with run {} of {} UTC.",
            visible(&run.id),
            run.started.strftime("%-d %B %Y, %H:%M")
        ),
        Base::Unavailable { reason } => {
            format!("The run could not be compared: {}", visible(reason))
        }
    }
}

/// The kinds of change, and what they mean.
const KINDS: &[(ChangeKind, &str)] = &[
    (ChangeKind::New, "found for the first time"),
    (ChangeKind::Reopened, "found again after it had been closed"),
    (ChangeKind::Worsened, "more severe than before"),
    (ChangeKind::Resolved, "looked at, and no longer there"),
    (
        ChangeKind::Unknown,
        "open before, and could not be looked at",
    ),
    (ChangeKind::Gone, "closed with its account"),
    (ChangeKind::Ongoing, "as before"),
];

fn kind_line(changes: &Changes, (kind, means): (ChangeKind, &'static str)) -> KindLine {
    let counts = changes.of(kind);
    let severities = Severity::ALL.iter().rev();
    KindLine {
        kind: kind.as_str(),
        means,
        total: number(counts.total()),
        severities: severities.map(|s| number(counts.of(*s))).collect(),
        linked: counts.total() > 0 && !matches!(kind, ChangeKind::Resolved | ChangeKind::Gone),
    }
}

fn groups(changes: &Changes) -> Vec<GroupLine> {
    let line = changes.groups.iter().map(|group| GroupLine {
        kind: group.kind.as_str(),
        severity: group.severity.as_str(),
        check: group.check.clone(),
        title: by_id(&group.check).map_or_else(|| visible(&group.check), |one| one.title.into()),
        findings: number(group.findings),
        accounts: number(group.accounts),
    });
    line.collect()
}

fn lists(changes: &Changes) -> Vec<AccountList> {
    let lists = [
        list(
            "Could be looked at before, and not now",
            &changes.coverage_lost,
            lost,
        ),
        list(
            "To be looked at for the first time, and could not be",
            &changes.coverage_missing,
            lost,
        ),
        list(
            "IAM actions that were allowed and are denied now",
            &changes.permission_lost,
            denied,
        ),
        list(
            "Can be looked at again",
            &changes.coverage_regained,
            regained,
        ),
        list(
            "Closed, suspended or no longer in the organization",
            &changes.gone,
            gone,
        ),
        list("Moved to another OU", &changes.moved, moved),
    ];
    lists.into_iter().flatten().collect()
}

fn denied(one: &PermissionLost) -> ChangedAccount {
    let what = format!("{}: {}", visible(&one.action), one.cause.describe());
    line(&one.account_id, &one.account_name, what)
}

fn regained(one: &CoverageRegained) -> ChangedAccount {
    let checks = count(one.targets, "check");
    line(&one.account_id, &one.account_name, checks)
}

fn gone(one: &AccountGone) -> ChangedAccount {
    let (detail, findings) = (visible(&one.detail), count(one.findings, "finding"));
    let what = format!("{detail}; {findings} closed with it");
    line(&one.account_id, &one.account_name, what)
}

fn moved(one: &MovedAccount) -> ChangedAccount {
    let root = |path: &str| match path {
        "" => "the root".to_owned(),
        path => visible(path),
    };
    let what = format!("from {} to {}", root(&one.from), root(&one.to));
    line(&one.account_id, &one.account_name, what)
}

fn list<T>(
    title: &'static str,
    of: &TruncatedList<T>,
    line: impl Fn(&T) -> ChangedAccount,
) -> Option<AccountList> {
    let more = of.count - of.first.len() as u64;
    (of.count > 0).then(|| AccountList {
        title,
        total: number(of.count),
        lines: of.first.iter().map(line).collect(),
        more: (more > 0).then(|| format!("and {} in changes.jsonl", count(more, "more account"))),
    })
}

fn line(id: &AccountId, name: &str, what: String) -> ChangedAccount {
    ChangedAccount {
        id: id.to_string(),
        name: visible(name),
        what,
    }
}

fn lost(one: &CoverageLost) -> ChangedAccount {
    let causes = one.causes.iter();
    let causes: Vec<_> = causes
        .map(|(cause, targets)| format!("{} {}", number(*targets), cause.describe()))
        .collect();
    let what = format!("{}: {}", count(one.targets, "check"), causes.join(", "));
    line(&one.account_id, &one.account_name, what)
}
