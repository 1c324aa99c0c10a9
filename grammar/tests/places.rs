//! Where things stand: spans of nodes, line ends of all kinds, comments and blank lines.

mod common;

use common::fixtures;
use pmc_diagnostics::Span;
use pmc_grammar::ast::{Expr, ExprKind, ItemKind, StatementKind};
use pmc_grammar::{Comment, dump, parse};

#[test]
fn spans_cover_exactly_the_text_of_a_node() {
    let source = "  param cl : L/h = 5 \"label\" # comment\n\nx = -a ^ (b + 1) ~ f(0.1)  \n";
    let file = parse(source).file;
    let text = |span: Span| &source[span.range()];
    let items = &file.models[0].items;
    assert_eq!(text(items[0].span), "param cl : L/h = 5 \"label\"");
    assert_eq!(text(items[1].span), "x = -a ^ (b + 1) ~ f(0.1)");
    let ItemKind::Parameters(declarations) = &items[0].kind else {
        panic!("the first item declares parameters");
    };
    let declaration = &declarations[0];
    assert_eq!(text(declaration.span), "cl : L/h = 5 \"label\"");
    assert_eq!(text(declaration.unit.as_ref().expect("a unit").span), "L/h");
    assert_eq!(text(declaration.attributes[1].span), "\"label\"");
    let ItemKind::Statement(statement) = &items[1].kind else {
        panic!("the second item is a statement");
    };
    let StatementKind::Assign(assign) = &statement.kind else {
        panic!("the statement assigns");
    };
    assert_eq!(text(assign.value.span), "-a ^ (b + 1)");
    assert_eq!(text(assign.error_model.as_ref().expect("an error model").span), "f(0.1)");
    let ExprKind::Unary { operand, .. } = &assign.value.kind else {
        panic!("a sign binds looser than a power");
    };
    let ExprKind::Binary { operator_span, right, .. } = &operand.kind else {
        panic!("the operand is a power");
    };
    assert_eq!(text(*operator_span), "^");
    assert_eq!(text(right.span), "(b + 1)");
}

#[test]
fn every_kind_of_line_end_separates() {
    let expected = dump(&parse("x = 1\ny = 2\n\nz = 3").file);
    assert_eq!(dump(&parse("x = 1\r\ny = 2\r\n\r\nz = 3").file), expected);
    assert_eq!(dump(&parse("x = 1\ry = 2\r\rz = 3").file), expected);
    assert_eq!(dump(&parse("x = 1;y = 2;;z = 3;").file), expected);
}

#[test]
fn every_fixture_parses_the_same_with_other_line_ends() {
    for (name, source) in fixtures("valid") {
        let parsed = parse(&source.replace('\n', "\r\n"));
        assert!(parsed.diagnostics.is_empty(), "{name}");
        assert_eq!(dump(&parsed.file), dump(&parse(&source).file), "{name}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let parsed = parse("\u{feff}model m { kind ode }");
    assert!(parsed.diagnostics.is_empty());
    assert_eq!(dump(&parsed.file), "(canonical\n  (model m\n    (kind ode)))\n");
}

#[test]
fn comments_and_blank_lines_are_kept_beside_the_tree() {
    let source = "# one\n\n \nx = 1 // two\n  # three\n\ny = \"# no\"";
    let trivia = parse(source).trivia;
    let comment = |text: &str, whole_line| {
        let start = source.find(text).expect("the comment is there");
        Comment { span: Span::from_usize(start, start + text.len()), whole_line }
    };
    let expected = [comment("# one", true), comment("// two", false), comment("# three", true)];
    assert_eq!(trivia.comments, expected);
    let after = |text: &str| source.find(text).expect("the line is there") + text.len() + 1;
    assert_eq!(trivia.blank_lines, [after("# one") as u32, after("# three") as u32]);
}

#[test]
fn a_statement_that_cannot_be_read_becomes_an_error_node_and_the_others_stay() {
    let file = parse("x = 1\nx = = 2\nfoo bar\nif (a) {\n y = 1\n z 3\n u = 2\n}\nv = 3").file;
    let tree = dump(&file);
    assert_eq!(tree.matches("(error)").count(), 3, "{tree}");
    for kept in ["(= x 1)", "(= y 1)", "(= u 2)", "(= v 3)"] {
        assert!(tree.contains(kept), "{kept} is missing in\n{tree}");
    }
}

#[test]
fn numbers_keep_their_digits_and_are_finite() {
    let value = |text: &str| -> Expr {
        let file = parse(&format!("x = {text}")).file;
        let ItemKind::Statement(statement) = &file.models[0].items[0].kind else {
            panic!("{text} is a statement");
        };
        let StatementKind::Assign(assign) = &statement.kind else {
            panic!("{text} is assigned");
        };
        assign.value.clone()
    };
    for (text, expected) in [
        ("3", 3.0),
        ("3.", 3.0),
        (".5", 0.5),
        ("1.5e-3", 0.0015),
        ("2E+3", 2000.0),
        ("0.1", 0.1),
        ("1e-400", 0.0),
    ] {
        let expected = ExprKind::Number { value: expected, text: text.to_owned() };
        assert_eq!(value(text).kind, expected);
    }
    let ExprKind::Number { value, .. } = value("1e400").kind else {
        panic!("a number too large is still a number");
    };
    assert!(value.is_finite());
}
