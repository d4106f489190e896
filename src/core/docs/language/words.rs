//! Splits text and names into words, and finds phrases in them.

use std::collections::HashMap;

/// A phrase in lower case, and what to write instead.
pub(super) type Rule = (&'static str, &'static str);

/// A word, in lower case.
#[derive(Debug)]
pub(super) struct Word {
    pub text: String,
    pub line: usize,
    /// Whether punctuation, a blank line or the start of the text is in front of it.
    pub starts_phrase: bool,
}

/// The words of a text or a name. Names are split at `_`, `-` and capitals; lines of a paragraph and of a comment are joined.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut line, mut gap, mut previous) = (1, String::from("."), ' ');
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\\' {
            let is_escape = |next: &char| "nrt\"".contains(*next);
            previous = characters.next_if(is_escape).map_or(c, |_| ' ');
            gap.push(' ');
        } else if !c.is_alphanumeric() {
            line += usize::from(c == '\n');
            gap.push(c);
            previous = c;
        } else {
            let next = characters.peek().copied().unwrap_or(' ');
            let starts = !gap.is_empty() || starts_word(previous, c, next);
            match words.last_mut() {
                Some(last) if !starts => last.text.extend(c.to_lowercase()),
                _ => words.push(Word {
                    text: c.to_lowercase().collect(),
                    line,
                    starts_phrase: ends_phrase(&gap),
                }),
            }
            gap.clear();
            previous = c;
        }
    }
    words
}

/// Whether a capital starts a word: `BucketAcl`, and `P` in `HTTPProxy`.
fn starts_word(previous: char, c: char, next: char) -> bool {
    c.is_uppercase() && (!previous.is_uppercase() || next.is_lowercase())
}

/// Whether what is between two words ends a phrase, as an empty line does. Marks of comments, of Markdown and of names do not.
fn ends_phrase(gap: &str) -> bool {
    let is_joining = |c: char| c.is_whitespace() || "/!_-*`\"'#".contains(c);
    !gap.chars().all(is_joining) || gap.matches('\n').count() > 1
}

/// Phrases by their first words.
pub(super) struct Phrases(HashMap<&'static str, Vec<Rule>>);

impl Phrases {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut phrases: HashMap<_, Vec<_>> = HashMap::new();
        for rule in rules {
            let first = rule.0.split(' ').next().unwrap_or_default();
            phrases.entry(first).or_default().push(*rule);
        }
        Self(phrases)
    }

    /// The phrases in these words, each with its line.
    pub(super) fn find(&self, words: &[Word]) -> Vec<(usize, Rule)> {
        let places = words.iter().enumerate();
        let found = places.flat_map(|(at, word)| {
            let rules = self.0.get(word.text.as_str()).into_iter().flatten();
            let rules = rules.filter(move |rule| starts_with(&words[at..], rule.0));
            rules.map(|rule| (word.line, *rule))
        });
        found.collect()
    }
}

fn starts_with(words: &[Word], phrase: &str) -> bool {
    let mut words = words.iter();
    phrase.split(' ').enumerate().all(|(at, expected)| {
        let word = words.next();
        word.is_some_and(|word| word.text == expected && (at == 0 || !word.starts_phrase))
    })
}

#[test]
fn names_are_split_at_capitals_and_underscores() {
    let texts = |text| {
        words(text)
            .into_iter()
            .map(|word| word.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(texts("read_BucketAcl"), ["read", "bucket", "acl"]);
    assert_eq!(texts("HTTPProxy\\nsha256"), ["http", "proxy", "sha256"]);
}

#[test]
fn phrases_go_over_lines_and_end_at_punctuation() {
    let phrases = Phrases::new(&[("blue green", "turquoise"), ("blue", "sky")]);
    let lines = |text| {
        let found = phrases.find(&words(text)).into_iter();
        let found = found.filter(|(_, (phrase, _))| *phrase == "blue green");
        found.map(|(line, _)| line).collect::<Vec<_>>()
    };
    assert_eq!(lines("a Blue\n    /// green one"), [1]);
    assert_eq!(lines("\nblue_green, blueGreen"), [2, 2]);
    assert_eq!(lines("blue. Green; blue\n\ngreen, bluegreen"), [0; 0]);
}
