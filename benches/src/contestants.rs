//! Engines with a workload to run.

use std::hint::black_box;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use pmc_host::{Inputs, Limits, Model, Schedule, load_wasm_plugin};
use pmc_interpreter::{Interpreter, LaneInterpreter, Session, Tape};
use pmc_kernel::lanes::{LANES, LaneModel, Lanes};

use crate::native::Native;
use crate::workload::{Runner, Workload, words};

/// Outputs of each subject.
pub type Results = Vec<Vec<f64>>;

/// An engine with a workload.
pub trait Contestant {
    /// Returns what the engine is called in tables.
    fn name(&self) -> &'static str;

    /// Returns how many right-hand sides one evaluation is.
    fn abreast(&self) -> usize {
        1
    }

    /// Evaluates the right-hand side so many times.
    fn derivatives(&mut self, times: usize, state: &[f64], out: &mut [f64]) -> Result<()>;

    /// Runs all subjects of a population, one thread; returns their outputs.
    fn simulate(&mut self, population: &Population) -> Result<Results>;
}

/// Subjects as schedules, and as words of memory.
pub struct Population {
    /// As a host has them.
    pub schedules: Vec<Schedule>,
    /// As the kernel reads them.
    pub words: Vec<Vec<u64>>,
}

impl Population {
    /// Makes one.
    pub fn new(schedules: Vec<Schedule>) -> Self {
        Self { words: schedules.iter().map(words).collect(), schedules }
    }
}

/// Returns the engines that need no other workspace; the first is native code.
pub fn built_in(workload: &Workload) -> Result<Vec<Box<dyn Contestant>>> {
    Ok(vec![
        Box::new(Compiled(workload.native())),
        Box::new(InWasmi::new(workload)?),
        Box::new(Interpreted::new(workload)?),
        Box::new(Abreast::new(workload)?),
    ])
}

/// Native code of the model by hand.
struct Compiled(Box<dyn Runner>);

impl Contestant for Compiled {
    fn name(&self) -> &'static str {
        "native"
    }

    fn derivatives(&mut self, times: usize, state: &[f64], out: &mut [f64]) -> Result<()> {
        self.0.derivatives(times, state, out);
        Ok(())
    }

    fn simulate(&mut self, population: &Population) -> Result<Results> {
        let one = |words: &Vec<u64>| {
            self.0.simulate(black_box(words));
            self.0.outputs().to_vec()
        };
        Ok(population.words.iter().map(one).collect())
    }
}

/// The module by way of the host.
struct InWasmi(Box<dyn Model>);

impl InWasmi {
    fn new(workload: &Workload) -> Result<Self> {
        let plugin = load_wasm_plugin(&workload.module()?, &Limits::generous())?;
        Ok(Self(plugin.model(&workload.host_configuration())?))
    }
}

impl Contestant for InWasmi {
    fn name(&self) -> &'static str {
        "wasmi"
    }

    fn derivatives(&mut self, times: usize, state: &[f64], out: &mut [f64]) -> Result<()> {
        let rates = vec![0.0; self.0.manifest().routes.len()];
        let inputs = Inputs { rates: &rates, covariates: &[] };
        for _ in 0..times {
            self.0.derivatives(1.0, black_box(state), &inputs, black_box(out))?;
        }
        Ok(())
    }

    fn simulate(&mut self, population: &Population) -> Result<Results> {
        let run = |schedule| Ok(self.0.simulate(black_box(schedule))?);
        population.schedules.iter().map(run).collect()
    }
}

/// Translates a workload's model.
fn tape(workload: &Workload) -> Result<Arc<Tape>> {
    let tape = Tape::new(&workload.program()?.program);
    Ok(Arc::new(tape.map_err(|_| anyhow!("{} is too large", workload.name))?))
}

fn session(tape: &Arc<Tape>, workload: &Workload) -> Result<Session> {
    Session::new(tape, workload.configuration().as_bytes(), 1 << 30)
        .map_err(|(status, _)| anyhow!("{}: {}", workload.name, status.message()))
}

/// Returns the interpreter over memory whose frame is current.
fn interpreter(tape: &Arc<Tape>, workload: &Workload) -> Native<Interpreter> {
    let parameters = workload.parameters.iter().map(|(_, value)| *value).collect();
    let mut native = Native::new(Interpreter::new(Arc::clone(tape)), parameters, workload.settings);
    native.simulate(&workload.words());
    native
}

/// The interpreter, one subject after another.
struct Interpreted {
    right_hand_side: Native<Interpreter>,
    session: Session,
    reports: usize,
}

impl Interpreted {
    fn new(workload: &Workload) -> Result<Self> {
        let tape = tape(workload)?;
        Ok(Self {
            right_hand_side: interpreter(&tape, workload),
            session: session(&tape, workload)?,
            reports: workload.schedule.reports(),
        })
    }
}

impl Contestant for Interpreted {
    fn name(&self) -> &'static str {
        "interpreter"
    }

    fn derivatives(&mut self, times: usize, state: &[f64], out: &mut [f64]) -> Result<()> {
        Runner::derivatives(&self.right_hand_side, times, state, out);
        Ok(())
    }

    fn simulate(&mut self, population: &Population) -> Result<Results> {
        let length = self.session.width() * self.reports;
        let mut run = |words: &Vec<u64>| {
            let mut out = vec![0.0; length];
            match self.session.simulate(black_box(words), &mut out) {
                Ok(_) => Ok(out),
                Err(failure) => bail!("{}", failure.status.message()),
            }
        };
        population.words.iter().map(&mut run).collect()
    }
}

/// The interpreter, several subjects side by side.
struct Abreast {
    lanes: LaneInterpreter,
    session: Session,
}

impl Abreast {
    fn new(workload: &Workload) -> Result<Self> {
        let tape = tape(workload)?;
        let interpreter = interpreter(&tape, workload);
        let mut lanes = LaneInterpreter::new(Arc::clone(&tape));
        for lane in 0..LANES {
            lanes.take_over(lane, interpreter.model(), interpreter.numbers());
        }
        Ok(Self { lanes, session: session(&tape, workload)? })
    }
}

impl Contestant for Abreast {
    fn name(&self) -> &'static str {
        "lanes"
    }

    fn abreast(&self) -> usize {
        LANES
    }

    fn derivatives(&mut self, times: usize, state: &[f64], out: &mut [f64]) -> Result<()> {
        let state: Vec<Lanes> = state.iter().map(|value| Lanes::all(*value)).collect();
        let mut results = vec![Lanes::all(0.0); out.len()];
        for _ in 0..times {
            self.lanes.derivatives(Lanes::all(1.0), black_box(&state), black_box(&mut results));
        }
        for (out, result) in out.iter_mut().zip(&results) {
            anyhow::ensure!(result.0.iter().all(|lane| *lane == result.0[0]), "lanes differ");
            *out = result.0[0];
        }
        Ok(())
    }

    fn simulate(&mut self, population: &Population) -> Result<Results> {
        let results = self.session.simulate_many(black_box(&population.words));
        let values = |result: Result<(Vec<f64>, u32), pmc_kernel::Failure>| match result {
            Ok((values, _)) => Ok(values),
            Err(failure) => bail!("{}", failure.status.message()),
        };
        results.into_iter().map(values).collect()
    }
}
