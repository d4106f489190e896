# shellcheck shell=bash
# Parameters of infra/orgscan.yaml: those that the template has, those that were given, and those that cannot be together.
# The script that sources this sets `template`, `parameters` (NAME=VALUE) and `existing` (those of the stack), and sources
# stack.sh.
# shellcheck disable=SC2154

template_parameters() {
  awk '/^Parameters:/ { inside = 1; next } /^[^ #]/ { inside = 0 }
    inside && /^  [A-Za-z0-9]+:/ { sub(/:.*/, ""); print $1 }' "$template"
}

template_default() {
  awk -v name="$1" '/^Parameters:/ { inside = 1; next } /^[^ #]/ { inside = 0 }
    inside && /^  [A-Za-z0-9]+:/ { here = ($1 == name ":") }
    inside && here && $1 == "Default:" { sub(/^ *Default: */, ""); gsub(/^"|"$/, ""); print; exit }' "$template"
}

# The name in the list on the standard input with the fewest letters to change (Levenshtein), if it is near enough.
nearest() {
  awk -v wanted="$1" '
    function least(a, b, c) { if (b < a) a = b; return c < a ? c : a }
    function distance(a, b,    i, j, d) {
      for (i = 0; i <= length(a); i++) d[i, 0] = i
      for (j = 0; j <= length(b); j++) d[0, j] = j
      for (i = 1; i <= length(a); i++) for (j = 1; j <= length(b); j++)
        d[i, j] = least(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + (substr(a, i, 1) != substr(b, j, 1)))
      return d[length(a), length(b)]
    }
    BEGIN { best = 3 + int(length(wanted) / 4) }
    { steps = distance(tolower(wanted), tolower($1)); if (steps < best) { best = steps; name = $1 } }
    END { if (name) print name }'
}

is_given() {
  local parameter
  for parameter in ${parameters[@]+"${parameters[@]}"}; do
    [[ $parameter != "$1="* ]] || return 0
  done
  return 1
}

# The value of a parameter: as given, else the stack's, else the template's default.
value_of() {
  local parameter value
  for parameter in ${parameters[@]+"${parameters[@]}"}; do
    [[ $parameter != "$1="* ]] || { echo "${parameter#*=}" && return; }
  done
  value=$(stack_parameter "$1")
  if [[ -n $value ]]; then echo "$value"; else template_default "$1"; fi
}

# The AWS CLI drops parameters that the template does not have without a message.
need_known_parameters() {
  local parameter name near names seen=' '
  names=$(template_parameters)
  for parameter in ${parameters[@]+"${parameters[@]}"}; do
    name=${parameter%%=*}
    [[ $seen != *" $name "* ]] || fail "$name is given twice"
    seen+="$name "
    grep -qxF -- "$name" <<<"$names" && continue
    near=$(nearest "$name" <<<"$names")
    fail "infra/orgscan.yaml has no parameter $name${near:+; did you mean $near?}
Its parameters:
$(fold -s -w 100 <<<"${names//$'\n'/ }")"
  done
}

# Names that another stack in this account may have taken. IAM's are the same in all Regions.
need_free_role_names() {
  local parameter role
  for parameter in CentralRoleName MemberRoleName; do
    [[ $parameter != MemberRoleName || $(value_of MemberRoleDeployment) != none ]] || continue
    role=$(value_of "$parameter")
    if call iam get-role --role-name "$role" --query Role.Arn; then
      fail "this account has a role $role already, of another stack or left by one. For a second stack give it names of its own:
  --stack NAME CentralRoleName=... MemberRoleName=... MetricsNamespace=..."
    fi
    [[ $error == *NoSuchEntity* ]] || fail_with_error "the role $role cannot be read ($parameter)"
  done
}

# CreateStackInstances, UpdateStackSet and DeleteStackInstances take 50 OUs each.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
need_few_ous() {
  local ous count
  ous=$(value_of TargetOrganizationalUnits)
  count=$(tr ',' '\n' <<<"$ous" | awk 'NF { count++ } END { print count + 0 }')
  [[ $count -le 50 ]] || fail "TargetOrganizationalUnits has $count OUs, and StackSets take 50 at most. Give the OU that contains them, or the
root. This prints the parent of one: aws organizations list-parents --child-id ${ous%%,*} --region $region
Accounts of that OU that are not to be scanned: ExcludeOus=... or ExcludeAccounts=..."
}

# A stack set deletes the roles of an OU that is no longer a target at once, those of its child OUs included, even if
# another target has the same accounts.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stackinstances-delete.html
refuse_role_removal() {
  local before after removed name role
  before=$(stack_parameter TargetOrganizationalUnits)
  after=$(value_of TargetOrganizationalUnits)
  [[ $(stack_parameter MemberRoleDeployment) != none ]] || return 0
  for name in MemberRoleName MemberRolePath; do
    role=$(stack_parameter "$name")
    [[ -z $role || $(value_of "$name") == "$role" ]] ||
      fail "$name=$(value_of "$name") replaces the member role in every account, which cannot be scanned meanwhile. If that is what you
want, give --allow-role-removal"
  done
  [[ $(value_of MemberRoleDeployment) != none ]] ||
    fail "MemberRoleDeployment=none would delete the member role in all accounts of $before. Have your own pipeline deploy a role
of another name first, and give it here with MemberRoleName=... and --allow-role-removal"
  removed=$(missing_from "$after" "$before")
  [[ -z $removed ]] || fail "this would delete the member role in all accounts of $removed, child OUs included. Do it in two steps:
1. Add the new OUs and keep the old ones: TargetOrganizationalUnits=$before,$(missing_from "$before" "$after")
   Scan once: every account that is to stay has to be scanned.
2. Remove the old ones with --allow-role-removal. If a new OU contains an old one, or an old one a new one, keep both."
  removed=$(missing_from "$(stack_parameter MemberRoleExcludeAccounts)" "$(value_of MemberRoleExcludeAccounts)")
  [[ -z $removed ]] || fail "this would delete the member role in the accounts $removed (MemberRoleExcludeAccounts). If that is what you
want, give --allow-role-removal"
}

# Those of the list $2 that the list $1 does not have; both have commas.
missing_from() {
  local one missing=''
  for one in ${2//,/ }; do
    [[ ",$1," == *",$one,"* ]] || missing+=${missing:+,}$one
  done
  echo "$missing"
}
