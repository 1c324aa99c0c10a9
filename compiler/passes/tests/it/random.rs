//! Random modules and random inputs, the same in every run.

use pmc_ir as ir;
use pmc_passes::Environment;

use crate::sketch::{Sketch, Value};

/// `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.bits() % limit as u64) as usize
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// A number from −2 to 2.
    pub(crate) fn tame(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 51) as f64 - 2.0
    }

    /// A number of any kind but NaN, simple and special ones often.
    pub(crate) fn wild(&mut self) -> f64 {
        const SPECIAL: [f64; 16] = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            2.0,
            -2.0,
            0.5,
            4.0,
            3.0,
            1e300,
            -1e300,
            5e-324,
            f64::MIN_POSITIVE,
            f64::MAX,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        match self.below(4) {
            0 | 1 => self.pick(&SPECIAL),
            2 => self.tame(),
            _ => Some(f64::from_bits(self.bits())).filter(|value| !value.is_nan()).unwrap_or(1.5),
        }
    }
}

/// How many of each kind of leaf a random module declares.
const LEAVES: usize = 3;

/// A module of all operations and the given functions, its values real and Boolean at random.
pub(crate) fn module(random: &mut Random, size: usize, functions: &[ir::Function]) -> ir::Module {
    let mut sketch = Sketch::new();
    let mut reals = leaves(&mut sketch);
    let mut booleans = vec![sketch.push(ir::Expr::Boolean(true)), sketch.push(ir::Expr::Boolean(false))];
    for _ in 0..size {
        add(&mut sketch, random, functions, &mut reals, &mut booleans);
    }
    for state in 0..LEAVES {
        let value = random.pick(&reals);
        sketch.derivative(state, value);
    }
    for index in 0..size / 4 {
        let value = random.pick(&reals);
        sketch.output(&format!("y{index}"), value);
    }
    sketch.finish()
}

fn leaves(sketch: &mut Sketch) -> Vec<Value> {
    let mut reals = vec![sketch.push(ir::Expr::Time), sketch.push(ir::Expr::DoseNumber)];
    reals.push(sketch.push(ir::Expr::EventTime));
    reals.push(sketch.push(ir::Expr::LastDoseTime(None)));
    for index in 0..LEAVES {
        reals.push(sketch.parameter(&format!("p{index}")));
        reals.push(sketch.state(&format!("x{index}")));
        let interpolation = [None, Some(ir::Interpolation::Constant), Some(ir::Interpolation::Linear)][index];
        reals.push(sketch.covariate(&format!("c{index}"), interpolation));
        reals.push(sketch.infusion(&format!("r{index}")));
        reals.push(sketch.variable(&format!("v{index}")));
    }
    reals
}

fn add(
    sketch: &mut Sketch,
    random: &mut Random,
    functions: &[ir::Function],
    reals: &mut Vec<Value>,
    booleans: &mut Vec<Value>,
) {
    let (x, y) = (random.pick(reals), random.pick(reals));
    let (a, b) = (random.pick(booleans), random.pick(booleans));
    match random.below(12) {
        0 | 1 => {
            let value = random.wild();
            reals.push(sketch.constant(value));
        }
        2 | 3 => reals.push(sketch.unary(random.pick(&UNARY), x)),
        4..=6 => reals.push(sketch.binary(random.pick(&BINARY), x, y)),
        7 => booleans.push(sketch.compare(random.pick(&COMPARISONS), x, y)),
        8 => booleans.push(match random.below(3) {
            0 => sketch.unary(ir::UnaryOperation::Not, a),
            1 => sketch.select(random.pick(booleans), a, b),
            _ => sketch.push(ir::Expr::Logic(random.pick(&[ir::Logic::And, ir::Logic::Or]), a, b)),
        }),
        9 => reals.push(sketch.select(a, x, y)),
        _ => {
            let function = random.pick(functions);
            reals.push(sketch.call(function, &[x, y][..function.arity()]));
        }
    }
}

const UNARY: [ir::UnaryOperation; 9] = [
    ir::UnaryOperation::Negate,
    ir::UnaryOperation::Negate,
    ir::UnaryOperation::Negate,
    ir::UnaryOperation::Absolute,
    ir::UnaryOperation::Absolute,
    ir::UnaryOperation::SquareRoot,
    ir::UnaryOperation::Floor,
    ir::UnaryOperation::Ceiling,
    ir::UnaryOperation::Truncate,
];

const BINARY: [ir::BinaryOperation; 6] = [
    ir::BinaryOperation::Add,
    ir::BinaryOperation::Subtract,
    ir::BinaryOperation::Multiply,
    ir::BinaryOperation::Divide,
    ir::BinaryOperation::Minimum,
    ir::BinaryOperation::Maximum,
];

const COMPARISONS: [ir::Comparison; 6] = [
    ir::Comparison::Equal,
    ir::Comparison::NotEqual,
    ir::Comparison::Less,
    ir::Comparison::LessEqual,
    ir::Comparison::Greater,
    ir::Comparison::GreaterEqual,
];

/// Inputs for a random module; a few are NaN.
pub(crate) fn environment(random: &mut Random) -> Environment {
    let mut values = || -> Vec<f64> {
        (0..LEAVES).map(|_| if random.below(20) == 0 { f64::NAN } else { random.wild() }).collect()
    };
    Environment {
        variables: values(),
        event_time: values()[0],
        parameters: values(),
        random_effects: values(),
        covariates: values(),
        covariate_slopes: values(),
        states: values(),
        infusion_rates: values(),
        last_dose_times: values(),
        time: values()[0],
        last_dose_time: values()[0],
        dose_number: values()[0],
        covariates_missing: vec![false, true, false],
    }
}
