# Deploys ../orgscan.yaml as a CloudFormation stack. docs/deployment.md says how to use this module.

locals {
  template = "${path.module}/../orgscan.yaml"
  # The key has the hash of the code, so that other code has another key, and CloudFormation updates the function.
  code_key = var.zip == null ? var.code_key : one(aws_s3_object.code[*].key)
}

data "aws_s3_bucket" "code" {
  bucket = var.code_bucket
}

resource "aws_s3_object" "code" {
  count = var.zip == null ? 0 : 1

  bucket = data.aws_s3_bucket.code.id
  key    = "orgscan/${filesha256(var.zip)}.zip"
  source = var.zip

  # A failed update goes back to the code before.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_s3_object" "template" {
  bucket = data.aws_s3_bucket.code.id
  key    = "orgscan/${filesha256(local.template)}.yaml"
  source = local.template

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudformation_stack" "orgscan" {
  #checkov:skip=CKV_AWS_124:Topics for events of the stack are the caller's choice: notification_arns
  name              = var.stack_name
  template_url      = "https://${data.aws_s3_bucket.code.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  capabilities      = ["CAPABILITY_NAMED_IAM"]
  parameters        = merge(local.parameters, { CodeKey = local.code_key })
  iam_role_arn      = var.iam_role_arn
  notification_arns = var.notification_arns
  tags              = merge({ application = "orgscan" }, var.tags)

  # The stack is complete when the stack set is: member roles in thousands of accounts take longer than the 30 minutes
  # that the provider waits by default.
  timeouts {
    create = "6h"
    update = "6h"
    delete = "6h"
  }

  lifecycle {
    precondition {
      condition     = (var.zip == null) != (var.code_key == "")
      error_message = "Give either zip, the file with the function's code, or code_key, its key in code_bucket."
    }
  }
}
