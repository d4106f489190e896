//! Shares and durations for people.

use jiff::Timestamp;

/// Parts per hundred, with one place after the point where it says something. 100 is said only where
/// nothing is missing, and 0 only where nothing is there.
pub(super) fn percent(value: f64) -> String {
    let shown = if value > 0.0 && value < 100.0 {
        value.clamp(0.1, 99.9)
    } else {
        value
    };
    if shown.fract() == 0.0 {
        format!("{shown:.0} %")
    } else {
        format!("{shown:.1} %")
    }
}

/// How long something took: `4 min 12 s`.
pub(super) fn took(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.duration_since(from).as_secs().max(0);
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_durations_read_well() {
        for (value, text) in [
            (0.0, "0 %"),
            (0.01, "0.1 %"),
            (12.34, "12.3 %"),
            (99.99, "99.9 %"),
            (100.0, "100 %"),
        ] {
            assert_eq!(percent(value), text);
        }
        let begin = Timestamp::UNIX_EPOCH;
        for (seconds, text) in [(5, "5 s"), (252, "4 min 12 s"), (7_260, "2 h 1 min")] {
            assert_eq!(took(begin, Timestamp::from_second(seconds).unwrap()), text);
        }
    }
}
