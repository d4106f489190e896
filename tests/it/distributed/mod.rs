//! A distributed run: its steps one by one, the state machine that calls them, and that one executed.

mod definition;
mod machine;
mod router;
mod steps;
