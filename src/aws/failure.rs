//! The one shape that every failed AWS request takes.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use orgscan_core::api::{Api, Meaning};
use orgscan_core::model::{Cause, Gap};
use orgscan_core::services::organizations::LIST_ACCOUNTS;
use orgscan_files::disk;

use super::answers::MalformedAnswer;
use super::clock::WrongClock;
use super::fips::NoFipsEndpoint;
use super::route::NoAnswer;
use super::{classify, mask};

/// The longest detail that is kept of AWS's own words, in characters.
const DETAIL: usize = 300;

/// The longest text that is searched for secrets, in characters; the detail is far from its end.
const LONGEST_MASKED: usize = 100 * DETAIL;

/// What any AWS operation can fail with.
pub type AwsError<E> = SdkError<E, HttpResponse>;

/// Why an AWS request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action}: {}{}", cause.describe(), in_parentheses(detail))]
pub struct Failure {
    /// The IAM action that the request needs.
    pub action: &'static str,
    /// AWS's error code, where it answered with one.
    pub code: Option<String>,
    /// What the code means, where the API's row in the table has it.
    pub meaning: Option<Meaning>,
    /// Why it failed.
    pub cause: Cause,
    /// AWS's own words, shortened and without secrets.
    pub detail: String,
    /// The resource that it is about, by its id or name; empty if it is about the whole answer.
    pub resource: String,
}

fn in_parentheses(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(" ({detail})")
    }
}

impl Failure {
    /// A failure that orgscan itself establishes.
    pub fn new(action: &'static str, cause: Cause, detail: impl Into<String>) -> Self {
        Self {
            action,
            code: None,
            meaning: None,
            cause,
            detail: shorten(&detail.into()),
            resource: String::new(),
        }
    }

    /// The same failure, about one resource of a list.
    pub fn of_item(self, resource: Option<&str>) -> Self {
        Self {
            resource: shorten(resource.unwrap_or_default()),
            ..self
        }
    }

    /// What is wrong with an item of the list of accounts.
    pub fn listed(gap: &Gap) -> Self {
        Self::new(LIST_ACCOUNTS.action, gap.cause, gap.detail.as_str())
    }

    /// What an SDK error means for a request to an API.
    pub fn of<E>(api: &Api, error: &AwsError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let action = api.action;
        if let SdkError::ServiceError(answer) = error {
            let status = answer.raw().status();
            return match answer.err().meta().code() {
                // A success that the SDK's parser cannot read: its own words say what is wrong.
                None if status.is_success() => {
                    Self::new(action, Cause::Malformed, parser_message(answer.err()))
                }
                _ => Self::of_answer(api, answer.err().meta(), status.as_u16()),
            };
        }
        // A session that could not be renewed fails inside the request; its own cause counts.
        if let Some(failure) = source::<Self>(error) {
            return failure.clone();
        }
        if let Some(malformed) = source::<MalformedAnswer>(error) {
            return Self::new(action, Cause::Malformed, malformed.to_string());
        }
        if let Some(wrong) = source::<WrongClock>(error) {
            return Self::new(action, Cause::ClockSkew, wrong.to_string());
        }
        if let Some(none) = source::<NoFipsEndpoint>(error) {
            return Self::new(action, Cause::NoFipsEndpoint, none.to_string());
        }
        let cause = match lacks_descriptors(error) {
            true => Cause::Network,
            false => transport_cause(error),
        };
        Self::new(action, cause, error_chain(error))
    }

    /// Why a session has no credentials. One that could not be renewed fails with AWS's answer to that.
    pub fn of_credentials(action: &'static str, error: &CredentialsError) -> Self {
        if let Some(failure) = source::<Self>(error) {
            return failure.clone();
        }
        let (cause, text) = match source::<NoFipsEndpoint>(error) {
            Some(none) => (Cause::NoFipsEndpoint, none.to_string()),
            None if lacks_descriptors(error) => (Cause::Network, error_chain(error)),
            None => (provider_cause(error), error_chain(error)),
        };
        Self::new(action, cause, text)
    }

    fn of_answer(api: &Api, meta: &aws_smithy_types::error::ErrorMetadata, status: u16) -> Self {
        let message = meta.message().unwrap_or_default();
        let meaning = meta.code().and_then(|code| api.meaning(code, message));
        let cause = match meaning {
            Some(Meaning::Failed(cause)) => cause,
            _ => classify(api.action, meta.code(), message, status),
        };
        let detail = match (meta.code(), meaning) {
            // A value of the fact, so nobody reads AWS's words; to take secrets out of them is costly.
            (Some(code), Some(Meaning::Absent | Meaning::NotEnabled | Meaning::NotReady)) => {
                code.to_owned()
            }
            (Some(code), _) if !message.is_empty() => shorten(&format!("{code}: {message}")),
            (Some(code), _) => shorten(code),
            (None, _) => shorten(format!("HTTP status {status} {message}").trim_end()),
        };
        Self {
            action: api.action,
            code: meta.code().map(str::to_owned),
            meaning,
            cause,
            detail,
            resource: String::new(),
        }
    }

