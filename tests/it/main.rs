//! Tests of the whole program: whole scans of a recorded organization, the SDK's own test clients, the command line and the
//! Lambda as processes. With the feature `judges`, whole scans over an independent emulator's wire protocol too, and all
//! else that is judged by what was not written here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::too_many_lines, reason = "a test is long by its cases")]

mod alert;
mod arguments;
mod availability;
mod bucket;
mod cli;
mod connecting;
mod descriptors;
mod distributed;
mod doctor;
mod enrollment;
mod exceptions;
mod exceptions_add;
mod expected;
mod exports;
mod files;
mod forward;
mod frameworks;
mod future_dates;
mod golden;
mod history;
mod integrity;
mod inventory;
mod isolated;
#[cfg(feature = "judges")]
mod judged;
mod kills;
mod lambda;
mod layers;
mod listing;
mod page;
mod pipes;
mod pressure;
mod prowler;
mod replay;
mod requests;
mod run;
mod serve;
mod serving;
mod settings;
mod signals;
mod signin;
mod simulated;
mod single_account;
mod sockets;
mod supply;
mod suspended;
mod terminal;
mod trend;
mod truncated_responses;
mod wire;
