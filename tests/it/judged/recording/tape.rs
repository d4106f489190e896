//! What has been taken down so far.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use orgscan_sim::call::Call;
use orgscan_sim::recording::{Exchange, Parameters};

use super::clean::{clean, text_of};

/// What tells one request from another: account, Region, service, operation, parameters.
pub(super) type Key = (String, String, String, String, Parameters);

/// The key of an exchange.
pub(super) fn key(exchange: &Exchange) -> Key {
    (
        exchange.account.clone(),
        exchange.region.clone(),
        exchange.service.clone(),
        exchange.operation.clone(),
        exchange.parameters.clone(),
    )
}

/// Exchanges, and what makes them no recording.
#[derive(Debug)]
pub(super) struct Tape {
    management_account: String,
    /// The accounts of the keys that AssumeRole gave out.
    sessions: BTreeMap<String, String>,
    exchanges: BTreeMap<Key, Exchange>,
    faults: BTreeSet<String>,
}

impl Tape {
    /// Keys that no AssumeRole gave out are the management account's.
    pub(super) fn new(management_account: String) -> Self {
        Self {
            management_account,
            sessions: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            faults: BTreeSet::new(),
        }
    }

    /// Takes down one exchange.
    pub(super) fn take(&mut self, call: Call, answer: &Response<Bytes>) {
        let body = String::from_utf8_lossy(answer.body());
        if call.name() == "sts:AssumeRole" {
            self.remember(&call, &body);
        }
        let exchange = self.exchange(&call, answer, &body);
        if call.page_token.is_some() {
            self.fault(
                &exchange,
                "asks for a second page, and a recording has whole lists",
            );
        }
        if answer.status().is_server_error() {
            self.fault(
                &exchange,
                &format!("is answered with {}: {body}", answer.status()),
            );
        }
        match self.exchanges.entry(key(&exchange)) {
            Entry::Vacant(slot) => {
                slot.insert(exchange);
            }
            Entry::Occupied(before) if *before.get() == exchange => {}
            Entry::Occupied(before) => {
                let what = format!("was answered otherwise before: {}", before.get().body);
                self.fault(&exchange, &what);
            }
        }
    }

    /// Takes down that a request could not be.
    pub(super) fn failed(&mut self, what: String) {
        self.faults.insert(what);
    }

    /// The exchanges, sorted.
    ///
    /// # Panics
    /// Where something cannot be recorded.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        let faults: Vec<&str> = self.faults.iter().take(10).map(String::as_str).collect();
        assert!(
            faults.is_empty(),
            "cannot be recorded:\n{}",
            faults.join("\n")
        );
        self.exchanges.values().cloned().collect()
    }

    fn exchange(&self, call: &Call, answer: &Response<Bytes>, body: &str) -> Exchange {
        let content_type = answer.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let account = self.sessions.get(&call.access_key);
        Exchange {
            account: account.unwrap_or(&self.management_account).clone(),
            region: call.region.clone(),
            service: call.service.clone(),
            operation: call.operation.clone(),
            parameters: call.parameters.clone(),
            status: answer.status().as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: clean(call, body),
        }
    }

    /// Whose key AssumeRole gave out: that of the role's account.
    fn remember(&mut self, call: &Call, body: &str) {
        let role = call.parameter("RoleArn").unwrap_or_default();
        if let (Some(key), Some(account)) = (text_of(body, "AccessKeyId"), role.split(':').nth(4)) {
            self.sessions.insert(key.to_owned(), account.to_owned());
        }
    }

    fn fault(&mut self, exchange: &Exchange, what: &str) {
        self.faults
            .insert(format!("{} {what}", named(&key(exchange))));
    }
}

/// A request in words.
pub(super) fn named((account, region, service, operation, parameters): &Key) -> String {
    format!("{service}:{operation} of {account} in {region} {parameters:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(key: &str, operation: &str) -> Call {
        Call {
            access_key: key.to_owned(),
            service: "sts".to_owned(),
            operation: operation.to_owned(),
            ..Call::default()
        }
    }

    fn answer(status: u16, body: &'static str) -> Response<Bytes> {
        let answer = Response::builder().status(status);
        answer.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    fn tape() -> Tape {
        Tape::new("999988887777".to_owned())
    }

    #[test]
    fn an_exchange_belongs_to_the_account_whose_key_signed_it() {
        let mut tape = tape();
        let mut assume = call("management", "AssumeRole");
        let role = "arn:aws:iam::111122223333:role/OrgScanMember".to_owned();
        assume.parameters.insert("RoleArn".to_owned(), role);
        let given = "<Credentials><AccessKeyId>ASIA1</AccessKeyId></Credentials>";
        tape.take(assume, &answer(200, given));
        tape.take(call("ASIA1", "GetCallerIdentity"), &answer(200, "<a/>"));
        tape.take(call("ASIA1", "GetCallerIdentity"), &answer(200, "<a/>"));
        let exchanges = tape.exchanges();
        let accounts: Vec<_> = exchanges.iter().map(|one| one.account.as_str()).collect();
        assert_eq!(accounts, ["111122223333", "999988887777"]);
        assert!(
            !exchanges[1].body.contains("ASIA1"),
            "{}",
            exchanges[1].body
        );
    }

    #[test]
    #[should_panic(expected = "asks for a second page")]
    fn a_second_page_is_a_fault() {
        let mut tape = tape();
        let mut second = call("management", "ListAccounts");
        second.page_token = Some("2".to_owned());
        tape.take(second, &answer(200, "{}"));
        tape.exchanges();
    }

    #[test]
    #[should_panic(expected = "is answered with 500")]
    fn an_emulator_that_fails_is_a_fault() {
        let mut tape = tape();
        tape.take(call("management", "AssumeRole"), &answer(500, "oh"));
        tape.exchanges();
    }

    #[test]
    #[should_panic(expected = "was answered otherwise before: <a/>")]
    fn two_answers_to_the_same_request_are_a_fault() {
        let mut tape = tape();
        for body in ["<a/>", "<b/>"] {
            tape.take(call("management", "GetCallerIdentity"), &answer(200, body));
        }
        tape.exchanges();
    }
}
