//! Where an aggregate of a claim is taken: `mean(x) in surge at 2`.

use super::Fault;
use super::parse::Parser;
use super::token::{Token, TokenKind};
use super::tree::{Term, Tree};

impl Parser {
    /// `mean(x) in surge at 2`: a claim's aggregate, the variant and the session it is taken in.
    pub fn taken_in(&mut self, call: Tree) -> Result<Tree, Fault> {
        let mut taken = call;
        loop {
            let Some(Token { kind, range }) = self.tokens.get(self.next + 1).cloned() else {
                return Ok(taken);
            };
            let start = taken.range.start;
            taken = match kind {
                TokenKind::Name(name) if self.take_word("in").is_some() => {
                    let variant = Tree {
                        term: Term::Name(name),
                        range: range.clone(),
                    };
                    Tree {
                        term: Term::In(Box::new(taken), Box::new(variant)),
                        range: start..range.end,
                    }
                }
                TokenKind::Name(name) if name == "end" && self.take_word("at").is_some() => Tree {
                    term: Term::At(Box::new(taken), None, range.clone()),
                    range: start..range.end,
                },
                TokenKind::Number(session) if self.take_word("at").is_some() => {
                    if !(session >= 1.0 && session.fract() == 0.0 && session <= 1e6) {
                        return Err(Fault::new(
                            range,
                            "this is not a session",
                            "expected a whole number from 1 on, or `end`",
                        ));
                    }
                    Tree {
                        term: Term::At(Box::new(taken), Some(session as u64), range.clone()),
                        range: start..range.end,
                    }
                }
                _ => return Ok(taken),
            };
            self.next += 1;
        }
    }
}
