//! What the answers mean. Pure.

mod deployment;
mod destinations;
mod identity;
mod machine;
mod organization;

pub(super) use machine::open_files;

use orgscan_aws::ConnectError;
use orgscan_core::settings::Config;

use super::facts::{Facts, Options};
use super::line::DiagnosticLine;

/// All lines about AWS, for a caller that AWS knows.
pub(super) fn connected(facts: &Facts, options: &Options) -> Vec<DiagnosticLine> {
    let mut lines = identity::known(facts);
    lines.extend(organization::lines(facts, options));
    lines.extend(deployment::lines(facts, options));
    lines.extend(facts.destinations.iter().map(destinations::line));
    lines
}

/// The same for a caller that nobody knows.
pub(super) fn refused(error: &ConnectError, config: &Config) -> Vec<DiagnosticLine> {
    let mut lines = identity::refused(error);
    let names = [organization::NAMES, deployment::NAMES].concat();
    let names = names.into_iter().chain(destinations::names(config));
    lines.extend(
        names.map(|name| DiagnosticLine::not_checked(name, "needs credentials that AWS accepts")),
    );
    lines
}

#[cfg(test)]
mod tests;
