#!/usr/bin/env bash
# Deploys orgscan's central stack, or upgrades it. It builds nothing.
set -euo pipefail

usage() {
  cat <<'TEXT'
infra/deploy.sh [--stack NAME] [--region REGION] [--zip FILE] [OPTION ...] [PARAMETER=VALUE ...]

Deploys infra/orgscan.yaml with credentials of the management account, or of a delegated administrator for CloudFormation
StackSets and for Organizations. Once more with the same name upgrades it; parameters and tags that are not given keep their
values. It waits until the stack is complete, however long that takes. Interrupted, it can be run again.

  --stack NAME            the stack (orgscan)
  --region REGION         where to; one that is enabled by default in every account (the AWS CLI's own)
  --zip FILE              the function's code (target/lambda/orgscan.zip, if it is there)
  --bucket NAME           the bucket for code and template (orgscan-deploy-ACCOUNT-REGION, created if it does not exist)
  --tag KEY=VALUE         a tag of the stack and of its resources; can be repeated
  --role-arn ARN          the service role that CloudFormation assumes
  --dry-run               check everything, print what would be deployed, change nothing
  --no-execute-changeset  create the change set, print it, do not execute it
  --allow-role-removal    delete member roles of OUs that are no longer targets
  --skip-doctor           do not run `orgscan doctor` first; without the orgscan CLI it does not run

Parameters are those of infra/orgscan.yaml. One has to be chosen; on a terminal the script asks for it:

  TargetOrganizationalUnits  whose accounts get the member role: ids of OUs, or the root's for the whole organization

Code that is in S3 already needs no zip file: CodeBucket=BUCKET CodeKey=KEY, a bucket in the same Region.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=deploy.sh
template=$here/orgscan.yaml
stack=orgscan
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
call_as=SELF
zip=
bucket=
role_arn=
dry_run=
no_execute_changeset=
allow_role_removal=
skip_doctor=
tags=()
parameters=()
# shellcheck source=infra/stack.sh
. "$here/stack.sh"
# shellcheck source=infra/parameters.sh
. "$here/parameters.sh"

while [[ $# -gt 0 ]]; do
  name=${1#--}
  case $1 in
    -h | --help) usage && exit ;;
    --stack | --region | --zip | --bucket | --role-arn | --tag)
      [[ $# -gt 1 ]] || fail "$1 needs a value; see --help"
      if [[ $1 == --tag ]]; then
        [[ $2 == ?*=* ]] || fail "--tag $2: give KEY=VALUE"
        tags+=("$2")
      else
        printf -v "${name//-/_}" '%s' "$2"
      fi
      shift 2
      ;;
    --dry-run | --no-execute-changeset | --allow-role-removal | --skip-doctor)
      printf -v "${name//-/_}" yes
      shift
      ;;
    [A-Za-z]*=*) parameters+=("$1") && shift ;;
    *) fail "unknown argument $1; see --help" ;;
  esac
done

# Asks on a terminal, and names the parameter in the error elsewhere.
ask() {
  local name=$1 question=$2 default=$3 reply
  ! is_given "$name" || return 0
  [[ -t 0 ]] || fail "$name is missing: give $name=$default, for example ($question)"
  read -r -p "$name: $question [$default]: " reply
  parameters+=("$name=${reply:-$default}")
}

need_usable_stack() {
  read_stack
  if [[ $status == *_IN_PROGRESS && $status != REVIEW_IN_PROGRESS ]]; then
    explain_state
    [[ -z $dry_run ]] || exit 2
    wait_while '_IN_PROGRESS$'
  fi
  existing=''
  case $status in
    '' | DELETE_COMPLETE) first=yes stack_id='' ;;
    REVIEW_IN_PROGRESS)
      first=yes
      explain_state
      echo "This deployment creates another change set."
      ;;
    CREATE_COMPLETE | UPDATE_COMPLETE | IMPORT_COMPLETE | UPDATE_ROLLBACK_COMPLETE | IMPORT_ROLLBACK_COMPLETE)
      first=''
      read_parameters
      ;;
    *)
      print_failed_events >&2
      fail "$(explain_state)"
      ;;
  esac
}

# What only the first deployment needs, from the organization.
complete_parameters() {
  local organization management
  call organizations describe-organization --query 'Organization.[Id,MasterAccountId]' ||
    fail_with_error "the organization cannot be read: use the management account, or a delegated administrator for Organizations"
  read -r organization management <<<"$answer"
  is_given OrganizationId || parameters+=("OrganizationId=$organization")
  if ! is_given CallAs; then
    [[ $account == "$management" ]] && call_as=SELF || call_as=DELEGATED_ADMIN
    parameters+=("CallAs=$call_as")
  fi
  is_given TargetOrganizationalUnits || [[ $(value_of MemberRoleDeployment) == none ]] || {
    call organizations list-roots --query 'Roots[0].Id' || fail_with_error "the organization's root cannot be read"
    ask TargetOrganizationalUnits "OUs whose accounts get the member role; $answer is the whole organization" "$answer"
  }
}

