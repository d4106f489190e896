//! The Publish request.

use std::collections::BTreeMap;

use aws_sdk_sns::Client;
use aws_sdk_sns::error::BuildError;
use aws_sdk_sns::operation::publish::builders::PublishFluentBuilder;
use aws_sdk_sns::types::MessageAttributeValue;

use super::Alert;

/// The message in the format that SNS splits by protocol (`MessageStructure: json`). The JSON document is the
/// default: SQS, Lambda, HTTP, Firehose and `email-json` subscriptions get it, and HTTPS ones too unless they feed
/// a chat.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html>
pub fn message(alert: &Alert, chat: bool) -> String {
    let mut formats = BTreeMap::from([
        ("default", &*alert.json),
        ("email", &*alert.email),
        ("sms", &*alert.sms),
    ]);
    if chat {
        formats.insert("https", &*alert.chat);
    }
    let formats = formats
        .into_iter()
        .map(|(format, text)| (format.to_owned(), text.into()));
    serde_json::Value::Object(formats.collect()).to_string()
}

/// The request that sends the alert. IAM action: `sns:Publish`; with an encrypted topic also
/// `kms:GenerateDataKey` and `kms:Decrypt` on its key.
///
/// # Errors
/// The SDK's, if an attribute is not one.
pub fn publish(
    client: &Client,
    topic_arn: &str,
    alert: &Alert,
    chat: bool,
) -> Result<PublishFluentBuilder, BuildError> {
    let mut request = client
        .publish()
        .topic_arn(topic_arn)
        .subject(&alert.subject)
        .message_structure("json")
        .message(message(alert, chat));
    for attribute in &alert.attributes {
        let value = MessageAttributeValue::builder()
            .data_type(&attribute.data_type)
            .string_value(&attribute.value)
            .build()?;
        request = request.message_attributes(&attribute.name, value);
    }
    Ok(request)
}
