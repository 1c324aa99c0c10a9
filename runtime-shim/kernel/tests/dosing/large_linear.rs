//! Linear systems of more states than the decomposition of a matrix is for.

use pmc_abi::descriptor::{
    CovariateDescriptor, Descriptor, Dynamics, RouteDescriptor, SolverSettings, feature, input,
    interpolation, solver,
};
use pmc_abi::frame::FrameLayout;
use pmc_abi::schedule::{Record, flag};
use pmc_kernel::Model;

use crate::support::{SETTINGS, Subject, bolus, infusion, observation, run, run_with};

/// A matrix and a constant part, dosed into the first state. Outputs: all states.
#[derive(Clone)]
struct Flows {
    features: u32,
    states: usize,
    /// Row, column and value.
    entries: Vec<(usize, usize, f64)>,
    constant: Vec<f64>,
    accumulators: Vec<u32>,
    /// Whether a covariate multiplies the first entry.
    covariate: bool,
}

const LAYOUT: FrameLayout =
    FrameLayout { parameters: 0, random_effects: 0, covariates: 0, routes: 1, variables: 0, staged: 1 };

const ROUTES: [RouteDescriptor; 1] =
    [RouteDescriptor { destination: 0, input: input::BOLUS | input::INFUSION, properties: 0, reserved: 0 }];

const COVARIATES: [CovariateDescriptor; 1] =
    [CovariateDescriptor { interpolation: interpolation::LINEAR, tested_for_missing: 0, default: 1.0 }];

impl Flows {
    fn new(states: usize) -> Self {
        Self {
            features: feature::LARGE | feature::AUTONOMOUS,
            states,
            entries: Vec::new(),
            constant: vec![0.0; states],
            accumulators: Vec::new(),
            covariate: false,
        }
    }

    /// Adds a flow from a state to another one, or out of the system.
    fn flow(mut self, from: usize, to: Option<usize>, rate: f64) -> Self {
        self.entries.push((from, from, -rate));
        self.entries.extend(to.map(|to| (to, from, rate)));
        self
    }

    /// A chain of equal rates and a last state that loses at its own.
    fn chain(states: usize, rate: f64, last: f64) -> Self {
        let chain =
            (1..states).fold(Self::new(states), |chain, state| chain.flow(state - 1, Some(state), rate));
        chain.flow(states - 1, None, last)
    }

    /// The same equations, solved as features say.
    fn solved(&self, features: u32) -> Self {
        Self { features: features | feature::AUTONOMOUS, ..self.clone() }
    }

    fn by_steps(&self) -> Self {
        self.solved(0)
    }

    fn layout(&self) -> FrameLayout {
        FrameLayout { covariates: u32::from(self.covariate), ..LAYOUT }
    }
}

impl Model for Flows {
    fn descriptor(&self) -> Descriptor<'_> {
        Descriptor {
            layout: self.layout(),
            states: self.states as u32,
            outputs: self.states as u32,
            routes: &ROUTES,
            covariates: if self.covariate { &COVARIATES } else { &[] },
            dynamics: Dynamics {
                features: self.features,
                accumulators: &self.accumulators,
                ..Dynamics::PLAIN
            },
            settings: SETTINGS,
        }
    }

    fn stage_parameters(&self, _frame: &mut [f64]) {}

    fn stage_covariates(&self, _frame: &mut [f64]) {}

    fn stage_event(&self, _frame: &mut [f64]) {}

    fn stage_interpolated(&self, t: f64, frame: &mut [f64]) {
        if self.covariate {
            let (value, slope) = (frame[self.layout().covariate() as usize], self.layout().slope() as usize);
            let start = frame[FrameLayout::SEGMENT_START as usize];
            frame[self.layout().staged() as usize] = value + frame[slope] * (t - start);
        } else {
            frame[self.layout().staged() as usize] = 1.0;
        }
    }

    fn initial(&self, _t: f64, _frame: &[f64], state: &mut [f64]) {
        state.fill(0.0);
    }

    fn derivatives(&self, _t: f64, frame: &[f64], state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&self.constant);
        out[0] += frame[self.layout().rate() as usize];
        for (index, (row, column, entry)) in self.entries.iter().enumerate() {
            let factor = if index < 2 { frame[self.layout().staged() as usize] } else { 1.0 };
            out[*row] += factor * entry * state[*column];
        }
    }

    fn jacobian(&self, _t: f64, frame: &[f64], _state: &[f64], matrix: &mut [f64], _slope: &mut [f64]) {
        for (index, (row, column, entry)) in self.entries.iter().enumerate() {
            let factor = if index < 2 { frame[self.layout().staged() as usize] } else { 1.0 };
            matrix[row * self.states + column] += factor * entry;
        }
    }

    fn outputs(&self, _t: f64, _frame: &[f64], state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(state);
    }

    fn route_property(&self, _t: f64, _frame: &[f64], _route: u32, _property: u32) -> f64 {
        f64::NAN
    }
}

