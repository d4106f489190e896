//! A recorded text with places for what differs from account to account.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use super::ages::ages;
use super::ids::{Ids, Owner};

/// A text in pieces. Making one searches the text; rendering it does not.
#[derive(Debug, Default)]
pub(super) struct Template {
    pieces: Vec<Piece>,
    /// Whether times in its text are ages.
    has_ages: bool,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The same for everybody.
    Text(Box<str>),
    /// The account's id.
    Account,
    /// The id of a resource, by its index in [`Ids`].
    Id(u32),
    /// What follows the name of a bucket: names are unique over all accounts.
    BucketSuffix,
    /// What follows the name of a user of which there are several.
    UserSuffix,
    /// A number that is so large for each multiple.
    PerMultiple(u32),
    /// A time so many days ago, without its zone.
    DaysAgo(i64),
    /// What is only known when the text is rendered.
    Slot(Slot),
}

/// What is only known when the text is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Whether there is a further page, and its token.
    More,
    /// The credential report.
    Report,
    /// When the credential report was made.
    Generated,
}

/// A part of a text that a piece takes the place of, or nothing.
pub(super) type Edit = (Range<usize>, Option<Piece>);

/// For whom a text is rendered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    /// The account's id.
    pub(super) account: &'a str,
    /// Which copy, and which multiple.
    pub(super) owner: Owner,
    /// The time that ages are counted back from.
    pub(super) clock: Timestamp,
    /// How many multiples there are.
    pub(super) times: u32,
    /// [`Slot::More`]
    pub(super) more: &'a str,
    /// [`Slot::Report`]
    pub(super) report: &'a str,
    /// [`Slot::Generated`]
    pub(super) generated: &'a str,
}

impl<'a> Scope<'a> {
    /// An account, and no word about slots.
    pub(super) fn of(account: &'a str, copy: u32, clock: Timestamp) -> Self {
        Self {
            account,
            owner: Owner { copy, multiple: 0 },
            clock,
            times: 1,
            more: "",
            report: "",
            generated: "",
        }
    }

    /// The same account's multiple.
    pub(super) fn multiple(self, multiple: u32) -> Self {
        let copy = self.owner.copy;
        Self {
            owner: Owner { copy, multiple },
            ..self
        }
    }
}

impl Template {
    /// A template without text so far, in which times are ages.
    pub(super) fn with_ages() -> Self {
        Self {
            has_ages: true,
            ..Self::default()
        }
    }

    /// The same with a part of `text`, which belongs to `account`, behind what there is. The edits are
    /// sorted and do not overlap; those outside the part are left out.
    pub(super) fn with_part(
        self,
        text: &str,
        part: Range<usize>,
        edits: &[Edit],
        account: &str,
        ids: &mut Ids,
    ) -> Self {
        let mut template = self;
        let mut at = part.start;
        for (range, piece) in edits {
            if range.start < at || range.end > part.end {
                continue;
            }
            template.add_text(&text[at..range.start], account, ids);
            template.pieces.extend(piece.clone());
            at = range.end;
        }
        template.add_text(&text[at..part.end], account, ids);
        template
    }

    /// Adds a text in which ids and the account's id become places.
    pub(super) fn add_text(&mut self, text: &str, account: &str, ids: &mut Ids) {
        let resources = ids.find(text).into_iter();
        let resources = resources.map(|(range, index)| (range, Piece::Id(index)));
        let accounts = occurrences(text, account).map(|range| (range, Piece::Account));
        let mut edits: Vec<_> = resources.chain(accounts).collect();
        if self.has_ages {
            let ages = ages(text).into_iter();
            edits.extend(ages.map(|(range, days)| (range, Piece::DaysAgo(days))));
        }
        edits.sort_by_key(|(range, _)| range.start);
        let mut at = 0;
        for (range, piece) in edits {
            // An account's id may lie within a resource's: 12 digits are hexadecimal too.
            if range.start >= at {
                self.add(Piece::Text(text[at..range.start].into()));
                self.add(piece);
                at = range.end;
            }
        }
        self.add(Piece::Text(text[at..].into()));
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, piece: Piece) {
        if !matches!(&piece, Piece::Text(text) if text.is_empty()) {
            self.pieces.push(piece);
        }
    }

