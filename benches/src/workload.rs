//! Models, settings and subjects: seven daily doses and fifty observations over a week each.

use std::hint::black_box;

use anyhow::{Context, Result, anyhow};
use pmc_abi::descriptor::{SolverSettings, interpolation, solver};
use pmc_abi::schedule::event;
use pmc_host::{Configuration, Schedule, ScheduleRecord};
use pmc_kernel::Model;
use pmc_kernel::solver::Statistics;

use crate::equations::{Equations, Handwritten};
use crate::models::{OneCompartment, PkPd, Sigmoid, Tmdd, Transit, TwoCompartments};
use crate::native::Native;
use crate::physiological::Physiological;

/// A model with a subject.
#[derive(Clone)]
pub struct Workload {
    /// What it is called in tables.
    pub name: &'static str,
    /// The model as text.
    pub source: String,
    /// Parameters in the order of the text.
    pub parameters: Vec<(&'static str, f64)>,
    /// Tolerances and solver.
    pub settings: SolverSettings,
    /// Doses and observations.
    pub schedule: Schedule,
    /// Microseconds that a module may take for the subject, if there is a bar.
    pub bar: Option<f64>,
    /// The same model in Rust.
    twin: Twin,
}

/// Which model in Rust.
#[derive(Clone, Copy)]
enum Twin {
    OneCompartment,
    /// Solved exactly.
    LinearOneCompartment,
    TwoCompartments,
    Sigmoid,
    PkPd,
    Tmdd,
    Physiological,
    Transit,
}

/// A native model, ready to run.
pub trait Runner {
    /// Runs a schedule in the layout of the contract; returns what the solver did.
    fn simulate(&mut self, words: &[u64]) -> Statistics;

    /// Returns the outputs of the last run.
    fn outputs(&self) -> &[f64];

    /// Returns the number of states.
    fn states(&self) -> usize;

    /// Evaluates the right-hand side so many times, with the parameters of the last run.
    fn derivatives(&self, times: usize, state: &[f64], out: &mut [f64]);
}

impl<M: Model> Runner for Native<M> {
    fn simulate(&mut self, words: &[u64]) -> Statistics {
        Native::simulate(self, words)
    }

    fn outputs(&self) -> &[f64] {
        Native::outputs(self)
    }

    fn states(&self) -> usize {
        Native::states(self)
    }

    fn derivatives(&self, times: usize, state: &[f64], out: &mut [f64]) {
        for _ in 0..times {
            Native::derivatives(self, black_box(state), black_box(out));
        }
    }
}

impl Workload {
    /// Returns the same with the explicit method, whatever else the compiler may know to do.
    fn explicit(self, name: &'static str, bar: Option<f64>) -> Self {
        let source = format!("option solver = explicit\n{}", self.source);
        let settings = SolverSettings { solver: solver::EXPLICIT, ..self.settings };
        Self { name, source, settings, bar, ..self }
    }

    /// Returns the model in Rust, ready to run.
    pub fn native(&self) -> Box<dyn Runner> {
        match self.twin {
            Twin::OneCompartment => self.run(Handwritten::new(OneCompartment)),
            Twin::LinearOneCompartment => self.run(Handwritten::linear(OneCompartment)),
            Twin::TwoCompartments => self.run(Handwritten::new(TwoCompartments)),
            Twin::Sigmoid => self.run(Handwritten::new(Sigmoid)),
            Twin::PkPd => self.run(Handwritten::new(PkPd)),
            Twin::Tmdd => self.run(Handwritten::new(Tmdd)),
            Twin::Physiological => self.run(Handwritten::new(Physiological)),
            Twin::Transit => self.run(Handwritten::linear(Transit)),
        }
    }

    /// Returns a model with the workload's parameters and memory.
    fn run(&self, model: impl Model + 'static) -> Box<dyn Runner> {
        let parameters = self.parameters.iter().map(|(_, value)| *value).collect();
        Box::new(Native::new(model, parameters, self.settings))
    }

    /// Compiles the model to a module.
    pub fn module(&self) -> Result<Vec<u8>> {
        let compiled = pmc::compile(&self.source, &pmc::CompileOptions::default())
            .map_err(|findings| anyhow!("`{}` does not compile: {findings:?}", self.name))?;
        Ok(compiled.wasm)
    }

    /// Runs all passes on the model.
    pub fn program(&self) -> Result<pmc::Optimised> {
        let pmc::Parsed { file, mut diagnostics, .. } = pmc::parse(&self.source);
        let model = file.models.first().context("a model")?;
        let analysed = pmc::analyse(model, file.spelling, &mut diagnostics)
            .ok_or_else(|| anyhow!("`{}` is not sound: {diagnostics:?}", self.name))?;
        Ok(pmc::optimise(analysed))
    }

    /// Returns schedules of distinct subjects: amounts, intervals between doses and times of observations differ, and
    /// with them the steps.
    pub fn population(&self, subjects: usize) -> Vec<Schedule> {
        (0..subjects).map(|subject| self.varied(subject as f64 / subjects as f64)).collect()
    }

