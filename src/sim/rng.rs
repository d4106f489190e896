//! Chance without chance: numbers that follow from the seed and from what is asked, so that the same
//! run draws the same.

/// A bijection of 64-bit numbers that spreads neighbours far apart (the end of SplitMix64).
///
/// Source: <https://prng.di.unimi.it/splitmix64.c>
pub(super) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What [`mix`] made the number of.
pub(super) fn unmix(mut x: u64) -> u64 {
    x = (x ^ (x >> 31) ^ (x >> 62)).wrapping_mul(0x3196_42b2_d24d_8ec3);
    x = (x ^ (x >> 27) ^ (x >> 54)).wrapping_mul(0x96de_1b17_3f11_9089);
    x ^ (x >> 30) ^ (x >> 60)
}

/// A draw in the making: a seed, and whatever the outcome depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeededRng(u64);

impl SeededRng {
    /// A draw that depends on the seed alone.
    pub(super) fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// The same draw, which now also depends on this text (FNV-1a, and a mark between texts).
    pub(super) fn with(mut self, text: &str) -> Self {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    /// The same draw, which now also depends on this number.
    pub(super) fn with_number(self, number: u64) -> Self {
        Self(mix(self.0 ^ mix(number.wrapping_add(1))))
    }

    /// 64 even bits.
    pub(super) fn bits(self) -> u64 {
        mix(self.0)
    }

    /// A number from 0 to below 1.
    pub(super) fn unit(self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_can_be_undone() {
        for x in (0..1_000).chain([u64::MAX, 1 << 63, 0x0123_4567_89ab_cdef]) {
            assert_eq!(unmix(mix(x)), x);
        }
    }

    #[test]
    fn draws_follow_from_everything_they_are_made_with() {
        let draw = SeededRng::new(1).with("a").with_number(2);
        assert_eq!(
            draw.bits(),
            SeededRng::new(1).with("a").with_number(2).bits()
        );
        let others = [
            SeededRng::new(2).with("a").with_number(2),
            SeededRng::new(1).with("b").with_number(2),
            SeededRng::new(1).with("a").with_number(3),
            SeededRng::new(1).with("a").with("").with_number(2),
        ];
        assert!(others.iter().all(|other| other.bits() != draw.bits()));
    }

    #[test]
    fn draws_are_even() {
        let draws = (0..10_000).map(|n| SeededRng::new(7).with_number(n).unit());
        let mean = draws.sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