    /// Writes the text for one account.
    pub(super) fn render(&self, ids: &Ids, scope: &Scope<'_>, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Account => out.push_str(scope.account),
                Piece::Id(index) => ids.write(*index, scope.owner, out),
                Piece::BucketSuffix => {
                    if scope.owner.copy > 0 {
                        out.push('-');
                        out.push_str(scope.account);
                    }
                    push_multiple(scope.owner.multiple, out);
                }
                Piece::UserSuffix => push_multiple(scope.owner.multiple, out),
                Piece::DaysAgo(days) => push_days_before(scope.clock, *days, out),
                Piece::PerMultiple(one) => out.push_str(&(one * scope.times).to_string()),
                Piece::Slot(Slot::More) => out.push_str(scope.more),
                Piece::Slot(Slot::Report) => out.push_str(scope.report),
                Piece::Slot(Slot::Generated) => out.push_str(scope.generated),
            }
        }
    }
}

/// The time so many whole days before, to the second: an age is the same number of days all day long, also
/// for a scan that goes on over midnight.
fn push_days_before(clock: Timestamp, days: i64, out: &mut String) {
    let then = clock.saturating_sub(SignedDuration::from_hours(24 * days));
    let then = then.unwrap_or(Timestamp::UNIX_EPOCH);
    out.push_str(&then.strftime("%Y-%m-%dT%H:%M:%S").to_string());
}

fn push_multiple(multiple: u32, out: &mut String) {
    if multiple > 0 {
        out.push_str("-m");
        out.push_str(&multiple.to_string());
    }
}

/// A name without the suffix of its multiple, and the number of the multiple.
pub(super) fn without_multiple(name: &str) -> Option<(&str, u32)> {
    let (name, multiple) = name.rsplit_once("-m")?;
    let multiple = multiple.parse().ok().filter(|multiple| *multiple > 0)?;
    Some((name, multiple))
}

/// Where a word stands by itself in a text.
pub(super) fn occurrences<'a>(
    text: &'a str,
    word: &'a str,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let bytes = text.as_bytes();
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let found = text.match_indices(word);
    found.filter_map(move |(start, word)| {
        let end = start + word.len();
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        (!word.is_empty() && ends(before) && ends(bytes.get(end))).then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "111122223333";
    const CLOCK: Timestamp = Timestamp::UNIX_EPOCH;
    const TEXT: &str =
        "<o>111122223333</o><v>vol-01111222233330000</v><n>data</n><x>9111122223333</x>";

    fn rendered(template: &Template, ids: &Ids, scope: Scope<'_>) -> String {
        let mut out = String::new();
        template.render(ids, &scope, &mut out);
        out
    }

    #[test]
    fn the_recorded_account_gets_the_recorded_text() {
        let mut ids = Ids::default();
        let template = Template::default().with_part(TEXT, 0..TEXT.len(), &[], ACCOUNT, &mut ids);
        assert_eq!(
            rendered(&template, &ids, Scope::of(ACCOUNT, 0, CLOCK)),
            TEXT
        );
    }

    #[test]
    fn a_copy_has_its_own_account_and_ids() {
        let mut ids = Ids::default();
        let template = Template::default().with_part(TEXT, 0..TEXT.len(), &[], ACCOUNT, &mut ids);
        let text = rendered(&template, &ids, Scope::of("444455556666", 1, CLOCK));
        assert!(text.starts_with("<o>444455556666</o><v>vol-0"), "{text}");
        assert!(text.ends_with("<n>data</n><x>9111122223333</x>"), "{text}");
        assert!(!text.contains("vol-01111222233330000"), "{text}");
    }

    #[test]
    fn edits_replace_their_ranges() {
        let mut ids = Ids::default();
        let name = TEXT.find("data").unwrap() + 4;
        let last = TEXT.find("<x>").unwrap();
        let edits = [
            (name..name, Some(Piece::BucketSuffix)),
            (last..TEXT.len(), Some(Piece::Slot(Slot::More))),
        ];
        let template =
            Template::default().with_part(TEXT, 0..TEXT.len(), &edits, ACCOUNT, &mut ids);
        let scope = Scope {
            more: "<more/>",
            ..Scope::of("444455556666", 1, CLOCK).multiple(2)
        };
        let text = rendered(&template, &ids, scope);
        assert!(
            text.ends_with("<n>data-444455556666-m2</n><more/>"),
            "{text}"
        );
    }

    #[test]
    fn a_multiples_name_leads_back() {
        assert_eq!(without_multiple("data-m12"), Some(("data", 12)));
        assert_eq!(without_multiple("data-media"), None);
        assert_eq!(without_multiple("data-m0"), None);
        assert_eq!(without_multiple("data"), None);
    }
}
