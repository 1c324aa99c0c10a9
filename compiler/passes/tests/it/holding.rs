//! Comparisons with time, and whole numbers of it, change at switches.

use pmc_ir as ir;
use pmc_ir::{BinaryOperation, Comparison, UnaryOperation};
use pmc_passes::{Environment, evaluate, fold_constants, hold_comparisons, optimise};

use crate::sketch::{Sketch, Value};

const ORDERINGS: [Comparison; 4] =
    [Comparison::Less, Comparison::LessEqual, Comparison::Greater, Comparison::GreaterEqual];

/// A module whose derivative and whose output are the value that `build` makes.
fn both(build: impl Fn(&mut Sketch) -> Value) -> ir::Module {
    let mut sketch = Sketch::new();
    sketch.state("x");
    let value = build(&mut sketch);
    sketch.derivative(0, value);
    sketch.output("written", value);
    sketch.finish()
}

/// Makes 1 of a condition that holds, else 2.
fn number(sketch: &mut Sketch, condition: Value) -> Value {
    let (one, two) = (sketch.constant(1.0), sketch.constant(2.0));
    sketch.select(condition, one, two)
}

fn held(module: &ir::Module) -> ir::Module {
    let mut held = module.clone();
    hold_comparisons(&mut held);
    assert_eq!(ir::validate(&held), Ok(()));
    held
}

fn derivative(module: &ir::Module, environment: &Environment) -> f64 {
    let derivative = module.states[ir::Handle::from_index(0)].derivative;
    evaluate(module, environment)[derivative.index()].real()
}

fn switches(module: &ir::Module, environment: &Environment) -> Vec<f64> {
    let values = evaluate(module, environment);
    module.switches.iter().map(|time| values[time.index()].real()).collect()
}

fn at(time: f64, environment: &Environment) -> Environment {
    Environment { time, ..environment.clone() }
}

fn since(event_time: f64, environment: &Environment) -> Environment {
    // A time far away: what is held must not read it.
    Environment { event_time, time: -12_345.0, ..environment.clone() }
}

/// Checks that a module has one switch, at `border`, and changes there and nowhere else.
#[track_caller]
fn check(module: &ir::Module, environment: &Environment, border: f64) {
    let held = held(module);
    let switches = switches(&held, environment);
    assert_eq!(switches.len(), 1);
    assert!((switches[0] - border).abs() <= 1e-12 * border.abs(), "{switches:?}");
    let border = switches[0];
    let (before, after) = (
        derivative(module, &at(border - 1.0, environment)),
        derivative(module, &at(border + 1.0, environment)),
    );
    assert_ne!(before, after);
    for time in [f64::NEG_INFINITY, border - 1.0, border.next_down()] {
        assert_eq!(derivative(&held, &since(time, environment)), before, "at {time}");
    }
    for time in [border, border.next_up(), border + 1.0, 1e300] {
        assert_eq!(derivative(&held, &since(time, environment)), after, "at {time}");
    }
}

#[test]
fn each_ordering_changes_at_its_border() {
    for comparison in ORDERINGS {
        let left = both(|sketch| {
            let (time, five) = (sketch.time(), sketch.constant(5.0));
            let condition = sketch.compare(comparison, time, five);
            number(sketch, condition)
        });
        check(&left, &Environment::default(), 5.0);
        let right = both(|sketch| {
            let (time, five) = (sketch.time(), sketch.constant(5.0));
            let condition = sketch.compare(comparison, five, time);
            number(sketch, condition)
        });
        check(&right, &Environment::default(), 5.0);
    }
}

#[test]
fn time_may_be_scaled_and_shifted_on_both_sides() {
    let module = both(|sketch| {
        // 3 - 2t < (t + p) / 4, from t = (3 - p/4) / 2.25 on.
        let (time, p) = (sketch.time(), sketch.parameter("p"));
        let (three, two, four) = (sketch.constant(3.0), sketch.constant(2.0), sketch.constant(4.0));
        let double = sketch.multiply(two, time);
        let left = sketch.subtract(three, double);
        let sum = sketch.add(time, p);
        let right = sketch.divide(sum, four);
        let condition = sketch.compare(Comparison::Less, left, right);
        number(sketch, condition)
    });
    let environment = Environment { parameters: vec![7.0], ..Environment::default() };
    check(&module, &environment, (3.0 - 7.0 / 4.0) / 2.25);
    let negated = both(|sketch| {
        let (time, p) = (sketch.time(), sketch.parameter("p"));
        let negated = sketch.negate(time);
        let condition = sketch.compare(Comparison::GreaterEqual, negated, p);
        number(sketch, condition)
    });
    check(&negated, &Environment { parameters: vec![-7.0], ..Environment::default() }, 7.0);
}

