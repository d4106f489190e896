//! The rules of composite alarms.

use std::collections::BTreeSet;

/// Whether a rule is true while these alarms, by name or ARN, are in ALARM and all others in OK. None where the rule
/// cannot be read.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html>
pub(super) fn is_true(rule: &str, raised: &BTreeSet<&str>) -> Option<bool> {
    let tokens = tokens(rule)?;
    let mut parser = Parser {
        tokens: &tokens,
        raised,
    };
    let value = parser.any()?;
    parser.tokens.is_empty().then_some(value)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Comma,
    Word(String),
    Quoted(String),
}

fn tokens(rule: &str) -> Option<Vec<Token>> {
    let (mut rest, mut found) = (rest_of(rule), Vec::new());
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '"' => {
                let end = rest[1..].find('"')?;
                (Token::Quoted(rest[1..=end].to_owned()), end + 2)
            }
            _ => {
                let is_end = |letter: char| letter.is_whitespace() || "(),".contains(letter);
                let length = rest.find(is_end).unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned()), length)
            }
        };
        found.push(token);
        rest = rest_of(&rest[length..]);
    }
    Some(found)
}

fn rest_of(text: &str) -> &str {
    text.trim_start()
}

struct Parser<'a> {
    tokens: &'a [Token],
    raised: &'a BTreeSet<&'a str>,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn take(&mut self, token: &Token) -> Option<()> {
        (self.next()? == token).then_some(())
    }

    fn has_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.tokens.first(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    fn any(&mut self) -> Option<bool> {
        let mut value = self.all()?;
        while self.has_word("OR") {
            value |= self.all()?;
        }
        Some(value)
    }

    fn all(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.has_word("AND") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        if self.has_word("NOT") {
            return self.one().map(|value| !value);
        }
        match self.next()? {
            Token::Open => {
                let value = self.any()?;
                self.take(&Token::Close)?;
                Some(value)
            }
            Token::Word(word) => match word.to_uppercase().as_str() {
                "TRUE" => Some(true),
                "FALSE" => Some(false),
                "AT_LEAST" => self.at_least(),
                state => {
                    self.take(&Token::Open)?;
                    let name = self.name()?;
                    self.take(&Token::Close)?;
                    self.is_in(state, name)
                }
            },
            _ => None,
        }
    }

    /// `AT_LEAST(2, ALARM, (a, b, c))`, or a share such as `50%`, which is not read.
    fn at_least(&mut self) -> Option<bool> {
        self.take(&Token::Open)?;
        let Token::Word(least) = self.next()? else {
            return None;
        };
        let least: usize = least.parse().ok()?;
        self.take(&Token::Comma)?;
        let is_not = self.has_word("NOT");
        let Token::Word(state) = self.next()? else {
            return None;
        };
        let state = state.to_uppercase();
        self.take(&Token::Comma)?;
        self.take(&Token::Open)?;
        let mut count = 0;
        loop {
            let name = self.name()?;
            count += usize::from(self.is_in(&state, name)? != is_not);
            match self.next()? {
                Token::Comma => {}
                Token::Close => break,
                _ => return None,
            }
        }
        self.take(&Token::Close)?;
        Some(count >= least)
    }

    fn name(&mut self) -> Option<&'a str> {
        match self.next()? {
            Token::Word(name) | Token::Quoted(name) => Some(name),
            _ => None,
        }
    }

    fn is_in(&self, state: &str, name: &str) -> Option<bool> {
        let is_raised = self.raised.contains(name);
        match state {
            "ALARM" => Some(is_raised),
            "OK" => Some(!is_raised),
            "INSUFFICIENT_DATA" => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_true_of_states() {
        let arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:b";
        let raised = BTreeSet::from(["a", arn, "with space"]);
        for (rule, expected) in [
            ("ALARM(a)", Some(true)),
            ("ALARM(\"with space\")", Some(true)),
            ("alarm( a )", Some(true)),
            ("ALARM(c)", Some(false)),
            ("OK(c) AND ALARM(a)", Some(true)),
            ("ALARM(c) OR ALARM(a) AND ALARM(d)", Some(false)),
            ("(ALARM(c) OR ALARM(a)) AND NOT ALARM(d)", Some(true)),
            ("NOT (ALARM(a))", Some(false)),
            ("INSUFFICIENT_DATA(a)", Some(false)),
            ("TRUE", Some(true)),
            ("FALSE OR FALSE", Some(false)),
            ("AT_LEAST(1, ALARM, (a, c))", Some(true)),
            ("AT_LEAST(2, ALARM, (a, c))", Some(false)),
            ("AT_LEAST(1, NOT ALARM, (a, c))", Some(true)),
            ("AT_LEAST(50%, ALARM, (a, c))", None),
            ("ALARM(a", None),
            ("ALARM(a) ALARM(c)", None),
            ("ALARM(\"a)", None),
            ("NEW_STATE(a)", None),
            ("", None),
        ] {
            assert_eq!(is_true(rule, &raised), expected, "{rule}");
        }
        assert_eq!(is_true(&format!("ALARM({arn})"), &raised), Some(true));
    }
}
