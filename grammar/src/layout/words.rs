//! The contextual words: keywords only where they stand.

use super::frame::{Entries, FrameKind, Lead};
use crate::ast::{RouteKind, SectionKind, TargetKind};
use crate::terminal::{Declared, Terminal};
use crate::token::Token;

/// Words that no name can have.
pub(crate) const RESERVED: &[&str] = &["if", "else", "for", "in", "let", "true", "false"];

/// What follows a word, as far as its role depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Following {
    /// The next token, if it stands on the same line; else [`Token::End`].
    pub(super) next: Token,
    /// The token after the parenthesis that the next token opens; [`Token::End`] if there is none.
    pub(super) after_parenthesis: Token,
}

/// Returns the role of a word at the start of an item.
pub(super) fn item(word: &str, following: Following) -> Option<(Terminal<'static>, Lead)> {
    use Token::{Assign, OpenBrace, OpenParenthesis, Word};
    match following.next {
        Assign => assigned(word),
        OpenBrace => block(word),
        OpenParenthesis => parenthesised(word, following.after_parenthesis),
        Word if word == "eta" => Some((Terminal::Eta, Lead::Effects)),
        Word if word == "fun" => Some((Terminal::Fun, Lead::Plain)),
        Word if word == "option" => Some((Terminal::Option, Lead::Declarations)),
        Word => declare(word).map(|declared| (Terminal::Declare(declared), Lead::Declarations)),
        _ => None,
    }
    .or_else(|| event(word).filter(|_| starts_event(following.next)))
}

/// Returns the role of a word at the start of an item of a canonical model.
pub(super) fn model_item(word: &str, following: Following) -> Option<(Terminal<'static>, Lead)> {
    match (word, following.next) {
        ("kind", Token::Word) => Some((Terminal::Kind, Lead::Plain)),
        ("particles", next) if starts_value(next) => Some((Terminal::Particles, Lead::Plain)),
        _ => item(word, following),
    }
}

/// Returns the role of a word at the start of a statement inside a block.
pub(super) fn statement(word: &str, following: Following) -> Option<(Terminal<'static>, Lead)> {
    if following.next != Token::OpenParenthesis {
        return None;
    }
    target(word).map(|target| (Terminal::Target(target), Lead::Plain))
}

/// Returns the kind of route that a word names.
pub(super) fn route(word: &str) -> Option<RouteKind> {
    Some(match word {
        "bolus" => RouteKind::Bolus,
        "infusion" => RouteKind::Infusion,
        "dose" => RouteKind::Dose,
        _ => return None,
    })
}

/// Returns whether a word before `{` opens a block that only an item can open.
pub(super) fn opens_item_block(word: &str) -> bool {
    block(word).is_some()
}

/// Returns whether a word before a name starts a declaration.
pub(super) fn declares(word: &str) -> bool {
    matches!(word, "fun" | "eta" | "option") || declare(word).is_some()
}

fn assigned(word: &str) -> Option<(Terminal<'static>, Lead)> {
    Some(match word {
        "name" => (Terminal::Name, Lead::Plain),
        "kind" => (Terminal::Kind, Lead::Plain),
        "structure" => (Terminal::Structure, Lead::Plain),
        "particles" => (Terminal::Particles, Lead::Plain),
        "params" | "parameters" => (Terminal::List(Declared::Parameters), Lead::Names),
        "covariates" => (Terminal::List(Declared::Covariates), Lead::Names),
        "states" => (Terminal::List(Declared::States), Lead::Names),
        "derived" => (Terminal::Derived, Lead::Names),
        "outputs" => (Terminal::Outputs, Lead::Names),
        _ => return None,
    })
}

fn block(word: &str) -> Option<(Terminal<'static>, Lead)> {
    let section = |kind| (Terminal::Section(kind), Lead::Block(FrameKind::Statements));
    let entries =
        |declared| (Terminal::Block(declared), Lead::Block(FrameKind::Entries(Entries::Declarations)));
    Some(match word {
        "derive" => section(SectionKind::Derive),
        "dynamics" => section(SectionKind::Dynamics),
        "drift" => section(SectionKind::Drift),
        "diffusion" => section(SectionKind::Diffusion),
        "init" => section(SectionKind::Init),
        "outputs" => section(SectionKind::Outputs),
        "secondary" => section(SectionKind::Secondary),
        "parameters" => entries(Declared::Parameters),
        "covariates" => entries(Declared::Covariates),
        "states" => entries(Declared::States),
        "constants" => entries(Declared::Constants),
        "routes" => (Terminal::Routes, Lead::Block(FrameKind::Entries(Entries::Routes))),
        "analytical" => (Terminal::Analytical, Lead::Block(FrameKind::Entries(Entries::Structure))),
        _ => return None,
    })
}

fn parenthesised(word: &str, after: Token) -> Option<(Terminal<'static>, Lead)> {
    match word {
        "eta" if !is_assignment(after) => Some((Terminal::Eta, Lead::Effects)),
        "fun" if is_assignment(after) => Some((Terminal::Fun, Lead::Plain)),
        _ if !is_assignment(after) && route(word).is_some() => {
            route(word).map(|kind| (Terminal::Route(kind), Lead::Plain))
        }
        _ => target(word).map(|target| (Terminal::Target(target), Lead::Plain)),
    }
}

fn event(word: &str) -> Option<(Terminal<'static>, Lead)> {
    match word {
        "when" => Some((Terminal::When, Lead::Block(FrameKind::Statements))),
        "at" => Some((Terminal::At, Lead::Block(FrameKind::Statements))),
        "every" => Some((Terminal::Every, Lead::Every)),
        _ => None,
    }
}

fn declare(word: &str) -> Option<Declared> {
    Some(match word {
        "param" => Declared::Parameters,
        "cov" => Declared::Covariates,
        "state" => Declared::States,
        "array" => Declared::Arrays,
        "const" => Declared::Constants,
        "var" => Declared::Variables,
        _ => return None,
    })
}

fn target(word: &str) -> Option<TargetKind> {
    Some(match word {
        "dx" | "ddt" => TargetKind::Derivative,
        "noise" => TargetKind::Noise,
        "init" => TargetKind::Initial,
        "past" => TargetKind::Past,
        "out" => TargetKind::Output,
        "lag" => TargetKind::Lag,
        "fa" | "bioavailability" => TargetKind::Bioavailability,
        "rate" => TargetKind::Rate,
        "dur" => TargetKind::Duration,
        _ => return None,
    })
}

/// Returns whether a token after the target of a statement makes it an assignment.
pub(super) fn is_assignment(token: Token) -> bool {
    matches!(token, Token::Assign | Token::Accumulate | Token::Colon)
}

/// Returns whether a token after `at`, `every` or `when` makes it an event; `at[0] = …` is none.
fn starts_event(token: Token) -> bool {
    token == Token::OpenBrace || (starts_value(token) && token != Token::OpenBracket)
}

fn starts_value(token: Token) -> bool {
    use Token::{Minus, Not, Number, OpenBracket, OpenParenthesis, Plus, Word};
    matches!(token, Word | Number | OpenParenthesis | OpenBracket | Minus | Plus | Not)
}