fn times(count: u32, distance: f64) -> impl Iterator<Item = f64> {
    (1..=count).map(move |index| distance * f64::from(index))
}

/// Returns the largest difference of two tables, relative to the largest number in the first.
fn difference(left: &[Vec<f64>], right: &[Vec<f64>]) -> f64 {
    assert_eq!(left.len(), right.len());
    let scale = left.iter().flatten().fold(0.0, |scale: f64, value| scale.max(value.abs()));
    let both = left.iter().flatten().zip(right.iter().flatten());
    both.map(|(left, right)| (left - right).abs() / scale).fold(0.0, |largest: f64, one| {
        assert!(!one.is_nan());
        largest.max(one)
    })
}

/// Asserts that two models give the same bits.
#[track_caller]
fn assert_same(left: &Flows, right: &Flows, subject: &Subject) {
    assert!(run(left, &[], subject) == run(right, &[], subject), "they differ");
}

/// Asserts that two models do not.
#[track_caller]
fn assert_other(left: &Flows, right: &Flows, subject: &Subject) {
    assert!(run(left, &[], subject) != run(right, &[], subject), "they are the same");
}

/// The part of a dose in the last state of a chain of `n` with rate `k` before it, which loses at `ke`: absorption follows
/// a gamma density. `(k / (k − ke))ⁿ exp(−ke t) P(n, (k − ke) t)` with the incomplete gamma function, here as a sum of the
/// probabilities of a Poisson distribution.
fn delivered(n: u32, k: f64, ke: f64, t: f64) -> f64 {
    let mean = (k - ke) * t;
    let probability = |number: u32| {
        let number = f64::from(number);
        (number * mean.ln() - mean - pmc_math::lgamma(number + 1.0)).exp()
    };
    // Whichever of the two sums is the smaller one.
    let arrived = if mean < f64::from(n) {
        (n..n + 300).map(probability).sum::<f64>()
    } else {
        1.0 - (0..n).map(probability).sum::<f64>()
    };
    (f64::from(n) * (k / (k - ke)).ln() - ke * t).exp() * arrived
}

#[test]
fn a_chain_delivers_what_its_closed_form_says() {
    for (length, k) in [(30_u32, 4.0), (60, 7.0), (100, 101.0 / 12.0)] {
        let chain = Flows::chain(length as usize + 1, k, 0.1);
        let subject = Subject::new().record(bolus(0.0, 0, 100.0)).observe(times(200, 0.37));
        let found = run(&chain, &[], &subject);
        for (row, t) in found.iter().zip(times(200, 0.37)) {
            let expected = 100.0 * delivered(length, k, 0.1, t);
            // The closed form has numbers of some hundreds in an exponential.
            let error = (row[length as usize] - expected).abs() / 100.0;
            assert!(error < 1e-13, "{length} at {t}: {} {expected} {error:e}", row[length as usize]);
        }
    }
}

/// A generator of numbers, good enough for tests: G. Marsaglia, J. Stat. Softw. 8 (2003) 14.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() * count as f64) as usize
    }

    /// Compartments that exchange, some one way only, with rates over two orders of magnitude and input.
    fn flows(&mut self, states: usize) -> Flows {
        let mut flows = Flows::new(states);
        for from in 0..states {
            for _ in 0..2 {
                let to = self.below(states + 1);
                if to != from {
                    let rate = 10.0_f64.powf(2.0 * self.next() - 1.0);
                    flows = flows.flow(from, (to < states).then_some(to), rate);
                }
            }
            flows.constant[from] = if self.next() < 0.3 { self.next() } else { 0.0 };
        }
        flows
    }
}

fn regimen() -> Subject {
    let doses = [bolus(0.0, 0, 100.0), infusion(3.0, 0, 50.0, 20.0), bolus(7.0, 0, 30.0)];
    doses.into_iter().fold(Subject::new(), Subject::record).observe(times(40, 0.61)).sorted()
}

