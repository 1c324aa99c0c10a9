//! Mistakes in how statements and declarations start and go on.

use pmc_diagnostics::{Diagnostics, Span, nearest};

use super::site::Site;
use crate::terminal::Terminal;

const SECTIONS: &[&str] = &[
    "derive",
    "dynamics",
    "drift",
    "diffusion",
    "init",
    "outputs",
    "secondary",
    "parameters",
    "covariates",
    "states",
    "constants",
    "routes",
    "analytical",
];

const TARGETS: &[&str] = &["ddt", "dx", "noise", "init", "past", "out", "lag", "fa", "rate", "dur"];

const DECLARATIONS: &[&str] =
    &["param", "cov", "state", "array", "const", "var", "fun", "eta", "option", "when", "at", "every"];

const ASSIGNED: &[&str] = &[
    "name",
    "kind",
    "structure",
    "particles",
    "params",
    "parameters",
    "covariates",
    "states",
    "derived",
    "outputs",
];

/// Explains what cannot start a statement.
pub(super) fn at_start(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    use Terminal::{Boolean, Else, ElseValue, In, Number};
    if site.previous().is_some() {
        return false;
    }
    let followed_by = |wanted| site.next().is_some_and(|(_, terminal, _)| terminal == wanted);
    match site.found() {
        Else | ElseValue => diagnostics.else_without_if(site.span()),
        Boolean(_) | In => diagnostics.reserved_word(site.span(), site.slice(site.span())),
        Number(_, number) if followed_by(Terminal::Arrow) => {
            diagnostics.number_as_label(site.span(), number, &format!("input_{number}"));
        }
        Number(_, number)
            if followed_by(Terminal::Assign) && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            diagnostics.number_as_label(site.span(), number, &format!("outeq_{number}"));
        }
        _ => {
            let expected = match site.expected {
                expected if expected.allows("model") => "`model name { … }`",
                expected if expected.allows("if") => "a statement",
                expected if expected.allows("structure") => "`structure = …`",
                _ => "a name",
            };
            diagnostics.unexpected_text(site.span(), &site.found_text(), Some(expected));
        }
    }
    true
}

/// Explains an assignment written otherwise than `=` or `+=`.
pub(super) fn assignment(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    if !site.expected.allows("=") || site.expected.allows("==") {
        return false;
    }
    if site.found() == Terminal::Equal {
        diagnostics.equality_as_assignment(site.span());
        return true;
    }
    let Some((next_start, next, next_end)) = site.next() else {
        return false;
    };
    let adjacent = next_start == site.span().end;
    let operator =
        matches!(site.found(), Terminal::Minus | Terminal::Times | Terminal::Divide | Terminal::Power);
    let head = site.head_text();
    let span = Span::new(site.span().start, next_end);
    match (site.found(), next) {
        (Terminal::Less, Terminal::Minus) if adjacent => {
            diagnostics.foreign_assignment(span, "<-", &format!("{head} = …"));
        }
        (_, Terminal::Assign) if adjacent && operator => {
            let symbol = site.slice(site.span());
            let instead = format!("{head} = {head} {symbol} …");
            diagnostics.foreign_assignment(span, site.slice(span), &instead);
        }
        _ => return false,
    }
    true
}

/// Explains a statement whose first word is no keyword and is not assigned to.
pub(super) fn after_word(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    let (Some(Terminal::Word(word)), true) = (site.previous(), site.is_second()) else {
        return false;
    };
    let span = site.previous_span();
    match site.found() {
        _ if site.expected.allows("->") => return false,
        Terminal::Separator if site.expected.allows("=") => diagnostics.incomplete_statement(span, word),
        Terminal::OpenBlock => diagnostics.unknown_keyword(span, word, "a block", SECTIONS.iter().copied()),
        Terminal::Word(_) | Terminal::Number(..) if ASSIGNED.contains(&word) => {
            diagnostics.equals_missing(site.span(), &site.found_text(), word);
        }
        Terminal::Word(_) if ASSIGNED.iter().any(|keyword| nearest(word, [*keyword]).is_some()) => {
            diagnostics.unknown_keyword(span, word, "a declaration", ASSIGNED.iter().copied());
        }
        Terminal::Word(_) => {
            diagnostics.unknown_keyword(span, word, "a declaration", DECLARATIONS.iter().copied());
        }
        _ => return false,
    }
    true
}

