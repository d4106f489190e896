#!/usr/bin/env bash
# Removes orgscan's central stack, and with it the member roles. The reports stay.
set -euo pipefail

usage() {
  cat <<'TEXT'
infra/remove.sh [--stack NAME] [--region REGION] [--role-arn ARN] [--yes]

Deletes the stack and the member role in every account that the stack set deployed it to. The report bucket and the keys
stay; the end of the output has the commands that delete them too. It waits until the stack is deleted, however long that
takes. Interrupted, it can be run again.

  --stack NAME     the stack (orgscan)
  --region REGION  where it is (the AWS CLI's own)
  --role-arn ARN   the service role that CloudFormation assumes (the one of the last deployment)
  --yes            do not ask
TEXT
}

script=remove.sh
stack=orgscan
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
role_arn=
sure=
# shellcheck source=infra/stack.sh
. "$(dirname "${BASH_SOURCE[0]}")/stack.sh"

while [[ $# -gt 0 ]]; do
  case $1 in
    -h | --help) usage && exit ;;
    --stack | --region | --role-arn)
      [[ $# -gt 1 ]] || fail "$1 needs a value; see --help"
      name=${1#--}
      printf -v "${name//-/_}" '%s' "$2"
      shift 2
      ;;
    --yes) sure=yes && shift ;;
    *) fail "unknown argument $1; see --help" ;;
  esac
done

confirm() {
  [[ -z $sure ]] || return 0
  [[ -t 0 ]] || fail "this deletes the stack $stack in $region and the member roles: give --yes"
  read -r -p "Delete the stack $stack in $region and the member roles? The reports stay. [y/N] " answer
  [[ $answer == [yY]* ]] || fail "nothing was deleted"
}

delete() {
  [[ $status != DELETE_IN_PROGRESS ]] || return 0
  [[ $status != *_IN_PROGRESS || $status == REVIEW_IN_PROGRESS ]] || {
    explain_state
    wait_while '_IN_PROGRESS$'
  }
  call cloudformation delete-stack --stack-name "$stack_id" ${role_arn:+--role-arn "$role_arn"} ||
    fail_with_error "the stack $stack in $region cannot be deleted"
}

# The stack set's instances that block the deletion, and the commands that go on without them.
explain_failure() {
  local failed accounts ous
  {
    echo "$script: the stack $stack in $region was not deleted ($status). What failed:"
    print_failed_events
    failed=$(failed_instances)
    if [[ -n $failed ]]; then
      echo "Member roles that were not deleted (account, Region, OU, state, reason):"
      echo "  ${failed//$'\n'/$'\n'  }"
      accounts=$(cut -f1 <<<"$failed" | sort -u | paste -sd, -)
      ous=$(cut -f3 <<<"$failed" | sort -u | paste -sd, -)
      echo "Fix the reasons. Or leave these roles in their accounts, and wait until the operation has ended:"
      echo "  aws cloudformation delete-stack-instances --region $region --call-as $call_as \\"
      echo "    --stack-set-name $stack-member-role --regions $region --retain-stacks \\"
      echo "    --deployment-targets OrganizationalUnitIds=$ous,Accounts=$accounts,AccountFilterType=INTERSECTION"
    fi
    echo "Then run this again:"
    echo "  infra/remove.sh --stack $stack --region $region"
  } >&2
  exit 1
}

print_what_stays() {
  local bucket=$1 key
  shift
  echo "$stack is deleted. What stays:"
  echo "  the reports  s3://$bucket"
  echo "  the code     the bucket that deploy.sh put it into"
  for key in "$@"; do echo "  a key        $key"; done
  echo "To delete these as well, empty and delete the buckets in the S3 console, and then:"
  for key in "$@"; do
    echo "  aws kms schedule-key-deletion --key-id $key --pending-window-in-days 30 --region $region"
  done
}

need_region
need_stack_name
export AWS_REGION=$region AWS_DEFAULT_REGION=$region
read_stack
[[ -n $status ]] || fail "there is no stack $stack in $region; name it with --stack and --region"
read_parameters
call_as=$(stack_parameter CallAs)
call_as=${call_as:-SELF}
bucket=$(stack_output ReportBucketName)
key=$(stack_output KeyArn)
signing=$(stack_output SigningKeyArn)

confirm
delete
wait_while '^(CREATE|UPDATE|ROLLBACK|IMPORT|REVIEW|DELETE_IN_PROGRESS)'
[[ -z $status || $status == DELETE_COMPLETE ]] || explain_failure
if [[ -z $bucket ]]; then
  echo "$stack is deleted. Its deployment had failed, so there are no reports."
else
  print_what_stays "$bucket" ${key:+"$key"} ${signing:+"$signing"}
fi
