//! A distribution called in a formula becomes an open quantity: one draw per run.

use super::compiler::{Compiler, Room, callable};
use super::draws::DrawLaw;
use crate::expression::{Context, Fault, MOST_ARGUMENTS, NodeId, Term, Tree, build};
use crate::uncertainty::{
    Argument, DISTRIBUTIONS, DistributionKind, LawFault, LawSketch, Takes, prepare,
};
use std::ops::Range;

/// The node of `name(arguments)`.
pub(super) fn call(
    compiler: &mut Compiler<'_>,
    name: &str,
    at: &Range<usize>,
    arguments: &[Tree],
) -> Result<NodeId, Vec<Fault>> {
    let Some(kind) = kind(name) else {
        let fault = Fault::new(
            at.clone(),
            format!("`{name}` is neither a function nor a distribution"),
            "unknown",
        );
        return Err(vec![fault.nearest(name, callable())]);
    };
    if compiler.room() == Room::Outcome {
        return Err(vec![
            Fault::new(
                at.clone(),
                format!("`{name}` cannot stand here"),
                "nothing is drawn when it is over",
            )
            .help("give it a name in [quantities]"),
        ]);
    }
    let whole = whole_range(at, arguments);
    check_count(kind, &whole, arguments.len())?;
    let mut uncertain = false;
    let mut nodes = Vec::new();
    let sketch = sketch(compiler, kind, arguments, &mut nodes, &mut uncertain)?;
    if uncertain {
        return open(compiler, kind, &whole, arguments, nodes);
    }
    let law = prepare(&sketch).map_err(|fault| vec![at_argument(fault, &whole, arguments)])?;
    let draw = compiler.next_draw();
    compiler.laws[draw as usize] = DrawLaw::Fixed(law);
    let anew = compiler.is_anew(draw);
    Ok(compiler.graph.draw(draw, anew))
}

/// Read arguments; numbers that depend on the world are noted in `uncertain` and stand as NaN.
fn sketch(
    compiler: &mut Compiler<'_>,
    kind: &'static DistributionKind,
    arguments: &[Tree],
    nodes: &mut Vec<NodeId>,
    uncertain: &mut bool,
) -> Result<LawSketch, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut written = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        let takes = kind.form(index).map_or(Takes::Number, |form| form.takes);
        match read(compiler, argument, takes, nodes, uncertain) {
            Ok(argument) => written.push(argument),
            Err(more) => faults.extend(more),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(LawSketch {
        kind,
        arguments: written,
    })
}

fn read(
    compiler: &mut Compiler<'_>,
    argument: &Tree,
    takes: Takes,
    nodes: &mut Vec<NodeId>,
    uncertain: &mut bool,
) -> Result<Argument, Vec<Fault>> {
    match (&argument.term, takes) {
        (Term::List(items), _) => {
            let mut values = Vec::new();
            for item in items {
                let id = build(item, compiler)?;
                values.push(plain(compiler, id, &item.range)?);
            }
            Ok(Argument::List(values))
        }
        (Term::Call(name, at, inner), Takes::Law) if kind(name).is_some() => {
            let Some(inner_kind) = kind(name) else {
                return Err(Vec::new());
            };
            check_count(inner_kind, &whole_range(at, inner), inner.len())?;
            let mut inner_uncertain = false;
            let sketch = sketch(
                compiler,
                inner_kind,
                inner,
                &mut Vec::new(),
                &mut inner_uncertain,
            )?;
            if inner_uncertain {
                return Err(vec![must_be_plain(&argument.range)]);
            }
            Ok(Argument::Law(Box::new(sketch)))
        }
        _ => {
            let id = build(argument, compiler)?;
            nodes.push(id);
            let needs = compiler.graph().needs(id);
            if let Some(value) = compiler.graph.known_value(id) {
                return Ok(Argument::Number(value));
            }
            if !needs.world_only() {
                return Err(vec![Fault::new(
                    argument.range.clone(),
                    "what is drawn cannot depend on the deal",
                    "expected numbers and quantities",
                )]);
            }
            *uncertain = true;
            Ok(Argument::Number(f64::NAN))
        }
    }
}

/// A distribution whose arguments are themselves uncertain.
fn open(
    compiler: &mut Compiler<'_>,
    kind: &'static DistributionKind,
    whole: &Range<usize>,
    arguments: &[Tree],
    nodes: Vec<NodeId>,
) -> Result<NodeId, Vec<Fault>> {
    if kind.instant.is_none() || nodes.len() != arguments.len() || nodes.len() > MOST_ARGUMENTS {
        return Err(vec![must_be_plain(whole)]);
    }
    let draw = compiler.next_draw();
    compiler.laws[draw as usize] = DrawLaw::Open;
    let law = compiler.kinds.len() as u32;
    compiler.kinds.push(kind);
    let anew = compiler.is_anew(draw);
    Ok(compiler.graph.quantile(law, draw, nodes, anew))
}

fn plain(compiler: &Compiler<'_>, id: NodeId, at: &Range<usize>) -> Result<f64, Vec<Fault>> {
    compiler
        .graph
        .known_value(id)
        .ok_or_else(|| vec![must_be_plain(at)])
}

fn must_be_plain(at: &Range<usize>) -> Fault {
    Fault::new(
        at.clone(),
        "an uncertain number cannot stand here",
        "expected plain numbers",
    )
}

fn kind(name: &str) -> Option<&'static DistributionKind> {
    DISTRIBUTIONS.iter().find(|d| d.kind.name == name).copied()
}

fn check_count(
    kind: &'static DistributionKind,
    whole: &Range<usize>,
    count: usize,
) -> Result<(), Vec<Fault>> {
    if kind.accepts(count) {
        return Ok(());
    }
    Err(vec![
        Fault::new(
            whole.clone(),
            format!("`{}` has the wrong number of arguments", kind.kind.name),
            format!("found {count}"),
        )
        .help(format!("write `{}`", kind.signature())),
    ])
}

fn whole_range(at: &Range<usize>, arguments: &[Tree]) -> Range<usize> {
    at.start..arguments.last().map_or(at.end, |last| last.range.end)
}

/// A fault of the law at the argument it concerns.
fn at_argument(fault: LawFault, whole: &Range<usize>, arguments: &[Tree]) -> Fault {
    let mut range = whole.clone();
    let mut level = arguments;
    for index in std::iter::once(fault.argument).chain(fault.within) {
        let Some(tree) = level.get(index) else { break };
        range = tree.range.clone();
        level = match &tree.term {
            Term::Call(_, _, inner) => inner,
            _ => &[],
        };
    }
    Fault::new(range, "this distribution cannot be", fault.message)
}