# The architecture that the file `bootstrap` in the zip file $1 was built for: e_machine of its ELF header.
architecture_of() {
  local head
  command -v unzip >/dev/null || fail "unzip is missing; it reads the architecture from the zip file"
  head=$(unzip -p "$1" bootstrap 2>/dev/null | od -An -v -tx1 -N20 | tr -d ' \n' || true)
  case $head in
    7f454c46*3e00) echo x86_64 ;;
    7f454c46*b700) echo arm64 ;;
    '') fail "$1 is no zip file with a file \`bootstrap\` at its top; build one with infra/package.sh" ;;
    *) fail "bootstrap in $1 is no Linux program for x86_64 or arm64" ;;
  esac
}

# Sets `zip` to the file to check and `upload` if it has to go to the bucket. Neither: the function keeps its code.
choose_code() {
  local built
  upload=
  if is_given CodeBucket || is_given CodeKey; then
    if ! is_given CodeBucket || ! is_given CodeKey; then fail "CodeBucket and CodeKey belong together: give both"; fi
    [[ -z $zip ]] || fail "--zip and CodeKey both name the code: give one of them"
    download_code
    return
  fi
  built=$here/../target/lambda/orgscan.zip
  [[ $(value_of Architecture) != arm64 ]] || built=$here/../target/lambda/orgscan-arm64.zip
  [[ -n $zip || ! -f $built ]] || zip=$built
  [[ -z $zip ]] || upload=yes
  [[ -z $zip || -f $zip ]] || fail "there is no $zip (--zip)"
  [[ -n $zip || -n $(value_of CodeKey) ]] ||
    fail "there is no $built: build it with infra/package.sh, or give a ready one with --zip FILE, or CodeBucket and CodeKey"
}

download_code() {
  zip=$work/code.zip
  call s3api get-object --bucket "$(value_of CodeBucket)" --key "$(value_of CodeKey)" "$zip" ||
    fail_with_error "the code s3://$(value_of CodeBucket)/$(value_of CodeKey) cannot be read"
}

# The function's architecture follows the code.
match_architecture() {
  local built
  if [[ -z $zip ]]; then
    [[ $(value_of Architecture) == "$(stack_parameter Architecture)" ]] ||
      fail "Architecture=$(value_of Architecture) needs code that is built for it: give --zip FILE"
    return
  fi
  built=$(architecture_of "$zip")
  if ! is_given Architecture; then
    parameters+=("Architecture=$built")
  elif [[ $(value_of Architecture) != "$built" ]]; then
    fail "the code in $zip is built for $built, but Architecture=$(value_of Architecture) was given"
  fi
}

# Checks of credentials, organization, quotas and names, where the CLI is installed.
run_doctor() {
  local reserve=0 external
  [[ -z $skip_doctor ]] && command -v orgscan >/dev/null && orgscan doctor --help >/dev/null 2>&1 || return 0
  [[ $(value_of Mode) != distributed ]] || reserve=$(value_of ReservedConcurrency)
  external=$(value_of ExternalId)
  # The member roles trust the central role and not who deploys, so none is tried.
  orgscan doctor --preflight --region "$region" --reserved-concurrency "$reserve" --central-role-name "$(value_of CentralRoleName)" \
    --role-name "$(value_of MemberRoleName)" ${external:+--external-id "$external"} ||
    fail "orgscan doctor found problems. Fix them, or deploy with --skip-doctor"
}

# The stack's tags stay, those given are added or replace them.
complete_tags() {
  local kept=(application=orgscan) tag
  if [[ -z $first ]]; then
    call cloudformation describe-stacks --stack-name "$stack_id" --query 'Stacks[0].Tags[].[Key,Value]' ||
      fail_with_error "the stack $stack in $region cannot be read"
    while IFS=$'\t' read -r key value; do
      [[ -z $key || $key == application ]] || kept+=("$key=$value")
    done <<<"$answer"
  fi
  for tag in ${tags[@]+"${tags[@]}"}; do
    for i in "${!kept[@]}"; do
      [[ ${kept[i]%%=*} != "${tag%%=*}" ]] || unset "kept[i]"
    done
    kept+=("$tag")
  done
  tags=("${kept[@]}")
}

