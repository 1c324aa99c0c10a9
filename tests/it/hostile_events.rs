//! Random models with events and random data, sensible or not: a run ends with results or an error that has a code.

use core::fmt::Write as _;

use pmc_abi::schedule::event;
use pmc_host::{Configuration, Limits, RunError, Schedule, ScheduleRecord, load_wasm_plugin};
use pmc_tests::random::Random;
use pmc_tests::records::{bolus, infusion, observation, observed, repeated, reset, schedule};

const MODELS: u64 = 400;

const GRIDS: u64 = 150;

const SEED: u64 = 50_000;

const ABSURD: [&str; 8] = ["0", "1e300", "1e-300", "-1", "1e-17", "1e17", "0.1", "-1e300"];

/// Writes models word by word.
struct Writer {
    random: Random,
    states: usize,
    text: String,
}

impl Writer {
    fn number(&mut self) -> String {
        if self.random.chance(0.06) {
            return format!("({})", self.random.pick(&ABSURD));
        }
        format!("{:.3}", self.random.magnitude(0.01, 100.0))
    }

    /// A value, of states and time where that is allowed.
    fn value(&mut self, depth: usize, moving: bool) -> String {
        if depth == 0 || self.random.chance(0.3) {
            let state = format!("s{}", self.random.below(self.states));
            let (p, v) = (format!("p{}", self.random.below(3)), format!("v{}", self.random.below(2)));
            let number = self.number();
            let still = [p, v, number];
            let more = [state.clone(), state, "t".to_owned(), "tad()".to_owned(), "rate(r)".to_owned()];
            return if moving && self.random.chance(0.7) {
                self.random.pick(&more)
            } else {
                self.random.pick(&still)
            };
        }
        let (a, b) = (self.value(depth - 1, moving), self.value(depth - 1, moving));
        match self.random.below(11) {
            0 | 1 => format!("({a} + {b})"),
            2 | 3 => format!("({a} - {b})"),
            4 | 5 => format!("({a} * {b})"),
            6 => format!("({a} / {b})"),
            7 => format!("mod({a}, {b})"),
            8 => format!("exp(-abs({a}))"),
            9 => format!("floor({a})"),
            _ => {
                let condition = self.condition(depth - 1, moving);
                format!("(if ({condition}) {a} else {b})")
            }
        }
    }

    fn condition(&mut self, depth: usize, moving: bool) -> String {
        let (a, b) = (self.value(depth, moving), self.value(depth, moving));
        let comparison = self.random.pick(&["<", "<=", ">", ">="]);
        let simple = format!("{a} {comparison} {b}");
        if depth > 0 && self.random.chance(0.3) {
            let other = self.condition(depth - 1, moving);
            return format!("({simple} {} {other})", self.random.pick(&["&&", "||"]));
        }
        simple
    }

    fn statement(&mut self) -> String {
        let value = self.value(1, true);
        match self.random.below(12) {
            0..=3 => format!("v{} = {value}", self.random.below(2)),
            4..=6 => format!("s{} = {value}", self.random.below(self.states)),
            7 => format!("s{} += {value}", self.random.below(self.states)),
            8 => format!("give(r, {value})"),
            9 => format!("give(r, abs({value}), {})", self.value(1, true)),
            10 => {
                let condition = self.condition(1, true);
                let inner = self.statement();
                format!("if ({condition}) {{ {inner} }}")
            }
            _ if self.random.chance(0.2) => "stop()".to_owned(),
            _ => format!("v0 += {value}"),
        }
    }

    fn block(&mut self) {
        let head = match self.random.below(4) {
            0 => format!("at t = {}", self.value(1, false)),
            1 => format!("every {}", self.value(1, false)),
            2 => format!("every {} from {}", self.number(), self.value(1, false)),
            _ => format!("when ({})", self.condition(1, true)),
        };
        let statements: Vec<String> = (0..=self.random.below(3)).map(|_| self.statement()).collect();
        let _ = writeln!(self.text, "{head} {{ {} }}", statements.join("; "));
    }

    fn model(mut self) -> String {
        let solver = self.random.pick(&["auto", "auto", "explicit", "stiff"]);
        let states: Vec<String> = (0..self.states).map(|i| format!("s{i}")).collect();
        let _ =
            writeln!(self.text, "name = hostile\noption solver = {solver}\nparam p0 = 1, p1 = 0.3, p2 = 5");
        let _ = writeln!(self.text, "state {}\nvar v0 = p1, v1 = 0\ndose(r) -> s0", states.join(", "));
        if self.random.chance(0.3) {
            let (lag, fraction) = (self.value(1, false), self.value(1, false));
            let _ = writeln!(
                self.text,
                "lag(r) = abs({lag})\nfa(r) = {fraction}\nrate(r) = {fraction}\ndur(r) = {lag}"
            );
        }
        let is_linear = self.random.chance(0.5);
        for index in 0..self.states {
            let initial = self.value(1, false).replace("v0", "p0").replace("v1", "p1");
            let derivative = if is_linear {
                let factor = self.value(1, false);
                format!("{factor} - abs({}) * s{index}", self.value(0, false))
            } else {
                self.value(2, true)
            };
            let _ = writeln!(
                self.text,
                "init(s{index}) = {initial}\nddt(s{index}) = {derivative}\nout(o{index}) = s{index}"
            );
        }
        for _ in 0..=self.random.below(4) {
            self.block();
        }
        self.text
    }
}

