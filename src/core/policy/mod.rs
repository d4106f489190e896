//! Resource-based policies: whether one grants access to the public.
//!
//! Pure, and bounded: a document, the number of its values and the search have limits, so that a hostile policy costs
//! little. Whatever exceeds a limit of the search is undecided, never a pass.

mod decide;
mod document;

pub use decide::{Grant, PublicAccess, Resource, public_access};
pub use document::{PolicyDocument, PolicyError};
