//! The result of `orgscan verify`, for people.

use std::io::{self, Write};

use orgscan_core::text::count;
use orgscan_store::integrity::HEAD;
use orgscan_store::integrity::verify::{LastRunEvidence, Signers, Verdict, VerifyRequest};

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
    if !details && verdict.problems.is_empty() && verdict.not_verified.is_empty() {
        let unchecked = match question.run {
            Some(_) => "; the chain was not verified",
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
        writeln!(out, "{}", paint(FAINT, "The chain was not verified."))?;
    }
    for witness in &verdict.last_run_evidence {
        writeln!(out, "{}", describe(*witness))?;
    }
    for doubt in &verdict.not_verified {
        let doubt = plain(&format!("Not verified: {doubt}"));
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
            writeln!(out, "and {more} more; --format json lists all")?;
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
        keys if keys.iter().any(Option::is_none) => "partly signed, see --details".to_owned(),
        keys => format!("signed by {} keys, see --details", keys.len()),
    }
}

fn signed(signers: &Signers) -> String {
    let links = match signers.first_sequence == signers.last_sequence {
        true => format!("Link {}", signers.first_sequence),
        false => format!(
            "Links {} to {}",
            signers.first_sequence, signers.last_sequence
        ),
    };
    match &signers.fingerprint {
        Some(key) => format!("{links}: signed by the key {key}"),
        None => format!("{links}: not signed, so anyone with write access can replace them"),
    }
}

fn describe(witness: LastRunEvidence) -> String {
    match witness {
        LastRunEvidence::GivenHash => {
            "The manifest of --manifest-sha256 is in the chain.".to_owned()
        }
        LastRunEvidence::HeadFile => format!(
            "It is the last link according to {HEAD}. Anyone with write access can change that file: compare the hash with \
             the last alert, or add it with --manifest-sha256."
        ),
    }
}