#[test]
fn it_agrees_with_the_decomposition_of_the_matrix_and_with_the_exponential() {
    let mut random = Random(88_172_645_463_325_252);
    for case in 0..30 {
        let flows = random.flows(26 + case);
        let exact = flows.solved(feature::LINEAR);
        let error = difference(&run(&exact, &[], &regimen()), &run(&flows, &[], &regimen()));
        assert!(error < 1e-11, "case {case}: {error:e}");
    }
}

#[test]
fn amounts_do_not_fall_below_zero_and_none_is_lost() {
    let mut random = Random(1_234_567_891_011);
    for case in 0..20 {
        let mut flows = random.flows(40);
        flows.constant.fill(0.0);
        // Closed: what leaves the system stays in the last state.
        for (row, column, _) in &mut flows.entries {
            *column = (*column).min(38);
            *row = (*row).min(39);
        }
        let mut closed = Flows::new(40);
        for (row, column, entry) in &flows.entries {
            if row == column && *entry < 0.0 {
                closed = closed.flow(*column, Some((column + 1 + random.below(30)) % 40), -entry);
            }
        }
        let found = run(&closed, &[], &regimen());
        for (row, t) in found.iter().zip(times(40, 0.61)) {
            assert!(row.iter().all(|amount| *amount >= 0.0), "case {case} at {t}: {row:?}");
            let given = 100.0 + (20.0 * (t - 3.0)).clamp(0.0, 50.0) + if t >= 7.0 { 30.0 } else { 0.0 };
            let sum: f64 = row.iter().sum();
            assert!((sum - given).abs() < 1e-12 * given, "case {case} at {t}: {sum} of {given}");
        }
    }
}

#[test]
fn observations_change_nothing_to_the_last_bit() {
    let chain = Flows::chain(100, 8.0, 0.3);
    let doses = || Subject::new().record(bolus(0.0, 0, 100.0)).record(infusion(20.0, 0, 100.0, 7.0));
    let few = run(&chain, &[], &doses().observe([1.0, 13.0, 21.0, 77.0, 700.0]).sorted());
    let dense = doses().observe([1.0, 13.0, 21.0, 77.0, 700.0]).observe(times(5_000, 0.141)).sorted();
    let many = run(&chain, &[], &dense);
    for row in &few {
        assert!(many.contains(row), "{row:?}");
    }
}

#[test]
fn doses_superpose_and_times_may_be_shifted() {
    let chain = Flows::chain(80, 8.0, 0.3);
    let observed = || times(30, 1.3);
    let alone = |dose: Record| run(&chain, &[], &Subject::new().record(dose).observe(observed()).sorted());
    let (first, second) = (bolus(0.0, 0, 100.0), infusion(9.7, 0, 40.0, 3.0));
    let both = Subject::new().record(first).record(second).observe(observed()).sorted();
    let sum: Vec<Vec<f64>> = alone(first)
        .iter()
        .zip(alone(second))
        .map(|(left, right)| left.iter().zip(right).map(|(left, right)| left + right).collect())
        .collect();
    // The second alone starts later: what is before it is not reported otherwise.
    assert!(difference(&sum, &run(&chain, &[], &both)) < 1e-13);
    let shifted = Subject::new()
        .record(bolus(64.0, 0, 100.0))
        .record(infusion(73.7, 0, 40.0, 3.0))
        .observe(observed().map(|time| time + 64.0))
        .sorted();
    assert!(difference(&run(&chain, &[], &shifted), &run(&chain, &[], &both)) < 1e-12);
}

#[test]
fn a_stop_anywhere_changes_no_more_than_rounding() {
    let chain = Flows::chain(50, 6.0, 0.2);
    let observed = || times(40, 0.9);
    let through = run(&chain, &[], &Subject::new().record(bolus(0.0, 0, 100.0)).observe(observed()));
    for stop in [0.001, 0.3, 2.667, 5.0, 10.6, 10.7, 30.0] {
        let nothing = bolus(stop, 0, 0.0);
        let subject =
            Subject::new().record(bolus(0.0, 0, 100.0)).record(nothing).observe(observed()).sorted();
        let error = difference(&through, &run(&chain, &[], &subject));
        assert!(error < 1e-13, "{stop}: {error:e}");
    }
}

/// Returns a subject with doses a day apart, as additional ones of a record.
fn week(day: f64) -> Subject {
    let dose = Record { additional: 6, interval: day, ..bolus(0.0, 0, 100.0) };
    Subject::new().record(dose).observe(times(20, 0.3 * day))
}

