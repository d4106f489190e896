//! What changed since the runs before.

use orgscan_core::model::{
    AccountId, AccountMove, AccountRemoval, Baseline, ChangeKind, Changes, CheckId, CoverageGain,
    CoverageLoss, PermissionLoss, Report, Severity, TruncatedList,
};
use orgscan_core::services::by_id;
use orgscan_core::text::{count, number};

use super::super::format::visible;

pub(super) struct ChangesView {
    /// What the run was compared with.
    pub(super) since: String,
    /// Whether the run was compared, or is the first one.
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
    /// The highest severity first.
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
            since: since(&changes.baseline),
            compared: matches!(
                changes.baseline,
                Baseline::FirstRun | Baseline::Compared { .. }
            ),
            unavailable: changes.is_unavailable(),
            kinds: KINDS.iter().map(|kind| kind_line(changes, *kind)).collect(),
            groups: groups(changes),
            lists: lists(changes),
        }
    }
}

fn since(base: &Baseline) -> String {
    match base {
        Baseline::NotKept => "This run keeps no history, so changes are unknown.".into(),
        Baseline::FirstRun => "This is the first run, so all findings are new.".into(),
        Baseline::Compared { run } => format!(
            "Compared with run {} of {} UTC.",
            visible(&run.id),
            run.started.strftime("%-d %B %Y, %H:%M")
        ),
        Baseline::Unavailable { reason } => {
            format!(
                "Changes are unknown because the run could not be compared: {}",
                visible(reason)
            )
        }
    }
}

/// The kinds of change, and what they mean.
const KINDS: &[(ChangeKind, &str)] = &[
    (ChangeKind::New, "found for the first time"),
    (ChangeKind::Reopened, "found again after it was closed"),
    (ChangeKind::Worsened, "higher severity than before"),
    (ChangeKind::Resolved, "evaluated, and no longer found"),
    (
        ChangeKind::Unknown,
        "open before, and not evaluated in this run",
    ),
    (
        ChangeKind::Gone,
        "closed because its account was closed or removed",
    ),
    (ChangeKind::Ongoing, "found before and in this run"),
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
        kind: group.status.as_str(),
        severity: group.severity.as_str(),
        check: group.check_id.clone(),
        title: by_id(&group.check_id)
            .map_or_else(|| visible(&group.check_id), |one| one.title.into()),
        findings: number(group.findings),
        accounts: number(group.accounts),
    });
    line.collect()
}

fn lists(changes: &Changes) -> Vec<AccountList> {
    let lists = [
        list("Accounts that lost coverage", &changes.coverage_lost, lost),
        list(
            "New accounts with coverage gaps",
            &changes.coverage_missing,
            lost,
        ),
        list(
            "IAM actions that were allowed before and are now denied",
            &changes.permission_lost,
            denied,
        ),
        list(
            "Accounts with restored coverage",
            &changes.coverage_regained,
            regained,
        ),
        list(
            "Accounts closed, suspended or removed from the organization",
            &changes.accounts_gone,
            gone,
        ),
        list(
            "Accounts moved to another OU",
            &changes.accounts_moved,
            moved,
        ),
    ];
    lists.into_iter().flatten().collect()
}

fn denied(one: &PermissionLoss) -> ChangedAccount {
    let what = format!("{}: {}", visible(&one.action), one.cause.describe());
    line(&one.account_id, &one.account_name, what)
}

fn regained(one: &CoverageGain) -> ChangedAccount {
    let what = format!("{} evaluated again", count(one.targets, "target"));
    line(&one.account_id, &one.account_name, what)
}

fn gone(one: &AccountRemoval) -> ChangedAccount {
    let (detail, findings) = (visible(&one.detail), count(one.findings, "finding"));
    let what = format!("{detail}; {findings} closed");
    line(&one.account_id, &one.account_name, what)
}

fn moved(one: &AccountMove) -> ChangedAccount {
    let root = |path: &str| match path {
        "" => "the root".to_owned(),
        path => visible(path),
    };
    let what = format!(
        "from {} to {}",
        root(&one.from_ou_path),
        root(&one.to_ou_path)
    );
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

fn lost(one: &CoverageLoss) -> ChangedAccount {
    let causes = one.causes.iter().map(|(cause, targets)| {
        if one.causes.len() == 1 {
            return cause.describe().to_owned();
        }
        format!("{} {}", number(*targets), cause.describe())
    });
    let causes = causes.collect::<Vec<_>>().join(", ");
    let what = format!("{} not evaluated: {causes}", count(one.targets, "target"));
    line(&one.account_id, &one.account_name, what)
}