/// `t - last < 4`, with the last dose on any route.
fn after_dose() -> ir::Module {
    both(|sketch| {
        let (time, last) = (sketch.time(), sketch.push(ir::Expr::LastDoseTime(None)));
        let since = sketch.subtract(time, last);
        let four = sketch.constant(4.0);
        let condition = sketch.compare(Comparison::Less, since, four);
        number(sketch, condition)
    })
}

#[test]
fn the_time_since_a_dose_is_a_time() {
    check(&after_dose(), &Environment { last_dose_time: 10.0, ..Environment::default() }, 14.0);
}

#[test]
fn before_any_dose_nothing_switches() {
    let environment = Environment { last_dose_time: f64::NEG_INFINITY, ..Environment::default() };
    let module = after_dose();
    let held = held(&module);
    assert_eq!(switches(&held, &environment), [f64::NEG_INFINITY]);
    for time in [-1e9, 0.0, 1e9] {
        let written = derivative(&module, &at(time, &environment));
        assert_eq!(derivative(&held, &since(time, &environment)), written);
    }
}

#[test]
fn a_slope_may_have_either_sign() {
    for comparison in ORDERINGS {
        let module = both(|sketch| {
            let (p, q) = (sketch.parameter("p"), sketch.variable("q"));
            let time = sketch.time();
            let product = sketch.multiply(p, time);
            let condition = sketch.compare(comparison, product, q);
            number(sketch, condition)
        });
        for slope in [2.0, -2.0] {
            let environment =
                Environment { parameters: vec![slope], variables: vec![6.0], ..Environment::default() };
            check(&module, &environment, 6.0 / slope);
        }
        for offset in [6.0, 0.0, -6.0] {
            let environment =
                Environment { parameters: vec![0.0], variables: vec![offset], ..Environment::default() };
            let written = derivative(&module, &at(3.0, &environment));
            assert_eq!(derivative(&held(&module), &since(3.0, &environment)), written);
        }
    }
}

#[test]
fn choices_may_be_nested() {
    let module = both(|sketch| {
        let (three, five, nine) = (sketch.constant(3.0), sketch.constant(5.0), sketch.constant(9.0));
        let time = sketch.time();
        let early = sketch.compare(Comparison::Less, time, three);
        let inner = number(sketch, early);
        let late = sketch.compare(Comparison::Less, time, five);
        let outer = sketch.select(late, inner, nine);
        // The factor of time changes at 3 and at 5.
        let product = sketch.multiply(outer, time);
        let limit = sketch.constant(36.0);
        let below = sketch.compare(Comparison::Less, product, limit);
        number(sketch, below)
    });
    let held = held(&module);
    let environment = Environment::default();
    let late = since(5.0, &environment);
    assert_eq!(switches(&held, &late), [3.0, 5.0, 4.0]);
    for time in [0.0, 2.9, 3.1, 4.9, 5.1, 100.0] {
        // Events at all borders up to this time.
        let last = [0.0, 3.0, 5.0].into_iter().rfind(|border| *border <= time).unwrap_or(0.0);
        let written = derivative(&module, &at(time, &environment));
        assert_eq!(derivative(&held, &since(last, &environment)), written, "at {time}");
    }
}

#[test]
fn a_window_between_two_times_has_two_switches() {
    let module = both(|sketch| {
        let (start, end) = (sketch.parameter("start"), sketch.parameter("end"));
        let time = sketch.time();
        let begun = sketch.compare(Comparison::GreaterEqual, time, start);
        let running = sketch.compare(Comparison::Less, time, end);
        let inside = sketch.push(ir::Expr::Logic(ir::Logic::And, begun, running));
        number(sketch, inside)
    });
    let held = held(&module);
    let environment = Environment { parameters: vec![2.0, 3.0], ..Environment::default() };
    assert_eq!(switches(&held, &environment), [2.0, 3.0]);
    let values = [1.9, 2.0, 2.9, 3.0].map(|time| derivative(&held, &since(time, &environment)));
    assert_eq!(values, [2.0, 1.0, 1.0, 2.0]);
}

