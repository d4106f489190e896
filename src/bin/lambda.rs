//! The central Lambda: event in, run, answer out.

fn main() {}