print_plan() {
  local parameter name before
  echo "Would $([[ -n $first ]] && echo create || echo upgrade) the stack $stack in $region, account $account:"
  for parameter in "${parameters[@]}"; do
    name=${parameter%%=*}
    before=$(stack_parameter "$name")
    echo "  $parameter$([[ -z $before || $before == "${parameter#*=}" ]] || echo " (now $before)")"
  done
  echo "  code: ${zip:-the function keeps its own}"
  echo "  tags: ${tags[*]}"
  echo "Nothing was changed."
}

need_bucket() {
  bucket=${bucket:-orgscan-deploy-$account-$region}
  call s3api head-bucket --bucket "$bucket" --expected-bucket-owner "$account" && return
  [[ $error == *"(404)"* || $error == *NoSuchBucket* ]] ||
    fail_with_error "the bucket $bucket cannot be used; name another one with --bucket"
  echo "Creating the bucket $bucket"
  call s3 mb "s3://$bucket" || fail_with_error "the bucket $bucket cannot be created"
  call s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true ||
    fail_with_error "public access to the bucket $bucket cannot be blocked"
}

# The key has the file's hash, so that other code has another key, and CloudFormation can go back to the one before.
upload_code() {
  [[ -n $upload ]] || return 0
  local hash
  hash=$(if command -v sha256sum >/dev/null; then sha256sum "$zip"; else shasum -a 256 "$zip"; fi)
  hash=${hash%% *}
  call s3 cp "$zip" "s3://$bucket/orgscan/$hash.zip" || fail_with_error "$zip cannot be uploaded to s3://$bucket"
  parameters+=("CodeBucket=$bucket" "CodeKey=orgscan/$hash.zip")
}

# Sets `change_set`, empty if there is nothing to change.
create_change_set() {
  local created
  created=$(aws cloudformation deploy --template-file "$template" --stack-name "$stack" --s3-bucket "$bucket" \
    --region "$region" --capabilities CAPABILITY_NAMED_IAM --no-execute-changeset --no-fail-on-empty-changeset \
    --tags "${tags[@]}" ${role_arn:+--role-arn "$role_arn"} \
    ${parameters[@]+--parameter-overrides "${parameters[@]}"}) || fail "the change set was not created; the message above has the reason"
  change_set=$(grep -o 'arn:[^ ]*:changeSet/[^ ]*' <<<"$created" || true)
  [[ -n $change_set ]] || echo "$stack is up to date."
}

print_change_set() {
  aws cloudformation describe-change-set --change-set-name "$change_set" --region "$region" --output table \
    --query 'Changes[].ResourceChange.{Action:Action,Resource:LogicalResourceId,Type:ResourceType,Replacement:Replacement}'
  echo "Nothing was changed. This executes the change set:"
  echo "  aws cloudformation execute-change-set --change-set-name $change_set --region $region"
}

execute_change_set() {
  call cloudformation execute-change-set --change-set-name "$change_set" || fail_with_error "the change set cannot be executed"
  wait_while '_IN_PROGRESS$'
  [[ $status != CREATE_COMPLETE && $status != UPDATE_COMPLETE ]] || return 0
  {
    echo "$script: the deployment failed:"
    print_failed_events
    explain_state
  } >&2
  exit 1
}

print_result() {
  local failed machine
  failed=$(failed_instances)
  if [[ -n $failed ]]; then
    echo "Member roles that failed (account, Region, OU, state, reason); docs/deployment.md has what to do:"
    echo "  ${failed//$'\n'/$'\n'  }"
  fi
  aws cloudformation describe-stacks --stack-name "$stack" --region "$region" --output table \
    --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]'
  echo "A scan now:"
  machine=$(stack_output StateMachineArn)
  if [[ -n $machine ]]; then
    echo "  aws stepfunctions start-execution --state-machine-arn $machine --region $region --input '{}'"
  else
    echo "  aws lambda invoke --function-name $stack-scan --region $region --invocation-type Event \\"
    echo "    --cli-binary-format raw-in-base64-out --payload '{}' /dev/null"
  fi
}

need_stack_name
need_known_parameters
command -v aws >/dev/null || fail "the AWS CLI is missing: https://aws.amazon.com/cli/"
need_region
export AWS_REGION=$region AWS_DEFAULT_REGION=$region
call sts get-caller-identity --query Account || fail_with_error "AWS does not accept the credentials"
account=$answer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

need_usable_stack
if [[ -n $first ]]; then
  choose_code
  complete_parameters
  need_free_role_names
else
  [[ -n $allow_role_removal ]] || refuse_role_removal
  choose_code
fi
call_as=$(value_of CallAs)
need_few_ous
match_architecture
run_doctor
complete_tags
if [[ -n $dry_run ]]; then
  print_plan
  exit
fi
need_bucket
upload_code
create_change_set
if [[ -n $change_set && -n $no_execute_changeset ]]; then
  print_change_set
  exit
fi
[[ -z $change_set ]] || execute_change_set
read_stack
print_result
