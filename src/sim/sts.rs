//! STS: sessions in the accounts. Whether a role can be assumed is recorded.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::HeaderValue;
use jiff::Timestamp;

use super::account_list::{AccountList, Member};
use super::call::Call;
use super::recording::{Exchange, Recording};
use super::reply::{ErrorFormat, REQUEST_ID, Refusal, Reply};
use super::session::SessionKey;

/// How long a session lasts that does not say.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
const SECONDS: u64 = 3_600;

/// The roles, and who the caller is without one.
#[derive(Debug)]
pub(super) struct Sts {
    /// By ARN: the recorded answer to a request for it.
    roles: HashMap<String, Exchange>,
    /// The caller's ARN.
    caller: String,
    session_limit: Duration,
}

impl Sts {
    /// Takes them from a recording.
    pub(super) fn new(recording: &Recording, session_limit: Duration) -> Self {
        let sts = recording.exchanges.iter().filter(|e| e.service == "sts");
        let mut roles = HashMap::new();
        let mut caller = format!("arn:aws:iam::{}:root", recording.header.management_account);
        for exchange in sts {
            if let Some(role) = exchange.parameters.get("RoleArn") {
                roles
                    .entry(role.clone())
                    .or_insert_with(|| exchange.clone());
            } else if let Some(arn) = between(&exchange.body, "<Arn>", "</Arn>") {
                arn.clone_into(&mut caller);
            }
        }
        Self {
            roles,
            caller,
            session_limit,
        }
    }

    /// The ARN of a session in an account, or of the caller's own credentials.
    pub(super) fn arn(&self, member: &Member<'_>, is_session: bool) -> String {
        if !is_session {
            return self.caller.clone();
        }
        let any = self.roles.values().find(|role| role.status == 200);
        let arn = any.and_then(|role| role.parameters.get("RoleArn"));
        let role = arn.and_then(|arn| arn.rsplit('/').next()).unwrap_or("role");
        format!("arn:aws:sts::{}:assumed-role/{role}/orgscan", member.id())
    }

    /// The answer to a call; none to an operation that is not here.
    pub(super) fn reply(
        &self,
        call: &Call,
        account_list: &AccountList,
        arn: &str,
    ) -> Option<Reply> {
        match call.operation.as_str() {
            "AssumeRole" => Some(self.assume(call, account_list, arn)),
            "GetCallerIdentity" => Some(identity(arn)),
            _ => None,
        }
    }

    fn assume(&self, call: &Call, account_list: &AccountList, caller: &str) -> Reply {
        let role = call.parameter("RoleArn").unwrap_or_default();
        let member = account_of(role).and_then(|account| account_list.by_id(account));
        let recorded = member.and_then(|member| {
            let id = &member.original.id;
            let role = role.replacen(&format!("::{}:", member.id()), &format!("::{id}:"), 1);
            self.roles.get(&role)
        });
        match (member, recorded) {
            (Some(member), Some(recorded)) if recorded.status == 200 => {
                self.session(call, role, &member)
            }
            (_, Some(recorded)) => {
                let content_type = HeaderValue::from_static("text/xml");
                Reply::new(recorded.status, &content_type, recorded.body.clone())
            }
            // AWS says the same whatever is behind it, a role that is missing above all.
            _ => {
                let message = format!(
                    "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}"
                );
                Refusal::new(403, "AccessDenied", message).reply(ErrorFormat::Query)
            }
        }
    }

    fn session(&self, call: &Call, role: &str, member: &Member<'_>) -> Reply {
        let asked = call
            .parameter("DurationSeconds")
            .and_then(|s| s.parse().ok());
        let lasts = Duration::from_secs(asked.unwrap_or(SECONDS)).min(self.session_limit);
        let ends = SystemTime::now() + lasts;
        let expires = ends
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let key = SessionKey {
            account: member.index,
            expires,
        };
        let key = key.id();
        let account = member.id();
        let name = role.rsplit('/').next().unwrap_or_default();
        let session = call.session_name.as_deref().unwrap_or_default();
        let expiration = Timestamp::from_second(i64::try_from(expires).unwrap_or_default())
            .unwrap_or(Timestamp::UNIX_EPOCH);
        Reply::xml(
            200,
            format!(
                "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
                 <AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId>\
                 <SecretAccessKey>replayed</SecretAccessKey><SessionToken>{key}</SessionToken>\
                 <Expiration>{expiration}</Expiration></Credentials>\
                 <AssumedRoleUser><AssumedRoleId>AROA{account}:{session}</AssumedRoleId>\
                 <Arn>arn:aws:sts::{account}:assumed-role/{name}/{session}</Arn></AssumedRoleUser>\
                 </AssumeRoleResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId>\
                 </ResponseMetadata></AssumeRoleResponse>"
            ),
        )
    }
}

