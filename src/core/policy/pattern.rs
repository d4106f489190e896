//! Patterns of IAM: `*` stands for any text, `?` for one character.

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `?` in a field of an ARN, whose fields are compared one by one.
    OneInField,
    /// `*` in a field of an ARN.
    ManyInField,
}

impl Token {
    /// Whether it can stand for any number of characters.
    pub(super) fn repeats(self) -> bool {
        matches!(self, Self::Many | Self::ManyInField)
    }

    pub(super) fn takes(self, one: char, ignores_case: bool) -> bool {
        match self {
            Self::Char(wanted) if ignores_case => wanted.to_lowercase().eq(one.to_lowercase()),
            Self::Char(wanted) => wanted == one,
            Self::One | Self::Many => true,
            Self::OneInField | Self::ManyInField => one != ':',
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) tokens: Vec<Token>,
    pub(super) ignores_case: bool,
    /// Whether what it matches depends on the request.
    pub(super) has_variable: bool,
    /// Whether it is read as an ARN and has fewer than six fields. What it matches is not documented.
    pub(super) is_incomplete: bool,
}

/// How a text is read as a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Without wildcards.
    Exact,
    Glob,
    /// The six fields of an ARN are compared one by one.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
    Arn,
    /// An ARN whose `*` at the end of a field also stands for fields after it.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards>
    Resource,
}

/// What the policy variables of a text stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variables<'a> {
    /// Whether the policy's version has variables.
    pub(super) enabled: bool,
    /// The account of the resource.
    pub(super) account: &'a str,
}

/// Stands for the organization of the resource, whose ID is not known. No organization has this ID.
pub(super) const OWN_ORGANIZATION: &str = "o-\u{e000}own";

impl Variables<'_> {
    pub(super) const NONE: Variables<'static> = Variables {
        enabled: false,
        account: "",
    };
}

impl Pattern {
    /// Reads a pattern without variables.
    pub(super) fn plain(text: &str, syntax: Syntax) -> Self {
        Self::new(text, syntax, Variables::NONE)
    }

    pub(super) fn new(text: &str, syntax: Syntax, variables: Variables<'_>) -> Self {
        let mut pattern = Self {
            tokens: Vec::new(),
            ignores_case: false,
            has_variable: false,
            is_incomplete: false,
        };
        pattern.read(text, syntax, variables);
        if matches!(syntax, Syntax::Arn | Syntax::Resource) {
            pattern.split_fields(syntax == Syntax::Resource);
        }
        pattern
    }

    pub(super) fn ignoring_case(mut self) -> Self {
        self.ignores_case = true;
        self
    }

    fn read(&mut self, text: &str, syntax: Syntax, variables: Variables<'_>) {
        let mut rest = text;
        while let Some(one) = rest.chars().next() {
            if let Some((name, after)) = variable(rest).filter(|_| variables.enabled) {
                self.add_variable(name, variables.account);
                rest = after;
                continue;
            }
            self.push(match (one, syntax) {
                (_, Syntax::Exact) => Token::Char(one),
                ('*', _) => Token::Many,
                ('?', _) => Token::One,
                _ => Token::Char(one),
            });
            rest = &rest[one.len_utf8()..];
        }
    }

    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
    fn add_variable(&mut self, name: &str, account: &str) {
        match name {
            "*" | "?" | "$" => self.tokens.extend(name.chars().map(Token::Char)),
            _ if name.eq_ignore_ascii_case("aws:ResourceAccount") => {
                self.tokens.extend(account.chars().map(Token::Char));
            }
            _ if name.eq_ignore_ascii_case("aws:ResourceOrgID") => {
                self.tokens
                    .extend(OWN_ORGANIZATION.chars().map(Token::Char));
            }
            _ => {
                self.has_variable = true;
                self.push(Token::Many);
            }
        }
    }

    /// Two `*` in a row are one.
    fn push(&mut self, token: Token) {
        if !(token.repeats() && self.tokens.last() == Some(&token)) {
            self.tokens.push(token);
        }
    }

    /// Keeps wildcards within the first five fields.
    fn split_fields(&mut self, ends_expand: bool) {
        let colon = Token::Char(':');
        let fields = 1 + self.tokens.iter().filter(|one| **one == colon).count();
        let expands = ends_expand && self.tokens.contains(&Token::Many);
        if fields < 6 && !expands {
            self.is_incomplete = true;
            self.push(Token::Many);
            return;
        }
        let mut field = 1;
        for at in 0..self.tokens.len() {
            let is_end = self.tokens.get(at + 1).is_none_or(|next| *next == colon);
            match self.tokens[at] {
                Token::Char(':') => field += 1,
                Token::Many if field < 6 && !(ends_expand && is_end) => {
                    self.tokens[at] = Token::ManyInField;
                }
                Token::One if field < 6 => self.tokens[at] = Token::OneInField,
                _ => {}
            }
        }
    }

    /// Whether it has no wildcard.
    pub(super) fn is_literal(&self) -> bool {
        let is_char = |token: &Token| matches!(token, Token::Char(_));
        self.tokens.iter().all(is_char)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let mut reached = vec![false; self.tokens.len() + 1];
        reached[0] = true;
        self.skip(&mut reached);
        for one in text.chars() {
            let mut next = vec![false; reached.len()];
            for (at, token) in self.tokens.iter().enumerate() {
                if reached[at] && token.takes(one, self.ignores_case) {
                    next[at + usize::from(!token.repeats())] = true;
                }
            }
            self.skip(&mut next);
            reached = next;
        }
        reached.last() == Some(&true)
    }

    /// What repeats can also stand for nothing.
    fn skip(&self, reached: &mut [bool]) {
        for (at, token) in self.tokens.iter().enumerate() {
            reached[at + 1] |= reached[at] && token.repeats();
        }
    }
}

/// The name of the variable that the text begins with, and what is after it.
fn variable(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("${")?.split_once('}')
}

/// Whether a pattern of IAM matches a text.
#[must_use]
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    Pattern::plain(pattern, Syntax::Glob).matches(text)
}