fn counted(flows: &Flows, subject: &Subject, settings: SolverSettings) -> Vec<Vec<f64>> {
    run_with(flows, &[], subject, settings).unwrap_or_else(|failure| panic!("{failure:?}"))
}

#[test]
fn what_is_no_matrix_of_compartments_is_stepped() {
    // A state that another one pushes down, and one that makes more than there is.
    let pushed = Flows { entries: vec![(7, 0, -0.5)], ..Flows::new(40) };
    let made = Flows { entries: vec![(1, 0, 0.7), (0, 1, 0.6)], ..Flows::new(40) };
    for other in [pushed, made] {
        let mut flows = Flows::chain(40, 5.0, 0.2);
        flows.entries.extend(other.entries.iter().map(|(row, column, entry)| (row + 4, column + 4, *entry)));
        assert_same(&flows, &flows.by_steps(), &week(4.0));
    }
}

#[test]
fn what_is_stiff_is_stepped_and_so_is_what_asks_for_a_method() {
    let chain = Flows::chain(40, 3_000.0, 0.2);
    assert_same(&chain, &chain.by_steps(), &week(4.0));
    let chain = Flows::chain(40, 3.0, 0.2);
    assert_other(&chain, &chain.by_steps(), &week(4.0));
    for solver in [solver::EXPLICIT, solver::STIFF] {
        let settings = SolverSettings { solver, ..SETTINGS };
        let [left, right] = [&chain, &chain.by_steps()].map(|flows| counted(flows, &week(4.0), settings));
        assert!(left == right, "{solver}");
    }
}

#[test]
fn steps_take_over_where_time_goes_on_and_on() {
    let chain = Flows::chain(40, 10.0, 0.02);
    // The next dose is not known, so nobody knows how long it takes.
    let subject = Subject::new().record(bolus(0.0, 0, 100.0)).observe([50.0, 92.0, 94.0, 150.0, 2000.0]);
    let found = run(&chain, &[], &subject);
    for (row, t) in found.iter().zip([50.0, 92.0, 94.0, 150.0, 2000.0]) {
        let expected = 100.0 * delivered(39, 10.0, 0.02, t);
        let tolerance = if t < 93.0 { 1e-12 } else { 1e-5 };
        assert!((row[39] - expected).abs() <= tolerance * expected + 1e-8, "{t}: {} {expected}", row[39]);
    }
    let among = Subject::new().record(bolus(0.0, 0, 100.0)).observe(times(4000, 0.5));
    assert_eq!(run(&chain, &[], &among).last(), found.last());
}

#[test]
fn infusions_and_constant_input_lead_to_a_balance_that_does_not_rest() {
    let mut flows = Flows::chain(30, 2.0, 0.5);
    flows.constant[3] = 1.0;
    let subject = Subject::new().record(infusion(0.0, 0, 4000.0, 8.0)).observe([50.0, 150.0, 250.0]);
    let found = run(&flows, &[], &subject);
    for row in &found[1..] {
        assert!((row[1] - 4.0).abs() < 1e-13 * 4.0, "{}", row[1]);
        assert!((row[29] - 18.0).abs() < 1e-13 * 18.0, "{}", row[29]);
    }
}

#[test]
fn what_rests_stays_without_work() {
    let chain = Flows::chain(60, 9.0, 0.5);
    let late = Subject::new().observe([0.0, 1e9, 1e12]).record(bolus(1e12, 0, 100.0)).observe([1e12 + 8.0]);
    let found = run(&chain, &[], &late);
    assert!(found[..3].iter().flatten().all(|amount| *amount == 0.0));
    assert!(found[3].iter().sum::<f64>() > 10.0);
    // Everything has arrived where nothing leaves.
    let closed = Flows::chain(30, 2.0, 0.0);
    let found = run(&closed, &[], &Subject::new().record(bolus(0.0, 0, 5.0)).observe([1000.0, 1e9]));
    assert!((found[1][29] - 5.0).abs() < 1e-13 * 5.0);
}

#[test]
fn without_flows_only_input_counts() {
    let mut nothing = Flows::new(30);
    let subject = Subject::new().record(bolus(0.0, 0, 3.0)).observe([0.0, 5.0, 1e6]);
    assert!(run(&nothing, &[], &subject).iter().all(|row| row[0] == 3.0 && row[1] == 0.0));
    nothing.constant[1] = 0.25;
    let found = run(&nothing, &[], &subject);
    assert!((found[1][1] - 1.25).abs() < 1e-12 && (found[2][1] - 2.5e5).abs() < 1e-5);
}

