//! PK01xx: names.

use crate::{Diagnostic, Diagnostics, Span, nearest};

/// Titles of the codes of this family.
pub(crate) const TITLES: &[(u16, &str)] = &[(101, "unknown name")];

impl Diagnostics {
    /// A name that nothing declares.
    pub fn unknown_name<'a>(
        &mut self,
        span: Span,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) {
        let diagnostic =
            Diagnostic::error(101, span, format!("`{name}` is not declared")).label("unknown name");
        self.push(match nearest(name, candidates) {
            Some(near) => diagnostic.help(format!("a name like it is `{near}`")).fix(
                format!("replace `{name}`"),
                span,
                near,
            ),
            None => diagnostic.help("every parameter, covariate, state and derived value must be declared"),
        });
    }
}
