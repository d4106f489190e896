//! A distributed run: its steps one by one, the state machine that calls them, and that one executed.

mod definition;
#[cfg(feature = "judges")]
mod judged;
mod steps;