    /// Returns the schedule of the subject at a place between 0 and 1 in a population.
    fn varied(&self, place: f64) -> Schedule {
        let mut schedule = self.schedule.clone();
        // Parts that are far from one another for neighbours.
        let [amount, interval, time] = [7.0, 11.0, 13.0].map(|spread| (place * spread).fract());
        for record in &mut schedule.records {
            record.amount *= 0.5 + amount;
            record.interval *= 0.9 + 0.2 * interval;
            record.time *= 0.95 + 0.1 * time;
        }
        schedule
    }

    /// Returns the configuration with which an engine does the same.
    pub fn host_configuration(&self) -> Configuration {
        Configuration {
            relative_tolerance: Some(self.settings.relative_tolerance),
            absolute_tolerance: Some(self.settings.absolute_tolerance),
            ..Configuration::of_parameters(self.parameters.iter().copied())
        }
    }

    /// Returns the configuration with which the module does the same, as JSON.
    pub fn configuration(&self) -> String {
        let parameters: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("\"{name}\":{value:e}")).collect();
        let SolverSettings { relative_tolerance, absolute_tolerance, .. } = self.settings;
        format!(
            "{{\"parameters\":{{{}}},\"solver\":{{\"rtol\":{relative_tolerance:e},\"atol\":{absolute_tolerance:e}}}}}",
            parameters.join(",")
        )
    }

    /// Returns the same with the stiff method, to see what linear algebra costs.
    fn stiff(self) -> Self {
        let source = format!("option solver = stiff\n{}", self.source);
        let settings = SolverSettings { solver: solver::STIFF, ..self.settings };
        Self { name: "100 transit compartments, stiff", source, settings, bar: None, ..self }
    }

    /// Returns the outputs by superposition of closed forms, if there are such.
    pub fn closed_form(&self) -> Option<Vec<f64>> {
        let (Twin::OneCompartment, [(_, ka), (_, cl), (_, v)]) = (self.twin, &self.parameters[..]) else {
            return None;
        };
        let (ka, ke, v) = (*ka, cl / v, *v);
        let (dose, observations) = self.schedule.records.split_first()?;
        let one = |since: f64| {
            let difference = pmc_math::exp(-ke * since) - pmc_math::exp(-ka * since);
            dose.amount * ka / (v * (ka - ke)) * difference
        };
        let given = |time: f64| {
            let doses = (0..=dose.additional).map(|number| dose.interval * f64::from(number));
            doses.filter(|given| *given <= time).map(|given| one(time - given)).sum()
        };
        Some(observations.iter().map(|observation| given(observation.time)).collect())
    }

    /// Returns the number of outputs of a run.
    pub fn outputs(&self) -> usize {
        let outputs = match self.twin {
            Twin::OneCompartment | Twin::LinearOneCompartment => OneCompartment::OUTPUTS,
            Twin::TwoCompartments => TwoCompartments::OUTPUTS,
            Twin::Sigmoid => Sigmoid::OUTPUTS,
            Twin::PkPd => PkPd::OUTPUTS,
            Twin::Tmdd => Tmdd::OUTPUTS,
            Twin::Physiological => Physiological::OUTPUTS,
            Twin::Transit => Transit::OUTPUTS,
        };
        self.schedule.reports() * outputs as usize
    }

    /// Returns the schedule as words of memory.
    pub fn words(&self) -> Vec<u64> {
        words(&self.schedule)
    }
}

/// Returns a schedule as words of memory.
pub fn words(schedule: &Schedule) -> Vec<u64> {
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    schedule.to_bytes().chunks_exact(8).map(word).collect()
}

/// Returns all workloads.
pub fn all() -> Vec<Workload> {
    let tmdd = tmdd();
    let mut stiffer = tmdd.clone();
    stiffer.name = "TMDD, kon = 100";
    stiffer.parameters.iter_mut().filter(|(name, _)| *name == "kon").for_each(|(_, value)| *value = 100.0);
    vec![
        one_compartment().explicit("one-compartment oral, explicit", Some(50.0)),
        Workload { twin: Twin::LinearOneCompartment, ..one_compartment() },
        pkpd(),
        tmdd,
        stiffer,
        transit().explicit("100 transit compartments, explicit", None),
        transit(),
        transit().stiff(),
    ]
}

/// Returns the workloads on which engines are compared.
pub fn engines() -> Vec<Workload> {
    vec![
        oral(),
        two_compartments().explicit("two-compartment oral", None),
        sigmoid(),
        pkpd(),
        tmdd(),
        physiological(),
        transit().explicit("100 transit compartments", None),
    ]
}

/// One compartment, oral, by the explicit method.
pub fn oral() -> Workload {
    one_compartment().explicit("one-compartment oral", None)
}

