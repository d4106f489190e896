# shellcheck shell=bash
# What deploy.sh and remove.sh share: calls of the AWS CLI, the stack's state, progress, and member roles that failed.
# The script that sources this sets `script`, `stack`, `region` and `call_as`, and runs with `set -euo pipefail`.
# shellcheck disable=SC2154

fail() {
  echo "$script: $*" >&2
  exit 2
}

# Runs the AWS CLI in the stack's Region. Sets `answer` to what it prints, empty for null, and `error` to its error message.
call() {
  local messages code=0
  messages=$(mktemp)
  answer=$(aws --region "$region" --output text "$@" 2>"$messages") || code=$?
  [[ $answer != None ]] || answer=
  error=$(tr -s '\n' ' ' <"$messages")
  rm -f "$messages"
  return "$code"
}

# Ends with what failed ($1), AWS's message, and what usually helps.
fail_with_error() {
  local hint
  case $error in
    *ExpiredToken* | *"expired"* | *InvalidClientTokenId* | *UnrecognizedClient* | *"locate credentials"* | *"SSO Token"*)
      hint="Sign in again, until this command succeeds: aws sts get-caller-identity --region $region" ;;
    *AccessDenied* | *"not authorized"* | *UnauthorizedOperation* | *"(403)"*)
      hint="Use credentials that have this permission: an administrator's of the central account." ;;
    *"Could not connect"* | *imeout* | *"SSL validation"* | *"proxy"* | *"Connection was closed"*)
      hint="AWS cannot be reached from here. Check the network, HTTPS_PROXY, and that the Region $region exists." ;;
    *Throttling* | *"Rate exceeded"*) hint="AWS throttles requests of this account. Try again in a minute." ;;
    *) hint="The message above has the reason." ;;
  esac
  fail "$1:
  ${error:-the AWS CLI printed no message}
$hint"
}

need_region() {
  region=${region:-$(aws configure get region || true)}
  [[ -n $region ]] || fail "no Region: give --region, or set AWS_REGION"
}

need_stack_name() {
  # The longest name that is made of it, STACK-weekly-report, may have 64 characters (EventBridge Scheduler).
  [[ $stack =~ ^[a-zA-Z][-a-zA-Z0-9]{0,49}$ ]] ||
    fail "--stack $stack: give a letter, then up to 49 letters, digits or hyphens, since names of other resources begin with it"
}

# Sets `status` and `stack_id`, both empty if there is no such stack. Any other error ends the script: a stack that
# cannot be read is not a stack that does not exist.
read_stack() {
  status='' stack_id=${stack_id:-}
  if call cloudformation describe-stacks --stack-name "${stack_id:-$stack}" --query 'Stacks[0].[StackStatus,StackId]'; then
    read -r status stack_id <<<"$answer"
  elif [[ $error != *ValidationError*"does not exist"* ]]; then
    fail_with_error "the stack $stack in $region cannot be read"
  fi
}

# Sets `existing` to the stack's parameters, a line for each: name, tab, value.
read_parameters() {
  call cloudformation describe-stacks --stack-name "$stack_id" --query 'Stacks[0].Parameters[].[ParameterKey,ParameterValue]' ||
    fail_with_error "the stack $stack in $region cannot be read"
  existing=$answer
}

# The value of a parameter of the stack; nothing if the stack does not have it.
stack_parameter() {
  awk -F '\t' -v name="$1" '$1 == name { print $2 }' <<<"$existing"
}

stack_output() {
  call cloudformation describe-stacks --stack-name "$stack_id" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" ||
    fail_with_error "the stack $stack in $region cannot be read"
  echo "$answer"
}

