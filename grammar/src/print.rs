//! A syntax tree as text that parses to the same tree.

use crate::ast::{
    Argument, Assign, Attribute, AttributeKind, Declaration, Expr, ExprKind, File, Item, ItemKind, Model,
    Name, Place, RandomEffects, Route, Spelling, Statement, StatementKind, Target,
};
use crate::words::{binary_symbol, route_word, section_word, unary_symbol, unit_text, write_formatted};

/// Writes a tree in its own spelling: parsing the text gives the same tree, places aside.
///
/// Comments and the layout of the original are lost. Of several words with one meaning the usual one is
/// written; values of conditionals always stand in braces. Error nodes become comments or `?`.
pub fn print(file: &File) -> String {
    let mut printer = Printer { text: String::new(), indentation: 0, spelling: file.spelling };
    for model in &file.models {
        printer.model(model);
    }
    printer.text
}

struct Printer {
    text: String,
    indentation: usize,
    spelling: Spelling,
}

impl Printer {
    fn line(&mut self, content: &str) {
        self.text.push_str(&"  ".repeat(self.indentation));
        self.text.push_str(content);
        self.text.push('\n');
    }

    /// Writes `head { … }` on several lines.
    fn block(&mut self, head: &str, write: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        self.indentation += 1;
        write(self);
        self.indentation -= 1;
        self.line("}");
    }

    fn statements(&mut self, head: &str, statements: &[Statement]) {
        self.block(head, |printer| statements.iter().for_each(|statement| printer.statement(statement)));
    }

    fn model(&mut self, model: &Model) {
        match self.spelling {
            Spelling::Authoring => model.items.iter().for_each(|item| self.item(item)),
            Spelling::Canonical => {
                let name = model.name.as_ref().map_or("?", |name| name.text.as_str());
                self.block(&format!("model {name}"), |printer| printer.canonical_items(&model.items));
            }
        }
    }

