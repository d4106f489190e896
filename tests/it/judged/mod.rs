//! What needs an independent judge: emulators of AWS, linters, other clients and readers, a browser. `.ci/judges` installs
//! them all; a test that misses one fails and says so. Modules of this name beside others' tests are of this kind too, so
//! that `cargo test --features judges judged::` runs these tests and no others.

mod availability;
mod ci;
mod configured;
mod continuation;
mod destinations;
mod ec2_checks;
pub(crate) mod emulator;
mod findings;
mod gaps;
mod generator;
pub(crate) mod installed;
mod package;
mod policy;
pub(crate) mod receiver;
mod recording;
mod replay_clients;
mod resume;
pub(crate) mod templates;
mod world;

pub(crate) use world::World;
