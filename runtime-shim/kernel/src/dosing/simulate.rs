//! Running of a whole schedule.

use pmc_abi::Status;
use pmc_abi::descriptor::SolverSettings;
use pmc_abi::schedule::{Record, flag, policy};

use super::covariates::Scout;
use super::engine::{Leg, Passage};
use super::schedule::{Request, Schedule};
use super::workspace::described;
use super::{DoseRequest, Engine, History, Workspace};
use crate::solver::Statistics;
use crate::{Failure, Model};

/// What a simulation has to say beside its results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What the solver has done.
    pub statistics: Statistics,
    /// Bits of [`pmc_abi::warning`].
    pub warnings: u32,
}

/// Runs a schedule from its first record to its last, and writes the outputs of each record that asks for them.
///
/// `out` has room for all outputs of all such records, else the cause is [`Status::BufferTooSmall`]. Of the
/// workspace only the [parameters](Workspace::parameters) matter, and the quantiles for which the
/// [particles](Workspace::cloud) of a stochastic system have been asked; whatever else it holds is overwritten. Outputs
/// after a time at which the model stopped the system are NaN.
pub fn simulate<M: Model>(
    model: &M,
    workspace: Workspace<'_>,
    settings: SolverSettings,
    schedule: &Schedule<'_>,
    out: &mut [f64],
) -> Result<Outcome, Failure> {
    let mut simulation = Simulation::new(model, workspace, settings, schedule, out)?;
    simulation.begin()?;
    simulation.run().map_err(|status| simulation.explain(status))?;
    Ok(simulation.outcome())
}

/// Which records of a group take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Observations,
    Boluses,
    Infusions,
}

impl Kind {
    fn includes(self, record: &Record) -> bool {
        match self {
            Self::Observations => !record.doses(),
            Self::Boluses => record.doses() && record.rate == 0.0,
            Self::Infusions => record.doses() && record.rate != 0.0,
        }
    }
}

/// A schedule on its way.
pub struct Simulation<'a, M> {
    pub(super) engine: Engine<'a, M>,
    scout: Scout<'a, 'a>,
    schedule: Schedule<'a>,
    out: &'a mut [f64],
    /// Outputs of one record.
    outputs: usize,
    /// Reports of the groups that are done.
    row: usize,
    /// The records that come next, of one time where their order depends on their kind.
    first: usize,
    end: usize,
    /// Where [`go_on`](Self::go_on) has stopped.
    phase: Phase,
}

/// Where a simulation has stopped on its way.
#[derive(Clone, Copy)]
enum Phase {
    /// Between records.
    Records,
    /// Before a leg of a passage.
    Passage(Passage),
    /// On a leg that is stepped.
    Leg(Passage, Leg),
}

impl<'a, M: Model> Simulation<'a, M> {
    /// Starts at the first record; what `simulate` says of its arguments holds here.
    pub fn start(
        model: &'a M,
        workspace: Workspace<'a>,
        settings: SolverSettings,
        schedule: &Schedule<'a>,
        out: &'a mut [f64],
    ) -> Result<Self, Failure> {
        let mut simulation = Self::new(model, workspace, settings, schedule, out)?;
        simulation.begin()?;
        Ok(simulation)
    }

    /// Puts a simulation together; [`begin`](Self::begin) comes next, when it lies where it stays.
    fn new(
        model: &'a M,
        workspace: Workspace<'a>,
        settings: SolverSettings,
        schedule: &Schedule<'a>,
        out: &'a mut [f64],
    ) -> Result<Self, Failure> {
        let start = if schedule.is_empty() { 0.0 } else { schedule.time(0) };
        let descriptor = described(model, &settings);
        let (parts, tracks) = workspace.split(&descriptor).ok_or(Failure::new(Status::OutOfMemory, start))?;
        let outputs = parts.cloud.width();
        if out.len() < schedule.reports() * outputs {
            return Err(Failure::new(Status::BufferTooSmall, start));
        }
        let (covariates, layout) = (descriptor.covariates, descriptor.layout);
        let scout = Scout::new(tracks, *schedule, covariates, &layout, parts.frame)?;
        Ok(Self {
            engine: Engine::new(model, descriptor, parts, settings, start),
            scout,
            schedule: *schedule,
            out,
            outputs,
            row: 0,
            first: 0,
            end: 0,
            phase: Phase::Records,
        })
    }

    /// Starts at the first record.
    fn begin(&mut self) -> Result<(), Failure> {
        if self.schedule.is_empty() {
            return Ok(());
        }
        let engine = &mut self.engine;
        engine.stream = self.schedule.stream();
        engine.start(self.schedule.time(0)).map_err(|status| engine.explain(status))
    }

    /// Runs to the last record.
    fn run(&mut self) -> Result<(), Status> {
        while let Some(passage) = self.approach() {
            self.engine.pass(&passage)?;
            self.arrive()?;
        }
        Ok(())
    }

    /// Goes on until an attempt at a step is proposed that can be made along with those of other subjects; returns
    /// false at the end of the schedule.
    pub(crate) fn go_on(&mut self) -> Result<bool, Status> {
        loop {
            match self.phase {
                Phase::Records => match self.approach() {
                    Some(passage) => self.phase = Phase::Passage(passage),
                    None => return Ok(false),
                },
                Phase::Passage(passage) => {
                    let leg = self.engine.next_leg(&passage)?;
                    let travels = self.engine.time() < leg.goal;
                    if travels && self.engine.steps_abreast() {
                        self.engine.begin_steps();
                        self.phase = Phase::Leg(passage, leg);
                        continue;
                    }
                    if travels {
                        self.engine.integrate(leg.goal, leg.barrier)?;
                    }
                    self.end_leg(&passage, &leg)?;
                }
                Phase::Leg(passage, leg) => {
                    if self.engine.integrator.needs_step(leg.goal) {
                        if self.engine.propose_attempt(leg.barrier)? {
                            return Ok(true);
                        }
                    } else {
                        self.engine.end_steps(leg.goal);
                        self.end_leg(&passage, &leg)?;
                    }
                }
            }
        }
    }

