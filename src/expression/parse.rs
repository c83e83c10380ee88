//! Tokens to a tree, by precedence climbing.
//!
//! Loosest first: `if`, `given`, `or`, `and`, `not`, comparisons and `in`, `+ -`, `* /`, unary `-`, `^`.

use super::Fault;
use super::token::{Token, TokenKind, tokens};
use super::tree::{Term, Tree};
use std::ops::Range;

/// Deeper nesting than anyone writes by hand; keeps recursion off the end of the stack.
const DEEPEST: usize = 48;

/// Longest formula read, in bytes.
const LONGEST: usize = 20_000;

/// Read a formula.
pub fn parse(text: &str) -> Result<Tree, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(
            0..text.len(),
            "the formula is too long",
            format!("{} bytes; the limit is {LONGEST}", text.len()),
        )
        .help("name parts of it in [quantities]"));
    }
    if text.trim().is_empty() {
        return Err(Fault::new(
            0..text.len(),
            "the formula is empty",
            "expected a number or a formula",
        ));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let tree = parser.expression()?;
    match parser.peek().kind {
        TokenKind::End => Ok(tree),
        _ => Err(parser.unexpected("an operator or the end of the formula")),
    }
}

pub(super) struct Parser {
    pub tokens: Vec<Token>,
    pub next: usize,
    depth: usize,
}

/// Binding strengths of the left-associative infix operators.
const LEVELS: [&[&str]; 4] = [&["given"], &["or"], &["and"], &["+", "-"]];

impl Parser {
    fn expression(&mut self) -> Result<Tree, Fault> {
        self.deeper(|parser| {
            if parser.take_word("if").is_some() {
                let start = parser.tokens[parser.next - 1].range.start;
                let condition = parser.expression()?;
                parser.expect_word("then")?;
                let then = parser.expression()?;
                parser.expect_word("else")?;
                let otherwise = parser.expression()?;
                let range = start..otherwise.range.end;
                let term = Term::If(Box::new(condition), Box::new(then), Box::new(otherwise));
                return Ok(Tree { term, range });
            }
            parser.infix(0)
        })
    }

