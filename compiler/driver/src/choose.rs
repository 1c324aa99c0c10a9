//! Which model of a text is meant.

use pmc_diagnostics::Diagnostics;
use pmc_grammar::ast;

/// Returns the name of a model; models of the authoring spelling need not have one.
pub(crate) fn name(model: &ast::Model) -> &str {
    let stated = model.items.iter().find_map(|item| match &item.kind {
        ast::ItemKind::Name(name) => Some(name),
        _ => None,
    });
    model.name.as_ref().or(stated).map_or("", |name| name.text.as_str())
}

/// Returns the model of a given name, or the only one.
pub(crate) fn choose<'a>(
    file: &'a ast::File,
    wanted: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<&'a ast::Model> {
    let names: Vec<&str> = file.models.iter().map(name).collect();
    let chosen = match (wanted, file.models.as_slice()) {
        (_, []) => {
            diagnostics.no_model();
            return None;
        }
        (None, [only]) => return Some(only),
        (None, _) => {
            diagnostics.several_models(&names);
            return None;
        }
        (Some(wanted), models) => models.iter().find(|model| name(model) == wanted),
    };
    if let (None, Some(wanted)) = (chosen, wanted) {
        diagnostics.unknown_model("text", wanted, &names);
    }
    chosen
}
