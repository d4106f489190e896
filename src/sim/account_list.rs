//! The accounts: the recorded ones, and copies of those that nothing is denied in.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::answers::Requester;
use super::generated_ous::{GeneratedOus, last};
use super::recording::{Exchange, Recording};
use super::rng::SeededRng;

/// A recorded account.
#[derive(Debug)]
pub(super) struct RecordedAccount {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// What Organizations says about it.
    pub(super) document: Value,
    /// The OUs that it lies in, from the organization's id on: `o-…/r-…/ou-…`.
    pub(super) path: String,
}

/// All accounts. Of copies it keeps nothing but the id; the rest follows from the position in the list.
#[derive(Debug)]
pub(super) struct AccountList {
    originals: Vec<RecordedAccount>,
    /// Originals that are copied.
    sound: Vec<usize>,
    ids: Vec<u64>,
    by_id: HashMap<u64, u32>,
    generated_ous: GeneratedOus,
}

/// An account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    /// Its position in the list.
    pub(super) index: u32,
    /// The recorded account that it is, or is a copy of.
    pub(super) original: &'a RecordedAccount,
    /// Which copy of it; 0 for the recorded account itself.
    pub(super) round: usize,
    id: u64,
}

impl Member<'_> {
    /// Its id.
    pub(super) fn id(&self) -> String {
        format!("{:012}", self.id)
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        match self.round {
            0 => self.original.name.clone(),
            round => format!("{}-{round}", self.original.name),
        }
    }

    /// It, as the one who asks; `id` is its own.
    pub(super) fn requester<'a>(&'a self, id: &'a str) -> Requester<'a> {
        Requester {
            account: id,
            original: &self.original.id,
            copy: if self.round == 0 { 0 } else { self.index },
        }
    }
}

impl AccountList {
    /// So many accounts; as many as are recorded without a number.
    ///
    /// # Errors
    /// Where the recording lacks what they are made of.
    pub(super) fn new(recording: &Recording, accounts: Option<usize>) -> Result<Self, String> {
        let mut originals = originals(recording)?;
        let accounts = accounts.unwrap_or(originals.len());
        let sound = sound(recording, &originals);
        if accounts > originals.len() && sound.is_empty() {
            return Err("every recorded member is denied something, so none can be copied".into());
        }
        originals.truncate(accounts);
        let mut account_list = Self {
            ids: Vec::with_capacity(accounts),
            by_id: HashMap::with_capacity(accounts),
            generated_ous: GeneratedOus::default(),
            originals,
            sound,
        };
        account_list.assign_ids(accounts)?;
        let copies = accounts - account_list.originals.len();
        if copies > 0 {
            let paths = account_list
                .sound
                .iter()
                .map(|at| &*account_list.originals[*at].path);
            account_list.generated_ous = GeneratedOus::new(&paths.collect::<Vec<_>>(), copies);
        }
        Ok(account_list)
    }

    fn assign_ids(&mut self, accounts: usize) -> Result<(), String> {
        for original in &self.originals {
            let id = original
                .id
                .parse()
                .map_err(|_| format!("`{}` is no account id", original.id))?;
            self.ids.push(id);
        }
        let mut known: BTreeSet<u64> = self.ids.iter().copied().collect();
        let mut draw = SeededRng::new(0).with("account");
        while self.ids.len() < accounts {
            draw = draw.with_number(1);
            let id = 100_000_000_000 + draw.bits() % 900_000_000_000;
            if known.insert(id) {
                self.ids.push(id);
            }
        }
        let indexes = (0_u32..).zip(&self.ids);
        self.by_id = indexes.map(|(index, id)| (*id, index)).collect();
        Ok(())
    }

    /// How many accounts there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The OUs that copies lie in.
    pub(super) fn generated_ous(&self) -> &GeneratedOus {
        &self.generated_ous
    }

