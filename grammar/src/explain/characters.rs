//! Characters that the language does not have.

use pmc_diagnostics::Diagnostics;

use super::site::Site;
use crate::terminal::Terminal;

/// What stands for a character, and what to say about it.
type Advice = (Option<&'static str>, &'static str);

/// Explains a character that is no token.
pub(super) fn unknown_character(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    if site.found() != Terminal::Invalid {
        return false;
    }
    let text = site.slice(site.span());
    let Some(character) = text.chars().next() else {
        return false;
    };
    if character == ';' {
        diagnostics.unexpected_text(site.span(), "`;`", site.expected_text());
        return true;
    }
    if character == '"' {
        diagnostics.string_never_closed(site.span());
        return true;
    }
    let (instead, advice) = advice(character);
    diagnostics.unknown_character(site.span(), text, instead, advice);
    true
}

fn advice(character: char) -> Advice {
    match character {
        '&' => (Some("&&"), "both of two conditions is `&&`"),
        '|' => (Some("||"), "one of two conditions is `||`"),
        '?' => (None, "a conditional value is written `if (c) a else b`"),
        '.' => (None, "names have no dots; join words by `_`"),
        '\'' | '“' | '”' | '„' | '‘' | '’' => {
            (None, "strings stand between straight double quotes")
        }
        '−' | '–' | '—' => (Some("-"), "the minus sign is the plain hyphen"),
        '×' | '·' | '⋅' => (Some("*"), "multiplication is `*`"),
        '÷' => (Some("/"), "division is `/`"),
        '≤' => (Some("<="), "at most is `<=`"),
        '≥' => (Some(">="), "at least is `>=`"),
        '≠' => (Some("!="), "not equal is `!=`"),
        '→' => (Some("->"), "a route leads to its state by `->`"),
        '²' => (Some("^2"), "a power is written `^`"),
        '³' => (Some("^3"), "a power is written `^`"),
        'µ' | 'μ' => (Some("u"), "micro is written `u` in units; names have letters without accents only"),
        _ if character.is_alphabetic() => {
            (None, "names have the letters a to z and A to Z, digits and `_`; comments may hold anything")
        }
        _ => (None, "remove it, or put it in a comment after `#`"),
    }
}
