//! What the page may do: its policy, and the scripts and the style that the policy names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The page's scripts, in the order in which they run: the libraries, then its own.
pub(super) const SCRIPTS: &[&str] = &[
    include_str!("vendor/preact/preact.min.umd.js"),
    include_str!("vendor/htm/htm.umd.js"),
    include_str!("page/data.js"),
    include_str!("page/address.js"),
    include_str!("page/select.js"),
    include_str!("page/parts.js"),
    include_str!("page/filters.js"),
    include_str!("page/findings.js"),
    include_str!("page/detail.js"),
    include_str!("page/accounts.js"),
    include_str!("page/account.js"),
    include_str!("page/controls.js"),
    include_str!("page/coverage.js"),
    include_str!("page/csv.js"),
    include_str!("page/main.js"),
];

/// Runs before anything is shown, so that nothing is shown that goes away again.
pub(super) const FIRST: &str = "document.documentElement.className = 'scripted';";

pub(super) const STYLE: &str = concat!(
    include_str!("page/base.css"),
    include_str!("page/parts.css"),
    include_str!("page/tables.css"),
    include_str!("page/frameworks.css"),
    include_str!("page/print.css"),
);

/// The page's Content-Security-Policy: its own scripts and its own style by their SHA-256, and nothing
/// else: no network, no frame, no form, no address to start from, and no text that becomes markup.
///
/// Source: <https://www.w3.org/TR/CSP3/>
pub(super) fn policy() -> String {
    let mut scripts: Vec<String> = SCRIPTS.iter().map(|script| hash(script)).collect();
    scripts.push(hash(FIRST));
    format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        scripts.join(" "),
        hash(STYLE),
    )
}

/// How a policy names a text.
pub(super) fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
