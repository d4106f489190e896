//! Files of this machine: written whole or not at all, for their owner alone unless set otherwise, and read
//! with a limit.

pub mod disk;
pub mod local_file;
