# Outputs of the template. An output whose condition does not hold is null.

output "function_name" {
  description = "The function; invoke it with {} for a scan now"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "FunctionName", null)
}

output "state_machine_arn" {
  description = "The state machine; start it with {} for a distributed scan now"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "StateMachineArn", null)
}

output "dashboard_url" {
  description = "The dashboard, for people who are signed in to this account"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "DashboardUrl", null)
}

output "report_bucket_name" {
  description = "Where the reports are"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "ReportBucketName", null)
}

output "athena_database" {
  description = "Where Athena finds the tables"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "AthenaDatabase", null)
}

output "alert_topic_arn" {
  description = "Where alerts and alarms go; subscribe whom they concern"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "AlertTopicArn", null)
}

output "failure_queue_url" {
  description = "What failed for good"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "FailureQueueUrl", null)
}

output "key_arn" {
  description = "The key of topic, logs and settings, and of reports where ReportEncryption is aws:kms"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "KeyArn", null)
}

output "signing_key_arn" {
  description = "The key that signs the manifests; `aws kms get-public-key` has its public half, for orgscan verify"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "SigningKeyArn", null)
}

output "central_role_arn" {
  description = "What the member role trusts, for accounts that the stack set does not reach"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "CentralRoleArn", null)
}

output "organization_id" {
  description = "What else the member role trusts"
  value       = lookup(aws_cloudformation_stack.orgscan.outputs, "OrganizationId", null)
}
