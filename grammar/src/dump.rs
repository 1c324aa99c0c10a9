//! A syntax tree as readable text, one node a line, for snapshots and `--emit ast`.

use crate::ast::{
    Argument, Assign, Attribute, AttributeKind, Declaration, Expr, ExprKind, File, Function, Item, ItemKind,
    Model, Name, Place, RandomEffects, Route, Spelling, Statement, StatementKind, Target, Unit,
};
use crate::words::{self, write_formatted};

/// Writes the tree as indented lists in parentheses, without places.
///
/// Declarations and statements take a line each, expressions one list: `(= cp (/ central v))`.
pub fn dump(file: &File) -> String {
    let spelling = match file.spelling {
        Spelling::Authoring => "authoring",
        Spelling::Canonical => "canonical",
    };
    let mut out = Lines { text: String::new(), depth: 0 };
    out.line(&format!("({spelling}"));
    for model in &file.models {
        out.nested(|out| write_model(out, model));
    }
    out.close();
    out.text.push('\n');
    out.text
}

/// Lines of text with a current indentation.
struct Lines {
    text: String,
    depth: usize,
}

impl Lines {
    fn line(&mut self, content: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&"  ".repeat(self.depth));
        self.text.push_str(content);
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn close(&mut self) {
        self.text.push(')');
    }
}

fn write_model(out: &mut Lines, model: &Model) {
    match &model.name {
        Some(name) => out.line(&format!("(model {}", name.text)),
        None => out.line("(model"),
    }
    for item in &model.items {
        out.nested(|out| write_item(out, item));
    }
    out.close();
}

fn write_item(out: &mut Lines, item: &Item) {
    match &item.kind {
        ItemKind::Name(name) => out.line(&format!("(name {:?})", name.text)),
        ItemKind::Kind(name) => out.line(&format!("(kind {})", name.text)),
        ItemKind::Structure(name) => out.line(&format!("(structure {})", name.text)),
        ItemKind::Particles(count) => out.line(&format!("(particles {})", expression(count))),
        ItemKind::Parameters(list) => write_declarations(out, "parameters", list),
        ItemKind::Covariates(list) => write_declarations(out, "covariates", list),
        ItemKind::States(list) => write_declarations(out, "states", list),
        ItemKind::Arrays(list) => write_declarations(out, "arrays", list),
        ItemKind::Constants(list) => write_declarations(out, "constants", list),
        ItemKind::Variables(list) => write_declarations(out, "variables", list),
        ItemKind::Derived(list) => out.line(&format!("(derived {})", names(list))),
        ItemKind::Outputs(list) => out.line(&format!("(outputs {})", names(list))),
        ItemKind::Function(function) => write_function(out, function),
        ItemKind::RandomEffects(effects) => write_random_effects(out, effects),
        ItemKind::Options(settings) => {
            let settings: Vec<_> = settings
                .iter()
                .map(|setting| format!("({} {})", setting.name.text, expression(&setting.value)))
                .collect();
            out.line(&format!("(options {})", settings.join(" ")));
        }
        ItemKind::Route(route) => write_route(out, route),
        ItemKind::Statement(statement) => write_statement(out, statement),
        ItemKind::Section(section) => {
            let head = format!("(section {}", words::section_word(section.kind));
            write_block(out, &head, &section.statements);
        }
        ItemKind::When(when) => {
            write_block(out, &format!("(when {}", expression(&when.condition)), &when.body);
        }
        ItemKind::At(at) => {
            let variable = at.variable.as_ref().map(|name| format!(" ({} =)", name.text));
            let head = format!("(at{} {}", variable.unwrap_or_default(), expression(&at.time));
            write_block(out, &head, &at.body);
        }
        ItemKind::Every(every) => {
            let start = every.start.as_ref().map(|start| format!(" (from {})", expression(start)));
            let head = format!("(every {}{}", expression(&every.interval), start.unwrap_or_default());
            write_block(out, &head, &every.body);
        }
        ItemKind::Error => out.line("(error)"),
    }
}

fn write_declarations(out: &mut Lines, word: &str, declarations: &[Declaration]) {
    out.line(&format!("({word}"));
    for declaration in declarations {
        out.nested(|out| out.line(&declared(declaration)));
    }
    out.close();
}

fn declared(declaration: &Declaration) -> String {
    let mut text = format!("({}", declaration.name.text);
    if let Some(size) = &declaration.size {
        write_formatted(&mut text, format_args!(" (size {})", expression(size)));
    }
    if let Some(unit) = &declaration.unit {
        write_formatted(&mut text, format_args!(" {}", unit_list(unit)));
    }
    for attribute in &declaration.attributes {
        write_formatted(&mut text, format_args!(" {}", attribute_list(attribute)));
    }
    text.push(')');
    text
}