# What the stack's state means and the command that helps.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
explain_state() {
  local this="--stack-name $stack --region $region"
  echo "The stack $stack in $region is in the state $status."
  case $status in
    CREATE_FAILED | ROLLBACK_COMPLETE)
      echo "Its first deployment failed. It can only be deleted and deployed again:"
      echo "  infra/remove.sh --stack $stack --region $region" ;;
    ROLLBACK_FAILED)
      echo "Its first deployment failed, and not everything could be removed. Delete it, and deploy again:"
      echo "  infra/remove.sh --stack $stack --region $region" ;;
    DELETE_FAILED)
      echo "It was to be deleted, and something could not be. This lists what, and tries again:"
      echo "  infra/remove.sh --stack $stack --region $region" ;;
    UPDATE_FAILED | IMPORT_ROLLBACK_FAILED)
      echo "An upgrade failed and was not rolled back. Roll it back, and deploy again:"
      echo "  aws cloudformation rollback-stack $this" ;;
    UPDATE_ROLLBACK_FAILED)
      echo "An upgrade failed, and so did its rollback. Fix the reason above, and let the rollback go on:"
      echo "  aws cloudformation continue-update-rollback $this"
      echo "If a resource cannot be fixed, add --resources-to-skip LOGICAL_ID. Then deploy again." ;;
    UPDATE_ROLLBACK_COMPLETE | IMPORT_ROLLBACK_COMPLETE)
      echo "The upgrade failed and was rolled back; the stack works as before. Fix the reason above, and deploy again." ;;
    REVIEW_IN_PROGRESS)
      echo "It has a change set that was not executed, and no resources. Show the change set, or delete the empty stack:"
      echo "  aws cloudformation list-change-sets $this"
      echo "  infra/remove.sh --stack $stack --region $region" ;;
    UPDATE_IN_PROGRESS)
      echo "An upgrade is running. Wait for it, or cancel it and have it rolled back:"
      echo "  aws cloudformation cancel-update-stack $this" ;;
    *_IN_PROGRESS)
      echo "An operation is running. It ends by itself; its events:"
      echo "  aws cloudformation describe-stack-events $this --max-items 20" ;;
  esac
}

# Why the stack's last operation failed: its events up to the one that began the operation, the oldest first.
print_failed_events() {
  call cloudformation describe-stack-events --stack-name "$stack_id" --max-items 500 \
    --query 'StackEvents[].[LogicalResourceId,ResourceStatus,ResourceStatusReason]' || return 0
  awk -F '\t' -v stack="$stack" '
    $1 == stack && $2 ~ /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/ { begun = 1 }
    !begun && $2 ~ /_FAILED$/ && $1 != stack { failed[++count] = "  " $1 ": " $3 }
    END { for (i = count; i > 0; i--) print failed[i] }' <<<"$answer"
}

elapsed() {
  printf '%d:%02d:%02d' $((SECONDS / 3600)) $((SECONDS / 60 % 60)) $((SECONDS % 60))
}

# Waits, without limit, while the stack is in a state that matches the pattern $1. Sets `status`.
wait_while() {
  read_stack
  while [[ $status =~ $1 ]]; do
    echo "$(elapsed)  $status$(member_role_progress)"
    sleep 30
    read_stack
  done
}

member_role_progress() {
  if ! call cloudformation list-stack-instances --stack-set-name "$stack-member-role" --call-as "$call_as" \
    --query 'Summaries[].[StackInstanceStatus.DetailedStatus]'; then
    [[ $error == *StackSetNotFound* ]] || echo ", member roles unknown: $error"
    return 0
  fi
  awk -v deleting="${status:0:6}" '
    NF { all++ } /^SUCCEEDED/ { done++ } /^(FAILED|INOPERABLE)/ { failed++ }
    END {
      if (!all) exit
      if (deleting == "DELETE") printf ", member roles: %d left, %d failed", all, failed
      else printf ", member roles: %d of %d done, %d failed", done, all, failed
    }' <<<"$answer"
}

# Stack instances that failed, a line for each: account, Region, OU, state and reason. Nothing without a stack set.
failed_instances() {
  if call cloudformation list-stack-instances --stack-set-name "$stack-member-role" --call-as "$call_as" --query \
    "Summaries[?contains(['FAILED','INOPERABLE'],StackInstanceStatus.DetailedStatus)].[Account,Region,OrganizationalUnitId,StackInstanceStatus.DetailedStatus,StatusReason]"; then
    [[ -z $answer ]] || echo "$answer"
  elif [[ $error != *StackSetNotFound* ]]; then
    fail_with_error "the stack set $stack-member-role cannot be read"
  fi
}
