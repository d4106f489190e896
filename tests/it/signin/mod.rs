//! Every way to sign in, and what errors say about it.

mod answers;
mod errors;
mod fake;
mod fips;
mod methods;
mod mfa;
mod networks;
