#!/usr/bin/env bash
# Deploys orgscan's central stack, or upgrades it. It builds nothing.
set -euo pipefail

usage() {
  cat <<'TEXT'
infra/deploy.sh [--stack NAME] [--region REGION] [--zip FILE] [--bucket NAME] [PARAMETER=VALUE ...]

Deploys infra/orgscan.yaml with credentials of the management account, or of a delegated administrator for CloudFormation
StackSets and for Organizations. Once more with the same name upgrades it; parameters that are not given keep their values.

  --stack NAME     the stack (orgscan)
  --region REGION  where to; one that is enabled by default in every account (the AWS CLI's own)
  --zip FILE       the function's code (target/lambda/orgscan.zip)
  --bucket NAME    where the code is put for CloudFormation (orgscan-deploy-ACCOUNT-REGION, made if it is not there)

Parameters are those of infra/orgscan.yaml. One has to be chosen, and is asked for on a terminal:

  TargetOrganizationalUnits  whose accounts get the member role: ids of OUs, or the root's for the whole organization
TEXT
}

fail() {
  echo "deploy.sh: $*" >&2
  exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stack=orgscan
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
zip=$here/../target/lambda/orgscan.zip
bucket=
parameters=()

while [[ $# -gt 0 ]]; do
  case $1 in
    -h | --help) usage && exit ;;
    --stack | --region | --zip | --bucket)
      [[ $# -gt 1 ]] || fail "$1 needs a value; --help says more"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    [A-Z]*=*) parameters+=("$1") && shift ;;
    *) fail "$1 is not understood; --help says what is" ;;
  esac
done

given() {
  local parameter
  for parameter in ${parameters[@]+"${parameters[@]}"}; do
    [[ $parameter != "$1="* ]] || return 0
  done
  return 1
}

# Asks on a terminal, and names the parameter in the error elsewhere.
ask() {
  local name=$1 question=$2 default=$3 answer
  ! given "$name" || return 0
  [[ -t 0 ]] || fail "$name is missing: give $name=$default, say ($question)"
  read -r -p "$name: $question [$default]: " answer
  parameters+=("$name=${answer:-$default}")
}

command -v aws >/dev/null || fail "the AWS CLI is missing: https://aws.amazon.com/cli/"
[[ -f $zip ]] || fail "there is no $zip: build it with infra/package.sh, or name another one with --zip"
region=${region:-$(aws configure get region || true)}
[[ -n $region ]] || fail "no Region: give --region, or set AWS_REGION"
export AWS_REGION=$region AWS_DEFAULT_REGION=$region
account=$(aws sts get-caller-identity --query Account --output text) ||
  fail "AWS does not take the credentials; \`aws sts get-caller-identity\` should answer with them"

status=$(aws cloudformation describe-stacks --stack-name "$stack" --output text \
  --query 'Stacks[0].StackStatus' 2>/dev/null || true)
[[ $status != ROLLBACK_COMPLETE && $status != REVIEW_IN_PROGRESS ]] ||
  fail "the first deployment of $stack failed ($status); its events say why. Delete it with infra/remove.sh, and try again"
if [[ -z $status ]]; then
  read -r organization management < <(
    aws organizations describe-organization --query 'Organization.[Id,MasterAccountId]' --output text
  ) || fail "the organization cannot be read: use the management account, or a delegated administrator for Organizations"
  given OrganizationId || parameters+=("OrganizationId=$organization")
  if ! given CallAs; then
    [[ $account == "$management" ]] && call_as=SELF || call_as=DELEGATED_ADMIN
    parameters+=("CallAs=$call_as")
  fi
  root=$(aws organizations list-roots --query 'Roots[0].Id' --output text)
  ask TargetOrganizationalUnits "OUs whose accounts get the member role; $root is the whole organization" "$root"
fi

bucket=${bucket:-orgscan-deploy-$account-$region}
if ! aws s3api head-bucket --bucket "$bucket" --expected-bucket-owner "$account" >/dev/null 2>&1; then
  echo "Making the bucket $bucket"
  aws s3 mb "s3://$bucket" >/dev/null
  aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
fi

# A key for each content: CloudFormation does not see that an object has changed.
key=orgscan/$(sha256sum "$zip" | cut -d ' ' -f 1).zip
aws s3 cp --only-show-errors "$zip" "s3://$bucket/$key"
parameters+=("CodeBucket=$bucket" "CodeKey=$key")
aws cloudformation deploy --template-file "$here/orgscan.yaml" --stack-name "$stack" --s3-bucket "$bucket" \
  --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --tags application=orgscan \
  --parameter-overrides "${parameters[@]}"

aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output table
machine=$(aws cloudformation describe-stacks --stack-name "$stack" --output text \
  --query "Stacks[0].Outputs[?OutputKey=='StateMachineArn'].OutputValue")
echo "A scan now:"
if [[ -n $machine && $machine != None ]]; then
  echo "  aws stepfunctions start-execution --state-machine-arn $machine --region $region --input '{}'"
else
  echo "  aws lambda invoke --function-name $stack-scan --region $region --invocation-type Event \\"
  echo "    --cli-binary-format raw-in-base64-out --payload '{}' /dev/null"
fi
