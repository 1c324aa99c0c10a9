//! Programs, models, and what they can do.

use std::sync::Arc;

use pmc_abi::Status;
use pmc_interpreter::{Session, Tape};
use pmc_ir::wire::{self, Document, Limits};
use pmc_kernel::Failure;
use pmc_kernel::evaluation::Function;

use crate::fault::Fault;
use crate::table::Table;

/// The largest documents: 16 MiB, and a fifth of the expressions that a compiler takes. Picked by gut feeling, so that a
/// page does not stall.
const LIMITS: Limits = Limits { bytes: 16 << 20, program_expressions: 400_000 };

/// Most states, as in modules: beyond, the solver's matrices need more than an address can name.
const STATES: u32 = 10_000;

/// Bytes for the workspace of a model, as in modules.
const WORKSPACE: usize = 64 << 20;

/// Everything that lives between calls.
pub struct Runtime {
    programs: Table<Program>,
    models: Table<Model>,
}

/// A program, ready to be interpreted.
struct Program {
    tape: Arc<Tape>,
    /// What it says of itself, as JSON.
    manifest: Vec<u8>,
}

/// A program with parameters, settings and memory.
struct Model {
    session: Session,
    /// The infusion rates that the host set last, by route.
    rates: Vec<f64>,
    /// The covariates that the host set last; NaN where it did not.
    covariates: Vec<f64>,
    /// What the last simulation warned of.
    warnings: u32,
}

/// Lengths of what the host gives to a model or gets of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Number of states.
    pub states: u32,
    /// Number of outputs.
    pub outputs: u32,
    /// Number of rates and covariates.
    pub inputs: u32,
}

impl Default for Runtime {
    fn default() -> Self {
        Self::new()
    }
}

impl Runtime {
    /// Makes a runtime without programs.
    pub const fn new() -> Self {
        Self { programs: Table::new(), models: Table::new() }
    }

    /// Reads a document of a program, JSON or CBOR, and returns its handle.
    pub fn load(&mut self, document: &[u8]) -> Result<u32, Fault> {
        if !self.programs.has_room() {
            return Err(Status::OutOfMemory.into());
        }
        let Document::Program(program) = wire::read_compactly(document, &LIMITS)? else {
            let message = "`derived`: it is missing; only a compiler runs a module without it: write the document with \
                `pmc compile --emit ir-json` or `ir-cbor`";
            return Err(Fault::Document(message.to_owned()));
        };
        let too_large = |_| Fault::Document("its functions are too large or too many".to_owned());
        let tape = Tape::new(&program).map_err(too_large)?;
        let states = tape.description().states;
        if STATES < states {
            return Err(Fault::Document(format!("{states} states, at most {STATES} are allowed")));
        }
        let manifest = serde_json::to_vec(tape.manifest()).map_err(|_| Status::OutOfMemory)?;
        let program = Program { tape: Arc::new(tape), manifest };
        Ok(self.programs.insert(program).ok_or(Status::OutOfMemory)?)
    }

    /// Forgets a program; models that were made of it stay.
    pub fn unload(&mut self, program: u32) {
        self.programs.remove(program);
    }

    /// Returns what a program says of itself, as JSON.
    pub fn manifest(&self, program: u32) -> Result<&[u8], Fault> {
        Ok(&self.programs.get(program).ok_or(Status::BadHandle)?.manifest)
    }

    /// Makes a model of a program from a configuration, and returns its handle.
    pub fn create(&mut self, program: u32, configuration: &[u8]) -> Result<u32, Fault> {
        let tape = &self.programs.get(program).ok_or(Status::BadHandle)?.tape;
        if !self.models.has_room() {
            return Err(Status::OutOfMemory.into());
        }
        let session = Session::new(tape, configuration, WORKSPACE)?;
        let rates = vec![0.0; tape.description().routes.len()];
        let covariates = session.covariates().to_vec();
        let model = Model { session, rates, covariates, warnings: 0 };
        Ok(self.models.insert(model).ok_or(Status::OutOfMemory)?)
    }

    /// Frees a model; a stale handle is harmless.
    pub fn free(&mut self, model: u32) {
        self.models.remove(model);
    }

    /// Returns lengths of what a model takes and gives.
    pub fn lengths(&self, model: u32) -> Result<Lengths, Fault> {
        let Model { session, rates, covariates, .. } = self.models.get(model).ok_or(Status::BadHandle)?;
        let description = session.tape().description();
        let inputs = (rates.len() + covariates.len()) as u32;
        Ok(Lengths { states: description.states, outputs: description.outputs, inputs })
    }

    /// Runs a schedule in the layout of the plugin ABI.
    pub fn simulate(&mut self, model: u32, schedule: &[u64], out: &mut [f64]) -> Result<(), Fault> {
        let model = self.models.get_mut(model).ok_or(Status::BadHandle)?;
        model.warnings = 0;
        model.warnings = model.session.simulate(schedule, out)?;
        Ok(())
    }

    /// Returns bits of [`pmc_abi::warning`] of the last simulation; none if the handle names no model.
    pub fn warnings(&self, model: u32) -> u32 {
        self.models.get(model).map_or(0, |model| model.warnings)
    }

    /// Sets infusion rates by route, then covariates, for evaluations from now on.
    pub fn hold(&mut self, model: u32, inputs: &[f64]) -> Result<(), Fault> {
        let Model { rates, covariates, .. } = self.models.get_mut(model).ok_or(Status::BadHandle)?;
        rates.iter_mut().chain(covariates).zip(inputs).for_each(|(place, value)| *place = *value);
        Ok(())
    }

    /// Evaluates a function of a model; lengths are those of [`Session::evaluate`].
    pub fn evaluate(
        &mut self,
        model: u32,
        t: f64,
        function: Function,
        state: &[f64],
        out: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), Fault> {
        let Model { session, rates, covariates, .. } =
            self.models.get_mut(model).ok_or_else(|| Failure::new(Status::BadHandle, t))?;
        let held = pmc_interpreter::Held { rates, covariates };
        Ok(session.evaluate(t, function, held, state, out, time_derivative)?)
    }
}
