//! Times of engines beside one another: the right-hand side alone, and whole subjects.
//!
//! Everything is timed in one process. Ratios are to the same kernel with the model by hand, compiled natively; lanes
//! count a subject. A right-hand side is called as a function, as by a solver that does not know the model.

use core::fmt::Write as _;
use std::hint::black_box;

use anyhow::{Context, Result, ensure};

use crate::clock::microseconds_of_all;
use crate::contestants::{Contestant, Population, Results, built_in};
use crate::workload::{self, Workload};

/// Subjects of a population.
const SUBJECTS: usize = 64;

/// Evaluations of a right-hand side in a batch.
const EVALUATIONS: usize = 2_000;

/// Subjects of the population for which there is a bar.
const MANY: usize = 1_000;

/// Makes further engines for a workload, given its module.
pub type Further<'f> = &'f dyn Fn(&Workload, &[u8]) -> Result<Vec<Box<dyn Contestant>>>;

/// Prints the tables of all engines, further ones after native code; workloads whose name holds `filter`.
pub fn print_tables(filter: &str, further: Further<'_>) -> Result<()> {
    let tables: [(&str, f64, Measure); 2] = [
        ("right-hand side, ns (modules: entry and its checks included)", 1e3, right_hand_side),
        ("subject, µs (64 distinct subjects)", 1.0, subjects),
    ];
    for (title, unit, measure) in tables {
        show(title);
        for workload in workload::engines().iter().filter(|workload| workload.name.contains(filter)) {
            let row = contestants(workload, further)
                .and_then(|mut engines| row(&mut engines, workload, unit, measure))
                .with_context(|| format!("in `{}`", workload.name))?;
            show(&row);
        }
    }
    show(
        "lanes, µs a subject: all alike, distinct, nine (eight and one alone), one; ratios to native on the same",
    );
    for workload in workload::engines().iter().filter(|workload| workload.name.contains(filter)) {
        show(&company(workload)?);
    }
    Ok(())
}

/// Prints what a subject of a large population costs in lanes on one thread.
pub fn print_population() -> Result<()> {
    let workload = workload::oral();
    let population = Population::new(workload.population(MANY));
    let mut engines = built_in(&workload)?;
    let lanes = engines.last_mut().context("lanes come last")?;
    let time = microseconds_of_all(1, &mut [&mut || drop(black_box(lanes.simulate(&population)))]);
    show(&format!(
        "{MANY} subjects, {}, lanes, one thread: {:.1} µs each",
        workload.name,
        time[0] / MANY as f64
    ));
    Ok(())
}

/// Returns the time of one right-hand side or subject on each engine, in microseconds.
type Measure = fn(&mut [Box<dyn Contestant>], &Workload) -> Result<Vec<f64>>;

#[expect(clippy::print_stdout, reason = "a benchmark is a shell")]
pub(crate) fn show(line: &str) {
    println!("{line}");
}

fn contestants(workload: &Workload, further: Further<'_>) -> Result<Vec<Box<dyn Contestant>>> {
    let mut engines = built_in(workload)?;
    engines.splice(1..1, further(workload, &workload.module()?)?);
    Ok(engines)
}

fn row(
    engines: &mut [Box<dyn Contestant>],
    workload: &Workload,
    unit: f64,
    measure: Measure,
) -> Result<String> {
    let times = measure(engines, workload)?;
    let native = times.first().copied().context("native code comes first")?;
    let mut row = format!("{:<28}", workload.name);
    for (engine, time) in engines.iter().zip(times) {
        _ = write!(row, "  {} {:.1} ({:.2})", engine.name(), time * unit, time / native);
    }
    Ok(row)
}

fn right_hand_side(engines: &mut [Box<dyn Contestant>], workload: &Workload) -> Result<Vec<f64>> {
    let mut native = workload.native();
    native.simulate(&workload.words());
    let state: Vec<f64> = (0..native.states()).map(|index| 1.0 + 0.25 * index as f64).collect();
    let mut expected = vec![0.0; state.len()];
    native.derivatives(1, &state, &mut expected);
    // The first engine has parameters after its first run only.
    let first = Population::new(vec![workload.schedule.clone()]);
    let mut places = Vec::new();
    for engine in &mut *engines {
        engine.simulate(&first)?;
        let mut out = vec![0.0; state.len()];
        engine.derivatives(1, &state, &mut out)?;
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * (1.0 + a.abs());
        ensure!(expected.iter().zip(&out).all(close), "{}: {out:?}, not {expected:?}", engine.name());
        places.push((engine, out));
    }
    let abreast: Vec<usize> = places.iter().map(|(engine, _)| engine.abreast()).collect();
    let times = times(
        1,
        places.iter_mut().map(|(engine, out)| {
            let state = &state;
            move || engine.derivatives(EVALUATIONS, state, out).is_ok()
        }),
    )?;
    let one = |(time, abreast): (f64, usize)| time / (EVALUATIONS * abreast) as f64;
    Ok(times.into_iter().zip(abreast).map(one).collect())
}

fn subjects(engines: &mut [Box<dyn Contestant>], workload: &Workload) -> Result<Vec<f64>> {
    let population = Population::new(workload.population(SUBJECTS));
    compare(engines, &population)
}

/// Returns the time of a subject of a population on each engine, in microseconds, after a look at what it says.
fn compare(engines: &mut [Box<dyn Contestant>], population: &Population) -> Result<Vec<f64>> {
    let mut expected: Option<Results> = None;
    for engine in &mut *engines {
        let found = engine.simulate(population)?;
        let expected = expected.get_or_insert_with(|| found.clone());
        // Not to the last bit: the compiler may have other sums than whoever writes by hand.
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-4 * (1.0 + b.abs());
        let same = |(a, b): (&Vec<f64>, &Vec<f64>)| a.len() == b.len() && a.iter().zip(b).all(close);
        ensure!(found.iter().zip(&*expected).all(same), "results of {} disagree", engine.name());
    }
    let runs = engines.iter_mut().map(|engine| move || black_box(engine.simulate(population)).is_ok());
    Ok(times(1, runs)?.into_iter().map(|time| time / population.words.len() as f64).collect())
}

/// Returns the time of each, in microseconds.
fn times(batch: usize, runs: impl Iterator<Item = impl FnMut() -> bool>) -> Result<Vec<f64>> {
    let failed = std::cell::Cell::new(false);
    let mut runs: Vec<_> = runs
        .map(|mut run| {
            let failed = &failed;
            move || failed.set(failed.get() | !run())
        })
        .collect();
    let mut borrowed: Vec<&mut dyn FnMut()> = runs.iter_mut().map(|run| run as &mut dyn FnMut()).collect();
    let times = microseconds_of_all(batch, &mut borrowed);
    ensure!(!failed.get(), "an engine fails while it is timed");
    Ok(times)
}

/// Returns what lanes cost by what company subjects have.
fn company(workload: &Workload) -> Result<String> {
    let distinct = workload.population(SUBJECTS);
    let alike = vec![workload.schedule.clone(); SUBJECTS];
    let nine = distinct.iter().take(9).cloned().collect();
    let one = vec![workload.schedule.clone()];
    let mut row = format!("{:<28}", workload.name);
    for schedules in [alike, distinct, nine, one] {
        let mut engines = built_in(workload)?;
        let (first, last) = (engines.remove(0), engines.pop().context("lanes come last")?);
        let times = compare(&mut [first, last], &Population::new(schedules))?;
        if let [native, lanes] = times[..] {
            _ = write!(row, "  {lanes:.1} ({:.2})", lanes / native);
        }
    }
    Ok(row)
}
