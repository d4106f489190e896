//! The Publish request.

use aws_sdk_sns::Client;
use aws_sdk_sns::error::BuildError;
use aws_sdk_sns::operation::publish::builders::PublishFluentBuilder;
use aws_sdk_sns::types::MessageAttributeValue;

use super::Alert;

/// The request that sends the alert. IAM action: `sns:Publish`; with an encrypted topic also
/// `kms:GenerateDataKey` and `kms:Decrypt` on its key.
///
/// # Errors
/// The SDK's, if an attribute is not one.
pub fn publish(
    client: &Client,
    topic_arn: &str,
    alert: &Alert,
) -> Result<PublishFluentBuilder, BuildError> {
    let mut request = client
        .publish()
        .topic_arn(topic_arn)
        .subject(&alert.subject)
        .message(&alert.body);
    for attribute in &alert.attributes {
        let value = MessageAttributeValue::builder()
            .data_type(attribute.data_type)
            .string_value(&attribute.value)
            .build()?;
        request = request.message_attributes(attribute.name, value);
    }
    Ok(request)
}