/// Explains what goes wrong between a keyword and the `=` of its statement.
pub(super) fn in_head(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    use Terminal::{Eta, For, Fun, Target, Word};
    let (found, expected) = (site.found_text(), site.expected);
    let in_value = expected.allows("==");
    match (site.lead(), site.found()) {
        (Some(Fun | Eta), Word(word)) if expected.allows(",") && !in_value => {
            let end = site.previous_span().end;
            diagnostics.comma_missing(Span::new(end, end), site.span(), word);
        }
        (Some(Target(_) | Fun | Eta), _) if expected.allows(")") && !in_value => {
            diagnostics.unexpected_text(site.span(), &found, Some("`)`"));
        }
        (Some(Eta), _) if expected.allows("~") => {
            diagnostics.unexpected_text(site.span(), &found, Some("`~`"));
        }
        (Some(For), _) if expected.allows("in") => {
            diagnostics.unexpected_text(site.span(), &found, Some("`in`"));
        }
        _ => return false,
    }
    true
}

/// Explains a statement that lacks what must follow its beginning.
pub(super) fn after_head(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    use Terminal::{Accumulate, Assign, CloseParenthesis, List, OpenParenthesis, Word};
    let (found, expected) = (site.found_text(), site.expected);
    let in_value = expected.allows("==");
    let after_call = site.previous() == Some(CloseParenthesis) && site.second() == Some(OpenParenthesis);
    match (site.lead(), site.found()) {
        (_, Assign) if site.is_in_condition() => diagnostics.assignment_in_expression(site.span()),
        _ if expected.allows("->") => {
            let before = site.span().start;
            let insertion = matches!(site.found(), Word(_)).then_some(Span::new(before, before));
            diagnostics.arrow_missing(site.span(), &found, insertion);
        }
        _ if expected.allows("{") && block_keyword(site).is_some() => {
            let keyword = block_keyword(site).unwrap_or(site.previous_span());
            diagnostics.block_missing(site.span(), &found, site.slice(keyword), keyword);
        }
        (Some(Word(word)), Assign | Accumulate) if after_call => {
            diagnostics.unknown_target(site.start_span(), word, TARGETS.iter().copied());
        }
        (Some(List(_)), _) if expected.allows(",") => {
            diagnostics.unexpected_text(site.span(), &found, Some("`,` or the end of the list"));
        }
        _ if expected.allows("@") && !after_declared_name(site) => {
            diagnostics.unexpected_text(site.span(), &found, Some("`,` or the end of the declaration"));
        }
        _ if expected.allows("=") && !in_value => {
            diagnostics.equals_missing(site.span(), &found, site.head_text());
        }
        _ if expected.allows("(") && !in_value => {
            diagnostics.arguments_missing(site.span(), &found, site.slice(site.previous_span()));
        }
        _ => return false,
    }
    true
}

fn after_declared_name(site: &Site<'_, '_>) -> bool {
    let named = matches!(site.before(1), Some(Terminal::Word(_)));
    named && !matches!(site.before(2), Some(Terminal::Annotation | Terminal::Divide | Terminal::Times))
}

fn block_keyword(site: &Site<'_, '_>) -> Option<Span> {
    use Terminal::{At, Block, Else, Every, For, If, Model, Routes, Section, When};
    site.last_before(|terminal| {
        matches!(terminal, At | Block(_) | Else | Every | For | If | Model | Routes | Section(_) | When)
    })
}
