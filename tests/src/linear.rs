//! Linear models drawn at random, what they are given, and their exact course.

use core::fmt::Write as _;

use pmc_abi::schedule::event;
use pmc_host::ScheduleRecord;

use crate::double::{Double, apply, exponential};
use crate::random::Random;
use crate::records::{bolus, infusion, repeated, reset};

/// A linear model with one route, lag and bioavailability a state.
#[derive(Clone, Debug)]
pub struct Linear {
    /// Coefficients, row by row: `ddt(i) = Σ matrix[i][j] · j`.
    pub matrix: Vec<Vec<f64>>,
    /// Initial values.
    pub initial: Vec<f64>,
    /// Lag of each route.
    pub lag: Vec<f64>,
    /// Bioavailability of each route.
    pub bioavailability: Vec<f64>,
}

/// What sort of system is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Compartments that exchange, and lose to the outside; some rates are equal.
    Exchange,
    /// The same with rates from 1e-4 to 1e4.
    Stiff,
    /// A chain of equal rates with a way out.
    Chain,
    /// Absorption, where the rates of absorption and elimination are equal or nearly so.
    Absorption,
    /// Exchange with integrals of states, and nothing lost to the outside but into one of them.
    Integrals,
    /// Compartments in a circle, with complex eigenvalues.
    Circle,
    /// Oscillators, damped or not.
    Oscillators,
}

/// All of them.
pub const FAMILIES: [Family; 7] = [
    Family::Exchange,
    Family::Stiff,
    Family::Chain,
    Family::Absorption,
    Family::Integrals,
    Family::Circle,
    Family::Oscillators,
];

impl Linear {
    /// Draws a system.
    pub fn draw(random: &mut Random, family: Family) -> Self {
        let matrix = match family {
            Family::Exchange => exchange(random, 0.02, 5.0, 0),
            Family::Stiff => exchange(random, 1e-4, 1e4, 0),
            Family::Integrals => exchange(random, 0.02, 5.0, 2),
            Family::Chain => chain(random),
            Family::Absorption => absorption(random),
            Family::Circle => circle(random),
            Family::Oscillators => oscillators(random),
        };
        let n = matrix.len();
        let mut draw = |zero: f64, low, high| -> Vec<f64> {
            (0..n).map(|_| if random.chance(zero) { 0.0 } else { random.between(low, high) }).collect()
        };
        let initial = draw(0.5, 0.0, 50.0);
        let lag = draw(0.5, 0.0, 3.0);
        let bioavailability = draw(0.1, 0.2, 1.0);
        Self { matrix, initial, lag, bioavailability }
    }

    /// Returns how many states there are.
    pub fn states(&self) -> usize {
        self.matrix.len()
    }

    /// Writes the model; initial values are parameters `i0`, `i1` and so on.
    pub fn text(&self, options: &str) -> String {
        let names = |letter: &str| {
            let names: Vec<String> = (0..self.states()).map(|i| format!("{letter}{i}")).collect();
            names.join(", ")
        };
        let mut text = format!("name = random\n{options}\nstate {}\n", names("s"));
        for (i, value) in self.initial.iter().enumerate() {
            let _ = writeln!(text, "param i{i} = {value:e}\ninit(s{i}) = i{i}\ndose(r{i}) -> s{i}");
            let _ = writeln!(text, "lag(r{i}) = {:e}\nfa(r{i}) = {:e}", self.lag[i], self.bioavailability[i]);
        }
        for (i, row) in self.matrix.iter().enumerate() {
            let terms: Vec<String> = row
                .iter()
                .enumerate()
                .filter(|(_, entry)| **entry != 0.0)
                .map(|(j, entry)| format!("({entry:e}) * s{j}"))
                .collect();
            let sum = if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") };
            let _ = writeln!(text, "ddt(s{i}) = {sum}\nout(y{i}) = s{i}");
        }
        text
    }

