//! Doses at steady state against brute force: one compartment with absorption, in which every dose of the past is
//! added up, thousands of them where they matter.
//!
//! Regimens are random, from fixed seeds: SS 1 and 2, boluses and infusions shorter and longer than the interval,
//! into depot and central compartment, with lag times up to several intervals, bioavailability, modelled rates and
//! durations, additional doses, constant infusions, resets, and all of that while other doses wait and infuse.

#![allow(clippy::disallowed_methods, reason = "the judge must not use the mathematics of the judged")]

use std::fmt::Write;

use pmc_abi::schedule::{event, modelled, policy};
use pmc_abi::warning;
use pmc_host::{Configuration, Plugin, RunError, Schedule, ScheduleRecord, SteadyState};
use pmc_tests::line::{configuration, plugin};
use pmc_tests::records::schedule;

const MODEL: &str = "
name = steady
OPTION
params = ka, ke
cov lagt, bioav, modr, modd
state depot, central
dose(oral) -> depot
dose(iv) -> central
lag(oral) = lagt
fa(oral) = bioav
rate(oral) = modr
dur(oral) = modd
lag(iv) = lagt
fa(iv) = bioav
rate(iv) = modr
dur(iv) = modd
ddt(depot) = -ka * depot
ddt(central) = ka * depot - ke * central
out(a1) = depot
out(a2) = central
";

/// Largest error of the exact solution and of stepping solvers at a relative tolerance of 1e-8, relative to the
/// highest value that the subject has.
const EXACT: f64 = 1e-11;
const STEPPING: f64 = 1e-7;

/// Doses of the past whose effect has decayed by this exponent are left out.
const FORGOTTEN: f64 = 50.0;

/// Rate constants of the model.
#[derive(Clone, Copy, Debug)]
struct Constants {
    ka: f64,
    ke: f64,
}

impl Constants {
    /// The amounts of both compartments per unit of a bolus, `t` after it.
    fn bolus(self, into: u32, t: f64) -> [f64; 2] {
        let (fast, slow) = ((-self.ka * t).exp(), (-self.ke * t).exp());
        match into {
            0 => [fast, self.ka / (self.ka - self.ke) * (slow - fast)],
            _ => [0.0, slow],
        }
    }

    /// The integral of [`Self::bolus`] from `from` to `to`.
    fn area(self, into: u32, from: f64, to: f64) -> [f64; 2] {
        let area = |k: f64| (-k * from).exp() * -(-k * (to - from)).exp_m1() / k;
        let (fast, slow) = (area(self.ka), area(self.ke));
        match into {
            0 => [fast, self.ka / (self.ka - self.ke) * (slow - fast)],
            _ => [0.0, slow],
        }
    }

    /// The time after which nothing of a dose is left.
    fn memory(self) -> f64 {
        FORGOTTEN / self.ka.min(self.ke)
    }
}

/// One dose that has been given or will be.
#[derive(Clone, Copy, Debug)]
struct Given {
    into: u32,
    start: f64,
    /// The amount of a bolus, or the rate of an infusion.
    amount: f64,
    /// 0 for a bolus.
    duration: f64,
}

impl Given {
    /// What is left of it at a time; a bolus at that time counts if `inclusive`.
    fn left(&self, time: f64, inclusive: bool, constants: Constants) -> [f64; 2] {
        let t = time - self.start;
        if t < 0.0 || (t == 0.0 && !inclusive) {
            return [0.0; 2];
        }
        let unit = if self.duration == 0.0 {
            constants.bolus(self.into, t)
        } else {
            constants.area(self.into, (t - self.duration).max(0.0), t)
        };
        unit.map(|unit| self.amount * unit)
    }
}

/// One row.
#[derive(Clone, Debug)]
struct Row {
    time: f64,
    event: u32,
    into: u32,
    amount: f64,
    rate: f64,
    additional: u32,
    interval: f64,
    steady_state: SteadyState,
    report: bool,
    lag: f64,
    bioavailability: f64,
    modelled_rate: f64,
    modelled_duration: f64,
}

impl Row {
    fn resets(&self) -> bool {
        matches!(self.event, event::RESET | event::RESET_AND_DOSE)
    }

    fn doses(&self) -> bool {
        matches!(self.event, event::DOSE | event::RESET_AND_DOSE)
    }

    fn always_runs(&self) -> bool {
        self.steady_state != SteadyState::None && self.amount == 0.0
    }