/// Draws records, the values of some of which nobody means.
fn data(random: &mut Random) -> Schedule {
    let mut records = Vec::new();
    let mut time = random.pick(&[0.0, 0.0, 0.0, -5.0, 1e6, 1e12, -1e-300]);
    let absurd = [0.0, -1.0, -2.0, 1e300, -1e300, 1e-300, f64::NAN, f64::INFINITY, 1e17];
    let draw = |random: &mut Random| {
        if random.chance(0.08) { random.pick(&absurd) } else { random.magnitude(0.1, 100.0) }
    };
    for _ in 0..3 + random.below(8) {
        let mut record = ScheduleRecord { report: random.chance(0.8), ..observation(time) };
        if random.chance(0.5) {
            record.event =
                random.pick(&[event::DOSE, event::DOSE, event::RESET, event::RESET_AND_DOSE, event::OTHER]);
            record.route = Some(0);
            record.amount = draw(random);
            record.rate = if random.chance(0.5) { 0.0 } else { draw(random) };
            record.additional = random.pick(&[0, 0, 3, 50, u32::MAX]);
            record.interval = draw(random);
        }
        records.push(record);
        time += if random.chance(0.3) { 0.0 } else { random.between(0.0, 20.0) };
    }
    schedule(records)
}

fn configuration(random: &mut Random) -> Configuration {
    let absurd = [0.0, 1e300, -1.0, 1e-300, f64::NAN, f64::INFINITY];
    let mut draw = || if random.chance(0.08) { random.pick(&absurd) } else { random.magnitude(0.05, 20.0) };
    let parameters = [("p0", draw()), ("p1", draw()), ("p2", draw())];
    Configuration { maximum_steps: Some(400), ..Configuration::of_parameters(parameters) }
}

/// Runs a model that compiles on data of its own; `None` if it does not compile.
fn attempt(seed: u64, limits: &Limits) -> Option<Result<(), RunError>> {
    let mut random = Random::new(seed);
    let states = 1 + random.below(3);
    let text = Writer { random: random.clone(), states, text: String::new() }.model();
    let wasm = pmc::compile(&text, &pmc::CompileOptions::default()).ok()?.wasm;
    let plugin = load_wasm_plugin(&wasm, limits).unwrap_or_else(|error| panic!("{seed}: {error}\n{text}"));
    let settings = configuration(&mut random);
    let result = plugin.model(&settings).and_then(|mut model| model.simulate(&data(&mut random)));
    if let Err(error) = &result {
        assert!(error.status.is_some(), "{seed}: {error:?}\n{settings:?}\n{text}");
    }
    Some(result.map(|_| ()))
}

#[test]
fn every_run_ends_with_results_or_a_coded_error() {
    let limits = Limits { fuel_per_call: 3_000_000_000, ..Limits::generous() };
    let (mut done, mut failed, mut refused) = (0, 0, 0);
    for seed in 0..MODELS {
        match attempt(seed, &limits) {
            Some(Ok(())) => done += 1,
            Some(Err(_)) => failed += 1,
            None => refused += 1,
        }
    }
    // Were nearly all refused or failed, this would test nothing.
    assert!(done > MODELS / 8 && failed > MODELS / 8 && refused < MODELS / 4, "{done} {failed} {refused}");
}

/// Runs a model on boluses and infusions that make sense, observed at times.
fn observe(text: &str, limits: &Limits, times: &[f64]) -> Option<Vec<Vec<f64>>> {
    let wasm = pmc::compile(text, &pmc::CompileOptions::default()).ok()?.wasm;
    let plugin = load_wasm_plugin(&wasm, limits).ok()?;
    let settings = Configuration { maximum_steps: Some(3_000), ..Configuration::default() };
    let records = [bolus(0.0, 0, 10.0), repeated(infusion(3.0, 0, 20.0, 8.0), 2, 5.0), reset(14.0)];
    let rows = plugin.model(&settings).ok()?.simulate(&observed(&records, times.iter().copied())).ok()?;
    Some(rows.chunks_exact(plugin.manifest().outputs.len()).map(<[f64]>::to_vec).collect())
}

#[test]
fn random_events_do_not_depend_on_who_looks() {
    let limits = Limits { fuel_per_call: 3_000_000_000, ..Limits::generous() };
    let few = [0.0, 2.3, 4.1, 9.7, 13.9, 17.2, 20.0];
    let many: Vec<f64> = (0..400).map(|k| 0.05 * f64::from(k)).chain(few).collect();
    let mut compared = 0;
    for seed in 0..GRIDS {
        let random = Random::new(SEED + seed);
        let text = Writer { random, states: 2, text: String::new() }.model();
        let (Some(alone), Some(among)) = (observe(&text, &limits, &few), observe(&text, &limits, &many))
        else {
            continue;
        };
        let mut times = many.clone();
        times.sort_by(f64::total_cmp);
        for (time, row) in few.iter().zip(&alone) {
            let place = times.iter().rposition(|other| other == time).expect("a time of both");
            let bits = |row: &[f64]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(row), bits(&among[place]), "seed {seed} at {time}\n{text}");
        }
        compared += 1;
    }
    assert!(compared > GRIDS / 4, "{compared}");
}
