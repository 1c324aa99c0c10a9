//! `PK08xx`: the line from text to module as a whole.

use crate::{Diagnostic, Diagnostics, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[
    (801, "text without a model"),
    (802, "several models and no choice"),
    (803, "unknown model"),
    (890, "mistake of the compiler"),
];

impl Diagnostics {
    /// A text that holds no model.
    pub fn no_model(&mut self) {
        self.push(Diagnostic::error_without_span(801, "the text holds no model"));
    }

    /// A text of several models where one is to be compiled.
    pub fn several_models(&mut self, names: &[&str]) {
        self.push(
            Diagnostic::error_without_span(802, format!("the text holds {} models", names.len()))
                .help(format!("choose one of {} with `--model`", quoted(names))),
        );
    }

    /// A choice of a model that the holder (a text, document or module) does not hold.
    pub fn unknown_model(&mut self, holder: &str, name: &str, names: &[&str]) {
        let near = nearest(name, names.iter().copied());
        let diagnostic = Diagnostic::error_without_span(803, format!("the {holder} holds no model `{name}`"));
        self.push(match near {
            Some(near) => diagnostic.help(format!("a name like it is `{near}`")),
            None => diagnostic.help(format!("it holds {}", quoted(names))),
        });
    }

    /// A rule of the intermediate representation that a model breaks although it passed analysis.
    pub fn compiler_mistake(&mut self, rule: &str) {
        self.push(
            Diagnostic::error_without_span(890, format!("the compiler contradicts itself: {rule}"))
                .help("this is a mistake of the compiler, not of the model; please report it with the model"),
        );
    }
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