    fn is_reduced(&self) -> bool {
        self.doses()
            && self.steady_state != SteadyState::None
            && !self.always_runs()
            && self.interval <= self.lag
    }

    fn record(&self) -> ScheduleRecord {
        ScheduleRecord {
            event: self.event,
            route: self.doses().then_some(self.into),
            amount: self.amount,
            rate: self.rate,
            additional: self.additional,
            interval: self.interval,
            steady_state: self.steady_state,
            report: self.report,
            ..ScheduleRecord::observation(
                self.time,
                vec![self.lag, self.bioavailability, self.modelled_rate, self.modelled_duration],
            )
        }
    }
}

/// The judge: a list of all doses that still count.
struct Superposition {
    constants: Constants,
    given: Vec<Given>,
}

impl Superposition {
    fn state(&self, time: f64, inclusive: bool) -> [f64; 2] {
        self.given.iter().fold([0.0; 2], |[depot, central], given| {
            let left = given.left(time, inclusive, self.constants);
            [depot + left[0], central + left[1]]
        })
    }

    fn dose(&mut self, row: &Row) {
        if row.steady_state == SteadyState::Replace {
            self.given.clear();
        }
        let memory = self.constants.memory();
        if row.always_runs() {
            let amount = if row.rate == modelled::RATE { row.modelled_rate } else { row.rate };
            let start = row.time - memory;
            self.given.push(Given { into: row.into, start, amount, duration: memory });
            return;
        }
        let amount = row.bioavailability * row.amount;
        let (amount, duration) = if row.rate == 0.0 {
            (amount, 0.0)
        } else if row.rate == modelled::DURATION {
            (amount / row.modelled_duration, row.modelled_duration)
        } else {
            let rate = if row.rate == modelled::RATE { row.modelled_rate } else { row.rate };
            (rate, amount / rate)
        };
        let mut lag = row.lag;
        let mut give = |start| self.given.push(Given { into: row.into, start, amount, duration });
        if row.steady_state != SteadyState::None {
            while lag >= row.interval {
                lag -= row.interval;
            }
            let past = ((memory + duration) / row.interval).ceil() as u32 + 1;
            (1..=past).for_each(|back| give(row.time + lag - f64::from(back) * row.interval));
        }
        (0..=row.additional).for_each(|number| give(row.time + lag + f64::from(number) * row.interval));
    }

    /// Runs rows in their order (NONMEM).
    fn run_in_order(&mut self, rows: &[Row]) -> Vec<[f64; 2]> {
        let mut values = Vec::new();
        for row in rows {
            if row.resets() {
                self.given.clear();
            }
            if row.doses() {
                self.dose(row);
            }
            if row.report {
                values.push(self.state(row.time, true));
            }
        }
        values
    }

    /// Runs rows with observations before boluses before infusions at equal times (Pmetrics).
    fn run_observations_first(&mut self, rows: &[Row]) -> Vec<[f64; 2]> {
        let mut values = vec![[0.0; 2]; rows.len()];
        let mut first = 0;
        while let Some(head) = rows.get(first) {
            let group = rows[first..].iter().enumerate();
            let group =
                group.take_while(|(index, row)| row.time == head.time && (*index == 0 || !row.resets()));
            let end = first + group.count();
            if head.resets() {
                self.given.clear();
            }
            let kinds: [fn(&Row) -> bool; 3] = [
                |row| !row.doses(),
                |row| row.doses() && row.rate == 0.0,
                |row| row.doses() && row.rate != 0.0,
            ];
            for (number, kind) in kinds.into_iter().enumerate() {
                for index in (first..end).filter(|index| kind(&rows[*index])) {
                    if rows[index].doses() {
                        self.dose(&rows[index]);
                    }
                    values[index] = self.state(head.time, number > 0);
                }
            }
            first = end;
        }
        rows.iter().zip(values).filter(|(row, _)| row.report).map(|(_, value)| value).collect()
    }
}

/// Numbers that look random: `SplitMix64` (Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number between two.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of some numbers.
    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[(self.roll() % among.len() as u64) as usize]
    }

    fn happens(&mut self, one_in: u64) -> bool {
        self.roll().is_multiple_of(one_in)
    }
}

/// A regimen with observations, and the constants of its subject.
struct Regimen {
    constants: Constants,
    rows: Vec<Row>,
    observations_first: bool,
}

