//! The actions and resources that requests to a resource can have.

use super::atoms::{Atom, Budget, atoms};
use super::decide::Resource;
use super::document::{PolicyDocument, Selection};
use super::pattern::{Pattern, Syntax, Token, Variables};
use super::truth::Truth;

/// An action and a resource, each one that stands for many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    action: usize,
    resource: usize,
}

/// All actions and resources that make a difference to a policy.
pub(super) struct Scope {
    actions: Vec<Atom>,
    resources: Vec<Atom>,
    /// Of each statement.
    statements: Vec<Span>,
    /// The patterns of resources.
    patterns: Vec<Pattern>,
    /// Where the patterns of the scope itself begin, after those of all statements.
    first_own: (usize, usize),
    is_s3: bool,
}

/// Where the patterns of a statement begin and end.
struct Span {
    allows: bool,
    actions: (usize, usize),
    inverted: bool,
    /// None: every resource.
    resources: Option<(usize, usize)>,
    resources_inverted: bool,
}

/// Appends the patterns of a selection.
fn append(
    all: &mut Vec<Pattern>,
    selection: &Selection,
    read: impl Fn(&str) -> Pattern,
) -> (usize, usize) {
    let first = all.len();
    all.extend(selection.patterns.iter().map(|text| read(text)));
    (first, all.len())
}

impl Scope {
    /// None if they are too many for the budget.
    pub(super) fn new(
        policy: &PolicyDocument,
        resource: &Resource<'_>,
        asked: &[&str],
        variables: Variables<'_>,
        budget: &Budget,
    ) -> Option<Self> {
        let action = |text: &str| Pattern::plain(&text.to_ascii_lowercase(), Syntax::Glob);
        let (mut actions, mut resources) = (Vec::new(), Vec::new());
        let statements = policy.statements.iter().map(|statement| Span {
            allows: statement.allows,
            actions: append(&mut actions, &statement.actions, action),
            inverted: statement.actions.inverted,
            resources: statement.resources.as_ref().map(|one| {
                append(&mut resources, one, |text| {
                    Pattern::new(text, Syntax::Resource, variables)
                })
            }),
            resources_inverted: statement.resources.as_ref().is_some_and(|one| one.inverted),
        });
        let statements = statements.collect();
        let first_own = (actions.len(), resources.len());
        let service = service(resource.arn);
        actions.extend([action("s3:*object*"), action("s3:*bucket*")]);
        actions.push(action("s3:*multipartupload*"));
        actions.extend(asked.iter().map(|text| action(text)));
        resources.push(literal(resource.arn));
        let asked = first_own.0 + OWN_ACTIONS;
        let mut actions = atoms(&[action(&format!("{service}:?*"))], &actions, budget)?;
        actions.retain(|atom| atom.matched[asked..].contains(&true));
        Some(Self {
            actions,
            resources: atoms(&contents(resource.arn, service), &resources, budget)?,
            statements,
            patterns: resources,
            first_own,
            is_s3: service == "s3",
        })
    }

    pub(super) fn targets(&self) -> impl Iterator<Item = Target> {
        let actions = 0..self.actions.len();
        let all = actions.flat_map(|action| {
            (0..self.resources.len()).map(move |resource| Target { action, resource })
        });
        all.filter(|target| self.exists(target))
    }

    /// Whether the action can have the resource. In S3, actions of objects have objects, and others buckets. One whose
    /// name does not tell can have both.
    ///
    /// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
    fn exists(&self, target: &Target) -> bool {
        let own = &self.actions[target.action].matched[self.first_own.0..];
        let [is_object, is_bucket, is_upload, ..] = own else {
            return true;
        };
        let is_of_bucket = self.resources[target.resource].matched[self.first_own.1];
        match (is_object, is_bucket, is_upload) {
            _ if !self.is_s3 => true,
            (_, true, _) => is_of_bucket,
            (true, ..) | (.., true) => !is_of_bucket,
            _ => true,
        }
    }

    /// Whether the statement is about the action and the resource.
    pub(super) fn covers(&self, statement: usize, target: &Target) -> Truth {
        let span = &self.statements[statement];
        let (first, end) = span.actions;
        let action = &self.actions[target.action].matched[first..end];
        if action.contains(&true) == span.inverted {
            return Truth::False;
        }
        let Some((first, end)) = span.resources else {
            return Truth::True;
        };
        let matched = &self.resources[target.resource].matched[first..end];
        let each = matched.iter().zip(&self.patterns[first..end]);
        let each = each.map(|(matched, pattern)| match matched {
            // The caller chooses it.
            true if pattern.has_variable && span.allows => (!span.resources_inverted).into(),
            true if pattern.has_variable || pattern.is_incomplete => Truth::Unknown,
            matched => Truth::from(*matched),
        });
        match span.resources_inverted {
            true => Truth::any(each).not(),
            false => Truth::any(each),
        }
    }

    /// The patterns of a statement that match the action, as numbers.
    pub(super) fn patterns(&self, statement: usize, target: &Target) -> Vec<usize> {
        let span = &self.statements[statement];
        let (first, end) = span.actions;
        let matched = &self.actions[target.action].matched[first..end];
        let all = 0..matched.len();
        all.filter(|at| matched[*at] != span.inverted).collect()
    }
}

/// How many patterns of actions the scope has beside those that are asked for.
const OWN_ACTIONS: usize = 3;

fn literal(text: &str) -> Pattern {
    Pattern::plain(text, Syntax::Exact)
}

/// The service of a resource's actions.
fn service(arn: &str) -> &str {
    match arn.split(':').nth(2).unwrap_or_default() {
        // The policy of a role says who can assume it.
        "iam" => "sts",
        service => service,
    }
}

/// The resource, and what is in it.
fn contents(arn: &str, service: &str) -> Vec<Pattern> {
    let separator = match service {
        "s3" | "dynamodb" | "es" | "execute-api" => '/',
        // Versions and aliases, log streams.
        "lambda" | "logs" => ':',
        _ => return vec![literal(arn)],
    };
    let mut inside = literal(arn);
    inside.tokens.extend([Token::Char(separator), Token::Many]);
    vec![literal(arn), inside]
}
