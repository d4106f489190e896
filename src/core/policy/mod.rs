//! Resource-based policies: whether one grants access to the public.
//!
//! Pure, and bounded: a document and the search have limits, so that a hostile policy costs little. A policy that exceeds
//! a limit of the search is undecided, never a pass.

mod atoms;
mod condition;
mod decide;
mod document;
mod json;
mod pattern;
mod principal;
mod requests;
mod search;
#[cfg(test)]
mod tests;
mod truth;

pub use decide::{Grant, PublicAccess, Resource, public_access};
pub use document::{PolicyDocument, PolicyError};
pub(crate) use pattern::matches;