#[track_caller]
fn assert_left_alone(module: &ir::Module) {
    assert_eq!(held(module), *module);
}

#[test]
fn equalities_are_left_alone() {
    for comparison in [Comparison::Equal, Comparison::NotEqual] {
        assert_left_alone(&both(|sketch| {
            let (time, five) = (sketch.time(), sketch.constant(5.0));
            let condition = sketch.compare(comparison, time, five);
            number(sketch, condition)
        }));
    }
}

#[test]
fn what_is_not_affine_in_time_is_left_alone() {
    type Build = fn(&mut Sketch, Value) -> Value;
    let sides: [Build; 6] = [
        |sketch, _| sketch.push(ir::Expr::State(ir::Handle::from_index(0))),
        |sketch, time| sketch.multiply(time, time),
        |sketch, time| {
            let one = sketch.constant(1.0);
            sketch.divide(one, time)
        },
        |sketch, time| sketch.call(ir::Function::Sin, &[time]),
        |sketch, _| sketch.covariate("c", Some(ir::Interpolation::Linear)),
        |sketch, _| sketch.covariate("c", None),
    ];
    for side in sides {
        for comparison in ORDERINGS {
            assert_left_alone(&both(|sketch| {
                let (time, three) = (sketch.time(), sketch.constant(3.0));
                let side = side(sketch, time);
                let sum = sketch.add(side, time);
                let condition = sketch.compare(comparison, sum, three);
                number(sketch, condition)
            }));
        }
    }
    assert_left_alone(&both(|sketch| {
        let time = sketch.time();
        let still = sketch.subtract(time, time);
        let one = sketch.constant(1.0);
        let condition = sketch.compare(Comparison::Less, still, one);
        number(sketch, condition)
    }));
}

#[test]
fn a_covariate_that_is_constant_between_records_is_a_border() {
    let module = both(|sketch| {
        let (time, onset) = (sketch.time(), sketch.covariate("c", Some(ir::Interpolation::LastForward)));
        let condition = sketch.compare(Comparison::Greater, time, onset);
        number(sketch, condition)
    });
    check(&module, &Environment { covariates: vec![8.0], ..Environment::default() }, 8.0);
}

#[test]
fn outputs_initial_values_and_events_keep_what_is_written() {
    let mut sketch = Sketch::new();
    sketch.state("x");
    let (time, five) = (sketch.time(), sketch.constant(5.0));
    let condition = sketch.compare(Comparison::Less, time, five);
    let value = number(&mut sketch, condition);
    sketch.derivative(0, value);
    sketch.output("y", value);
    sketch.module.states[ir::Handle::from_index(0)].initial = value;
    sketch.module.events.push(ir::Event {
        trigger: ir::Trigger::When(condition),
        states: vec![(ir::Handle::from_index(0), value)],
        variables: Vec::new(),
        doses: Vec::new(),
        stop: None,
    });
    let module = sketch.finish();
    let held = held(&module);
    let mut kept = Vec::new();
    held.for_each_root(|root, handle| kept.push((root, handle)));
    module.for_each_root(|root, handle| {
        let is_derivative = matches!(root, ir::Root::Derivative(_));
        assert_ne!(kept.contains(&(root, handle)), is_derivative, "{root:?}");
    });
}

#[test]
fn switches_that_a_module_has_leave_room_for_fewer() {
    let mut module = both(|sketch| {
        let (time, five) = (sketch.time(), sketch.constant(5.0));
        let condition = sketch.compare(Comparison::Less, time, five);
        number(sketch, condition)
    });
    let five = module.expressions.push(ir::Expr::Constant(ir::Real(5.0)));
    module.switches = vec![five; ir::limits::SWITCHES];
    assert_eq!(held(&module).switches.len(), ir::limits::SWITCHES);
    module.switches.pop();
    assert_eq!(held(&module).switches.len(), ir::limits::SWITCHES);
}