    /// `given`, `or`, `and`, then `not`; sums come after comparisons.
    fn infix(&mut self, level: usize) -> Result<Tree, Fault> {
        let tighter = |parser: &mut Parser| match level {
            2 => parser.negation(),
            3 => parser.product(),
            _ => parser.infix(level + 1),
        };
        let mut left = tighter(self)?;
        while let Some(operator) = self.take_any(LEVELS[level]) {
            let right = tighter(self)?;
            left = infix(operator, left, right);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Tree, Fault> {
        if let Some(range) = self.take_word("not") {
            let inner = self.deeper(Parser::negation)?;
            let range = range.start..inner.range.end;
            let term = Term::Prefix("not", Box::new(inner));
            return Ok(Tree { term, range });
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Tree, Fault> {
        const COMPARISONS: [&str; 6] = ["<=", ">=", "==", "!=", "<", ">"];
        let mut left = self.infix(3)?;
        if let Some(operator) = self.take_any(&COMPARISONS) {
            let right = self.infix(3)?;
            left = infix(operator, left, right);
            if self.take_any(&COMPARISONS).is_some() {
                self.next -= 1;
                return Err(self
                    .unexpected("one comparison at a time")
                    .help("join two comparisons with `and`: `0 < x and x < 1`"));
            }
        }
        if self.take_word("in").is_some() {
            let at = self.peek().range.clone();
            if self.peek().kind != TokenKind::Sign("[") {
                return Err(self
                    .unexpected("a list in square brackets")
                    .help("write `framing in [humanitarian, counterterrorism]`"));
            }
            let right = self.atom()?;
            let range = left.range.start..right.range.end.max(at.end);
            let term = Term::In(Box::new(left), Box::new(right));
            left = Tree { term, range };
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Tree, Fault> {
        let mut left = self.signed()?;
        while let Some(operator) = self.take_any(&["*", "/"]) {
            let right = self.signed()?;
            left = infix(operator, left, right);
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Tree, Fault> {
        let start = self.peek().range.start;
        if self.take_any(&["-"]).is_some() {
            let inner = self.deeper(Parser::signed)?;
            let range = start..inner.range.end;
            let term = Term::Prefix("-", Box::new(inner));
            return Ok(Tree { term, range });
        }
        if self.take_any(&["+"]).is_some() {
            return self.deeper(Parser::signed);
        }
        self.power()
    }

    fn power(&mut self) -> Result<Tree, Fault> {
        let base = self.atom()?;
        if self.take_any(&["^", "**"]).is_some() {
            let exponent = self.deeper(Parser::signed)?;
            return Ok(infix("^", base, exponent));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<Tree, Fault> {
        const WORDS: [&str; 8] = ["then", "else", "and", "or", "not", "in", "given", "if"];
        let token = self.peek().clone();
        match token.kind {
            TokenKind::Number(value) => {
                self.next += 1;
                Ok(Tree {
                    term: Term::Number(value),
                    range: token.range,
                })
            }
            TokenKind::Name(name) if !WORDS.contains(&name.as_str()) => {
                self.next += 1;
                if self.take_any(&["("]).is_none() {
                    return Ok(Tree {
                        term: Term::Name(name),
                        range: token.range,
                    });
                }
                let (arguments, end) = self.items(")", token.range.end)?;
                let call = Tree {
                    term: Term::Call(name, token.range.clone(), arguments),
                    range: token.range.start..end,
                };
                self.taken_in(call)
            }
            TokenKind::Sign("(") => {
                self.next += 1;
                let mut inner = self.expression()?;
                if self.take_any(&[")"]).is_none() {
                    return Err(self.unclosed(")", token.range.start));
                }
                inner.range = token.range.start..self.tokens[self.next - 1].range.end;
                Ok(inner)
            }
            TokenKind::Sign("[") => {
                self.next += 1;
                let (items, end) = self.items("]", token.range.start)?;
                Ok(Tree {
                    term: Term::List(items),
                    range: token.range.start..end,
                })
            }
            _ => Err(self.unexpected("a number, a name or an opening bracket")),
        }
    }

    /// Comma-separated expressions up to a closing bracket; also its end.
    fn items(&mut self, close: &'static str, open: usize) -> Result<(Vec<Tree>, usize), Fault> {
        let mut items = Vec::new();
        loop {
            if self.take_any(&[close]).is_some() {
                return Ok((items, self.tokens[self.next - 1].range.end));
            }
            items.push(self.expression()?);
            let end = self.peek().kind == TokenKind::End;
            if self.take_any(&[","]).is_none() && self.peek().kind != TokenKind::Sign(close) {
                return Err(if end {
                    self.unclosed(close, open)
                } else {
                    self.unexpected(if close == ")" {
                        "`,` or `)`"
                    } else {
                        "`,` or `]`"
                    })
                });
            }
        }
    }

    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Parser) -> Result<Tree, Fault>,
    ) -> Result<Tree, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::new(
                self.peek().range.clone(),
                "the formula is nested too deeply",
                format!("more than {DEEPEST} levels"),
            )
            .help("name parts of it in [quantities]"));
        }
        let tree = read(self);
        self.depth -= 1;
        tree
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next]
    }

    fn take_any(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        let found = signs.iter().copied().find(|sign| match &self.peek().kind {
            TokenKind::Sign(found) => found == sign,
            TokenKind::Name(found) => found == sign,
            _ => false,
        })?;
        self.next += 1;
        Some(found)
    }

    pub fn take_word(&mut self, word: &'static str) -> Option<Range<usize>> {
        self.take_any(&[word])?;
        Some(self.tokens[self.next - 1].range.clone())
    }

    fn expect_word(&mut self, word: &'static str) -> Result<(), Fault> {
        match self.take_word(word) {
            Some(_) => Ok(()),
            None => Err(self
                .unexpected(&format!("`{word}`"))
                .help("a choice is written `if condition then a else b`")),
        }
    }

    fn unclosed(&self, close: &str, open: usize) -> Fault {
        let fault = self.unexpected(&format!("`{close}`"));
        Fault {
            range: open..fault.range.end,
            message: format!("a bracket is not closed with `{close}`"),
            ..fault
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let token = self.peek();
        let found = match &token.kind {
            TokenKind::Number(value) => format!("the number {value}"),
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Sign(sign) => format!("`{sign}`"),
            TokenKind::End => "the end of the formula".to_string(),
        };
        let fault = Fault::new(
            token.range.clone(),
            format!("{found} cannot stand here"),
            format!("expected {expected}"),
        );
        match token.kind {
            TokenKind::Sign("=") => fault.help("compare with `==`"),
            TokenKind::Sign("%") => fault.help("write a share as a number: 0.05"),
            _ => fault,
        }
    }
}

fn infix(operator: &'static str, left: Tree, right: Tree) -> Tree {
    let range = left.range.start..right.range.end;
    let term = Term::Infix(operator, Box::new(left), Box::new(right));
    Tree { term, range }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets, so that precedence can be read.
    fn shape(text: &str) -> String {
        fn show(tree: &Tree) -> String {
            match &tree.term {
                Term::Number(value) => value.to_string(),
                Term::Name(name) => name.clone(),
                Term::List(items) => {
                    format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
                }
                Term::Prefix(operator, inner) => format!("({operator} {})", show(inner)),
                Term::Infix(operator, a, b) => format!("({operator} {} {})", show(a), show(b)),
                Term::In(a, b) => format!("(in {} {})", show(a), show(b)),
                Term::At(a, Some(n), _) => format!("(at {} {n})", show(a)),
                Term::At(a, None, _) => format!("(at {} end)", show(a)),
                Term::If(a, b, c) => format!("(if {} {} {})", show(a), show(b), show(c)),
                Term::Call(name, _, items) => {
                    format!(
                        "{name}({})",
                        items.iter().map(show).collect::<Vec<_>>().join(" ")
                    )
                }
            }
        }
        show(&parse(text).unwrap())
    }

    #[test]
    fn precedence_is_the_usual_one() {
        assert_eq!(shape("1 + 2 * 3"), "(+ 1 (* 2 3))");
        assert_eq!(shape("-2 ^ 2"), "(- (^ 2 2))");
        assert_eq!(shape("2 ^ -3 ^ 2"), "(^ 2 (- (^ 3 2)))");
        assert_eq!(shape("a - b - c"), "(- (- a b) c)");
        assert_eq!(
            shape("not a == 1 and b < 2 or c"),
            "(or (and (not (== a 1)) (< b 2)) c)"
        );
        assert_eq!(shape("if a then b else c + 1"), "(if a b (+ c 1))");
        assert_eq!(shape("x in [a, b] and y"), "(and (in x [a b]) y)");
        assert_eq!(
            shape("mean(x given deal) in surge < mean(x)"),
            "(< (in mean((given x deal)) surge) mean(x))"
        );
        assert_eq!(
            shape("abs(mean(x) in surge - 1) < 2"),
            "(< abs((- (in mean(x) surge) 1)) 2)"
        );
        assert_eq!(
            shape("mean(x) in surge at 1 - mean(x) at end"),
            "(- (at (in mean(x) surge) 1) (at mean(x) end))"
        );
        assert_eq!(
            shape("clamp(base + 0.25, 0, 1)"),
            "clamp((+ base 0.25) 0 1)"
        );
    }

    #[test]
    fn faults_point_at_the_token() {
        let fault = |text: &str| parse(text).unwrap_err();
        assert_eq!(fault("1 +").range, 3..3);
        assert_eq!(fault("(1 + 2").range, 0..6);
        assert_eq!(fault("a = 1").help.unwrap(), "compare with `==`");
        assert_eq!(fault("0 < x < 1").range, 6..7);
        assert_eq!(fault("if a then b").label, "expected `else`");
        assert_eq!(fault("f(1 2)").range, 4..5);
        assert!(parse(&"(".repeat(5000)).is_err());
        assert!(parse(&"-".repeat(5000)).is_err());
    }
}
