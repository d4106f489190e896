//! Error codes that mean more than that a request failed.

use crate::model::Cause;

/// What an error code of an API means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// What the request asks for does not exist: a bucket has no policy.
    Absent,
    /// The resource that the request is about was deleted after it was listed.
    Gone,
    /// The service or the feature is not enabled. That is a value of the fact, and neither a failure nor a gap.
    NotEnabled,
    /// AWS is still preparing the answer. The same request succeeds later.
    NotReady,
    /// The request failed for this cause, whatever the code means elsewhere.
    Failed(Cause),
}

/// Error codes with one meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCodes {
    /// What they mean.
    pub meaning: Meaning,
    /// The codes, as AWS sends them and as their shapes are called, which can differ.
    pub codes: &'static [&'static str],
    /// A part of AWS's message, where the same code means other things too. Empty where the code is enough.
    pub text: &'static str,
    /// The AWS documentation of it.
    pub source: &'static str,
}

impl ErrorCodes {
    /// Codes that mean this whatever the message is.
    pub(crate) const fn new(
        meaning: Meaning,
        codes: &'static [&'static str],
        source: &'static str,
    ) -> Self {
        Self {
            meaning,
            codes,
            text: "",
            source,
        }
    }

    /// Whether an error answer is one of these.
    pub(super) fn match_answer(&self, code: &str, message: &str) -> bool {
        self.codes.contains(&code) && message.contains(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACIE: ErrorCodes = ErrorCodes {
        text: "Macie is not enabled",
        ..ErrorCodes::new(Meaning::NotEnabled, &["AccessDeniedException"], "")
    };

    const SECURITY_HUB: ErrorCodes = ErrorCodes {
        text: "is not subscribed to AWS Security Hub",
        ..ErrorCodes::new(Meaning::NotEnabled, &["InvalidAccessException"], "")
    };

    /// Some services have one code for denials and for a service that is not enabled.
    #[test]
    fn the_message_decides_about_a_code_with_several_meanings() {
        for (errors, code, message, is_match) in [
            (
                MACIE,
                "AccessDeniedException",
                "Macie is not enabled.",
                true,
            ),
            (
                MACIE,
                "AccessDeniedException",
                "User: arn:me is not authorized to perform: macie2:GetMacieSession",
                false,
            ),
            (MACIE, "ThrottlingException", "Macie is not enabled.", false),
            (
                SECURITY_HUB,
                "InvalidAccessException",
                "Account 111122223333 is not subscribed to AWS Security Hub",
                true,
            ),
            (
                SECURITY_HUB,
                "InvalidAccessException",
                "Account 111122223333 is not an administrator for this organization",
                false,
            ),
        ] {
            assert_eq!(errors.match_answer(code, message), is_match, "{message}");
        }
    }
}
