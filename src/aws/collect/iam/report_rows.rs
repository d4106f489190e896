//! The rows of the IAM credential report.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use csv::StringRecord;
use jiff::Timestamp;
use orgscan_core::model::Cause;
use orgscan_core::services::iam::GET_CREDENTIAL_REPORT as API;
use orgscan_core::services::iam::{AccessKey, LastUsed, Password, Root, User};

use crate::{Failure, require};

/// How the root user's row is called.
const ROOT: &str = "<root_account>";

/// What a report says, row by row. A row with a field that cannot be understood hides no other.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) users: Vec<Result<User, Failure>>,
    pub(super) root: Option<Result<Root, Failure>>,
}

/// Reads a report.
///
/// # Errors
/// [`Cause::Malformed`] where a column is missing.
pub(super) fn parse(content: &[u8]) -> Result<Rows, Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(content);
    let header = reader.headers().map_err(|error| malformed(&error))?.clone();
    let columns = Columns::find(&header)?;
    let mut rows = Rows::default();
    for row in reader.records() {
        match row {
            Err(error) => rows.users.push(Err(malformed(&error))),
            Ok(row) if text(&row, columns.user) == ROOT => {
                rows.root = Some(whole(&row, &header).and_then(|()| columns.root(&row)));
            }
            Ok(row) => {
                let user = whole(&row, &header).and_then(|()| columns.user(&row));
                let name = text(&row, columns.user);
                let of_user = |failure: Failure| failure.of_item(Some(name));
                rows.users.push(user.map_err(of_user));
            }
        }
    }
    Ok(rows)
}

/// Whether a row has a field for each column: otherwise nobody knows which is which.
fn whole(row: &StringRecord, header: &StringRecord) -> Result<(), Failure> {
    let (fields, columns) = (row.len(), header.len());
    match fields == columns {
        true => Ok(()),
        false => Err(malformed(&format!(
            "a row of {fields} fields below {columns} columns"
        ))),
    }
}

/// What is wrong with a report.
pub(super) fn malformed(what: &dyn std::fmt::Display) -> Failure {
    let detail = format!("the credential report cannot be read: {what}");
    Failure::new(API.action, Cause::Malformed, detail)
}

/// Where the columns are, by the header's names.
struct Columns {
    user: usize,
    arn: usize,
    created: usize,
    password: usize,
    password_used: usize,
    password_changed: usize,
    mfa: usize,
    keys: [KeyColumns; 2],
}

/// Where the columns of an access key are.
struct KeyColumns {
    slot: u8,
    active: usize,
    rotated: usize,
    used: usize,
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, Failure> {
        let find = |name: &str| {
            let position = header.iter().position(|column| column == name);
            require(API.action, &format!("the column {name}"), position)
        };
        let key = |slot: u8| {
            Ok(KeyColumns {
                slot,
                active: find(&format!("access_key_{slot}_active"))?,
                rotated: find(&format!("access_key_{slot}_last_rotated"))?,
                used: find(&format!("access_key_{slot}_last_used_date"))?,
            })
        };
        Ok(Self {
            user: find("user")?,
            arn: find("arn")?,
            created: find("user_creation_time")?,
            password: find("password_enabled")?,
            password_used: find("password_last_used")?,
            password_changed: find("password_last_changed")?,
            mfa: find("mfa_active")?,
            keys: [key(1)?, key(2)?],
        })
    }

    fn user(&self, row: &StringRecord) -> Result<User, Failure> {
        let password = match flag(row, self.password)? {
            true => Some(Password {
                changed: time(row, self.password_changed)?,
                used: used(row, self.password_used)?,
            }),
            false => None,
        };
        let created = time(row, self.created)?;
        let given = |column, name: &str| {
            let given = Some(text(row, column)).filter(|text| !text.is_empty());
            given.ok_or_else(|| malformed(&format!("a user without {name}")))
        };
        Ok(User {
            name: given(self.user, "user")?.to_owned(),
            arn: given(self.arn, "arn")?.into(),
            created: created.ok_or_else(|| malformed(&"a user without user_creation_time"))?,
            password,
            has_mfa: flag(row, self.mfa)?,
            keys: self.keys(row)?,
        })
    }

    fn root(&self, row: &StringRecord) -> Result<Root, Failure> {
        Ok(Root {
            password: used(row, self.password_used)?,
            keys: self.keys(row)?,
        })
    }

    /// The keys that there are: one that was never made, or is deleted, has no date.
    fn keys(&self, row: &StringRecord) -> Result<Vec<AccessKey>, Failure> {
        let mut keys = Vec::new();
        for columns in &self.keys {
            let key = AccessKey {
                slot: columns.slot,
                active: flag(row, columns.active)?,
                rotated: time(row, columns.rotated)?,
                used: used(row, columns.used)?,
            };
            if key.active || key.rotated.is_some() {
                keys.push(key);
            }
        }
        Ok(keys)
    }
}

fn text(row: &StringRecord, column: usize) -> &str {
    row.get(column).unwrap_or_default()
}

