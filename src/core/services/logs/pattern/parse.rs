//! Reads filter patterns.

use super::terms::terms;
use super::{Comparison, Pattern, Test, Wildcard};

/// Reads a filter pattern. What cannot be read or compared is a part of the result, with the reason. Without a pattern,
/// a filter matches every event.
pub fn parse(text: &str) -> Pattern {
    let text = text.trim();
    match text.chars().next() {
        None => Pattern::All(Vec::new()),
        Some('{') => json(text).unwrap_or_else(Pattern::Unknown),
        Some('[') => Pattern::Unknown("its pattern is for space-delimited events".to_owned()),
        Some('%') => Pattern::Unknown("its regular expression is for the whole event".to_owned()),
        Some(_) => terms(text),
    }
}

/// AWS does not document whether `&&` binds more tightly than `||`. Where that matters, only what both readings have in
/// common is certain.
fn json(text: &str) -> Result<Pattern, String> {
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let inner = inner.ok_or("its pattern has no closing brace")?;
    let tokens = tokens(inner)?;
    let read = |in_order| {
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
            in_order,
        };
        let pattern = parser.group()?;
        match parser.next() {
            None => Ok(pattern),
            Some(token) => Err(unexpected(token)),
        }
    };
    let (tight, in_order) = (read(false)?, read(true)?);
    if tight == in_order {
        return Ok(tight);
    }
    let reason = "its pattern has && and || without parentheses";
    let both = vec![tight, in_order];
    let common = Pattern::All(both.clone());
    let common = Pattern::Any(vec![common, Pattern::Unknown(reason.to_owned())]);
    Ok(Pattern::All(vec![Pattern::Any(both), common]))
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Selector(Result<String, String>),
    Operator(&'static str),
    Quoted(String),
    Regex(String),
    Word(String),
}

/// Longer ones first.
const OPERATORS: [&str; 6] = ["!=", "<=", ">=", "=", "<", ">"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let (mut rest, mut tokens) = (text.trim_start(), Vec::new());
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '&' if rest.starts_with("&&") => (Token::And, 2),
            '|' if rest.starts_with("||") => (Token::Or, 2),
            '"' => quoted(rest)?,
            '%' => regex(rest)?,
            '$' => selector(rest)?,
            _ => match OPERATORS.iter().find(|one| rest.starts_with(**one)) {
                Some(operator) => (Token::Operator(operator), operator.len()),
                None => word(rest)?,
            },
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn quoted(text: &str) -> Result<(Token, usize), String> {
    let (mut value, mut is_escaped) = (String::new(), false);
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => {
                value.push(letter);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '"' => return Ok((Token::Quoted(value), at + 1)),
            _ => value.push(letter),
        }
    }
    Err("its pattern has an open quote".to_owned())
}

fn regex(text: &str) -> Result<(Token, usize), String> {
    let end = text[1..].find('%').ok_or("its pattern has an open %")?;
    Ok((Token::Regex(text[1..=end].to_owned()), end + 2))
}

fn word(text: &str) -> Result<(Token, usize), String> {
    let is_end = |letter: char| letter.is_whitespace() || "(){}&|=!<>\"%$".contains(letter);
    let length = text.find(is_end).unwrap_or(text.len());
    match length {
        0 => Err(format!("its pattern has an unexpected {:.1}", text)),
        _ => Ok((Token::Word(text[..length].to_owned()), length)),
    }
}

/// `$.a.b`, `$.a[0].b` or `$.['a'].b`. The fields are joined by dots; a dot in a name is in quotes.
fn selector(text: &str) -> Result<(Token, usize), String> {
    let (mut at, mut path, mut problem) = (1, Vec::new(), None);
    loop {
        let rest = &text[at..];
        if let Some(name) = rest.strip_prefix('.').filter(|rest| !rest.starts_with('[')) {
            let is_end = |letter: char| !(letter.is_alphanumeric() || "_-*".contains(letter));
            let length = name.find(is_end).unwrap_or(name.len());
            if length == 0 {
                return Err("its pattern has a selector without a name".to_owned());
            }
            path.push(name[..length].to_owned());
            at += 1 + length;
        } else if rest.starts_with('[') || rest.starts_with(".[") {
            let end = rest.find(']').ok_or("its pattern has an open bracket")?;
            let inside = rest[..end].trim_start_matches(['.', '[']);
            let name = inside.trim_matches(['\'', '"']);
            path.push(match inside.len() == name.len() {
                true => format!("[{name}]"),
                false if name.contains('.') => format!("'{name}'"),
                false => name.to_owned(),
            });
            at += end + 1;
        } else {
            break;
        }
    }
    if path.is_empty() {
        return Err("its pattern has a selector without a name".to_owned());
    }
    if path.iter().any(|name| name.contains('*')) {
        problem = Some("its pattern has a wildcard in a selector".to_owned());
    }
    let path = path.join(".").replace(".[", "[");
    Ok((Token::Selector(problem.map_or(Ok(path), Err)), at))
}

