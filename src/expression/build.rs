//! A tree to a node: names are looked up, levels find their issue, every function its operation.

use super::function::{FUNCTIONS, Meaning};
use super::tree::{Term, Tree};
use super::{Fault, Graph, NodeId, Operation};
use std::ops::Range;

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Referent {
    /// A number.
    Number(NodeId),
    /// The issue of this index.
    Issue(usize),
}

/// How an issue reads in formulas.
#[derive(Debug, Clone)]
pub struct IssueWords {
    /// The names of its levels; empty for a numeric issue.
    pub labels: Vec<String>,
    /// Whether the levels have an order.
    pub ordered: bool,
}

/// What surrounds a formula: the names it may use, and the graph it is built into.
pub trait Context {
    /// The graph formulas are built into.
    fn graph(&mut self) -> &mut Graph;
    /// What a name stands for, or what is wrong with it.
    fn referent(&mut self, name: &str, at: &Range<usize>) -> Result<Referent, Fault>;
    /// How issue number `issue` reads, and its name.
    fn issue(&self, issue: usize) -> (&str, &IssueWords);
    /// A call that is no function: a distribution, or a fault that names the nearest right one.
    fn distribution(
        &mut self,
        name: &str,
        at: &Range<usize>,
        arguments: &[Tree],
    ) -> Result<NodeId, Vec<Fault>>;
}

/// Build a formula; every fault in it is reported.
pub fn build(tree: &Tree, context: &mut dyn Context) -> Result<NodeId, Vec<Fault>> {
    match value(tree, context)? {
        Value::Number(id) => Ok(id),
        Value::Level(issue) => ordered_number(issue, tree, context),
    }
}

/// What a part of a formula yields.
enum Value {
    Number(NodeId),
    /// An issue whose values are level names.
    Level(usize),
}

fn value(tree: &Tree, context: &mut dyn Context) -> Result<Value, Vec<Fault>> {
    let id = match &tree.term {
        Term::Number(value) => context.graph().constant(*value),
        Term::Name(name) => match name.as_str() {
            "true" => context.graph().constant(1.0),
            "false" => context.graph().constant(0.0),
            _ => match context.referent(name, &tree.range).map_err(one)? {
                Referent::Number(id) => id,
                Referent::Issue(issue) if context.issue(issue).1.labels.is_empty() => {
                    context.graph().issue(issue)
                }
                Referent::Issue(issue) => return Ok(Value::Level(issue)),
            },
        },
        Term::List(_) => {
            return Err(one(Fault::new(
                tree.range.clone(),
                "a list cannot stand here",
                "expected a number",
            )
            .help(
                "lists stand after `in`, or in `discrete([..], [..])` and `empirical([..])`",
            )));
        }
        Term::Prefix(operator, inner) => {
            let inner = build(inner, context)?;
            let operation = match *operator {
                "-" => Operation::Negate,
                _ => Operation::Not,
            };
            context.graph().unary(operation, inner)
        }
        Term::Infix("given", ..) => {
            return Err(one(Fault::new(
                tree.range.clone(),
                "`given` belongs to claims",
                "not inside an aggregate",
            )
            .help("write it inside an aggregate: `mean(x given deal)`")));
        }
        Term::Infix(operator, left, right) => match comparison(operator) {
            Some((operation, swap)) => compare(operation, swap, left, right, context)?,
            None => {
                let (left, right) = both(build(left, context), || build(right, context))?;
                context.graph().binary(arithmetic(operator), left, right)
            }
        },
        Term::In(left, right) => membership(left, right, context)?,
        Term::At(_, _, at) => {
            return Err(one(Fault::new(
                at.clone(),
                "naming a session belongs to claims",
                "not inside an aggregate",
            )
            .help("write it after an aggregate: `mean(x) at 1`")));
        }
        Term::If(condition, then, otherwise) => {
            let (condition, rest) = both(build(condition, context), || {
                both(build(then, context), || build(otherwise, context))
            })?;
            context.graph().select(condition, rest.0, rest.1)
        }
        Term::Call(name, at, arguments) => call(name, at, tree, arguments, context)?,
    };
    Ok(Value::Number(id))
}

