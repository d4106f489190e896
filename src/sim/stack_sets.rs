//! CloudFormation: the stack set that deployed the member roles, with an account or two in each state
//! that there is.

use super::account_list::{AccountList, Member};
use super::call::Call;
use super::generated_ous::last;
use super::listing::page;
use super::reply::{ErrorFormat, REQUEST_ID, Refusal, Reply, escape};

/// The stack set's name, as the central stack gives it.
pub const NAME: &str = "orgscan-member-role";

/// Where its stacks are.
const REGION: &str = "us-east-1";

/// The largest page, and the ordinary one.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html>
const PAGE: usize = 100;

/// How the stack of an account stands.
#[derive(Clone, Copy)]
struct Stack {
    status: &'static str,
    detailed: &'static str,
    drift: &'static str,
    reason: &'static str,
}

const CURRENT: Stack = Stack {
    status: "CURRENT",
    detailed: "SUCCEEDED",
    drift: "IN_SYNC",
    reason: "",
};

/// Accounts that came after the last look for drift.
const NEW: Stack = Stack {
    drift: "NOT_CHECKED",
    ..CURRENT
};

/// Recorded accounts whose stack is not like the others, by name. What they say goes with whether the
/// recorded role can be assumed.
const APART: &[(&str, Option<Stack>)] = &[
    // Moved into the root by hand; it never had the role.
    ("acquired-startup", None),
    (
        "legacy-crm",
        Some(Stack {
            status: "OUTDATED",
            detailed: "SKIPPED_SUSPENDED_ACCOUNT",
            drift: "NOT_CHECKED",
            reason: "Account is suspended",
        }),
    ),
    (
        "sandbox-alex",
        Some(Stack {
            status: "OUTDATED",
            detailed: "FAILED",
            drift: "NOT_CHECKED",
            reason: "ResourceLogicalId:MemberRole, ResourceType:AWS::IAM::Role, \
                     ResourceStatusReason:User is not authorized to perform: iam:PutRolePolicy with an \
                     explicit deny in a service control policy",
        }),
    ),
    (
        "sandbox-networking",
        Some(Stack {
            drift: "DRIFTED",
            ..CURRENT
        }),
    ),
    (
        "staging-storefront",
        Some(Stack {
            status: "OUTDATED",
            detailed: "CANCELLED",
            drift: "IN_SYNC",
            reason: "Cancelled since failure tolerance has exceeded",
        }),
    ),
    (
        "media-library",
        Some(Stack {
            status: "OUTDATED",
            detailed: "RUNNING",
            drift: "IN_SYNC",
            reason: "",
        }),
    ),
];

/// The answer to a call of the management account; none to an operation that is not here.
pub(super) fn reply(call: &Call, account_list: &AccountList) -> Option<Reply> {
    let operation = call.operation.as_str();
    if !["DescribeStackSet", "ListStackInstances"].contains(&operation) {
        return None;
    }
    let name = call.parameter("StackSetName").unwrap_or_default();
    if name != NAME {
        let message = format!("StackSet {name} not found");
        return Some(
            Refusal::new(404, "StackSetNotFoundException", message).reply(ErrorFormat::Query),
        );
    }
    let inner = match operation {
        "DescribeStackSet" => description(account_list),
        _ => match summaries(call, account_list) {
            Ok(inner) => inner,
            Err(refusal) => return Some(refusal.reply(ErrorFormat::Query)),
        },
    };
    Some(Reply::xml(
        200,
        format!(
            "<{operation}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
             <{operation}Result>{inner}</{operation}Result><ResponseMetadata>\
             <RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></{operation}Response>"
        ),
    ))
}

/// The answer to callers outside the management account.
pub(super) fn denied(call: &Call, caller: &str) -> Reply {
    let action = call.name();
    let message = format!("User: {caller} is not authorized to perform: {action}");
    Refusal::new(403, "AccessDenied", message).reply(ErrorFormat::Query)
}

/// It is for the OUs directly below the root, and so not for accounts in the root itself.
fn description(account_list: &AccountList) -> String {
    let mut targets: Vec<&str> = members(account_list)
        .filter_map(|member| account_list.path(&member).split('/').nth(2))
        .collect();
    targets.sort_unstable();
    targets.dedup();
    let targets: String = targets
        .iter()
        .map(|ou| format!("<member>{ou}</member>"))
        .collect();
    format!(
        "<StackSet><StackSetName>{NAME}</StackSetName><Status>ACTIVE</Status>\
         <PermissionModel>SERVICE_MANAGED</PermissionModel><AutoDeployment><Enabled>true</Enabled>\
         <RetainStacksOnAccountRemoval>false</RetainStacksOnAccountRemoval></AutoDeployment>\
         <OrganizationalUnitIds>{targets}</OrganizationalUnitIds>\
         <Regions><member>{REGION}</member></Regions></StackSet>"
    )
}

