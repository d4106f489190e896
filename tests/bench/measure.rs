//! What a process has used, from Linux's `/proc`.

use serde::{Deserialize, Serialize};

/// Clock ticks a second in `/proc/PID/stat`: 100 on every Linux architecture that Rust has.
const TICKS: f64 = 100.0;

/// What a process has used so far.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Used {
    /// Processor time, user and system, of all threads, in seconds.
    pub(crate) cpu: f64,
    /// The most memory held, in MiB.
    pub(crate) memory: f64,
}

/// What the process of this id (`self` for this one) has used.
pub(crate) fn used(process: &str) -> std::io::Result<Used> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is the program's name in parentheses, and may have spaces in it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |n: usize| -> f64 {
        let field = fields.split_whitespace().nth(n);
        field.and_then(|text| text.parse().ok()).unwrap_or(0.0)
    };
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    Ok(Used {
        // utime and stime are the 14th and 15th field; the state, after the name, is the third.
        cpu: (ticks(11) + ticks(12)) / TICKS,
        memory: kibibytes.unwrap_or(0.0) / 1_024.0,
    })
}