    /// The account at this position of the list.
    pub(super) fn member(&self, index: u32) -> Option<Member<'_>> {
        let id = *self.ids.get(index as usize)?;
        let (original, round) = match self.copy_number(index) {
            None => (index as usize, 0),
            Some(copy) => (
                self.sound[copy % self.sound.len()],
                copy / self.sound.len() + 1,
            ),
        };
        Some(Member {
            index,
            original: &self.originals[original],
            round,
            id,
        })
    }

    /// The account of this id.
    pub(super) fn by_id(&self, id: &str) -> Option<Member<'_>> {
        let id = id.parse().ok().filter(|_| id.len() == 12);
        id.and_then(|id: u64| self.member(*self.by_id.get(&id)?))
    }

    /// Which of all copies this is, counted from 0; none for a recorded account.
    fn copy_number(&self, index: u32) -> Option<usize> {
        (index as usize).checked_sub(self.originals.len())
    }

    /// The OUs that an account lies in, from the organization's id on.
    pub(super) fn path<'a>(&'a self, member: &Member<'a>) -> &'a str {
        let ou = self
            .copy_number(member.index)
            .and_then(|copy| self.generated_ous.of_copy(copy));
        ou.map_or(&member.original.path, |ou| &ou.path)
    }

    /// The accounts directly in an OU or the root, by its id.
    pub(super) fn accounts_in(&self, parent: &str) -> Vec<u32> {
        let recorded = self.originals.iter().enumerate();
        let recorded = recorded.filter(|(_, original)| last(&original.path) == parent);
        let copies = self.generated_ous.copies_in(parent);
        let copies = copies.into_iter().map(|copy| copy + self.originals.len());
        recorded
            .map(|(index, _)| index)
            .chain(copies)
            .filter_map(|index| u32::try_from(index).ok())
            .collect()
    }
}

/// The recorded accounts in the order of their list, the management account first.
fn originals(recording: &Recording) -> Result<Vec<RecordedAccount>, String> {
    let listed = recording.exchanges.iter();
    let mut listed = listed.filter(|e| e.operation == "ListAccounts" && e.status == 200);
    let listed = listed.next().ok_or("it has no answer to ListAccounts")?;
    let document: Value = serde_json::from_str(&listed.body).map_err(|error| error.to_string())?;
    let accounts = document["Accounts"].as_array().cloned().unwrap_or_default();
    let mut originals = Vec::new();
    for document in accounts {
        let text = |field: &str| document[field].as_str().map(str::to_owned);
        let id = text("Id").ok_or("an account of ListAccounts has no Id")?;
        let path = document["Paths"][0].as_str().unwrap_or_default();
        let path = path.trim_end_matches('/').trim_end_matches(&*id);
        originals.push(RecordedAccount {
            name: text("Name").unwrap_or_else(|| id.clone()),
            path: path.trim_end_matches('/').to_owned(),
            id,
            document,
        });
    }
    let management = recording.header.management_account.as_str();
    originals.sort_by_key(|original| original.id != management);
    match originals.first() {
        Some(first) if first.id == management => Ok(originals),
        _ => Err(format!(
            "ListAccounts lacks the management account {management}"
        )),
    }
}

/// The members that can be copied: active, with a role that can be assumed, and nothing denied in a
/// Region that is on.
fn sound(recording: &Recording, originals: &[RecordedAccount]) -> Vec<usize> {
    let management = recording.header.management_account.as_str();
    let is_sound = |original: &RecordedAccount| {
        let about = |exchange: &&Exchange| exchange.account == original.id;
        let mut own = recording.exchanges.iter().filter(about);
        original.id != management
            && original.document["State"] == "ACTIVE"
            && is_assumable(recording, &original.id)
            && !own.any(|exchange| is_denied(recording, exchange))
    };
    let originals = originals.iter().enumerate();
    originals
        .filter(|(_, original)| is_sound(original))
        .map(|(at, _)| at)
        .collect()
}

fn is_assumable(recording: &Recording, account: &str) -> bool {
    let role = format!(":iam::{account}:role/");
    recording.exchanges.iter().any(|exchange| {
        let arn = exchange.parameters.get("RoleArn");
        exchange.operation == "AssumeRole"
            && exchange.status == 200
            && arn.is_some_and(|arn| arn.contains(&role))
    })
}

/// What services say with the status of a denial if they are not enabled.
const NOT_ENABLED: [&str; 2] = ["is not enabled", "is not subscribed to"];

/// Whether an answer is a denial, and not that of a Region or a service that is off, or of another account's bucket.
fn is_denied(recording: &Recording, exchange: &Exchange) -> bool {
    matches!(exchange.status, 401 | 403)
        && exchange.operation != "GetBucketLocation"
        && !NOT_ENABLED.iter().any(|text| exchange.body.contains(text))
        && recording.exchanges.iter().any(|regions| {
            regions.operation == "DescribeRegions"
                && regions.account == exchange.account
                && is_on(&regions.body, &exchange.region)
        })
}

/// Whether DescribeRegions lists a Region as one that is on.
fn is_on(regions: &str, region: &str) -> bool {
    let item = regions
        .split("<item>")
        .find(|item| item.contains(&format!("<regionName>{region}</regionName>")));
    item.is_some_and(|item| !item.contains("<optInStatus>not-opted-in</optInStatus>"))
}

#[cfg(test)]
mod tests;
