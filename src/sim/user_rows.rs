//! The rows of a credential report.

use super::ids::Ids;
use super::template::{Piece, Scope, Template};

/// A credential report: the header and the root user, and then all users.
#[derive(Debug)]
pub(super) struct UserRows {
    first: Template,
    users: Vec<Template>,
}

/// How the root user's row is called.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>
const ROOT: &[u8] = b"<root_account>";

impl UserRows {
    /// Takes a report apart.
    ///
    /// # Errors
    /// Where it is not CSV.
    pub(super) fn new(csv: &[u8], account: &str, ids: &mut Ids) -> Result<Self, csv::Error> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(csv);
        let (mut first, mut users) = (Template::with_ages(), Vec::new());
        for (n, row) in reader.records().enumerate() {
            let row = row?;
            let is_user = n > 0 && row.get(0).map(str::as_bytes) != Some(ROOT);
            let template = if is_user {
                users.push(Template::with_ages());
                users.last_mut()
            } else {
                Some(&mut first)
            };
            let Some(template) = template else { continue };
            for (column, field) in row.iter().enumerate() {
                let quote = if field.contains([',', '"', '\n']) {
                    "\""
                } else {
                    ""
                };
                let field = field.replace('"', "\"\"");
                let comma = if column > 0 { "," } else { "" };
                template.add_text(&format!("{comma}{quote}{field}"), account, ids);
                // The name and the ARN.
                if is_user && column < 2 {
                    template.add(Piece::UserSuffix);
                }
                template.add(Piece::Text(quote.into()));
            }
            template.add(Piece::Text("\n".into()));
        }
        Ok(Self { first, users })
    }

    /// Writes the report with each user so many times.
    pub(super) fn render(&self, times: u32, ids: &Ids, scope: Scope<'_>, out: &mut String) {
        self.first.render(ids, &scope, out);
        for multiple in 0..times {
            for user in &self.users {
                user.render(ids, &scope.multiple(multiple), out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    const CLOCK: Timestamp = Timestamp::UNIX_EPOCH;

    const CSV: &str = "user,arn,mfa_active\n\
                       <root_account>,arn:aws:iam::111122223333:root,false\n\
                       \"ann,b\",\"arn:aws:iam::111122223333:user/ann,b\",true\n\
                       bot,arn:aws:iam::111122223333:user/bot,false\n";

    #[test]
    fn times_are_as_long_ago_as_they_were() {
        let mut ids = Ids::default();
        let day = super::super::ages::DAY.yesterday().unwrap();
        let csv = format!("user,arn,created\nann,a,{day}T09:00:00+00:00\n");
        let rows = UserRows::new(csv.as_bytes(), "111122223333", &mut ids).unwrap();
        // Over midnight, the end of a month, a leap day and the end of a year.
        for (clock, created) in [
            ("2026-11-22T06:00:00Z", "2026-11-21T06:00:00+00:00"),
            ("2028-03-01T23:59:59.9Z", "2028-02-29T23:59:59+00:00"),
            ("2027-01-01T00:00:00Z", "2026-12-31T00:00:00+00:00"),
        ] {
            let mut out = String::new();
            let scope = Scope::of("111122223333", 0, clock.parse().unwrap());
            rows.render(1, &ids, scope, &mut out);
            assert!(out.contains(created), "{clock}: {out}");
        }
    }

    #[test]
    fn the_report_is_as_it_was_and_longer_where_that_is_asked_for() {
        let mut ids = Ids::default();
        let rows = UserRows::new(CSV.as_bytes(), "111122223333", &mut ids).unwrap();
        let mut out = String::new();
        rows.render(1, &ids, Scope::of("111122223333", 0, CLOCK), &mut out);
        assert_eq!(out, CSV);
        out.clear();
        rows.render(2, &ids, Scope::of("444455556666", 9, CLOCK), &mut out);
        assert_eq!(out.lines().count(), 6);
        assert!(out.ends_with(
            "\"ann,b-m1\",\"arn:aws:iam::444455556666:user/ann,b-m1\",true\n\
             bot-m1,arn:aws:iam::444455556666:user/bot-m1,false\n"
        ));
        assert!(out.contains("<root_account>,arn:aws:iam::444455556666:root"));
    }
}