#[test]
fn diffusions_are_held_too() {
    let mut sketch = Sketch::new();
    sketch.state("x");
    let (time, five) = (sketch.time(), sketch.constant(5.0));
    let condition = sketch.compare(Comparison::Less, time, five);
    let value = number(&mut sketch, condition);
    sketch.module.kind = ir::Kind::Stochastic;
    sketch.module.options.particles = 100;
    sketch.module.states[ir::Handle::from_index(0)].diffusion = Some(value);
    let held = held(&sketch.finish());
    let diffusion = held.states[ir::Handle::from_index(0)].diffusion.unwrap();
    let values =
        [4.9, 5.0].map(|time| evaluate(&held, &since(time, &Environment::default()))[diffusion.index()]);
    assert_eq!(values.map(pmc_passes::Value::real), [1.0, 2.0]);
}

#[test]
fn holding_twice_changes_nothing_more() {
    let once = held(&after_dose());
    assert_eq!(held(&once).switches, once.switches);
    assert_eq!(held(&once).states, once.states);
}

#[test]
fn equal_switches_become_one() {
    let module = both(|sketch| {
        let (time, five) = (sketch.time(), sketch.constant(5.0));
        let below = sketch.compare(Comparison::Less, time, five);
        let above = sketch.compare(Comparison::Greater, time, five);
        let (first, second) = (number(sketch, below), number(sketch, above));
        sketch.add(first, second)
    });
    assert_eq!(held(&module).switches.len(), 2);
    assert_eq!(optimise(module).module.switches.len(), 1);
}

#[test]
fn comparisons_beyond_the_limit_stay_as_they_are() {
    let count = ir::limits::SWITCHES + 5;
    let module = both(|sketch| {
        let time = sketch.time();
        let mut sum = sketch.constant(0.0);
        for index in 0..count {
            let border = sketch.constant(index as f64);
            let condition = sketch.compare(Comparison::Less, time, border);
            let part = number(sketch, condition);
            sum = sketch.add(sum, part);
        }
        sum
    });
    assert_eq!(held(&module).switches.len(), ir::limits::SWITCHES);
}

#[test]
fn infinite_coefficients_make_no_constant_that_is_not_a_number() {
    for comparison in ORDERINGS {
        let module = both(|sketch| {
            let (time, endless) = (sketch.time(), sketch.constant(f64::INFINITY));
            let left = sketch.multiply(endless, time);
            let right = sketch.multiply(time, endless);
            let condition = sketch.compare(comparison, left, right);
            number(sketch, condition)
        });
        let mut held = held(&module);
        fold_constants(&mut held, &mut ir::Jacobian::default());
        assert_eq!(ir::validate(&held), Ok(()));
    }
}

/// A module whose derivative is a whole number of `slope * t + offset`.
fn whole(operation: UnaryOperation, known_slope: Option<f64>) -> ir::Module {
    both(|sketch| {
        let slope = match known_slope {
            Some(slope) => sketch.constant(slope),
            None => sketch.parameter("slope"),
        };
        let (time, offset) = (sketch.time(), sketch.variable("offset"));
        let product = sketch.multiply(slope, time);
        let sum = sketch.add(product, offset);
        sketch.unary(operation, sum)
    })
}

/// Goes from switch to switch and checks the value between each two.
#[track_caller]
fn check_steps(operation: UnaryOperation, slope: f64, offset: f64, known: bool) {
    let module = whole(operation, known.then_some(slope));
    let held = held(&module);
    let environment =
        Environment { parameters: vec![slope], variables: vec![offset], ..Environment::default() };
    let mut now = 0.25;
    for step in 0..200 {
        let environment = since(now, &environment);
        let [next] = switches(&held, &environment)[..] else { panic!("one switch") };
        assert!(now < next, "slope {slope} offset {offset}: {now} then {next}");
        let distance = next - now;
        assert!(distance <= (1.0 + 1e-9) / slope.abs(), "slope {slope}: {now} then {next}");
        assert!(step == 0 || distance >= (1.0 - 1e-6) / slope.abs(), "slope {slope}: {now} then {next}");
        let written = derivative(&module, &at(0.5 * (now + next), &environment));
        assert_eq!(derivative(&held, &environment), written, "slope {slope} offset {offset} from {now}");
        now = next;
    }
}

#[test]
fn whole_numbers_of_time_stand_still_between_switches() {
    for operation in [UnaryOperation::Floor, UnaryOperation::Ceiling] {
        for slope in [1.0, 1.0 / 24.0, 1.0 / 3.0, 0.1, 7.0, -1.0, -0.1, -1.0 / 3.0] {
            for offset in [0.0, 0.3, -5.0, 1.0 / 7.0] {
                check_steps(operation, slope, offset, true);
                check_steps(operation, slope, offset, false);
            }
        }
    }
}

