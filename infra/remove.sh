#!/usr/bin/env bash
# Removes orgscan's central stack, and with it the member roles. The reports stay.
set -euo pipefail

usage() {
  cat <<'TEXT'
infra/remove.sh [--stack NAME] [--region REGION] [--yes]

Deletes the stack and the member role in every account that the stack set deployed it to. The report bucket and the key stay;
the end of the output says how to delete them too.

  --stack NAME     the stack (orgscan)
  --region REGION  where it is (the AWS CLI's own)
  --yes            do not ask
TEXT
}

fail() {
  echo "remove.sh: $*" >&2
  exit 2
}

stack=orgscan
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
sure=

while [[ $# -gt 0 ]]; do
  case $1 in
    -h | --help) usage && exit ;;
    --stack | --region)
      [[ $# -gt 1 ]] || fail "$1 needs a value; --help says more"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    --yes) sure=yes && shift ;;
    *) fail "$1 is not understood; --help says what is" ;;
  esac
done

region=${region:-$(aws configure get region || true)}
[[ -n $region ]] || fail "no Region: give --region, or set AWS_REGION"
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}
bucket=$(output ReportBucketName) || fail "there is no stack $stack in $region; name it with --stack and --region"
key=$(output KeyArn)
signing=$(output SigningKeyArn)

if [[ -z $sure ]]; then
  [[ -t 0 ]] || fail "this deletes the stack $stack in $region and the member roles: give --yes"
  read -r -p "Delete the stack $stack in $region and the member roles? The reports stay. [y/N] " answer
  [[ $answer == [yY]* ]] || fail "nothing was deleted"
fi

aws cloudformation delete-stack --stack-name "$stack"
aws cloudformation wait stack-delete-complete --stack-name "$stack"
if [[ -z $bucket || $bucket == None ]]; then
  echo "$stack is deleted. Its deployment had failed, so there are no reports."
  exit
fi

cat <<TEXT
$stack is deleted. What stays:
  the reports         s3://$bucket
  what encrypted them $key
  what signed them    $signing
  the code            the bucket that deploy.sh put it into
To delete these as well, empty and delete the buckets in the S3 console, and then:
  aws kms schedule-key-deletion --key-id $key --pending-window-in-days 30 --region $region
  aws kms schedule-key-deletion --key-id $signing --pending-window-in-days 30 --region $region
TEXT
