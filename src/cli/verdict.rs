//! What `orgscan verify` has found, for people.

use std::io::{self, Write};

use orgscan_core::text::count;
use orgscan_store::integrity::HEAD;
use orgscan_store::integrity::verify::{Signers, Verdict, VerifyRequest, Witness};

use super::style::{BAD, FAINT, paint};
use super::terminal::plain;

/// Problems of one kind that are listed, at most; the JSON form has all.
const LINES: usize = 50;

/// Writes the result: what is amiss first, with what to do about it. Where all is well that is one line,
/// unless details are asked for.
pub(super) fn write(
    verdict: &Verdict,
    question: &VerifyRequest,
    details: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    if !details && verdict.problems.is_empty() && verdict.doubts.is_empty() {
        let unchecked = match question.run {
            Some(_) => "; the chain is not checked",
            None => "",
        };
        let (sum, by) = (sum(verdict), by(&verdict.signers));
        return writeln!(out, "{sum}; {by}{unchecked}");
    }
    problems(verdict, out)?;
    writeln!(out, "{}", sum(verdict))?;
    for signers in &verdict.signers {
        writeln!(out, "{}", signed(signers))?;
    }
    if question.run.is_some() {
        writeln!(out, "{}", paint(FAINT, "The chain is not checked."))?;
    }
    for witness in &verdict.witnesses {
        writeln!(out, "{}", describe(*witness))?;
    }
    for doubt in &verdict.doubts {
        let doubt = plain(&format!("Not known: {doubt}"));
        writeln!(out, "{}", paint(BAD, doubt))?;
    }
    Ok(())
}

/// What is amiss, by kind.
fn problems(verdict: &Verdict, out: &mut impl Write) -> io::Result<()> {
    let mut kinds: Vec<_> = verdict.problems.iter().map(|one| one.kind).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let of_kind = || verdict.problems.iter().filter(|one| one.kind == kind);
        for problem in of_kind().take(LINES) {
            writeln!(out, "{}", paint(BAD, problem))?;
        }
        let more = of_kind().count().saturating_sub(LINES);
        if more > 0 {
            writeln!(out, "and {more} more: --format json has all")?;
        }
        if let Some(problem) = of_kind().next() {
            writeln!(out, "  -> {}\n", problem.remediation())?;
        }
    }
    Ok(())
}

/// `Verified 10 runs, 90 files, 12.3 MB; head 10 sha256 …`
fn sum(verdict: &Verdict) -> String {
    let verb = if verdict.problems.is_empty() {
        "Verified".to_owned()
    } else {
        let problems = count(verdict.problems.len() as u64, "problem");
        format!("{problems} in")
    };
    let mut text = format!(
        "{verb} {}, {}, {}",
        count(verdict.runs, "run"),
        count(verdict.files, "file"),
        size(verdict.bytes)
    );
    if let Some(head) = &verdict.head {
        text.push_str(&format!("; head {} sha256 {}", head.sequence, head.sha256));
    }
    text
}

/// `12.3 MB`
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Who signed all of it, in a few words.
fn by(signers: &[Signers]) -> String {
    let keys: Vec<_> = signers.iter().map(|one| one.fingerprint.as_ref()).collect();
    match keys.as_slice() {
        [Some(key)] => format!("signed by the key {key}"),
        keys if keys.iter().all(Option::is_none) => "not signed".to_owned(),
        keys if keys.iter().any(Option::is_none) => "signed in part: see --details".to_owned(),
        keys => format!("signed by {} keys: see --details", keys.len()),
    }
}

fn signed(signers: &Signers) -> String {
    let links = match signers.from == signers.to {
        true => format!("Link {}", signers.from),
        false => format!("Links {} to {}", signers.from, signers.to),
    };
    match &signers.fingerprint {
        Some(key) => format!("{links}: signed by the key {key}"),
        None => format!("{links}: not signed, so anyone who can write there can replace them"),
    }
}

fn describe(witness: Witness) -> String {
    match witness {
        Witness::ExpectedHead => "The hash given is one of the chain.".to_owned(),
        Witness::HeadFile => format!(
            "{HEAD} says that it is the last one; whoever writes reports can write that too, so compare the \
             hash with the last alert's, or give that with --head."
        ),
    }
}
