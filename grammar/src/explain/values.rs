//! Mistakes inside expressions.

use pmc_diagnostics::{Diagnostics, Span};

use super::site::Site;
use crate::terminal::Terminal;

const INFIX: &[Terminal<'static>] = &[
    Terminal::And,
    Terminal::Divide,
    Terminal::Equal,
    Terminal::Greater,
    Terminal::GreaterEqual,
    Terminal::Less,
    Terminal::LessEqual,
    Terminal::Minus,
    Terminal::NotEqual,
    Terminal::Or,
    Terminal::Plus,
    Terminal::Power,
    Terminal::Times,
];

/// Explains a conditional value without parentheses or without its second half.
pub(super) fn conditional(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    use Terminal::{
        CloseBrace, CloseBracket, CloseCondition, CloseParenthesis, Comma, Else, IfValue, Separator, Tilde,
        When,
    };
    let example = match site.previous() {
        Some(IfValue) => Some("if (c) a else b"),
        Some(When) => Some("when (c) { … }"),
        _ => None,
    };
    if let Some(example) = example {
        diagnostics.condition_without_parentheses(site.span(), &site.found_text(), example);
        return true;
    }
    let ends = matches!(
        site.found(),
        Separator | Comma | CloseBrace | CloseBracket | CloseCondition | CloseParenthesis | Else | Tilde
    );
    if !ends || !site.expected.allows("else value") {
        return false;
    }
    let conditional = site.last_before(|terminal| terminal == IfValue).unwrap_or(site.previous_span());
    let span = if site.found() == Separator { site.previous_span() } else { site.span() };
    diagnostics.else_missing(span, conditional);
    true
}

/// Explains something else, or nothing, where a value is expected.
pub(super) fn missing(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    if !site.expected.allows("number") {
        return false;
    }
    match site.found() {
        Terminal::Text(_) => diagnostics.string_in_expression(site.span()),
        Terminal::OpenInline if site.previous() != Some(Terminal::In) => {
            diagnostics.list_in_braces(site.span());
        }
        Terminal::Else | Terminal::ElseValue => diagnostics.else_without_if(site.span()),
        found => {
            let previous = site.slice(site.previous_span());
            let between = INFIX.contains(&found) || site.previous() == Some(Terminal::OpenParenthesis);
            let ends = found == Terminal::Separator;
            let (span, place) = match ends {
                true => (site.previous_span(), format!("after `{previous}`")),
                false if between => (site.span(), format!("between `{previous}` and {}", site.found_text())),
                false => (site.span(), format!("after `{previous}`, before {}", site.found_text())),
            };
            diagnostics.value_missing(span, &place);
        }
    }
    true
}

/// Explains what cannot follow a value.
pub(super) fn after_value(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    if !site.is_after_value() {
        return false;
    }
    match site.found() {
        Terminal::Assign if site.is_in_condition() => diagnostics.assignment_in_expression(site.span()),
        Terminal::Assign | Terminal::Accumulate => {
            diagnostics.second_assignment(site.span(), site.slice(site.span()));
        }
        Terminal::Percent => {
            let expected = "an operator (the remainder of a division is `mod(a, b)`)";
            diagnostics.unexpected_text(site.span(), "`%`", Some(expected));
        }
        Terminal::Else | Terminal::ElseValue => diagnostics.else_without_if(site.span()),
        Terminal::Text(_) => diagnostics.string_in_expression(site.span()),
        _ if site.found_starts_value() => {
            let between = Span::new(site.previous_span().start, site.span().end);
            let (before, after) = (site.slice(site.previous_span()), site.slice(site.span()));
            let plain = |terminal| matches!(terminal, Terminal::Word(_) | Terminal::Number(..));
            let product = (site.previous().is_some_and(plain) && plain(site.found()))
                .then(|| format!("{before} * {after}"));
            diagnostics.operator_missing(between, before, after, product.as_deref());
        }
        _ => return false,
    }
    true
}
