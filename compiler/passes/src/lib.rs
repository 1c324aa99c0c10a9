//! Passes over the intermediate representation: from what a front end lowered to what back ends emit.
//!
//! 1. [`fold_constants()`]: computes what is known, drops what changes nothing. Bit for bit.
//! 2. [`expand_powers()`]: products and roots for powers with small constant exponents.
//! 3. [`common_subexpressions()`]: one expression a value. Bit for bit.
//! 4. [`dead_code()`]: keeps only what a declaration needs. Bit for bit.
//! 5. [`hold_comparisons()`]: right-hand sides change their branch at events, never within a step.
//! 6. [`differentiate()`]: the [`Jacobian`](ir::Jacobian) by symbolic rules, after which 1 to 4 run again.
//! 7. [`linearity()`]: whether the system has an exact solution between events.
//! 8. [`plan_events()`]: what events do, number by number.
//! 9. [`stage()`]: when each value is computed, and which are kept.
//!
//! Each is a function that can be used alone; [`optimise`] runs them all. They take modules that have passed
//! [`validate`](ir::validate()) and keep them valid. "Bit for bit" means that every value that is left is
//! the same `f64` for every input, infinities and signed zeros included; NaN counts as one value.
//!
//! [`evaluate()`] computes all values of a module for given inputs; it is the reference that passes and back
//! ends are tested against, and shares its arithmetic with the constant folder.

mod builder;
mod common_subexpressions;
mod dead_code;
mod differentiate;
mod evaluate;
mod expand_powers;
mod fold_constants;
mod hold_comparisons;
mod plan_events;

use pmc_ir as ir;

pub use common_subexpressions::common_subexpressions;
pub use dead_code::dead_code;
pub use differentiate::differentiate;
pub use evaluate::{Environment, Value, evaluate};
pub use expand_powers::expand_powers;
pub use fold_constants::fold_constants;
pub use hold_comparisons::hold_comparisons;
pub use plan_events::plan_events;
/// Analyses that readers of documents need as well.
pub use pmc_ir::{linearity, stage};

/// Runs all passes over a valid module.
pub fn optimise(mut module: ir::Module) -> ir::Program {
    debug_assert_eq!(ir::validate(&module), Ok(()), "passes take valid modules only");
    simplify(&mut module, &mut ir::Jacobian::default());
    hold_comparisons(&mut module);
    let mut jacobian = differentiate(&mut module);
    simplify(&mut module, &mut jacobian);
    let linearity = linearity(&module);
    let events = plan_events(&mut module);
    let staging = stage(&module, &jacobian);
    let program = ir::Program { module, jacobian, staging, linearity, events };
    debug_assert_eq!(ir::validate_program(&program), Ok(()), "passes keep modules valid");
    program
}

fn simplify(module: &mut ir::Module, jacobian: &mut ir::Jacobian) {
    fold_constants(module, jacobian);
    expand_powers(module, jacobian);
    common_subexpressions(module, jacobian);
    dead_code(module, jacobian);
}
