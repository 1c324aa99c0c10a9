//! Whether noise is diagonal: what the methods of random paths are good for.

use pmc_ir as ir;
use pmc_ir::Handle;

use crate::analyser::Analyser;

/// Up to two of the random states that a value reads: enough to tell whether one is another than a given one.
type Two = [Option<Handle<ir::State>>; 2];

impl Analyser<'_> {
    /// Warns of each noise that reads a state with noise, other than its own.
    pub(crate) fn check_diagonal(&mut self, module: &ir::Module) {
        if module.kind != ir::Kind::Stochastic {
            return;
        }
        let read = random_states_read(module);
        for (handle, state) in module.states.iter() {
            let Some(diffusion) = state.diffusion else { continue };
            let mut others = read[diffusion.index()].into_iter().flatten();
            if let Some(other) = others.find(|other| *other != handle) {
                let span = self.slots.get(self.states[handle.index()].diffusion).span;
                self.diags.noise_of_another_state(span, &state.name, &module.states[other].name);
            }
        }
    }
}

/// Returns for each expression, by index, which random states it reads.
fn random_states_read(module: &ir::Module) -> Vec<Two> {
    let mut read: Vec<Two> = Vec::with_capacity(module.expressions.len());
    for (_, expression) in module.expressions.iter() {
        let mut own: Two = [None; 2];
        match expression {
            ir::Expr::State(state) if module.states[*state].diffusion.is_some() => own[0] = Some(*state),
            _ => expression.for_each_operand(|operand| {
                // Operands come before their users.
                read[operand.index()].into_iter().flatten().for_each(|state| add(&mut own, state));
            }),
        }
        read.push(own);
    }
    read
}

fn add(two: &mut Two, state: Handle<ir::State>) {
    if !two.contains(&Some(state))
        && let Some(free) = two.iter_mut().find(|place| place.is_none())
    {
        *free = Some(state);
    }
}
