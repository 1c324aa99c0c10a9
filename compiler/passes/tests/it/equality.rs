//! Passes change no bit of any value that is left.

use pmc_ir as ir;
use pmc_passes::{
    Environment, common_subexpressions, dead_code, evaluate, fold_constants, hold_comparisons, optimise,
};

use crate::random::{Random, environment, module};

type Pass = fn(&mut ir::Module, &mut ir::Jacobian);

/// The values of all roots but switches, as bits, NaN as one value.
fn roots(module: &ir::Module, environment: &Environment) -> Vec<u64> {
    let values = evaluate(module, environment);
    let mut bits = Vec::new();
    module.for_each_root(|root, handle| {
        // Of switches, passes keep one a time.
        if let ir::Root::Switch(_) = root {
            return;
        }
        let value = values[handle.index()].real();
        bits.push(if value.is_nan() { f64::NAN } else { value }.to_bits());
    });
    bits
}

#[track_caller]
fn check(seed: u64, before: &ir::Module, after: &ir::Module) {
    assert_eq!(ir::validate(after), Ok(()), "seed {seed}");
    let mut random = Random::new(seed ^ 0x5eed);
    for _ in 0..20 {
        let environment = environment(&mut random);
        let (before_bits, after_bits) = (roots(before, &environment), roots(after, &environment));
        assert_eq!(before_bits, after_bits, "seed {seed}\n{}{}", ir::to_text(before), ir::to_text(after));
    }
}

fn check_pass(pass: Pass) {
    for seed in 0..300 {
        let before = module(&mut Random::new(seed), 60, &functions());
        let mut after = before.clone();
        pass(&mut after, &mut ir::Jacobian::default());
        check(seed, &before, &after);
    }
}

#[test]
fn folding_constants_changes_no_value() {
    check_pass(fold_constants);
}

#[test]
fn sharing_subexpressions_changes_no_value() {
    check_pass(common_subexpressions);
}

#[test]
fn removing_dead_code_changes_no_value() {
    check_pass(dead_code);
}

#[test]
fn all_passes_together_change_no_value_without_powers() {
    let mut functions = functions();
    functions.retain(|function| *function != ir::Function::Pow);
    for seed in 0..300 {
        let before = module(&mut Random::new(seed), 60, &functions);
        // Held comparisons look at the time of the last event instead of the time.
        let mut held = before.clone();
        hold_comparisons(&mut held);
        check(seed, &held, &optimise(before).module);
    }
}

#[test]
fn a_pass_that_has_run_finds_nothing_more_to_do() {
    for seed in 0..100 {
        let mut once = module(&mut Random::new(seed), 60, &functions());
        let jacobian = &mut ir::Jacobian::default();
        common_subexpressions(&mut once, jacobian);
        dead_code(&mut once, jacobian);
        let mut twice = once.clone();
        common_subexpressions(&mut twice, jacobian);
        dead_code(&mut twice, jacobian);
        assert_eq!(once, twice, "seed {seed}");
    }
}

#[test]
fn every_program_is_valid() {
    for seed in 0..300 {
        let program = optimise(module(&mut Random::new(seed), 100, &functions()));
        assert_eq!(ir::validate_program(&program), Ok(()), "seed {seed}");
    }
}

#[test]
fn the_same_module_gives_the_same_program() {
    let make = || optimise(module(&mut Random::new(7), 200, &functions()));
    assert_eq!(make(), make());
}

#[test]
fn spans_follow_their_expressions() {
    for seed in 0..50 {
        let mut before = module(&mut Random::new(seed), 60, &functions());
        before.spans = (0..before.expressions.len() as u32)
            .map(|index| ir::SourceSpan { start: index, end: index + 1 })
            .collect();
        let after = optimise(before.clone()).module;
        assert_eq!(after.spans.len(), after.expressions.len());
        for (handle, expression) in after.expressions.iter() {
            let origin = ir::Handle::from_index(after.spans[handle.index()].start as usize);
            let is_leaf = matches!(expression, ir::Expr::State(_) | ir::Expr::Parameter(_));
            assert!(!is_leaf || before.expressions[origin] == *expression, "seed {seed}: {handle:?}");
        }
    }
}

/// All functions but digamma, which the validator keeps out of right-hand sides.
fn functions() -> Vec<ir::Function> {
    ir::Function::ALL.into_iter().filter(|function| *function != ir::Function::Digamma).collect()
}