impl Regimen {
    fn random(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let ke = dice.between(0.03, 0.4);
        let ka = ke * if dice.happens(4) { dice.between(0.2, 0.7) } else { dice.between(1.5, 12.0) };
        let observations_first = dice.happens(3);
        let mut rows: Vec<Row> = Vec::new();
        let mut time = dice.pick(&[0.0, 3.25]);
        for _ in 0..3 + dice.roll() % 4 {
            let mut row = dose(time, &mut dice);
            if let (true, Some(before)) = (observations_first, doses_at(&rows, time).next()) {
                // Rows at one time share their covariates under this policy.
                (row.lag, row.bioavailability) = (before.lag, before.bioavailability);
                (row.modelled_rate, row.modelled_duration) = (before.modelled_rate, before.modelled_duration);
                row.interval = before.interval;
            }
            let last = row.clone();
            rows.push(row);
            let next = time + dice.pick(&[0.0, 0.0, 0.5, 7.25, 19.0, 40.75]);
            observe(&last, next, &mut rows, &mut dice);
            time = next;
            if dice.happens(9) {
                rows.push(Row { event: event::RESET, time, ..last });
            }
        }
        let last = rows.last().cloned().unwrap_or_else(|| dose(0.0, &mut dice));
        observe(&last, time + 60.0, &mut rows, &mut dice);
        for row in &mut rows {
            row.report = !row.doses() || !dice.happens(3);
        }
        Self { constants: Constants { ka, ke }, rows, observations_first }
    }

    fn schedule(&self) -> Schedule {
        let policy = if self.observations_first { policy::OBSERVATIONS_FIRST } else { 0 };
        Schedule { policy, ..schedule(self.rows.iter().map(Row::record).collect()) }
    }

    fn truth(&self) -> Vec<[f64; 2]> {
        let mut judge = Superposition { constants: self.constants, given: Vec::new() };
        if self.observations_first {
            judge.run_observations_first(&self.rows)
        } else {
            judge.run_in_order(&self.rows)
        }
    }

    /// Shows what the regimen is, for a failure.
    fn describe(&self) -> String {
        let mut text = format!("{:?}, observations first: {}\n", self.constants, self.observations_first);
        for row in self.rows.iter().filter(|row| row.event != event::OBSERVATION) {
            let _ = writeln!(text, "{row:?}");
        }
        text
    }
}

fn doses_at(rows: &[Row], time: f64) -> impl Iterator<Item = &Row> {
    rows.iter().filter(move |row| row.doses() && row.time == time)
}

/// Makes a dose at a time. Times are multiples of 1/64, so that sums of them are exact.
fn dose(time: f64, dice: &mut Dice) -> Row {
    let interval = dice.pick(&[2.0, 4.5, 8.0, 12.0, 23.75]);
    let steady_state =
        dice.pick(&[SteadyState::None, SteadyState::Replace, SteadyState::Replace, SteadyState::Add]);
    let bioavailability = dice.pick(&[1.0, 1.0, 0.375, 1.4]);
    let amount = dice.between(10.0, 500.0);
    let duration = interval * dice.pick(&[0.01, 0.3, 0.75, 1.0, 1.0, 1.7, 2.0, 4.3, 11.5]);
    let rate = bioavailability * amount / duration;
    let lag = match dice.roll() % 8 {
        0..=3 => 0.0,
        4 => interval * 0.25,
        5 => interval * 0.75,
        6 => interval * dice.pick(&[1.0, 3.0]),
        _ => interval * 2.5,
    };
    let row = Row {
        time,
        event: if dice.happens(7) { event::RESET_AND_DOSE } else { event::DOSE },
        into: (dice.roll() % 2) as u32,
        amount,
        rate: dice.pick(&[0.0, 0.0, rate, rate, modelled::RATE, modelled::DURATION]),
        additional: dice.pick(&[0, 0, 1, 3]),
        interval,
        steady_state,
        report: true,
        lag,
        bioavailability,
        modelled_rate: rate,
        modelled_duration: duration,
    };
    if steady_state == SteadyState::None || !dice.happens(5) {
        return row;
    }
    Row { amount: 0.0, rate: dice.pick(&[rate, modelled::RATE]), additional: 0, ..row }
}