#[test]
fn areas_may_have_any_unit() {
    let chain = |scale: f64| {
        let mut chain = Flows::chain(40, 3.0, 0.2);
        (chain.states, chain.accumulators) = (41, vec![40]);
        chain.constant.push(0.0);
        chain.entries.push((40, 39, scale));
        chain
    };
    for scale in [1e-6, 1.0, 1e9] {
        let found = run(&chain(scale), &[], &week(6.0));
        let steps = run(&chain(scale).by_steps(), &[], &week(6.0));
        let area: Vec<Vec<f64>> = found.iter().map(|row| vec![row[40]]).collect();
        let stepped: Vec<Vec<f64>> = steps.iter().map(|row| vec![row[40]]).collect();
        assert!(area != stepped, "{scale}");
        assert!(difference(&stepped, &area) < 1e-6, "{scale}");
        // What has left at 0.2 is five times less than the area has grown.
        let last = found.last().expect("a row");
        let left = 600.0_f64.max(100.0 * 7.0) - last[..40].iter().sum::<f64>();
        assert!((last[40] / scale - 5.0 * left).abs() < 1e-10 * left, "{scale}: {} {left}", last[40]);
    }
}

#[test]
fn concentrations_that_exchange_are_compartments_too() {
    // The same system in amounts and in concentrations: columns lose nothing here, rows there.
    let volumes: Vec<f64> = (0..30).map(|state| 1.0 + f64::from(state % 7)).collect();
    let mut amounts = Flows::new(30);
    for from in 0..30 {
        let to = (from + 1) % 30;
        amounts = amounts.flow(from, Some(to), 2.0 / volumes[from]).flow(to, Some(from), 2.0 / volumes[to]);
    }
    let mut concentrations = amounts.clone();
    for (row, column, entry) in &mut concentrations.entries {
        *entry *= volumes[*column] / volumes[*row];
    }
    let subject = Subject::new().record(bolus(0.0, 0, volumes[0])).observe(times(20, 0.7));
    let mut left = run(&amounts, &[], &subject);
    let right = run(&concentrations, &[], &subject);
    assert_other(&concentrations, &concentrations.by_steps(), &subject);
    for row in &mut left {
        row.iter_mut().zip(&volumes).for_each(|(amount, volume)| *amount /= volume / volumes[0]);
    }
    assert!(difference(&left, &right) < 1e-13);
}

#[test]
fn covariates_on_a_slope_are_stepped_and_others_are_not() {
    let mut flows = Flows { covariate: true, ..Flows::chain(30, 2.0, 0.3) };
    flows.features |= feature::SLOPED;
    let constant = Subject::new().record(bolus(0.0, 0, 100.0)).with(&[1.0]).observe(times(10, 1.5));
    assert_other(&flows, &flows.by_steps(), &constant);
    let mut sloped = Subject::new().record(bolus(0.0, 0, 100.0)).with(&[1.0]);
    for time in times(10, 1.5) {
        sloped = sloped.record(observation(time)).with(&[1.0 + 0.1 * time]);
    }
    assert_same(&flows, &flows.by_steps(), &sloped);
}

#[test]
fn steady_states_are_those_of_many_doses() {
    let chain = Flows::chain(40, 4.0, 0.3);
    let steady = Record { flags: flag::STEADY_STATE, interval: 12.0, ..bolus(0.0, 0, 100.0) };
    let found = run(&chain, &[], &Subject::new().record(steady).observe(times(11, 1.0)));
    let many = Record { additional: 99, interval: 12.0, ..bolus(0.0, 0, 100.0) };
    let last = times(11, 1.0).map(|time| 1188.0 + time);
    let repeated = run(&chain, &[], &Subject::new().record(many).observe(last));
    assert!(difference(&repeated, &found) < 1e-9, "{:e}", difference(&repeated, &found));
    let constant = Record { flags: flag::STEADY_STATE, rate: 6.0, amount: 0.0, ..bolus(0.0, 0, 0.0) };
    let found = run(&chain, &[], &Subject::new().record(constant).observe([0.0]));
    assert!((found[0][39] - 20.0).abs() < 1e-6 && (found[0][3] - 1.5).abs() < 1e-7, "{found:?}");
}