    /// Returns the exact states at times after all records up to each; times ascend.
    pub fn exact(&self, records: &[ScheduleRecord], times: &[f64]) -> Vec<Vec<f64>> {
        let start = records.first().map_or(0.0, |record| record.time).min(times[0]);
        let mut starts: Vec<(f64, usize)> = vec![(start, 0)];
        let resets = |record: &&ScheduleRecord| record.event >= event::RESET;
        starts.extend(
            records.iter().enumerate().filter(|(_, r)| resets(r)).map(|(index, record)| (record.time, index)),
        );
        let mut rows = Vec::new();
        for (place, (start, first)) in starts.iter().enumerate() {
            let (end, last) = starts.get(place + 1).copied().unwrap_or((f64::INFINITY, records.len()));
            let inputs: Vec<Input> = records[*first..last].iter().flat_map(|r| self.inputs(r)).collect();
            let within: Vec<f64> = times.iter().copied().filter(|t| start <= t && *t < end).collect();
            rows.extend(self.course(&inputs, *start, &within));
        }
        rows
    }

    /// Returns what a record comes to.
    fn inputs(&self, record: &ScheduleRecord) -> Vec<Input> {
        let Some(state) = record.route.map(|route| route as usize) else { return Vec::new() };
        let amount = record.amount * self.bioavailability[state];
        let duration = if record.rate == 0.0 { 0.0 } else { amount / record.rate };
        let start = record.time + self.lag[state];
        (0..=record.additional)
            .map(|j| Input { start: start + f64::from(j) * record.interval, state, amount, duration })
            .collect()
    }

    fn course(&self, inputs: &[Input], start: f64, times: &[f64]) -> Vec<Vec<f64>> {
        let n = self.states();
        let mut borders: Vec<f64> =
            inputs.iter().flat_map(|input| [input.start, input.start + input.duration]).collect();
        borders.extend(times);
        borders.sort_by(f64::total_cmp);
        borders.dedup();
        let mut state: Vec<Double> = self.initial.iter().map(|value| Double::from(*value)).collect();
        state.push(Double::ONE);
        let mut now = start;
        let mut rows = Vec::new();
        for border in borders.into_iter().filter(|border| start <= *border) {
            if now < border {
                let mut augmented: Vec<Vec<f64>> = self.matrix.clone();
                for row in &mut augmented {
                    row.push(0.0);
                }
                augmented.push(vec![0.0; n + 1]);
                let runs = |input: &&Input| {
                    input.duration > 0.0 && input.start <= now && now < input.start + input.duration
                };
                for input in inputs.iter().filter(runs) {
                    augmented[input.state][n] += input.amount / input.duration;
                }
                state = apply(&exponential(&augmented, border - now), &state);
                now = border;
            }
            for input in inputs.iter().filter(|input| input.start == now && input.duration == 0.0) {
                state[input.state] = state[input.state] + Double::from(input.amount);
            }
            if times.contains(&now) {
                rows.push(state[..n].iter().map(|value| value.round()).collect());
            }
        }
        rows
    }
}

/// A dose as it is given.
#[derive(Clone, Copy, Debug)]
struct Input {
    start: f64,
    state: usize,
    amount: f64,
    duration: f64,
}

/// Draws what a system with this many states is given within a time: boluses, infusions that overlap, repeated
/// doses and, if wanted, resets.
pub fn regimen(random: &mut Random, states: usize, end: f64, resets: bool) -> Vec<ScheduleRecord> {
    let mut records = Vec::new();
    for _ in 0..2 + random.below(4) {
        let (time, route) = (random.between(0.0, 0.7 * end), random.below(states) as u32);
        let amount = random.between(10.0, 200.0);
        let record = if random.chance(0.5) {
            bolus(time, route, amount)
        } else {
            infusion(time, route, amount, amount / random.between(0.05, 0.3) / end)
        };
        let additional = if random.chance(0.5) { random.below(5) as u32 } else { 0 };
        let mut record = repeated(record, additional, random.between(0.03, 0.3) * end);
        if resets && random.chance(0.2) {
            record.event = event::RESET_AND_DOSE;
        }
        records.push(record);
    }
    if resets {
        records.push(reset(random.between(0.3, 0.9) * end));
    }
    records.sort_by(|a, b| a.time.total_cmp(&b.time));
    records
}