/// Adds observations up to a time: some at once, some anywhere, some when something happens.
fn observe(dose: &Row, until: f64, rows: &mut Vec<Row>, dice: &mut Dice) {
    let mut times = vec![dose.time; usize::from(dice.happens(2))];
    times.extend((0..5).map(|_| dice.between(dose.time, until)));
    let lag = dose.lag % dose.interval;
    times.extend((0..4).map(|number| dose.time + lag + f64::from(number) * dose.interval));
    times.extend((0..usize::from(dice.happens(2))).map(|_| until));
    times.retain(|time| dose.time <= *time && *time <= until);
    times.sort_by(f64::total_cmp);
    rows.extend(times.into_iter().map(|time| Row {
        time,
        event: event::OBSERVATION,
        report: true,
        ..dose.clone()
    }));
}

/// Runs a regimen; returns the largest error relative to the highest value.
fn error(
    plugin: &Plugin,
    settings: impl Fn(Constants) -> Configuration,
    regimen: &Regimen,
) -> Result<f64, String> {
    let mut model = plugin.model(&settings(regimen.constants)).map_err(|error| error.to_string())?;
    let flat = model.simulate(&regimen.schedule()).map_err(|error| error.to_string())?;
    let reduced = regimen.rows.iter().any(Row::is_reduced);
    if model.warnings() != if reduced { warning::LAG_REDUCED } else { 0 } {
        return Err(format!("warnings {:b}", model.warnings()));
    }
    let truth = regimen.truth();
    assert_eq!(flat.len(), 2 * truth.len());
    let mut worst = 0.0_f64;
    for output in 0..2 {
        // All reports may lie where next to nothing is left of doses of tens to hundreds.
        let peak = truth.iter().map(|values| values[output].abs()).fold(1.0, f64::max);
        for (found, expected) in flat.chunks_exact(2).zip(&truth) {
            let error = (found[output] - expected[output]).abs() / peak;
            worst = if error <= worst { worst } else { error };
        }
    }
    Ok(worst)
}

