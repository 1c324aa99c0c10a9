//! One subject's model with its configuration and memory: what an instance is to a module.

use std::sync::Arc;

use pmc_abi::Status;
use pmc_abi::descriptor::feature;
use pmc_kernel::configuration::{self, Refusal, Settings, Values};
use pmc_kernel::dosing::{self, Doses, Schedule, Simulation, Track, Workspace, described};
use pmc_kernel::evaluation::{self, Function};
use pmc_kernel::lanes::{Lanes, simulate_abreast, slab_length};
use pmc_kernel::stochastic::Cloud;
use pmc_kernel::{Failure, Model};

use crate::abreast::LaneInterpreter;
use crate::scalar::Interpreter;
use crate::tape::Tape;

/// Most states of systems that are run side by side: the vectors of eight subjects with more do not fit the nearest cache, and
/// the bench finds them slower than one by one.
const MOST_STATES_ABREAST: u32 = 50;

/// Most subjects that are on their way at a time: several for each lane, so that few lanes are empty while the last of them
/// end.
const MOST_SUBJECTS: usize = 64;

/// A model with parameters, settings and all the memory that it needs.
pub struct Session {
    interpreter: Interpreter,
    settings: Settings,
    /// Covariates outside a schedule; NaN where there is no value.
    covariates: Vec<f64>,
    numbers: Vec<f64>,
    tracks: Vec<Track>,
    doses: Doses,
    /// How many bytes the memory of all subjects of a call may have.
    memory: usize,
}

/// The memory of one subject among many.
struct Subject {
    interpreter: Interpreter,
    numbers: Vec<f64>,
    tracks: Vec<Track>,
    doses: Doses,
}

/// Infusion rates by route and values of covariates that a host holds constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held<'a> {
    /// Infusion rate of each route.
    pub rates: &'a [f64],
    /// Value of each covariate; NaN where there is none.
    pub covariates: &'a [f64],
}

impl Session {
    /// Makes a session from the document that `plugin_create` takes, with at most `memory` bytes to work in.
    ///
    /// Fails as that does: with the status, and the name at fault if there is one.
    pub fn new<'j>(tape: &'j Arc<Tape>, document: &'j [u8], memory: usize) -> Result<Self, Refusal<'j>> {
        let description = tape.description();
        let settings = configuration::read_settings(document, &description.descriptor())?;
        let interpreter = Interpreter::new(Arc::clone(tape));
        let descriptor = described(&interpreter, &settings.solver);
        let room = memory / size_of::<f64>();
        // The particles first: where addresses have 32 bits, sums with more of them than fit overflow.
        if (room as u64) < Cloud::particle_numbers(&descriptor) || room < Workspace::numbers(&descriptor) {
            return Err((Status::OutOfMemory, b""));
        }
        let length = Workspace::numbers(&descriptor);
        let mut session = Self {
            covariates: vec![f64::NAN; descriptor.covariates.len()],
            numbers: vec![0.0; length],
            tracks: vec![Track::default(); descriptor.covariates.len()],
            doses: Doses::new(),
            memory,
            settings,
            interpreter,
        };
        session.configure(tape, document)?;
        Ok(session)
    }