    /// Lets happen what is due after a leg, and what the records ask for if it was the last.
    fn end_leg(&mut self, passage: &Passage, leg: &Leg) -> Result<(), Status> {
        self.phase = if self.engine.end_leg(passage, leg)? {
            self.arrive()?;
            Phase::Records
        } else {
            Phase::Passage(*passage)
        };
        Ok(())
    }

    /// Returns the engine.
    pub(crate) fn engine(&mut self) -> &mut Engine<'a, M> {
        &mut self.engine
    }

    /// Returns the whole failure of a status that the simulation has just returned.
    pub(crate) fn explain(&self, status: Status) -> Failure {
        self.engine.explain(status)
    }

    /// Returns what there is to say beside the results.
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome { statistics: self.engine.statistics(), warnings: self.engine.warnings() }
    }

    /// Sets out for the next records; returns the way to them, if there are any.
    pub(super) fn approach(&mut self) -> Option<Passage> {
        let record = self.schedule.record(self.first)?;
        let observations_first = self.schedule.has(policy::OBSERVATIONS_FIRST);
        self.end =
            if observations_first { self.end_of_group(self.first, record.time) } else { self.first + 1 };
        let engine = &mut self.engine;
        if self.scout.is_at(self.first)
            && self.scout.depart(self.first, &engine.descriptor.layout, engine.system.frame)
        {
            engine.covariates_changed();
        }
        let barrier = self.scout.barrier();
        Some(Passage { target: record.time, inclusive: !observations_first, barrier })
    }

    /// Lets the records take effect that have been reached.
    pub(super) fn arrive(&mut self) -> Result<(), Status> {
        if self.schedule.has(policy::OBSERVATIONS_FIRST) {
            return self.arrive_at_group();
        }
        let Some(record) = self.schedule.record(self.first) else { return Ok(()) };
        if self.scout.is_at(self.first) {
            self.enter(self.first);
        }
        if record.resets() {
            self.reset()?;
        }
        if record.doses() {
            self.dose(self.first)?;
        }
        if record.reports() {
            self.report(self.row)?;
            self.row += 1;
        }
        self.first = self.end;
        Ok(())
    }

    /// Lets the records of one time take effect, in the order of their kinds.
    #[inline(never)]
    fn arrive_at_group(&mut self) -> Result<(), Status> {
        let (first, end) = (self.first, self.end);
        (first..end).for_each(|index| self.enter(index));
        if self.schedule.record(first).is_some_and(|record| record.resets()) {
            self.reset()?;
        }
        self.process(first, end, Kind::Observations)?;
        self.engine.happen()?;
        self.process(first, end, Kind::Boluses)?;
        self.row = self.process(first, end, Kind::Infusions)?;
        self.first = end;
        Ok(())
    }

    fn reset(&mut self) -> Result<(), Status> {
        self.engine.reset(self.schedule.has(policy::RESET_TO_ZERO))
    }

    /// Returns the end of the records at one time, of which none but the first may be a reset.
    fn end_of_group(&self, first: usize, time: f64) -> usize {
        let mut end = first + 1;
        while self.schedule.record(end).is_some_and(|record| record.time == time && !record.resets()) {
            end += 1;
        }
        end
    }

    /// Brings the covariates to a record that has been reached.
    #[inline(never)]
    fn enter(&mut self, record: usize) {
        let engine = &mut self.engine;
        let departed = self.scout.depart(record, &engine.descriptor.layout, engine.system.frame);
        let arrived = self.scout.arrive(record, &engine.descriptor.layout, engine.system.frame);
        if departed || arrived {
            engine.covariates_changed();
        }
    }

    /// Lets the records of a kind take effect, and writes the outputs that they ask for.
    ///
    /// Returns the number of reports up to the end of the group, of whatever kind.
    fn process(&mut self, first: usize, end: usize, kind: Kind) -> Result<usize, Status> {
        let mut row = self.row;
        for index in first..end {
            let Some(record) = self.schedule.record(index) else { continue };
            if kind.includes(&record) {
                if record.doses() {
                    self.dose(index)?;
                }
                if record.reports() {
                    self.report(row)?;
                }
            }
            row += usize::from(record.reports());
        }
        Ok(row)
    }

    /// Writes the outputs to a row of the results.
    fn report(&mut self, row: usize) -> Result<(), Status> {
        let place = row * self.outputs..(row + 1) * self.outputs;
        let out = self.out.get_mut(place).ok_or(Status::BufferTooSmall)?;
        self.engine.outputs(out)
    }

    /// Gives the dose of a record.
    #[inline(never)]
    fn dose(&mut self, record: usize) -> Result<(), Status> {
        let Some(record) = self.schedule.record(record) else { return Ok(()) };
        let history = if record.flags & flag::STEADY_STATE != 0 {
            History::SteadyState
        } else if record.flags & flag::STEADY_STATE_ADDED != 0 {
            History::SteadyStateAdded
        } else {
            History::Recorded
        };
        self.engine.dose(&DoseRequest {
            route: record.route,
            amount: record.amount,
            rate: record.rate,
            interval: record.interval,
            additional: record.additional,
            history,
        })
    }
}