fn attribute_list(attribute: &Attribute) -> String {
    match &attribute.kind {
        AttributeKind::Default(value) => format!("(default {})", expression(value)),
        AttributeKind::Interval(low, high) => format!("(in {} {})", expression(low), expression(high)),
        AttributeKind::Set(values) => {
            let values: Vec<_> = values.iter().map(expression).collect();
            format!("(in-set {})", values.join(" "))
        }
        AttributeKind::Annotation(name) => format!("@{}", name.text),
        AttributeKind::Label(text) => format!("(label {text:?})"),
    }
}

fn unit_list(unit: &Unit) -> String {
    format!("(unit {})", words::unit_text(unit))
}

fn write_function(out: &mut Lines, function: &Function) {
    let head = format!("(function {} ({})", function.name.text, names(&function.parameters));
    out.line(&format!("{head} {})", expression(&function.body)));
}

fn write_random_effects(out: &mut Lines, effects: &RandomEffects) {
    let per = effects.per.as_ref().map(|per| format!(" (per {})", per.text)).unwrap_or_default();
    let distribution = call(&effects.distribution, &effects.arguments);
    out.line(&format!("(random-effects ({}) {distribution}{per})", names(&effects.names)));
}

fn write_route(out: &mut Lines, route: &Route) {
    let kind = route.kind.map_or("any", words::route_word);
    let mut text = format!("(route {kind} {} {}", route.label.text, place(&route.destination));
    for (name, value) in &route.properties {
        write_formatted(&mut text, format_args!(" ({} {})", name.text, expression(value)));
    }
    text.push(')');
    out.line(&text);
}

fn write_block(out: &mut Lines, head: &str, statements: &[Statement]) {
    out.line(head);
    for statement in statements {
        out.nested(|out| write_statement(out, statement));
    }
    out.close();
}

fn write_statement(out: &mut Lines, statement: &Statement) {
    match &statement.kind {
        StatementKind::Assign(assign) => out.line(&assignment(assign)),
        StatementKind::If { condition, then, otherwise } => {
            out.line(&format!("(if {}", expression(condition)));
            out.nested(|out| write_block(out, "(then", then));
            if !otherwise.is_empty() {
                out.nested(|out| write_block(out, "(else", otherwise));
            }
            out.close();
        }
        StatementKind::For { variable, from, to, body } => {
            let head = format!("(for {} {} {}", variable.text, expression(from), expression(to));
            write_block(out, &head, body);
        }
        StatementKind::Call { function, arguments } => out.line(&call(function, arguments)),
        StatementKind::Error => out.line("(error)"),
    }
}

fn assignment(assign: &Assign) -> String {
    let binding = if assign.binding { "let " } else { "" };
    let operator = if assign.accumulate { "+=" } else { "=" };
    let mut text = format!("({binding}{operator} {}", target(&assign.target));
    if let Some(unit) = &assign.unit {
        write_formatted(&mut text, format_args!(" {}", unit_list(unit)));
    }
    write_formatted(&mut text, format_args!(" {}", expression(&assign.value)));
    if let Some(model) = &assign.error_model {
        write_formatted(&mut text, format_args!(" (~ {})", call(&model.name, &model.arguments)));
    }
    text.push(')');
    text
}

fn target(target: &Target) -> String {
    match target {
        Target::Place(inner) => place(inner),
        Target::Call { function, place: inner, second, .. } => {
            let second = second.as_ref().map(|second| format!(" {}", second.text)).unwrap_or_default();
            format!("({} {}{second})", function.word(), place(inner))
        }
    }
}

fn place(place: &Place) -> String {
    match &place.index {
        Some(index) => format!("(index {} {})", place.name.text, expression(index)),
        None => place.name.text.clone(),
    }
}

fn expression(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Number { text, .. } => text.clone(),
        ExprKind::Boolean(value) => value.to_string(),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Index { base, index } => format!("(index {} {})", expression(base), expression(index)),
        ExprKind::Call { function, arguments } => call(function, arguments),
        ExprKind::Unary { operator, operand } => {
            format!("({} {})", words::unary_symbol(*operator), expression(operand))
        }
        ExprKind::Binary { operator, left, right, .. } => {
            format!("({} {} {})", words::binary_symbol(*operator), expression(left), expression(right))
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            format!("(if {} {} {})", expression(condition), expression(then), expression(otherwise))
        }
        ExprKind::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(expression).collect();
            format!("[{}]", elements.join(" "))
        }
        ExprKind::Parenthesised(inner) => format!("(group {})", expression(inner)),
        ExprKind::Error => "(error)".to_owned(),
    }
}

fn call(function: &Name, arguments: &[Argument]) -> String {
    let mut text = format!("(call {}", function.text);
    for argument in arguments {
        let value = expression(&argument.value);
        match &argument.name {
            Some(name) => write_formatted(&mut text, format_args!(" ({}: {value})", name.text)),
            None => write_formatted(&mut text, format_args!(" {value}")),
        }
    }
    text.push(')');
    text
}

fn names(names: &[Name]) -> String {
    let names: Vec<_> = names.iter().map(|name| name.text.as_str()).collect();
    names.join(" ")
}
