//! Something else where a name is expected.

use pmc_diagnostics::Diagnostics;

use super::site::Site;
use crate::ast::TargetKind;
use crate::terminal::Terminal;

/// Explains a reserved word where a name or a value is expected.
pub(super) fn reserved_word(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    use Terminal::{Accumulate, Assign, Boolean, Else, ElseValue, For, If, IfValue, In, Let};
    let reserved =
        |terminal| matches!(terminal, Boolean(_) | Else | ElseValue | For | If | IfValue | In | Let);
    let assigned = matches!(site.found(), Assign | Accumulate);
    if assigned && site.is_second() && site.previous().is_some_and(reserved) {
        let span = site.previous_span();
        diagnostics.reserved_word(span, site.slice(span));
        return true;
    }
    if !reserved(site.found()) || !(site.expected.allows("word") || site.expected.allows("number")) {
        return false;
    }
    if matches!(site.found(), Else | ElseValue) && !wants_name(site) {
        return false;
    }
    diagnostics.reserved_word(site.span(), site.slice(site.span()));
    true
}

/// Explains a number in the place of the label of a route or an output.
pub(super) fn label(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    let Terminal::Number(_, number) = site.found() else {
        return false;
    };
    if !wants_name(site) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let Some(prefix) = label_prefix(site) else {
        return false;
    };
    diagnostics.number_as_label(site.span(), number, &format!("{prefix}_{number}"));
    true
}

fn label_prefix(site: &Site<'_, '_>) -> Option<&'static str> {
    use TargetKind::{Bioavailability, Duration, Lag, Output, Rate};
    match (site.before(1)?, site.before(2)) {
        (Terminal::Route(_), _) | (Terminal::OpenParenthesis, Some(Terminal::Route(_))) => Some("input"),
        (Terminal::OpenParenthesis, Some(Terminal::Target(Lag | Bioavailability | Rate | Duration))) => {
            Some("input")
        }
        (Terminal::OpenParenthesis, Some(Terminal::Target(Output))) => Some("outeq"),
        _ if site.lead() == Some(Terminal::Outputs) => Some("outeq"),
        _ => None,
    }
}

/// Explains what is no unit.
pub(super) fn unit(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    if site.previous() == Some(Terminal::Power) && !site.expected.allows("word") {
        diagnostics.unexpected_text(site.span(), &site.found_text(), Some("a number"));
        return true;
    }
    if !site.expected.allows("%") {
        return false;
    }
    let span = site.previous_span().to(site.span());
    if site.slice(span) == ":=" {
        diagnostics.foreign_assignment(span, site.slice(span), "name = …");
        return true;
    }
    diagnostics.unexpected_text(site.span(), &site.found_text(), Some("a unit such as `mg/L`"));
    true
}

/// Explains what is no name.
pub(super) fn name(site: &Site<'_, '_>, diagnostics: &mut Diagnostics) -> bool {
    if !wants_name(site) {
        return false;
    }
    diagnostics.name_missing(site.span(), &site.found_text(), what(site));
    true
}

fn wants_name(site: &Site<'_, '_>) -> bool {
    site.expected.allows("word") && !site.expected.allows("number")
}

fn what(site: &Site<'_, '_>) -> &'static str {
    use TargetKind::{Derivative, Initial, Noise, Past};
    match (site.before(1), site.before(2)) {
        (Some(Terminal::Annotation), _) => "an annotation such as `@log`",
        (Some(Terminal::Arrow), _) => "the state that the dose enters",
        (Some(Terminal::Tilde), _) if site.lead() == Some(Terminal::Eta) => {
            "a distribution such as `sd(0.3)`"
        }
        (Some(Terminal::Tilde), _) => "an error model such as `proportional(0.1)`",
        (Some(Terminal::Model), _) | (Some(Terminal::Assign), Some(Terminal::Name)) => {
            "the name of the model"
        }
        (Some(Terminal::Assign), Some(Terminal::Kind)) | (Some(Terminal::Kind), _) => {
            "`ode`, `analytical` or `sde`"
        }
        (Some(Terminal::Assign), Some(Terminal::Structure)) => "the name of a closed form",
        (Some(Terminal::Fun), _) => "the name of the function",
        (Some(Terminal::Route(_)), _) => "a label, as in `bolus oral -> depot`",
        (Some(Terminal::Per), _) => "the covariate that numbers the occasions",
        (Some(Terminal::OpenParenthesis), Some(Terminal::Target(Derivative | Initial | Noise | Past))) => {
            "the name of a state"
        }
        _ => "a name",
    }
}
