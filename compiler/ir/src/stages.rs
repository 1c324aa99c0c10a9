//! When each value can be computed.

use crate::{Expr, Module, Stage};

/// Returns the stage of each expression, by index: for a leaf that of what it reads, else the largest of
/// its operands.
///
/// A handle out of range counts as [`Stage::State`], an operand that does not come before its user as
/// [`Stage::Constant`]; [`validate`](crate::validate()) rejects both.
pub fn stages(module: &Module) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::with_capacity(module.expressions.len());
    for (_, expression) in module.expressions.iter() {
        let mut stage = stage_of_leaf(module, expression);
        expression.for_each_operand(|operand| {
            stage = stage.max(stages.get(operand.index()).copied().unwrap_or(Stage::Constant));
        });
        stages.push(stage);
    }
    stages
}

fn stage_of_leaf(module: &Module, expression: &Expr) -> Stage {
    match expression {
        Expr::Parameter(_) | Expr::RandomEffect(_) => Stage::Parameters,
        Expr::Covariate(handle) => match module.covariates.get(*handle) {
            Some(covariate) if covariate.may_slope() => Stage::Interpolated,
            Some(_) => Stage::Covariates,
            None => Stage::State,
        },
        Expr::CovariateSlope(_) | Expr::CovariateMissing(_) => Stage::Covariates,
        Expr::InfusionRate(_)
        | Expr::LastDoseTime(_)
        | Expr::DoseNumber
        | Expr::Variable(_)
        | Expr::EventTime => Stage::Event,
        Expr::Time => Stage::Time,
        Expr::State(_) => Stage::State,
        Expr::Constant(_)
        | Expr::Boolean(_)
        | Expr::Unary(..)
        | Expr::Binary(..)
        | Expr::Compare(..)
        | Expr::Logic(..)
        | Expr::Select(..)
        | Expr::Call(..) => Stage::Constant,
    }
}