    /// The same with something that the reader should know beside AWS's own words, which are shortened for it.
    #[must_use]
    pub fn with_remark(self, remark: &str) -> Self {
        let room = DETAIL.saturating_sub(remark.chars().count() + 2);
        let message: String = self.detail.chars().take(room).collect();
        let detail = match message.as_str() {
            "" => shorten(remark),
            message => shorten(&format!("{message}; {remark}")),
        };
        Self { detail, ..self }
    }

    /// Whether AWS's answer has this meaning.
    pub fn means(&self, meaning: Meaning) -> bool {
        self.meaning == Some(meaning)
    }

    /// Whether AWS answered with this error code.
    pub fn has_code(&self, codes: &[&str]) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| codes.contains(&code))
    }
}

impl From<Failure> for Gap {
    fn from(failure: Failure) -> Self {
        Self {
            action: failure.action.to_owned(),
            cause: failure.cause,
            detail: failure.detail,
            resource: failure.resource,
            region: None,
        }
    }
}

/// A field that AWS always sends. Its absence is a malformed answer and never a default: a volume
/// that does not say whether it is encrypted is not an encrypted one.
///
/// # Errors
/// [`Cause::Malformed`], naming the field.
pub fn require<T>(action: &'static str, field: &str, value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| {
        let detail = format!("the answer lacks {field}");
        Failure::new(action, Cause::Malformed, detail)
    })
}

/// A field that AWS always sends of a resource in a list: [`require`], about that resource alone.
///
/// # Errors
/// [`Cause::Malformed`], naming the resource and the field.
pub fn require_of<T>(
    action: &'static str,
    resource: &str,
    field: &str,
    value: Option<T>,
) -> Result<T, Failure> {
    require(action, field, value).map_err(|failure| failure.of_item(Some(resource)))
}

/// Why there are no credentials. A provider whose endpoint does not answer has not refused them. One that
/// is not configured may have tried the instance's metadata service, which is not there on most machines.
fn provider_cause(error: &CredentialsError) -> Cause {
    match (error, source::<NoAnswer>(error)) {
        (CredentialsError::ProviderTimedOut(_), _) => Cause::TimedOut,
        (CredentialsError::CredentialsNotLoaded(_), _) | (_, None) => Cause::CredentialsRejected,
        (_, Some(none)) if none.is_timeout => Cause::TimedOut,
        (_, Some(_)) => Cause::Network,
    }
}

fn transport_cause<E: Error + 'static>(error: &AwsError<E>) -> Cause {
    if let Some(credentials) = source::<CredentialsError>(error) {
        return provider_cause(credentials);
    }
    match error {
        SdkError::TimeoutError(_) => Cause::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Cause::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_io() => Cause::Network,
        SdkError::ResponseError(_) => Cause::Malformed,
        SdkError::DispatchFailure(_) => Cause::Network,
        _ => Cause::Other,
    }
}

/// Whether no descriptor was free for a socket, or for a file that is sent or has the credentials. That may
/// pass, like a connection that fails.
fn lacks_descriptors(error: &(dyn Error + 'static)) -> bool {
    source::<std::io::Error>(error).is_some_and(disk::lacks_descriptor)
}

/// The error of type `T` in the chain of sources, if there is one.
fn source<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref::<T>())
}

/// What the error and its sources say, beginning with the endpoint where one did not answer. Never their
/// `Debug` form, which may hold an answer's body.
fn error_chain<E: Error + 'static>(error: &E) -> String {
    let first = source::<NoAnswer>(error).map(|none| none as &dyn Error);
    let first = first.unwrap_or(error);
    let chain = std::iter::successors(Some(first), |&error| error.source());
    let mut texts: Vec<String> = chain.map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}

/// What the SDK's parser says of an answer that it cannot read.
fn parser_message<E: Error + 'static>(error: &E) -> String {
    let chain = std::iter::successors(Some(error as &dyn Error), |&error| error.source());
    // The first ones only say that there is an error.
    let innermost = chain.last().map(ToString::to_string).unwrap_or_default();
    format!("the answer cannot be read: {innermost}")
}