#[test]
fn a_whole_number_of_a_slope_that_is_zero_never_switches() {
    for operation in [UnaryOperation::Floor, UnaryOperation::Ceiling] {
        for offset in [0.0, 2.0, 2.5, -2.5] {
            let module = whole(operation, None);
            let held = held(&module);
            let environment =
                Environment { parameters: vec![0.0], variables: vec![offset], ..Environment::default() };
            let environment = since(3.0, &environment);
            let written = derivative(&module, &at(3.0, &environment));
            assert_eq!(derivative(&held, &environment), written);
            assert!(!switches(&held, &environment)[0].is_finite());
        }
    }
}

/// `mod(t, 24) < 8`.
fn daily() -> ir::Module {
    both(|sketch| {
        let (time, day, border) = (sketch.time(), sketch.constant(24.0), sketch.constant(8.0));
        let ratio = sketch.binary(BinaryOperation::Divide, time, day);
        let days = sketch.unary(UnaryOperation::Floor, ratio);
        let whole = sketch.multiply(day, days);
        let hour = sketch.subtract(time, whole);
        let condition = sketch.compare(Comparison::Less, hour, border);
        number(sketch, condition)
    })
}

#[test]
fn a_window_of_each_day_opens_and_closes() {
    let module = daily();
    let held = held(&module);
    let environment = Environment::default();
    let mut now = 0.0;
    let mut seen = Vec::new();
    for _ in 0..12 {
        let environment = since(now, &environment);
        let ahead = switches(&held, &environment).into_iter().filter(|time| now < *time);
        let next = ahead.fold(f64::INFINITY, f64::min);
        let middle = at(0.5 * (now + next), &environment);
        assert_eq!(derivative(&held, &environment), derivative(&module, &middle), "from {now}");
        seen.push(next.round());
        now = next;
    }
    assert_eq!(seen, [8.0, 24.0, 32.0, 48.0, 56.0, 72.0, 80.0, 96.0, 104.0, 120.0, 128.0, 144.0]);
}

#[test]
fn a_shifted_period_has_exact_borders() {
    let module = both(|sketch| {
        // floor((t - p) / q).
        let (p, q) = (sketch.parameter("p"), sketch.parameter("q"));
        let time = sketch.time();
        let shifted = sketch.subtract(time, p);
        let ratio = sketch.divide(shifted, q);
        sketch.unary(UnaryOperation::Floor, ratio)
    });
    let held = held(&module);
    for (shift, period) in [(5.0, 24.0), (-3.5, 7.0), (1.0, -24.0), (0.0, -7.0)] {
        let environment = Environment { parameters: vec![shift, period], ..Environment::default() };
        let mut now = shift + 0.5;
        for step in 1..100 {
            let environment = since(now, &environment);
            let next = switches(&held, &environment);
            assert_eq!(next, [shift + f64::from(step) * f64::abs(period)]);
            let middle = at(0.5 * (now + next[0]), &environment);
            assert_eq!(derivative(&held, &environment), derivative(&module, &middle));
            now = next[0];
        }
    }
}

#[test]
fn what_events_wait_for_has_switches() {
    let mut sketch = Sketch::new();
    sketch.state("x");
    let (time, five, one) = (sketch.time(), sketch.constant(5.0), sketch.constant(1.0));
    let condition = sketch.compare(Comparison::Less, five, time);
    sketch.derivative(0, one);
    sketch.module.events.push(ir::Event {
        trigger: ir::Trigger::When(condition),
        states: vec![(ir::Handle::from_index(0), one)],
        variables: Vec::new(),
        doses: Vec::new(),
        stop: None,
    });
    let held = held(&sketch.finish());
    assert_eq!(switches(&held, &Environment::default()), [5.0]);
    // At the switch the condition does not hold yet: it is not what is written for right-hand sides.
    let values =
        |time| evaluate(&held, &at(time, &Environment { event_time: 5.0, ..Environment::default() }));
    let ir::Trigger::When(kept) = held.events[ir::Handle::from_index(0)].trigger else { unreachable!() };
    assert!(!values(5.0)[kept.index()].boolean() && values(5.0_f64.next_up())[kept.index()].boolean());
}