fn summaries(call: &Call, account_list: &AccountList) -> Result<String, Refusal> {
    // Of 50,000 accounts this is done for each page: a few milliseconds.
    let stacks: Vec<(Member<'_>, Stack)> = members(account_list)
        .filter_map(|member| Some((member, stack(&member)?)))
        .collect();
    let size = call.page_size.unwrap_or(PAGE).clamp(1, PAGE);
    let Some((range, next)) = page(stacks.len(), size, call.page_token.as_deref()) else {
        let message = "NextToken is not valid";
        return Err(Refusal::new(400, "ValidationError", message));
    };
    let summaries: String = stacks[range]
        .iter()
        .map(|(member, stack)| summary(account_list, member, stack))
        .collect();
    let next = next.map(|token| format!("<NextToken>{token}</NextToken>"));
    Ok(format!(
        "<Summaries>{summaries}</Summaries>{}",
        next.unwrap_or_default()
    ))
}

fn members(account_list: &AccountList) -> impl Iterator<Item = Member<'_>> {
    (0_u32..).map_while(|index| account_list.member(index))
}

/// The stack of an account, if it has one. The first account owns the organization, and stack sets leave
/// it out.
fn stack(member: &Member<'_>) -> Option<Stack> {
    let mut apart = APART.iter().filter(|_| member.round == 0);
    match apart.find(|(name, _)| *name == member.original.name) {
        Some((_, stack)) => *stack,
        None if member.index == 0 => None,
        None if member.round > 0 => Some(NEW),
        None => Some(CURRENT),
    }
}

fn summary(account_list: &AccountList, member: &Member<'_>, stack: &Stack) -> String {
    let Stack {
        status,
        detailed,
        drift,
        reason,
    } = stack;
    let reason = match *reason {
        "" => String::new(),
        reason => format!("<StatusReason>{}</StatusReason>", escape(reason)),
    };
    let checked = match *drift {
        "NOT_CHECKED" => "",
        _ => "<LastDriftCheckTimestamp>2026-01-15T09:00:00Z</LastDriftCheckTimestamp>",
    };
    let (id, ou) = (member.id(), last(account_list.path(member)));
    format!(
        "<member><StackSetId>{NAME}:{REQUEST_ID}</StackSetId><Region>{REGION}</Region>\
         <Account>{id}</Account><Status>{status}</Status>{reason}<StackInstanceStatus>\
         <DetailedStatus>{detailed}</DetailedStatus></StackInstanceStatus>\
         <OrganizationalUnitId>{ou}</OrganizationalUnitId><DriftStatus>{drift}</DriftStatus>{checked}\
         </member>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{MANAGEMENT, recording};

    fn ask(operation: &str, name: &str, token: Option<&str>) -> Call {
        Call {
            service: "cloudformation".into(),
            operation: operation.into(),
            parameters: [("StackSetName".into(), name.into())].into(),
            page_token: token.map(str::to_owned),
            ..Call::default()
        }
    }

    fn body(account_list: &AccountList, call: &Call) -> String {
        let reply = reply(call, account_list).unwrap();
        String::from_utf8(reply.body.to_vec()).unwrap()
    }

    #[test]
    fn every_account_but_the_first_has_a_stack_a_hundred_at_a_time() {
        let account_list = AccountList::new(&recording(), Some(260)).unwrap();
        let (mut seen, mut token, mut pages) = (0, None::<String>, 0);
        loop {
            let body = body(
                &account_list,
                &ask("ListStackInstances", NAME, token.as_deref()),
            );
            assert!(!body.contains(MANAGEMENT));
            seen += body.matches("<Account>").count();
            pages += 1;
            let next = body.split_once("<NextToken>");
            token = next.map(|(_, rest)| rest.split_once('<').unwrap().0.to_owned());
            if token.is_none() {
                break;
            }
        }
        assert_eq!((seen, pages), (259, 3));
    }

    #[test]
    fn it_is_for_the_ous_below_the_root_and_no_other_set_is_there() {
        let account_list = AccountList::new(&recording(), None).unwrap();
        let described = body(&account_list, &ask("DescribeStackSet", NAME, None));
        let targets = "<OrganizationalUnitIds><member>ou-1-work</member></OrganizationalUnitIds>";
        assert!(described.contains(targets), "{described}");
        let other = body(&account_list, &ask("DescribeStackSet", "other", None));
        assert!(other.contains("StackSetNotFoundException"), "{other}");
        assert!(reply(&ask("DeleteStackSet", NAME, None), &account_list).is_none());
    }
}