/// One line of bounded length without secrets. Masked first: what is left of a secret after a cut could
/// not be recognized.
fn shorten(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST_MASKED);
    let text = mask(end.map_or(text, |(end, _)| &text[..end]));
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match text.char_indices().nth(DETAIL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::error::ErrorMetadata;
    use orgscan_core::services::ec2::DESCRIBE_INSTANCES;
    use orgscan_core::services::s3::{GET_BUCKET_POLICY, PUT_OBJECT};
    use orgscan_core::services::sts::ASSUME_ROLE;

    use super::*;

    fn answered(api: &Api, code: &str, message: &str, status: u16) -> Failure {
        let meta = ErrorMetadata::builder().code(code).message(message).build();
        Failure::of_answer(api, &meta, status)
    }

    #[test]
    fn a_code_means_what_the_row_of_the_api_has() {
        let message = "STS is not activated in this region for account:111122223333.";
        let off = |api| answered(api, "RegionDisabledException", message, 403);
        assert_eq!(off(&ASSUME_ROLE).cause, Cause::StsNotActivated);
        assert_eq!(off(&DESCRIBE_INSTANCES).cause, Cause::DeniedUnexplained);
        assert_eq!(off(&DESCRIBE_INSTANCES).meaning, None);
        let none = answered(&GET_BUCKET_POLICY, "NoSuchBucketPolicy", "none", 404);
        assert!(none.means(Meaning::Absent) && !none.means(Meaning::Gone));
        assert_eq!(none.cause, Cause::Other);
    }

    #[test]
    fn details_are_one_line_of_bounded_length() {
        let failure = Failure::new("ec2:DescribeVolumes", Cause::Other, "a\nb".repeat(1_000));
        assert!(failure.detail.chars().count() <= DETAIL + 1);
        assert!(failure.detail.starts_with("a ba b"));
    }

    #[test]
    fn a_lack_of_descriptors_may_pass() {
        type Failed = AwsError<aws_sdk_s3::operation::put_object::PutObjectError>;
        for number in [23, 24] {
            let lack = || std::io::Error::from_raw_os_error(number);
            let failed = [
                Failed::construction_failure(lack()),
                Failed::dispatch_failure(ConnectorError::io(lack().into())),
                Failed::dispatch_failure(ConnectorError::other(lack().into(), None)),
                Failed::dispatch_failure(ConnectorError::other(
                    CredentialsError::provider_error(lack()).into(),
                    None,
                )),
            ];
            for error in failed {
                let failure = Failure::of(&PUT_OBJECT, &error);
                assert!(failure.cause.is_transient(), "{failure}");
                assert!(failure.detail.contains("open files"), "{failure}");
            }
            let credentials = CredentialsError::provider_error(lack());
            let failure = Failure::of_credentials("ec2:DescribeVolumes", &credentials);
            assert!(failure.cause.is_transient());
        }
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        let failure = Failure::of(&PUT_OBJECT, &Failed::construction_failure(missing));
        assert!(!failure.cause.is_transient());
    }

    #[test]
    fn credentials_that_come_too_late_are_not_rejected() {
        type Failed = AwsError<aws_sdk_s3::operation::put_object::PutObjectError>;
        let late = || CredentialsError::provider_timed_out(Duration::from_secs(60));
        let failed = Failed::dispatch_failure(ConnectorError::other(late().into(), None));
        let failed = Failure::of(&PUT_OBJECT, &failed);
        let asked = Failure::of_credentials("s3:PutObject", &late());
        assert_eq!([failed.cause, asked.cause], [Cause::TimedOut; 2]);
    }

    #[test]
    fn a_secret_is_masked_before_the_detail_is_cut() {
        let token = "IQoJb3JpZ2luX2VjEJr+/example".repeat(8);
        for filler in [0, DETAIL - 40, DETAIL - 25, DETAIL - 5] {
            let text = format!(
                "{}\nx-amz-security-token:{token}\n",
                "a ".repeat(filler / 2)
            );
            let failure = answered(&ASSUME_ROLE, "SignatureDoesNotMatch", &text, 403);
            assert!(!failure.to_string().contains("b3JpZ2"), "{failure}");
            let gap = Gap::from(failure);
            assert!(!gap.detail.contains("b3JpZ2"), "{gap}");
        }
    }

    #[test]
    fn a_missing_field_is_malformed_and_named() {
        let failure = require::<bool>("ec2:DescribeVolumes", "encrypted", None).unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
        assert_eq!(
            failure.to_string(),
            "ec2:DescribeVolumes: AWS's answer could not be understood (the answer lacks encrypted)"
        );
    }
}
