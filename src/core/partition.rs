//! AWS's partitions: what differs between them. Pure data, as of 2026-11-29.
//!
//! The SDK has such a table too, and keeps it private. A test compares this one with what the SDK's
//! endpoint resolvers return for every service that orgscan calls.
//!
//! Sources: <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>,
//! <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html> and
//! <https://docs.aws.amazon.com/general/latest/gr/iam-service.html>; for the isolated partitions, of which
//! AWS publishes little, the endpoint rules of its SDKs (`aws-sdk-iam` 1.133.0).

/// One partition: Regions with IAM, Organizations and accounts of their own.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its name in ARNs: `aws`.
    pub name: &'static str,
    /// What the names of its Regions begin with, before a word and a number: `us` of `us-east-1`.
    areas: &'static [&'static str],
    /// Known Regions that every account has enabled, and cannot disable. The first serves what is not
    /// regional where no Region is configured.
    pub default_regions: &'static [&'static str],
    /// Known Regions that an account has to opt in to.
    pub opt_in_regions: &'static [&'static str],
    /// The end of its hosts' names: `amazonaws.com`.
    pub dns_suffix: &'static str,
    /// The end of the names of its dual-stack hosts: `api.aws`.
    pub dual_stack_suffix: &'static str,
    /// The host of the console. Of the isolated partitions AWS publishes the domain of the sign-in only, which
    /// everywhere else is the console's too.
    pub console: &'static str,
    /// The Region that IAM is in, with what is about an account as a whole.
    pub iam_region: &'static str,
    /// The Region that Organizations and Account Management are in.
    pub organizations_region: &'static str,
}

/// All partitions that orgscan knows.
pub static PARTITIONS: [Partition; 8] = [
    Partition {
        name: "aws",
        areas: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        default_regions: &[
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
        ],
        opt_in_regions: &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-south-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-west-1",
            "eu-central-2",
            "eu-south-1",
            "eu-south-2",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
        ],
        dns_suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
        console: "console.aws.amazon.com",
        iam_region: "us-east-1",
        organizations_region: "us-east-1",
    },
    Partition {
        name: "aws-cn",
        areas: &["cn"],
        default_regions: &["cn-north-1", "cn-northwest-1"],
        opt_in_regions: &[],
        dns_suffix: "amazonaws.com.cn",
        dual_stack_suffix: "api.amazonwebservices.com.cn",
        console: "console.amazonaws.cn",
        iam_region: "cn-north-1",
        organizations_region: "cn-northwest-1",
    },
    Partition {
        name: "aws-us-gov",
        areas: &["us-gov"],
        default_regions: &["us-gov-west-1", "us-gov-east-1"],
        opt_in_regions: &[],
        dns_suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
        console: "console.amazonaws-us-gov.com",
        iam_region: "us-gov-west-1",
        organizations_region: "us-gov-west-1",
    },
    Partition {
        name: "aws-eusc",
        areas: &["eusc-de"],
        default_regions: &["eusc-de-east-1"],
        opt_in_regions: &[],
        dns_suffix: "amazonaws.eu",
        dual_stack_suffix: "api.amazonwebservices.eu",
        console: "console.amazonaws-eusc.eu",
        iam_region: "eusc-de-east-1",
        organizations_region: "eusc-de-east-1",
    },
    Partition {
        name: "aws-iso",
        areas: &["us-iso"],
        default_regions: &["us-iso-east-1", "us-iso-west-1"],
        opt_in_regions: &[],
        dns_suffix: "c2s.ic.gov",
        dual_stack_suffix: "api.aws.ic.gov",
        console: "console.c2shome.ic.gov",
        iam_region: "us-iso-east-1",
        organizations_region: "us-iso-east-1",
    },
    Partition {
        name: "aws-iso-b",
        areas: &["us-isob"],
        default_regions: &["us-isob-east-1", "us-isob-west-1"],
        opt_in_regions: &[],
        dns_suffix: "sc2s.sgov.gov",
        dual_stack_suffix: "api.aws.scloud",
        console: "console.sc2shome.sgov.gov",
        iam_region: "us-isob-east-1",
        organizations_region: "us-isob-east-1",
    },
    Partition {
        name: "aws-iso-e",
        areas: &["eu-isoe"],
        default_regions: &["eu-isoe-west-1"],
        opt_in_regions: &[],
        dns_suffix: "cloud.adc-e.uk",
        dual_stack_suffix: "api.cloud-aws.adc-e.uk",
        console: "console.csphome.adc-e.uk",
        iam_region: "eu-isoe-west-1",
        organizations_region: "eu-isoe-west-1",
    },
    Partition {
        name: "aws-iso-f",
        areas: &["us-isof"],
        default_regions: &["us-isof-south-1", "us-isof-east-1"],
        opt_in_regions: &[],
        dns_suffix: "csp.hci.ic.gov",
        dual_stack_suffix: "api.aws.hci.ic.gov",
        console: "console.csphome.hci.ic.gov",
        iam_region: "us-isof-south-1",
        organizations_region: "us-isof-south-1",
    },
];

impl Partition {
    /// The partition of this name; none where orgscan does not know it.
    pub fn named(name: &str) -> Option<&'static Self> {
        PARTITIONS.iter().find(|partition| partition.name == name)
    }

    /// The partition that a Region belongs to, by the pattern of its name, so that a Region that is newer
    /// than this table has one too; none where the name fits no known pattern.
    pub fn of_region(region: &str) -> Option<&'static Self> {
        PARTITIONS
            .iter()
            .find(|partition| partition.matches_pattern(region))
    }

    /// `AREA-WORD-NUMBER`, as the SDK's patterns have it: `^(us|eu|…)\-\w+\-\d+$`.
    fn matches_pattern(&self, region: &str) -> bool {
        let mut parts = region.rsplitn(3, '-');
        let (number, word, area) = (parts.next(), parts.next(), parts.next());
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_word =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        number.is_some_and(is_number)
            && word.is_some_and(is_word)
            && area.is_some_and(|area| self.areas.contains(&area))
    }

    /// The Region whose endpoints serve what is not regional where no other is configured.
    pub fn first_region(&self) -> &'static str {
        self.default_regions
            .first()
            .copied()
            .unwrap_or(self.iam_region)
    }

    /// All Regions of the partition that are known by name.
    pub fn regions(&self) -> impl Iterator<Item = &'static str> {
        let opt_in = self.opt_in_regions.iter();
        self.default_regions.iter().chain(opt_in).copied()
    }
}

/// Whether every account has this Region enabled, whatever an answer seems to say.
pub fn is_enabled_by_default(region: &str) -> bool {
    let mut partitions = PARTITIONS.iter();
    partitions.any(|partition| partition.default_regions.contains(&region))
}

/// The names of all partitions that orgscan knows, for messages.
pub fn names() -> Vec<&'static str> {
    PARTITIONS.iter().map(|partition| partition.name).collect()
}
