//! How fast orgscan is against a replayed organization under AWS's physics.
//!
//!     cargo bench --bench scale                  # 10, 100, 1,000 and 10,000 accounts
//!     cargo bench --bench scale -- 100 1000      # these sizes
//!     cargo bench --bench scale -- --all-checks  # with the opt-in checks
//!     cargo bench --bench scale -- --cis         # with the checks of CIS 7.0
//!     cargo bench --bench scale -- --tls         # over TLS, as AWS is reached
//!
//! The organization is a process of its own; so is each scan, for its memory and its processor time.
//! A bare SDK client sends the same requests and drops the answers, for the least that a request
//! costs. What is compared is measured in the same run: absolute times vary between machines.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints what it measures"
)]

mod bare;
mod bound;
mod measure;
mod organization;
mod scan;
mod start;
mod table;

use std::process::{Command, ExitCode};

use bound::Bound;
use organization::Organization;
use table::Row;

/// The programs' own, so that what is measured is what runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Accounts, unless the command line names others.
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// Every resource this many times, which makes about 20 findings an account.
const RESOURCES: usize = 5;

/// The argument with which all requests go over TLS.
const TLS: &str = "--tls";

/// Accounts that the bare client goes through again and again: those that were recorded.
const BARE_ACCOUNTS: usize = 16;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some("scan") => scan::child(&args[1..]),
        Some("bare") => bare::child(&args[1..]),
        _ => drive(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let chain = std::iter::successors(Some(&*error), |&error| error.source());
            let texts: Vec<String> = chain.map(ToString::to_string).collect();
            eprintln!("{}", texts.join(": "));
            ExitCode::FAILURE
        }
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn drive(args: &[String]) -> Outcome<()> {
    let given: Result<Vec<usize>, _> = args
        .iter()
        .filter(|arg| !arg.starts_with("--"))
        .map(|arg| arg.parse())
        .collect();
    let given = given.map_err(|_| "the arguments are numbers of accounts: 10 100 1000")?;
    let sizes = if given.is_empty() {
        SIZES.to_vec()
    } else {
        given
    };
    let checks = [scan::ALL_CHECKS, scan::CIS];
    let checks: Vec<&str> = checks
        .into_iter()
        .filter(|selection| args.iter().any(|arg| arg == selection))
        .collect();
    let tls = args.iter().any(|arg| arg == TLS);
    start::measure()?;
    let bare = bare_client(tls)?;
    table::head(&bare);
    for accounts in sizes {
        let organization = Organization::start(accounts, RESOURCES, tls, &[])?;
        let scan: scan::ScanMeasurement = child("scan", &organization.url, &checks)?;
        let counts = organization.counts()?;
        let bound = Bound::of(&scan, &counts, &bare, accounts);
        Row::new(accounts, &scan, &counts, &bare, &bound).print();
    }
    Ok(())
}

/// What a request costs at the least.
fn bare_client(tls: bool) -> Outcome<bare::BareMeasurement> {
    let organization = Organization::start(BARE_ACCOUNTS, RESOURCES, tls, &["--quotas", "0"])?;
    child("bare", &organization.url, &[])
}

/// This program again as a process of its own, which prints what it measured.
fn child<T: serde::de::DeserializeOwned>(what: &str, url: &str, args: &[&str]) -> Outcome<T> {
    let output = Command::new(std::env::current_exe()?)
        .arg(what)
        .args(args)
        .stderr(std::process::Stdio::inherit())
        .env_clear()
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_CA_BUNDLE", organization::AUTHORITY)
        .env("AWS_ACCESS_KEY_ID", "management")
        .env("AWS_SECRET_ACCESS_KEY", "management")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()?;
    if !output.status.success() {
        return Err(format!("`{what}` failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