    fn canonical_items(&mut self, items: &[Item]) {
        let is_route = |item: &Item| matches!(item.kind, ItemKind::Route(_));
        for group in items.chunk_by(|left, right| is_route(left) && is_route(right)) {
            if group.iter().all(is_route) {
                self.block("routes", |printer| group.iter().for_each(|item| printer.item(item)));
            } else {
                for item in group {
                    self.item(item);
                }
            }
        }
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Name(name) => self.line(&format!("name = {}", name_or_text(name))),
            ItemKind::Kind(name) => {
                let head = self.either("kind =", "kind");
                self.line(&format!("{head} {}", name.text));
            }
            ItemKind::Structure(name) => {
                let setting = format!("structure = {}", name.text);
                match self.spelling {
                    Spelling::Authoring => self.line(&setting),
                    Spelling::Canonical => self.block("analytical", |printer| printer.line(&setting)),
                }
            }
            ItemKind::Particles(count) => {
                let head = self.either("particles =", "particles");
                self.line(&format!("{head} {}", expression(count)));
            }
            ItemKind::Parameters(list) => self.declarations(list, "param", "params", "parameters"),
            ItemKind::Covariates(list) => self.declarations(list, "cov", "covariates", "covariates"),
            ItemKind::States(list) => self.declarations(list, "state", "states", "states"),
            ItemKind::Constants(list) => self.declarations(list, "const", "", "constants"),
            ItemKind::Arrays(list) => self.line(&format!("array {}", joined(list, declaration))),
            ItemKind::Variables(list) => self.line(&format!("var {}", joined(list, declaration))),
            ItemKind::Derived(list) => self.line(&format!("derived = {}", names(list))),
            ItemKind::Outputs(list) => self.line(&format!("outputs = {}", names(list))),
            ItemKind::RandomEffects(effects) => self.line(&random_effects(effects)),
            ItemKind::Function(function) => {
                let head = format!("fun {}({})", function.name.text, names(&function.parameters));
                self.line(&format!("{head} = {}", expression(&function.body)));
            }
            ItemKind::Options(settings) => {
                let setting = |setting: &crate::ast::OptionSetting| {
                    format!("{} = {}", setting.name.text, expression(&setting.value))
                };
                self.line(&format!("option {}", joined(settings, setting)));
            }
            ItemKind::Route(route) => self.route(route),
            _ => self.block_item(item),
        }
    }

    fn block_item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Section(section) => self.statements(section_word(section.kind), &section.statements),
            ItemKind::When(when) => {
                self.statements(&format!("when ({})", expression(&when.condition)), &when.body);
            }
            ItemKind::At(at) => {
                let variable = at.variable.as_ref().map(|name| format!("{} = ", name.text));
                let head = format!("at {}{}", variable.unwrap_or_default(), expression(&at.time));
                self.statements(&head, &at.body);
            }
            ItemKind::Every(every) => {
                let start = every.start.as_ref().map(|start| format!(" from {}", expression(start)));
                let head = format!("every {}{}", expression(&every.interval), start.unwrap_or_default());
                self.statements(&head, &every.body);
            }
            ItemKind::Statement(statement) => self.statement(statement),
            _ => self.line("# unreadable"),
        }
    }

    fn either(&self, authoring: &'static str, canonical: &'static str) -> &'static str {
        match self.spelling {
            Spelling::Authoring => authoring,
            Spelling::Canonical => canonical,
        }
    }

    /// Writes declared names as a block, as a plain list, or each with its details.
    fn declarations(&mut self, list: &[Declaration], word: &str, plain: &str, block: &str) {
        let is_plain = |declaration: &Declaration| {
            let annotation = |attribute: &Attribute| matches!(attribute.kind, AttributeKind::Annotation(_));
            declaration.unit.is_none()
                && (declaration.size.is_none() || plain == "states")
                && declaration
                    .attributes
                    .iter()
                    .all(|attribute| plain == "covariates" && annotation(attribute))
        };
        match self.spelling {
            Spelling::Canonical => self.block(block, |printer| {
                for entry in list {
                    printer.line(&declaration(entry));
                }
            }),
            Spelling::Authoring if !plain.is_empty() && list.iter().all(is_plain) => {
                self.line(&format!("{plain} = {}", joined(list, declaration)));
            }
            Spelling::Authoring => self.line(&format!("{word} {}", joined(list, declaration))),
        }
    }

    fn route(&mut self, route: &Route) {
        let (label, destination) = (&route.label.text, place(&route.destination));
        if self.spelling == Spelling::Authoring {
            let kind = route.kind.map_or("dose", route_word);
            self.line(&format!("{kind}({label}) -> {destination}"));
            return;
        }
        let kind = route.kind.map(|kind| format!("{} ", route_word(kind))).unwrap_or_default();
        let head = format!("{kind}{label} -> {destination}");
        if route.properties.is_empty() {
            return self.line(&head);
        }
        self.block(&head, |printer| {
            for (name, value) in &route.properties {
                printer.line(&format!("{} = {}", name.text, expression(value)));
            }
        });
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Assign(assign) => self.line(&assignment(assign)),
            StatementKind::If { condition, then, otherwise } => {
                self.statements(&format!("if {}", expression(condition)), then);
                if !otherwise.is_empty() {
                    self.statements("else", otherwise);
                }
            }
            StatementKind::For { variable, from, to, body } => {
                let range = format!("{}..{}", expression(from), expression(to));
                self.statements(&format!("for {} in {range}", variable.text), body);
            }
            StatementKind::Call { function, arguments } => self.line(&call(function, arguments)),
            StatementKind::Error => self.line("# unreadable"),
        }
    }
}

fn name_or_text(name: &Name) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let starts = name.text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts && name.text.chars().all(is_word) { name.text.clone() } else { format!("\"{}\"", name.text) }
}

