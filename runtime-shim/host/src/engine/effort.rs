//! How hard a module is to compile.
//!
//! No fuel limits a compiler. Its time and memory grow with the values that it carries along each edge of the flow of
//! control, and more so in nested loops: eight kilobytes of 250 loops in one another, over 200 variables, take a minute.
//! Here this is estimated from above, and refused where it is more than any sensible module needs.

use wasmparser::{BlockType, FunctionBody, Operator, Parser, Payload, Result, SubType};

/// Most values along edges of one function, each counted once more for each loop around it. Emitted modules have up to
/// 60,000; nested loops of this size take some seconds.
const MOST_OF_FUNCTION: u64 = 200_000;

/// Most of all functions together. Emitted modules have up to 150,000.
const MOST_OF_MODULE: u64 = 2_000_000;

/// Checks that a module can be compiled in sensible time.
///
/// # Errors
///
/// One line that says why not.
pub(super) fn check(bytes: &[u8]) -> core::result::Result<(), String> {
    let (most, sum) = measure(bytes).map_err(|error| error.to_string())?;
    let refusal = |what: &str, found: u64, limit: u64| {
        Err(format!(
            "{what} carries {found} values along its branches, {limit} can be compiled; run it interpreted"
        ))
    };
    if most > MOST_OF_FUNCTION {
        return refusal("a function", most, MOST_OF_FUNCTION);
    }
    if sum > MOST_OF_MODULE {
        return refusal("the code", sum, MOST_OF_MODULE);
    }
    Ok(())
}

/// Returns the most that a function carries, and what all carry.
fn measure(bytes: &[u8]) -> Result<(u64, u64)> {
    let mut types = Vec::new();
    let mut functions: Vec<u32> = Vec::new();
    let (mut most, mut sum, mut next) = (0, 0_u64, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group?.into_types().map(|kind| numbers(&kind)));
                }
            }
            Payload::FunctionSection(section) => {
                functions = section.into_iter().collect::<Result<_>>()?;
            }
            Payload::CodeSectionEntry(body) => {
                let kind = functions.get(next).copied().unwrap_or_default();
                let found = carried(&body, numbers_of(&types, kind), &types)?;
                most = most.max(found);
                sum = sum.saturating_add(found);
                next += 1;
            }
            _ => {}
        }
    }
    Ok((most, sum))
}

/// Returns an upper bound of the values along the edges of a function with so many parameters and results.
fn carried(body: &FunctionBody<'_>, signature: u64, types: &[u64]) -> Result<u64> {
    let mut variables = signature;
    for group in body.get_locals_reader()? {
        variables += u64::from(group?.0);
    }
    let mut sum = variables;
    let mut operators = body.get_operators_reader()?;
    // For each open block the number of loops around and with it.
    let mut open = vec![0_u64];
    while !operators.eof() {
        let operator = operators.read()?;
        let loops = open.last().copied().unwrap_or_default();
        let (edges, stack) = match &operator {
            Operator::Block { blockty } | Operator::If { blockty } | Operator::Loop { blockty } => {
                open.push(loops + u64::from(matches!(operator, Operator::Loop { .. })));
                let kind = if let BlockType::FuncType(kind) = blockty { numbers_of(types, *kind) } else { 1 };
                (1, kind)
            }
            Operator::Else | Operator::Br { .. } | Operator::BrIf { .. } => (1, 0),
            Operator::BrTable { targets } => (1 + u64::from(targets.len()), 0),
            Operator::End => {
                open.pop();
                (0, 0)
            }
            _ => (0, 0),
        };
        sum = sum.saturating_add(edges * (1 + loops) * (variables + stack));
    }
    Ok(sum)
}

/// Returns how many parameters and results a type has.
fn numbers(kind: &SubType) -> u64 {
    match &kind.composite_type.inner {
        wasmparser::CompositeInnerType::Func(function) => {
            (function.params().len() + function.results().len()) as u64
        }
        _ => 0,
    }
}

fn numbers_of(types: &[u64], kind: u32) -> u64 {
    types.get(kind as usize).copied().unwrap_or_default()
}
