//! Tests of the whole program: whole scans over an emulator's wire protocol, the SDK's own test
//! clients, the command line and the Lambda as processes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ahead;
mod alert;
mod alone;
mod arguments;
mod bucket;
mod cli;
mod configured;
mod connecting;
mod continuation;
mod cut;
mod descriptors;
mod destinations;
mod distributed;
mod doctor;
mod ec2_checks;
mod emulator;
mod enrollment;
mod exceptions;
mod exports;
mod files;
mod findings;
mod frameworks;
mod gaps;
mod history;
mod integrity;
mod isolated;
mod kills;
mod lambda;
mod listing;
mod package;
mod page;
mod pressure;
mod prowler;
mod receiver;
mod recording;
mod replay;
mod requests;
mod resume;
mod serve;
mod serving;
mod settings;
mod signals;
mod signin;
mod simulated;
mod sockets;
mod supply;
mod suspended;
mod templates;
mod trend;
mod wire;
mod world;