    /// Returns the tape.
    pub fn tape(&self) -> &Arc<Tape> {
        self.interpreter.tape()
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the covariates that the configuration sets, for hosts that evaluate functions; NaN where it sets none.
    pub fn covariates(&self) -> &[f64] {
        &self.covariates
    }

    /// Returns how many numbers describe the outputs at one time.
    pub fn width(&self) -> usize {
        self.tape().description().outputs as usize * (1 + self.settings.quantiles)
    }

    /// Runs a schedule in the layout of the contract; returns bits of [`pmc_abi::warning`].
    ///
    /// `out` has room for [`width`](Self::width) numbers a report.
    pub fn simulate(&mut self, words: &[u64], out: &mut [f64]) -> Result<u32, Failure> {
        let descriptor = described(&self.interpreter, &self.settings.solver);
        let schedule = Schedule::new(words, &descriptor)?;
        let workspace =
            Workspace { numbers: &mut self.numbers, tracks: &mut self.tracks, doses: &mut self.doses };
        let outcome = dosing::simulate(&self.interpreter, workspace, self.settings.solver, &schedule, out)?;
        Ok(outcome.warnings)
    }

    /// Returns whether it pays to run subjects side by side: systems that are stepped, and not so large that their
    /// matrices fill the caches.
    pub fn pays_abreast(&self) -> bool {
        let description = self.tape().description();
        let alone = description.features & (feature::LINEAR | feature::LARGE | feature::STOCHASTIC) != 0;
        !alone && 0 < description.states && description.states <= MOST_STATES_ABREAST
    }

    /// Runs schedules side by side, each as [`simulate`](Self::simulate) does; returns outputs and warnings of each.
    ///
    /// Subjects have memory of their own, so only so many are on their way at a time as the memory of the session has room
    /// for, or as pay.
    pub fn simulate_many(&self, schedules: &[Vec<u64>]) -> Vec<Result<(Vec<f64>, u32), Failure>> {
        let subject = size_of_val(&*self.numbers) + size_of_val(&*self.tracks) + size_of::<Doses>();
        let company = (self.memory / subject.max(1)).clamp(1, MOST_SUBJECTS);
        schedules.chunks(company).flat_map(|schedules| self.simulate_company(schedules)).collect()
    }

    /// Runs schedules of subjects that are all on their way at a time.
    fn simulate_company(&self, schedules: &[Vec<u64>]) -> Vec<Result<(Vec<f64>, u32), Failure>> {
        let descriptor = described(&self.interpreter, &self.settings.solver);
        let mut subjects: Vec<Subject> = schedules.iter().map(|_| self.subject()).collect();
        let mut outs: Vec<Vec<f64>> = Vec::with_capacity(schedules.len());
        let mut read = Vec::with_capacity(schedules.len());
        for words in schedules {
            let schedule = Schedule::new(words, &descriptor);
            let reports = schedule.as_ref().map_or(0, Schedule::reports);
            outs.push(vec![0.0; reports * self.width()]);
            read.push(schedule);
        }
        let settings = self.settings.solver;
        let mut results = vec![Err(Failure::new(Status::BadSchedule, f64::NAN)); schedules.len()];
        let simulations = subjects.iter_mut().zip(read).zip(&mut outs).map(|((subject, schedule), out)| {
            let Subject { interpreter, numbers, tracks, doses } = subject;
            Simulation::start(interpreter, Workspace { numbers, tracks, doses }, settings, &schedule?, out)
        });
        let mut lanes = LaneInterpreter::new(Arc::clone(self.tape()));
        let mut slab = vec![Lanes::all(0.0); slab_length(descriptor.states as usize)];
        simulate_abreast(simulations, &mut lanes, &mut slab, |number, outcome| {
            if let Some(result) = results.get_mut(number) {
                *result = outcome.map(|outcome| outcome.warnings);
            }
        });
        results.into_iter().zip(outs).map(|(result, out)| Ok((out, result?))).collect()
    }

    /// Makes memory for a subject, with the parameters of the session.
    fn subject(&self) -> Subject {
        Subject {
            interpreter: Interpreter::new(Arc::clone(self.tape())),
            numbers: self.numbers.clone(),
            tracks: self.tracks.clone(),
            doses: Doses::new(),
        }
    }

    /// Evaluates a function of the model at a time and state, no dose given so far.
    ///
    /// `out` has the [length](Function::length) of the function's results, `time_derivative` one element per state for
    /// the Jacobian and none otherwise.
    pub fn evaluate(
        &mut self,
        t: f64,
        function: Function,
        held: Held<'_>,
        state: &[f64],
        out: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), Failure> {
        let failed = |status| Failure::new(status, t);
        let model = &self.interpreter;
        dosing::forget_doses(&model.descriptor().layout, &mut self.numbers);
        model.stage_parameters(&mut self.numbers);
        dosing::hold_inputs(model, t, &mut self.numbers, held.rates, held.covariates).map_err(failed)?;
        dosing::stage_at(model, t, &mut self.numbers);
        evaluation::evaluate(model, t, function, &self.numbers, state, out, time_derivative).map_err(failed)
    }

    /// Takes over parameters, random effects and quantiles.
    fn configure<'j>(&mut self, tape: &'j Tape, document: &'j [u8]) -> Result<(), Refusal<'j>> {
        let Self { interpreter, settings, covariates, numbers, tracks, doses, .. } = self;
        let descriptor = described(interpreter, &settings.solver);
        let mut workspace = Workspace { numbers, tracks, doses };
        if settings.is_stochastic
            && let Some(mut cloud) = workspace.cloud(&descriptor)
        {
            cloud.ask(settings.probabilities());
        }
        let values = workspace.parameters(&descriptor.layout);
        let (parameters, random_effects) = values.split_at_mut(descriptor.layout.parameters as usize);
        parameters.copy_from_slice(&tape.description().defaults);
        let values = Values { parameters, random_effects, covariates };
        configuration::read_values(document, |index| tape.name(index).as_bytes(), values)
    }
}