fn zeros(n: usize) -> Vec<Vec<f64>> {
    vec![vec![0.0; n]; n]
}

/// Moves a rate from one compartment to another, or out.
fn flow(matrix: &mut [Vec<f64>], from: usize, to: Option<usize>, rate: f64) {
    matrix[from][from] -= rate;
    if let Some(to) = to {
        matrix[to][from] += rate;
    }
}

/// Compartments that exchange; of the last `integrals` states the last collects what is lost, another integrates.
fn exchange(random: &mut Random, low: f64, high: f64, integrals: usize) -> Vec<Vec<f64>> {
    let n = 1 + random.below(if integrals > 0 { 6 } else { 8 });
    let mut matrix = zeros(n + integrals);
    let sink = (integrals > 0).then_some(n + integrals - 1);
    let equal = random.magnitude(low, high);
    for from in 0..n {
        for to in (0..=n).filter(|to| *to != from) {
            if random.chance(0.4) {
                let rate = if random.chance(0.2) { equal } else { random.magnitude(low, high) };
                flow(&mut matrix, from, if to < n { Some(to) } else { sink }, rate);
            }
        }
    }
    if integrals > 1 {
        matrix[n][random.below(n)] = random.between(0.1, 2.0);
    }
    matrix
}

fn chain(random: &mut Random) -> Vec<Vec<f64>> {
    let n = 2 + random.below(7);
    let rate = random.magnitude(0.1, 3.0);
    let mut matrix = zeros(n);
    (0..n).for_each(|i| flow(&mut matrix, i, if i + 1 < n { Some(i + 1) } else { None }, rate));
    matrix
}

fn absorption(random: &mut Random) -> Vec<Vec<f64>> {
    let distance = random.pick(&[0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 0.029, 0.031, 0.1]);
    let ke = random.magnitude(0.05, 2.0);
    let mut matrix = zeros(2 + random.below(3));
    flow(&mut matrix, 0, Some(1), ke * (1.0 + distance));
    flow(&mut matrix, 1, None, ke);
    for peripheral in 2..matrix.len() {
        flow(&mut matrix, 1, Some(peripheral), random.magnitude(0.05, 2.0));
        flow(&mut matrix, peripheral, Some(1), random.magnitude(0.05, 2.0));
    }
    matrix
}

fn circle(random: &mut Random) -> Vec<Vec<f64>> {
    let n = 3 + random.below(6);
    let mut matrix = zeros(n);
    let equal = random.magnitude(0.1, 3.0);
    for from in 0..n {
        let rate = if random.chance(0.5) { equal } else { random.magnitude(0.1, 3.0) };
        flow(&mut matrix, from, Some((from + 1) % n), rate);
        if random.chance(0.3) {
            flow(&mut matrix, from, None, random.magnitude(0.02, 0.5));
        }
    }
    matrix
}

fn oscillators(random: &mut Random) -> Vec<Vec<f64>> {
    let pairs = 1 + random.below(3);
    let mut matrix = zeros(2 * pairs);
    for first in (0..2 * pairs).step_by(2) {
        let (frequency, damping) = (random.magnitude(0.1, 4.0), random.pick(&[0.0, 0.05, 0.4]));
        matrix[first][first + 1] = frequency;
        matrix[first + 1][first] = -frequency;
        matrix[first][first] = -damping;
        matrix[first + 1][first + 1] = -damping;
        if first > 0 {
            matrix[first][first - 1] = 0.3;
        }
    }
    matrix
}