/// A test, or why it cannot be compared.
type ReadTest = Result<Test, String>;

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Whether `&&` and `||` are read from left to right, and not `&&` first.
    in_order: bool,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn operator(&mut self) -> Option<bool> {
        let is_any = match self.tokens.get(self.at)? {
            Token::And => false,
            Token::Or => true,
            _ => return None,
        };
        self.at += 1;
        Some(is_any)
    }

    fn group(&mut self) -> Result<Pattern, String> {
        let mut parts = vec![self.condition()?];
        let mut operators = Vec::new();
        while let Some(is_any) = self.operator() {
            operators.push(is_any);
            parts.push(self.condition()?);
        }
        Ok(match self.in_order {
            true => from_left(parts, &operators),
            false => and_first(parts, &operators),
        })
    }

    fn condition(&mut self) -> Result<Pattern, String> {
        match self.next() {
            Some(Token::Open) => {
                let group = self.group()?;
                match self.next() {
                    Some(Token::Close) => Ok(group),
                    _ => Err("its pattern has an open parenthesis".to_owned()),
                }
            }
            Some(Token::Selector(selector)) => {
                let test = self.test()?;
                Ok(match (selector.clone(), test) {
                    (Err(reason), _) | (_, Err(reason)) => Pattern::Unknown(reason),
                    (Ok(field), Ok(test)) => Pattern::Field(field, test),
                })
            }
            Some(token) => Err(unexpected(token)),
            None => Err("its pattern ends too early".to_owned()),
        }
    }

    fn test(&mut self) -> Result<ReadTest, String> {
        match self.next() {
            Some(Token::Operator(operator)) => {
                let value = self.next().ok_or("its pattern ends too early")?;
                comparison(operator, value)
            }
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("exists") => Ok(Ok(Test::Exists)),
            Some(Token::Word(word)) => {
                match (word.to_uppercase().as_str(), self.word()?.as_str()) {
                    ("NOT", "EXISTS") => Ok(Ok(Test::NotExists)),
                    ("IS", "NULL") => Ok(Ok(Test::Null)),
                    ("IS", "TRUE") => Ok(Ok(Test::Bool(true))),
                    ("IS", "FALSE") => Ok(Ok(Test::Bool(false))),
                    (first, second) => {
                        Err(format!("its pattern has an unexpected {first} {second}"))
                    }
                }
            }
            Some(token) => Err(unexpected(token)),
            None => Err("its pattern ends too early".to_owned()),
        }
    }

    fn word(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word.to_uppercase()),
            Some(token) => Err(unexpected(token)),
            None => Err("its pattern ends too early".to_owned()),
        }
    }
}

fn comparison(operator: &str, value: &Token) -> Result<ReadTest, String> {
    let text = match value {
        Token::Quoted(text) => text,
        Token::Regex(regex) if operator == "=" => return Ok(Ok(Test::Regex(regex.clone()))),
        Token::Regex(_) => return Ok(Err("its pattern excludes a regular expression".to_owned())),
        Token::Word(word) if ["true", "false", "null"].contains(&word.as_str()) => {
            let reason = format!("AWS does not document {operator} {word}");
            return Ok(Err(reason));
        }
        Token::Word(word) => word,
        token => return Err(unexpected(token)),
    };
    let number = || {
        let number = Wildcard::new(text).number();
        number.ok_or_else(|| format!("its pattern compares the size of {text}, which is no number"))
    };
    let sized = |comparison| Ok(Ok(Test::Number(comparison, number()?)));
    match operator {
        "=" => Ok(Ok(Test::Is(Wildcard::new(text)))),
        "!=" => Ok(Ok(Test::IsNot(Wildcard::new(text)))),
        "<" => sized(Comparison::Less),
        "<=" => sized(Comparison::AtMost),
        ">" => sized(Comparison::Greater),
        _ => sized(Comparison::AtLeast),
    }
}

fn unexpected(token: &Token) -> String {
    let text = match token {
        Token::Open => "(",
        Token::Close => ")",
        Token::And => "&&",
        Token::Or => "||",
        Token::Selector(_) => "selector",
        Token::Operator(operator) => operator,
        Token::Quoted(text) | Token::Regex(text) | Token::Word(text) => text,
    };
    format!("its pattern has an unexpected {text}")
}

/// `a || b && c` as `(a || b) && c`.
fn from_left(parts: Vec<Pattern>, operators: &[bool]) -> Pattern {
    let mut parts = parts.into_iter();
    let mut group: Vec<Pattern> = parts.next().into_iter().collect();
    let mut current = operators.first().copied().unwrap_or(false);
    for (part, is_any) in parts.zip(operators) {
        if *is_any != current {
            group = vec![joined(group, current)];
            current = *is_any;
        }
        group.push(part);
    }
    joined(group, current)
}

/// `a || b && c` as `a || (b && c)`.
fn and_first(parts: Vec<Pattern>, operators: &[bool]) -> Pattern {
    let (mut groups, mut group) = (Vec::new(), Vec::new());
    let operators = [false].iter().chain(operators);
    for (part, is_any) in parts.into_iter().zip(operators) {
        if *is_any {
            groups.push(joined(std::mem::take(&mut group), false));
        }
        group.push(part);
    }
    groups.push(joined(group, false));
    joined(groups, true)
}

/// Several patterns as one; a single one stays as it is.
fn joined(mut parts: Vec<Pattern>, is_any: bool) -> Pattern {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            match is_any {
                true => Pattern::Any(parts),
                false => Pattern::All(parts),
            }
        }
    }
}