fn declaration(declaration: &Declaration) -> String {
    let mut text = declaration.name.text.clone();
    if let Some(size) = &declaration.size {
        write_formatted(&mut text, format_args!("[{}]", expression(size)));
    }
    if let Some(unit) = &declaration.unit {
        write_formatted(&mut text, format_args!(" : {}", unit_text(unit)));
    }
    for attribute in &declaration.attributes {
        text.push(' ');
        text.push_str(&attribute_text(attribute));
    }
    text
}

fn attribute_text(attribute: &Attribute) -> String {
    match &attribute.kind {
        AttributeKind::Default(value) => format!("= {}", expression(value)),
        AttributeKind::Interval(low, high) => format!("in {}..{}", expression(low), expression(high)),
        AttributeKind::Set(values) => format!("in {{{}}}", joined(values, expression)),
        AttributeKind::Annotation(name) => format!("@{}", name.text),
        AttributeKind::Label(label) => format!("\"{label}\""),
    }
}

fn random_effects(effects: &RandomEffects) -> String {
    let list = match effects.names.as_slice() {
        [name] => name.text.clone(),
        several => format!("({})", names(several)),
    };
    let per = effects.per.as_ref().map(|per| format!(" per {}", per.text)).unwrap_or_default();
    format!("eta {list} ~ {}{per}", call(&effects.distribution, &effects.arguments))
}

fn assignment(assign: &Assign) -> String {
    let mut text = if assign.binding { "let ".to_owned() } else { String::new() };
    text.push_str(&target(&assign.target));
    if let Some(unit) = &assign.unit {
        write_formatted(&mut text, format_args!(" : {}", unit_text(unit)));
    }
    let operator = if assign.accumulate { "+=" } else { "=" };
    write_formatted(&mut text, format_args!(" {operator} {}", expression(&assign.value)));
    if let Some(model) = &assign.error_model {
        write_formatted(&mut text, format_args!(" ~ {}", call(&model.name, &model.arguments)));
    }
    text
}

fn target(target: &Target) -> String {
    match target {
        Target::Place(inner) => place(inner),
        Target::Call { function, place: inner, second, .. } => {
            let second = second.as_ref().map(|second| format!(", {}", second.text)).unwrap_or_default();
            format!("{}({}{second})", function.word(), place(inner))
        }
    }
}

fn place(place: &Place) -> String {
    match &place.index {
        Some(index) => format!("{}[{}]", place.name.text, expression(index)),
        None => place.name.text.clone(),
    }
}

fn expression(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Number { text, .. } => text.clone(),
        ExprKind::Boolean(value) => value.to_string(),
        ExprKind::Text(text) => format!("\"{text}\""),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Index { base, index } => format!("{}[{}]", expression(base), expression(index)),
        ExprKind::Call { function, arguments } => call(function, arguments),
        ExprKind::Unary { operator, operand } => {
            format!("{}{}", unary_symbol(*operator), expression(operand))
        }
        ExprKind::Binary { operator, left, right, .. } => {
            format!("{} {} {}", expression(left), binary_symbol(*operator), expression(right))
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            let (then, otherwise) = (expression(then), expression(otherwise));
            format!("if ({}) {{ {then} }} else {{ {otherwise} }}", expression(condition))
        }
        ExprKind::Array(elements) => format!("[{}]", joined(elements, expression)),
        ExprKind::Parenthesised(inner) => format!("({})", expression(inner)),
        ExprKind::Error => "?".to_owned(),
    }
}

fn call(function: &Name, arguments: &[Argument]) -> String {
    let argument = |argument: &Argument| {
        let name = argument.name.as_ref().map(|name| format!("{} = ", name.text)).unwrap_or_default();
        format!("{name}{}", expression(&argument.value))
    };
    format!("{}({})", function.text, joined(arguments, argument))
}

fn names(names: &[Name]) -> String {
    joined(names, |name| name.text.clone())
}

fn joined<T>(elements: &[T], text: impl Fn(&T) -> String) -> String {
    elements.iter().map(text).collect::<Vec<_>>().join(", ")
}