fn call(
    name: &str,
    at: &Range<usize>,
    tree: &Tree,
    arguments: &[Tree],
    context: &mut dyn Context,
) -> Result<NodeId, Vec<Fault>> {
    let Some(function) = FUNCTIONS.iter().find(|f| f.kind.name == name) else {
        return context.distribution(name, at, arguments);
    };
    let (fewest, most) = function.arguments;
    if !(fewest..=most).contains(&arguments.len()) {
        let expected = match (fewest, most) {
            (a, b) if a == b => format!("expected {a}"),
            (a, _) => format!("expected at least {a}"),
        };
        return Err(one(Fault::new(
            tree.range.clone(),
            format!("`{name}` has the wrong number of arguments"),
            format!("{expected}, found {}", arguments.len()),
        )
        .help(format!("write `{}`", function.usage))));
    }
    let mut nodes = Vec::with_capacity(arguments.len());
    let mut faults = Vec::new();
    for argument in arguments {
        match build(argument, context) {
            Ok(id) => nodes.push(id),
            Err(more) => faults.extend(more),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let graph = context.graph();
    Ok(match function.meaning {
        Meaning::Clamp => {
            let raised = graph.binary(Operation::Max, nodes[0], nodes[1]);
            graph.binary(Operation::Min, raised, nodes[2])
        }
        Meaning::Fold(operation) if nodes.len() == 1 => graph.unary(operation, nodes[0]),
        Meaning::Fold(operation) => {
            let first = nodes[0];
            nodes[1..]
                .iter()
                .fold(first, |so_far, node| graph.binary(operation, so_far, *node))
        }
    })
}

/// A comparison; a level name is read on the scale of the issue on the other side.
fn compare(
    operation: Operation,
    swap: bool,
    left: &Tree,
    right: &Tree,
    context: &mut dyn Context,
) -> Result<NodeId, Vec<Fault>> {
    let (a, b) = if let Some(issue) = named_issue(left, context) {
        (
            level_issue(issue, operation, left, context)?,
            level(issue, right, context)?,
        )
    } else if let Some(issue) = named_issue(right, context) {
        let a = level(issue, left, context)?;
        (a, level_issue(issue, operation, right, context)?)
    } else {
        both(build(left, context), || build(right, context))?
    };
    let (a, b) = if swap { (b, a) } else { (a, b) };
    Ok(context.graph().binary(operation, a, b))
}

fn membership(left: &Tree, right: &Tree, context: &mut dyn Context) -> Result<NodeId, Vec<Fault>> {
    let Term::List(items) = &right.term else {
        return Err(one(Fault::new(
            right.range.clone(),
            "naming a variant belongs to claims",
            "not inside an aggregate",
        )));
    };
    let mut any = context.graph().constant(0.0);
    let mut faults = Vec::new();
    for item in items {
        match compare(Operation::Equal, false, left, item, context) {
            Ok(equal) => any = context.graph().binary(Operation::Or, any, equal),
            Err(more) => {
                more.into_iter().for_each(|fault| {
                    if !faults.contains(&fault) {
                        faults.push(fault);
                    }
                });
            }
        }
    }
    if faults.is_empty() {
        Ok(any)
    } else {
        Err(faults)
    }
}

/// The issue a tree names, if it names one whose values are level names.
fn named_issue(tree: &Tree, context: &mut dyn Context) -> Option<usize> {
    let Term::Name(name) = &tree.term else {
        return None;
    };
    match context.referent(name, &tree.range) {
        Ok(Referent::Issue(issue)) if !context.issue(issue).1.labels.is_empty() => Some(issue),
        _ => None,
    }
}

/// The issue itself as one side of a comparison.
fn level_issue(
    issue: usize,
    operation: Operation,
    tree: &Tree,
    context: &mut dyn Context,
) -> Result<NodeId, Vec<Fault>> {
    let (name, words) = context.issue(issue);
    if !words.ordered && matches!(operation, Operation::Less | Operation::AtMost) {
        let message = format!("the options of `{name}` have no order");
        return Err(one(Fault::new(
            tree.range.clone(),
            message,
            "expected `==`, `!=` or `in`",
        )
        .help("list them as `levels`, lowest first, if they have one")));
    }
    Ok(context.graph().issue(issue))
}

/// The other side: a level of that issue, or any number (the index of a level).
fn level(issue: usize, tree: &Tree, context: &mut dyn Context) -> Result<NodeId, Vec<Fault>> {
    if let Term::Name(name) = &tree.term {
        let (issue_name, words) = context.issue(issue);
        if let Some(index) = words.labels.iter().position(|label| label == name) {
            return Ok(context.graph().constant(index as f64));
        }
        let fault = Fault::new(
            tree.range.clone(),
            format!("`{name}` is not a level of `{issue_name}`"),
            format!("expected one of {}", words.labels.join(", ")),
        )
        .nearest(name, words.labels.iter().map(String::as_str));
        return match context.referent(name, &tree.range) {
            // Two issues compare only if they have the same levels.
            Ok(Referent::Issue(other))
                if context.issue(other).1.labels == context.issue(issue).1.labels =>
            {
                Ok(context.graph().issue(other))
            }
            Ok(Referent::Number(id)) => Ok(id),
            _ => Err(one(fault)),
        };
    }
    build(tree, context)
}

/// An ordered issue read as a number: the index of its level.
fn ordered_number(
    issue: usize,
    tree: &Tree,
    context: &mut dyn Context,
) -> Result<NodeId, Vec<Fault>> {
    let (name, words) = context.issue(issue);
    if words.ordered {
        return Ok(context.graph().issue(issue));
    }
    let message = format!("the options of `{name}` are not numbers");
    Err(one(Fault::new(
        tree.range.clone(),
        message,
        "expected a number",
    )
    .help(format!(
        "ask which it is: `{name} == {}`",
        words.labels.first().map_or("", |l| l)
    ))))
}

fn comparison(operator: &str) -> Option<(Operation, bool)> {
    Some(match operator {
        "<" => (Operation::Less, false),
        ">" => (Operation::Less, true),
        "<=" => (Operation::AtMost, false),
        ">=" => (Operation::AtMost, true),
        "==" => (Operation::Equal, false),
        "!=" => (Operation::Unequal, false),
        _ => return None,
    })
}

fn arithmetic(operator: &str) -> Operation {
    match operator {
        "+" => Operation::Add,
        "-" => Operation::Subtract,
        "*" => Operation::Multiply,
        "/" => Operation::Divide,
        "^" => Operation::Power,
        "and" => Operation::And,
        _ => Operation::Or,
    }
}

fn both<A, B>(
    a: Result<A, Vec<Fault>>,
    b: impl FnOnce() -> Result<B, Vec<Fault>>,
) -> Result<(A, B), Vec<Fault>> {
    match (a, b()) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(mut a), Err(b)) => {
            a.extend(b);
            Err(a)
        }
        (Err(faults), _) | (_, Err(faults)) => Err(faults),
    }
}

fn one(fault: Fault) -> Vec<Fault> {
    vec![fault]
}
