//! An organization that is replayed from a recording.
//!
//! [`recording`] has what an emulator answered once; [`call`] tells what a request asks for.

pub mod call;
pub mod recording;