/// `true` or `false`; IAM writes `N/A` and `not_supported` where a field has no meaning.
fn flag(row: &StringRecord, column: usize) -> Result<bool, Failure> {
    match text(row, column).to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" | "n/a" | "not_supported" => Ok(false),
        other => Err(malformed(&format!("`{other}` is neither true nor false"))),
    }
}

/// A time; nothing where IAM writes that there is none.
fn time(row: &StringRecord, column: usize) -> Result<Option<Timestamp>, Failure> {
    match text(row, column) {
        "N/A" | "no_information" | "not_supported" => Ok(None),
        time => {
            let unreadable = |_| malformed(&format!("`{time}` is no time"));
            time.parse().map(Some).map_err(unreadable)
        }
    }
}

fn used(row: &StringRecord, column: usize) -> Result<LastUsed, Failure> {
    Ok(time(row, column)?.map_or(LastUsed::Never, LastUsed::At))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
                          mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
                          access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
    const DAY: &str = "2026-01-15T09:00:00+00:00";

    fn parse_rows(rows: &str) -> Result<Rows, Failure> {
        parse(format!("{HEADER}\n{}", rows.replace("DAY", DAY)).as_bytes())
    }

    fn day() -> Timestamp {
        DAY.parse().unwrap()
    }

    #[test]
    fn users_and_root_are_read_by_column_name() {
        let rows = parse_rows(
            "<root_account>,arn:aws:iam::1:root,DAY,not_supported,DAY,not_supported,false,true,DAY,N/A,false,N/A,N/A\n\
             ann,arn:aws:iam::1:user/ann,DAY,true,no_information,DAY,false,false,DAY,N/A,false,N/A,N/A\n\
             bot,arn:aws:iam::1:user/bot,DAY,false,N/A,N/A,true,true,DAY,DAY,true,DAY,N/A\n",
        )
        .unwrap();
        let root = rows.root.unwrap().unwrap();
        assert_eq!(root.password, LastUsed::At(day()));
        assert_eq!(root.keys.len(), 1);
        let users: Vec<User> = rows.users.into_iter().map(Result::unwrap).collect();
        let [ann, bot] = &users[..] else {
            panic!("{users:?}")
        };
        let password = ann.password.as_ref().unwrap();
        assert_eq!(
            (password.used, password.changed),
            (LastUsed::Never, Some(day()))
        );
        assert!(!ann.has_mfa && ann.active_keys() == 0 && ann.keys.len() == 1);
        assert!(bot.password.is_none() && bot.has_mfa && bot.active_keys() == 2);
        assert_eq!(
            (bot.keys[0].slot, bot.keys[0].used),
            (1, LastUsed::At(day()))
        );
        assert_eq!((bot.keys[1].slot, bot.keys[1].used), (2, LastUsed::Never));
    }

    #[test]
    fn a_missing_column_or_an_unknown_word_is_malformed_and_never_false() {
        let failure = parse(b"user,arn\nann,arn:aws:iam::1:user/ann\n").unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
        assert!(failure.detail.contains("user_creation_time"), "{failure}");
        let row = "ann,a,DAY,true,N/A,N/A,MFA,true,WHEN,N/A,false,N/A,N/A\n";
        let with = |mfa, when| {
            let rows = parse_rows(&row.replace("MFA", mfa).replace("WHEN", when));
            rows.unwrap().users.remove(0)
        };
        assert!(with("false", DAY).is_ok());
        let failure = with("perhaps", DAY).unwrap_err();
        assert!(failure.detail.contains("perhaps"), "{failure}");
        let failure = with("true", "yesterday").unwrap_err();
        assert!(failure.detail.contains("yesterday"), "{failure}");
    }

    #[test]
    fn a_row_that_cannot_be_read_is_a_gap_beside_the_others() {
        let good =
            "NAME,arn:aws:iam::1:user/NAME,DAY,true,N/A,N/A,false,true,DAY,N/A,false,N/A,N/A\n";
        let row = |name| good.replace("NAME", name);
        let text = [
            row("ann"),
            "short,arn\n".to_owned(),
            row("long").replace('\n', ",more\n"),
            row("bob").replace("true", "perhaps"),
            row("eve").replace("arn:aws:iam::1:user/eve", ""),
            row("<root_account>").replace("true,DAY", "true,never"),
            row("zoe"),
        ];
        let rows = parse_rows(&text.concat()).unwrap();
        let users = rows.users.iter().map(|user| match user {
            Ok(user) => (user.name.as_str(), true),
            Err(failure) => (failure.resource.as_str(), false),
        });
        let expected = [
            ("ann", true),
            ("short", false),
            ("long", false),
            ("bob", false),
            ("eve", false),
            ("zoe", true),
        ];
        assert_eq!(users.collect::<Vec<_>>(), expected);
        assert!(rows.root.unwrap().is_err());
        let bytes = [
            HEADER.as_bytes(),
            b"\n\xff\n",
            row("ann").replace("DAY", DAY).as_bytes(),
        ]
        .concat();
        let users = parse(&bytes).unwrap().users;
        assert!(users[0].is_err() && users[1].is_ok());
    }
}
