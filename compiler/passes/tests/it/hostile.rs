//! Whatever a module holds: either the validator rejects it, or the passes take it.

use pmc_ir as ir;
use pmc_passes::{Environment, evaluate, optimise};

use crate::random::{Random, module};

/// Breaks something, or not.
fn damage(random: &mut Random, module: &mut ir::Module) {
    let size = module.expressions.len();
    let target = ir::Handle::from_index(random.below(size));
    let any = |random: &mut Random| ir::Handle::from_index(random.below(size + 2));
    match random.below(8) {
        0 | 1 => {
            let expression = module.expressions[target].map_operands(|_| any(random));
            module.expressions[target] = expression;
        }
        2 => {
            let function = random.pick(&ir::Function::ALL);
            let arguments = (0..random.below(4)).map(|_| ir::Handle::from_index(0)).collect();
            module.expressions[target] = ir::Expr::Call(function, arguments);
        }
        3 => module.expressions[target] = ir::Expr::State(ir::Handle::from_index(random.below(5))),
        4 => module.expressions[target] = ir::Expr::Constant(ir::Real(f64::from_bits(random.bits()))),
        5 => {
            let route = ir::Handle::from_index(random.below(5));
            module.expressions[target] = ir::Expr::LastDoseTime(Some(route));
        }
        6 => {
            let value = any(random);
            module.states[ir::Handle::from_index(0)].derivative = value;
        }
        _ => {
            let value = any(random);
            module.states[ir::Handle::from_index(1)].initial = value;
        }
    }
}

#[test]
fn what_the_validator_accepts_the_passes_take() {
    let mut functions = ir::Function::ALL.to_vec();
    functions.retain(|function| *function != ir::Function::Digamma);
    let mut accepted = 0;
    for seed in 0..2_000 {
        let mut random = Random::new(seed);
        let mut module = module(&mut random, 30, &functions);
        for _ in 0..=random.below(3) {
            damage(&mut random, &mut module);
        }
        assert!(!ir::to_text(&module).is_empty());
        if ir::validate(&module).is_ok() {
            accepted += 1;
            let program = optimise(module);
            assert_eq!(ir::validate_program(&program), Ok(()), "seed {seed}");
            let values = evaluate(&program.module, &Environment::default());
            assert_eq!(values.len(), program.module.expressions.len());
        }
    }
    assert!((200..1_800).contains(&accepted), "{accepted} of 2000 were accepted");
}