fn identity(arn: &str) -> Reply {
    let account = arn.split(':').nth(4).unwrap_or_default();
    Reply::xml(
        200,
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <GetCallerIdentityResult><UserId>AIDA{account}</UserId><Account>{account}</Account>\
             <Arn>{arn}</Arn></GetCallerIdentityResult><ResponseMetadata>\
             <RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        ),
    )
}

/// The account in a role's ARN.
pub(super) fn account_of(role: &str) -> Option<&str> {
    role.split(':').nth(4)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{LOCKED, recording, role};

    fn call(operation: &str, role: &str, seconds: &str) -> Call {
        let mut call = Call {
            service: "sts".into(),
            operation: operation.into(),
            session_name: Some("orgscan-1".into()),
            ..Call::default()
        };
        call.parameters.insert("RoleArn".into(), role.into());
        call.parameters
            .insert("DurationSeconds".into(), seconds.into());
        call
    }

    fn answer(role: &str, seconds: &str, limit: u64) -> (u16, String) {
        let recording = recording();
        let account_list = AccountList::new(&recording, Some(9)).unwrap();
        let sts = Sts::new(&recording, Duration::from_secs(limit));
        let reply = sts
            .reply(&call("AssumeRole", role, seconds), &account_list, "arn:me")
            .unwrap();
        (
            reply.status,
            String::from_utf8(reply.body.to_vec()).unwrap(),
        )
    }

    fn ends(body: &str) -> i64 {
        let text = between(body, "<Expiration>", "<").unwrap();
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn a_session_has_its_account_and_lasts_as_long_as_requested_and_allowed() {
        let account_list = AccountList::new(&recording(), Some(9)).unwrap();
        let copy = account_list.member(8).unwrap().id();
        let before = Timestamp::now().as_second();
        let (status, body) = answer(&role(&copy), "900", 3_600);
        let (_, shorter) = answer(&role(&copy), "900", 60);
        let now = Timestamp::now().as_second();
        assert_eq!(status, 200);
        let key = between(&body, "<AccessKeyId>", "<").unwrap();
        assert_eq!(SessionKey::parse(key).unwrap().account, 8);
        assert!(body.contains(&format!("sts::{copy}:assumed-role/OrgScanMember/orgscan-1")));
        assert!((before + 900..=now + 900).contains(&ends(&body)));
        assert!((before + 60..=now + 60).contains(&ends(&shorter)));
    }

    #[test]
    fn a_role_that_was_denied_or_is_not_known_is_denied() {
        assert_eq!(answer(&role(LOCKED), "900", 60).0, 403);
        for role in [
            &role("999999999999"),
            "arn:aws:iam::222222222222:role/Other",
            "x",
        ] {
            let (status, body) = answer(role, "900", 60);
            assert_eq!(status, 403);
            assert!(body.contains("User: arn:me is not authorized to perform: sts:AssumeRole"));
        }
    }

    #[test]
    fn the_caller_is_the_recorded_one_and_a_session_is_its_role() {
        let recording = recording();
        let account_list = AccountList::new(&recording, None).unwrap();
        let sts = Sts::new(&recording, Duration::from_secs(60));
        let member = account_list.member(1).unwrap();
        assert_eq!(
            sts.arn(&member, false),
            "arn:aws:iam::111111111111:user/admin"
        );
        let arn = sts.arn(&member, true);
        assert_eq!(
            arn,
            "arn:aws:sts::222222222222:assumed-role/OrgScanMember/orgscan"
        );
        let call = call("GetCallerIdentity", "", "");
        let reply = sts.reply(&call, &account_list, &arn).unwrap();
        let body = String::from_utf8(reply.body.to_vec()).unwrap();
        assert!(body.contains("<Account>222222222222</Account>"), "{body}");
    }
}