/// Returns the workloads of which the achieved accuracy is of interest.
pub fn precise() -> Vec<Workload> {
    let named = |name, workload| Workload { name, ..workload };
    vec![named("one-compartment oral", one_compartment()), named("pk-pd", pkpd()), named("tmdd", tmdd())]
}

/// One compartment, oral, with whatever method the compiler chooses.
pub fn one_compartment() -> Workload {
    Workload {
        name: "one-compartment oral, as emitted",
        source: include_str!("../models/one_compartment.pk").to_owned(),
        parameters: vec![("ka", 1.2), ("cl", 5.0), ("v", 50.0)],
        settings: settings(1e-6),
        schedule: schedule(100.0, 24.0),
        bar: Some(3.0),
        twin: Twin::OneCompartment,
    }
}

fn two_compartments() -> Workload {
    Workload {
        name: "two-compartment oral, as emitted",
        source: include_str!("../models/two_compartments.pk").to_owned(),
        parameters: vec![("ka", 1.0), ("cl", 4.0), ("v1", 20.0), ("q", 6.0), ("v2", 60.0)],
        bar: None,
        twin: Twin::TwoCompartments,
        ..one_compartment()
    }
}

fn sigmoid() -> Workload {
    let disposition = [("ka", 1.2), ("cl", 5.0), ("v", 50.0)];
    let effect = [("emax", 2.5), ("ec50", 0.8), ("gamma", 2.3), ("kin", 12.0), ("kout", 0.5)];
    Workload {
        name: "sigmoid Emax on a turnover",
        source: include_str!("../models/sigmoid.pk").to_owned(),
        parameters: disposition.into_iter().chain(effect).collect(),
        bar: None,
        twin: Twin::Sigmoid,
        ..one_compartment()
    }
}

/// Thirty states, of which the solver finds some stiff.
pub fn physiological() -> Workload {
    Workload {
        name: "physiological, 30 states",
        source: include_str!("../models/physiological.pk").to_owned(),
        parameters: vec![("ka", 0.8), ("vmax", 60.0), ("km", 0.5), ("output", 300.0), ("kp", 1.5)],
        bar: None,
        twin: Twin::Physiological,
        ..one_compartment()
    }
}

fn pkpd() -> Workload {
    let disposition = [("ka", 1.0), ("cl", 4.0), ("v1", 20.0), ("q", 6.0), ("v2", 60.0)];
    let effect = [("ke0", 0.4), ("imax", 0.9), ("ic50", 0.8), ("kin", 12.0), ("kp", 0.15), ("kout", 0.5)];
    Workload {
        name: "PK-PD, 6 states",
        source: include_str!("../models/pkpd.pk").to_owned(),
        parameters: disposition.into_iter().chain(effect).collect(),
        bar: Some(75.0),
        twin: Twin::PkPd,
        ..one_compartment()
    }
}

fn tmdd() -> Workload {
    let disposition = [("cl", 0.25), ("vc", 3.0), ("q", 0.6), ("vp", 2.5), ("ka", 0.3), ("f_sc", 0.6)];
    let binding = [("kon", 20.0), ("koff", 2.0), ("kint", 0.3), ("kdeg", 0.5), ("r0", 4.0)];
    Workload {
        name: "TMDD, full binding",
        source: include_str!("../../examples/tmdd/tmdd.pk").to_owned(),
        parameters: disposition.into_iter().chain(binding).collect(),
        settings: settings(1e-8),
        schedule: schedule(50.0, 1.0),
        bar: Some(250.0),
        twin: Twin::Tmdd,
    }
}

fn transit() -> Workload {
    Workload {
        name: "100 transit compartments",
        source: include_str!("../models/transit.pk").to_owned(),
        parameters: vec![("mtt", 12.0), ("cl", 5.0), ("v", 50.0), ("ka", 1.2)],
        bar: Some(1200.0),
        twin: Twin::Transit,
        ..one_compartment()
    }
}

/// Settings at relative tolerance 1e-6.
const fn settings(absolute_tolerance: f64) -> SolverSettings {
    SolverSettings {
        relative_tolerance: 1e-6,
        absolute_tolerance,
        maximum_step: f64::INFINITY,
        maximum_steps: 1e6,
        solver: solver::AUTOMATIC,
        particles: 0,
        seed: 0,
    }
}

/// Seven daily doses on the first route, fifty observations.
fn schedule(amount: f64, day: f64) -> Schedule {
    let dose = ScheduleRecord {
        event: event::DOSE,
        route: Some(0),
        amount,
        additional: 6,
        interval: day,
        report: false,
        ..ScheduleRecord::observation(0.0, Vec::new())
    };
    let observation = |index| ScheduleRecord::observation(0.14 * day * f64::from(index), Vec::new());
    Schedule {
        policy: 0,
        data_interpolation: interpolation::NEXT_BACKWARD,
        covariates: 0,
        stream: 0,
        records: std::iter::once(dose).chain((1..=50).map(observation)).collect(),
    }
}