fn check(option: &str, tolerance: f64, seeds: core::ops::Range<u64>) {
    let plugin = plugin(&MODEL.replace("OPTION", option));
    let settings =
        |constants: Constants| configuration(&[("ka", constants.ka), ("ke", constants.ke)], 1e-8, 1e-10);
    let mut failures = String::new();
    for seed in seeds {
        let regimen = Regimen::random(seed);
        let found = error(&plugin, settings, &regimen);
        if !found.as_ref().is_ok_and(|error| *error <= tolerance) {
            let _ = writeln!(failures, "seed {seed}: {found:?}\n{}", regimen.describe());
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn exact_solutions_find_the_steady_state_of_any_regimen() {
    check("", EXACT, 0..300);
}

#[test]
fn the_explicit_solver_finds_the_steady_state_of_any_regimen() {
    check("option solver = explicit", STEPPING, 1000..1150);
}

#[test]
fn the_stiff_solver_finds_the_steady_state_of_any_regimen() {
    check("option solver = stiff", STEPPING, 2000..2100);
}

/// Models that no formula solves, each with a dose that it can bear.
const OTHERS: [(&str, f64, f64); 7] = [
    (
        "name = saturable
      state central
      dose(iv) -> central
      ddt(central) = -10 * central / (20 + central)
      out(a) = central",
        90.0,
        12.0,
    ),
    (
        "name = turnover
      state central, response
      dose(iv) -> central
      init(response) = 10
      ddt(central) = -0.3 * central
      ddt(response) = 2 * (1 - central / (5 + central)) - 0.2 * response
      out(a) = central
      out(r) = response",
        40.0,
        8.0,
    ),
    (
        "name = chain
      state depot, x[6], central
      dose(oral) -> depot
      ddt(depot) = -0.8 * depot
      ddt(x[0]) = 0.8 * (depot - x[0])
      for i in 1..6 { ddt(x[i]) = 0.8 * (x[i - 1] - x[i]) }
      ddt(central) = 0.8 * x[5] - 0.05 * central
      out(a) = central",
        100.0,
        24.0,
    ),
    (
        "name = bound
      option solver = stiff, atol = 1e-9
      state free, target, complex
      dose(iv) -> free
      init(target) = 4
      ddt(free) = -0.1 * free - 2 * free * target + 0.2 * complex
      ddt(target) = 0.8 - 0.2 * target - 2 * free * target + 0.2 * complex
      ddt(complex) = 2 * free * target - 0.2 * complex - 0.05 * complex
      out(a) = free
      out(r) = target",
        30.0,
        24.0,
    ),
    (
        "name = clock
      state central
      dose(iv) -> central
      ddt(central) = -0.2 * (1 + 0.5 * sin(t * 0.5235987755982988)) * central
      out(a) = central",
        50.0,
        12.0,
    ),
    (
        "name = windows
      state central
      dose(iv) -> central
      ddt(central) = if (tad() > 3) -0.5 * central else -0.1 * central
      out(a) = central",
        50.0,
        12.0,
    ),
    (
        "name = nights
      option solver = explicit
      state central
      dose(iv) -> central
      ddt(central) = -(if (mod(t, 12) > 6) 5 else 1) * central / (5 + central)
      out(a) = central",
        10.0,
        12.0,
    ),
];

/// Checks that a train of doses at steady state, and after it, is one that has been given for many intervals.
fn assert_ends_where_history_ends(plugin: &Plugin, steady: &ScheduleRecord, intervals: u32, tolerance: f64) {
    let history = ScheduleRecord {
        time: -f64::from(intervals) * steady.interval,
        additional: intervals + steady.additional,
        steady_state: SteadyState::None,
        ..steady.clone()
    };
    let [found, expected] = [steady, &history].map(|first| after_zero(plugin, first));
    let peak = expected.iter().copied().fold(0.0, f64::max);
    assert!(peak > 1.0, "{}: {expected:?}", plugin.manifest().name);
    for (found, expected) in found.iter().zip(&expected) {
        let error = (found - expected).abs() / peak;
        assert!(error <= tolerance, "{}, {steady:?}: error {error:e}", plugin.manifest().name);
    }
}

/// Runs a train of doses and reports 60 times within three intervals after time 0.
fn after_zero(plugin: &Plugin, first: &ScheduleRecord) -> Vec<f64> {
    let times = (0..60).map(|number| 3.0 * first.interval * f64::from(number) / 60.0 + 0.01);
    let observations = times.map(|time| ScheduleRecord::observation(time, Vec::new()));
    let schedule = schedule(std::iter::once(first.clone()).chain(observations).collect());
    let mut model = plugin.model(&configuration(&[], 1e-8, 1e-10)).expect("no parameters");
    model.simulate(&schedule).unwrap_or_else(|error| panic!("{}: {error}", plugin.manifest().name))
}

#[test]
fn other_models_end_where_a_long_history_ends() {
    for (source, amount, interval) in OTHERS {
        let plugin = plugin(source);
        for rate in [0.0, amount / (0.4 * interval), amount / (1.6 * interval)] {
            let steady = ScheduleRecord {
                event: event::DOSE,
                route: Some(0),
                amount,
                rate,
                additional: 2,
                interval,
                steady_state: SteadyState::Replace,
                report: false,
                ..ScheduleRecord::observation(0.0, Vec::new())
            };
            assert_ends_where_history_ends(&plugin, &steady, 80, STEPPING);
        }
    }
}

#[test]
fn what_only_adds_up_keeps_its_value() {
    let plugin = plugin(
        "name = exposure
         state central, area
         dose(iv) -> central
         ddt(central) = -0.2 * central
         ddt(area) = central
         out(a) = area",
    );
    for (steady_state, rate) in [(SteadyState::Replace, 0.0), (SteadyState::Add, 5.0)] {
        let dose = ScheduleRecord {
            event: event::DOSE,
            route: Some(0),
            amount: 20.0,
            ..ScheduleRecord::observation(0.0, Vec::new())
        };
        let steady = ScheduleRecord { time: 10.0, rate, interval: 6.0, steady_state, ..dose.clone() };
        let before = ScheduleRecord::observation(10.0, Vec::new());
        let schedule = schedule(vec![dose, before, steady]);
        let mut model = plugin.model(&Configuration::default()).expect("no parameters");
        let rows = model.simulate(&schedule).expect("the area has no steady state, and needs none");
        assert_eq!(rows[1].to_bits(), rows[2].to_bits());
        assert!((rows[1] - 100.0 * (1.0 - (-2.0_f64).exp())).abs() < 1e-4, "{}", rows[1]);
    }
}

#[test]
fn a_dose_that_is_not_carried_away_has_no_steady_state() {
    let hopeless = [
        "name = store\nstate a\ndose(iv) -> a\nddt(a) = 0\nout(o) = a",
        "name = bucket\nstate a, b\ndose(iv) -> a\nddt(a) = 0\nddt(b) = a - b\nout(o) = a + b",
        "name = closed\nstate a, b\ndose(iv) -> a\nddt(a) = b - 2 * a\nddt(b) = 2 * a - b\nout(o) = a + b",
        "name = overdose\nstate a\ndose(iv) -> a\nddt(a) = -5 * a / (3 + a)\nout(o) = a",
    ];
    for source in hopeless {
        let stepping = format!("option solver = explicit\n{source}");
        for plugin in [plugin(source), plugin(&stepping)] {
            for rate in [0.0, 4.0, 20.0] {
                let dose = ScheduleRecord {
                    event: event::DOSE,
                    route: Some(0),
                    amount: 10.0,
                    rate,
                    interval: 1.0,
                    steady_state: SteadyState::Replace,
                    ..ScheduleRecord::observation(5.0, Vec::new())
                };
                let constant = ScheduleRecord { amount: 0.0, ..dose.clone() };
                let doses = [dose, constant];
                for dose in doses.into_iter().filter(|dose| dose.amount > 0.0 || dose.rate > 5.0) {
                    let schedule = schedule(vec![ScheduleRecord::observation(0.0, Vec::new()), dose.clone()]);
                    let mut model = plugin.model(&Configuration::default()).expect("no parameters");
                    let error = model.simulate(&schedule).expect_err(source);
                    assert_eq!(error.code.to_string(), "PK2019", "{source}\n{dose:?}");
                    assert_eq!(error.to_string(), "no steady state was found at time 5");
                    assert!(error.help().is_some());
                }
            }
        }
    }
}

#[test]
fn states_that_equations_only_compare_have_steady_states() {
    // A tablet that releases 5 an hour as long as something is left, for 10 of 12 hours; one that nothing else
    // reads; and a response that asks only whether there is drug.
    let models = [
        "name = released
         state depot, central
         dose(oral) -> depot
         ddt(depot) = if (depot > 0) -5 else 0
         ddt(central) = (if (depot > 0) 5 else 0) - 0.1 * central
         out(a) = central",
        "name = used_up
         state depot
         dose(oral) -> depot
         ddt(depot) = if (depot > 0) -5 else 0
         out(a) = depot",
        "name = asked
         state depot, response
         dose(oral) -> depot
         ddt(depot) = -(if (depot > 0) 5 else 0)
         ddt(response) = (if (depot > 20) 0 else 2) - 0.2 * response
         out(a) = response",
    ];
    for source in models {
        let plugin = plugin(source);
        let steady = ScheduleRecord {
            event: event::DOSE,
            route: Some(0),
            amount: 50.0,
            additional: 3,
            interval: 12.0,
            steady_state: SteadyState::Replace,
            report: false,
            ..ScheduleRecord::observation(0.0, Vec::new())
        };
        assert_ends_where_history_ends(&plugin, &steady, 300, 1e-6);
    }
}

/// Runs one dose that has been given every twelve hours for ever; returns the output after it.
fn twice_a_day(source: &str, time: f64, amount: f64) -> Result<f64, RunError> {
    let steady = ScheduleRecord {
        event: event::DOSE,
        route: Some(0),
        amount,
        interval: 12.0,
        steady_state: SteadyState::Replace,
        ..ScheduleRecord::observation(time, Vec::new())
    };
    let mut model = plugin(source).model(&configuration(&[], 1e-8, 1e-10)).expect("no parameters");
    model.simulate(&schedule(vec![steady])).map(|values| values[0])
}

#[test]
fn a_released_tablet_at_steady_state_is_a_train_of_infusions() {
    let source = "name = released
         state depot, central
         dose(oral) -> depot
         ddt(depot) = if (depot > 0) -5 else 0
         ddt(central) = (if (depot > 0) 5 else 0) - 0.1 * central
         out(a) = central";
    let found = twice_a_day(source, 0.0, 50.0).expect("the tablet is used up before the next one");
    // Infusions of 5 over 10 hours every 12: the trough is what one leaves, divided by what an interval takes away.
    let expected = 50.0 * (1.0 - (-1.0_f64).exp()) * (-0.2_f64).exp() / (1.0 - (-1.2_f64).exp());
    assert!((found / expected - 1.0).abs() < 1e-7, "{found} beside {expected}");
}

#[test]
fn what_is_eliminated_more_slowly_than_it_is_given_has_no_steady_state() {
    let source = "name = overfull
         state depot
         dose(oral) -> depot
         ddt(depot) = if (depot > 0) -5 else 0
         out(a) = depot";
    let error = twice_a_day(source, 2.0, 61.0).expect_err("one of 61 is left each time");
    assert_eq!(error.to_string(), "no steady state was found at time 2");
}
