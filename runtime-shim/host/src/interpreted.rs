//! Models that run by interpretation.

use std::sync::Arc;

use pmc_abi::manifest::Manifest;
use pmc_diagnostics::Diagnostics;
use pmc_interpreter::{Held, Session, Tape, TooLarge};
use pmc_ir as ir;
use pmc_kernel::Failure;
use pmc_kernel::evaluation::Function;
use pmc_kernel::report::Report;

use crate::error::{LoadError, RunError};
use crate::limits::Limits;
use crate::model::{Configuration, Inputs, Loaded, Model, RouteProperties, Simulated};
use crate::schedule::Schedule;

/// A program that is ready to be interpreted: translated once, shared by all its models.
#[derive(Clone)]
pub struct Interpreted {
    tape: Arc<Tape>,
    manifest: Arc<Manifest>,
    limits: Arc<Limits>,
}

/// Reads a document of the intermediate representation, in JSON or CBOR, and prepares its model for interpretation.
///
/// The bytes are nobody's friends: version, features, structure and every rule that back ends rely on are checked, within
/// limits of size; after `Ok` nothing panics. The document must hold what passes compute (`derived`); the compiler adds it
/// to one that does not.
///
/// # Errors
///
/// What is wrong with the document, and where: codes `PK31xx`.
pub fn load_from_ir(bytes: &[u8], limits: &Limits) -> Result<Interpreted, LoadError> {
    let wire = ir::wire::Limits { bytes: limits.document_bytes, ..ir::wire::Limits::generous() };
    match ir::wire::read(bytes, &wire) {
        Ok(ir::wire::Document::Program(program)) => interpret(&program, limits),
        Ok(ir::wire::Document::Module(_)) => {
            let mut diagnostics = Diagnostics::new();
            diagnostics.document_not_derived();
            Err(LoadError { diagnostics })
        }
        Err(error) => Err(LoadError { diagnostics: error.to_diagnostics() }),
    }
}

/// Prepares a program, which must have passed the validator, for interpretation.
///
/// # Errors
///
/// PK0702 if its functions are too large or too many.
pub fn interpret(program: &ir::Program, limits: &Limits) -> Result<Interpreted, LoadError> {
    debug_assert_eq!(ir::validate_program(program), Ok(()), "back ends take valid programs only");
    let tape = Tape::new(program).map_err(|TooLarge| {
        let mut diagnostics = Diagnostics::new();
        diagnostics.module_code_exceeded();
        LoadError { diagnostics }
    })?;
    let mut manifest = tape.manifest().clone();
    manifest.solver.effort = Some(pmc_interpreter::effort(program));
    Ok(Interpreted { tape: Arc::new(tape), manifest: Arc::new(manifest), limits: Arc::new(limits.clone()) })
}

impl Interpreted {
    /// Returns what the model says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Makes a model with the given parameters and settings.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration, or too little memory.
    pub fn model(&self, configuration: &Configuration) -> Result<Box<dyn Model>, RunError> {
        Ok(Box::new(InterpretedModel::new(self.clone(), configuration.clone())?))
    }
}

impl Loaded for Interpreted {
    fn manifest(&self) -> &Manifest {
        self.manifest()
    }

    fn model(&self, configuration: &Configuration) -> Result<Box<dyn Model>, RunError> {
        self.model(configuration)
    }
}

/// A session with the configuration that it was made from.
struct InterpretedModel {
    program: Interpreted,
    configuration: Configuration,
    session: Session,
    /// Bits of the last simulation.
    warnings: u32,
}

impl InterpretedModel {
    fn new(program: Interpreted, configuration: Configuration) -> Result<Self, RunError> {
        let session = session(&program, &configuration)?;
        Ok(Self { program, configuration, session, warnings: 0 })
    }

    /// Evaluates a function of the model.
    fn evaluate(
        &mut self,
        time: f64,
        function: Function,
        inputs: &Inputs<'_>,
        state: &[f64],
        out: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), RunError> {
        let held = Held { rates: inputs.rates, covariates: inputs.covariates };
        let result = self.session.evaluate(time, function, held, state, out, time_derivative);
        result.map_err(|failure| failed(&failure, b"", self.program.manifest()))
    }
}

/// Makes a session.
fn session(program: &Interpreted, configuration: &Configuration) -> Result<Session, RunError> {
    let document = program.limits.bound(configuration, program.manifest()).to_json()?;
    let refused =
        |(status, name): (_, &[u8])| failed(&Failure::new(status, f64::NAN), name, program.manifest());
    Session::new(&program.tape, document.as_bytes(), program.limits.memory_bytes).map_err(refused)
}

/// Returns the error of a failure, told as a module tells it.
fn failed(failure: &Failure, name: &[u8], manifest: &Manifest) -> RunError {
    let mut report = Report::new();
    report.write(failure, name);
    let error = RunError::from_status(failure.status);
    match serde_json::from_slice(report.text()) {
        Ok(document) => error.with_document(&document, manifest),
        Err(_) => error,
    }
}

impl Model for InterpretedModel {
    fn manifest(&self) -> &Manifest {
        self.program.manifest()
    }

    fn fork(&self) -> Result<Box<dyn Model>, RunError> {
        self.program.model(&self.configuration)
    }

    fn configure(&mut self, configuration: &Configuration) -> Result<(), RunError> {
        self.session = session(&self.program, configuration)?;
        self.configuration = configuration.clone();
        Ok(())
    }

    fn initial(&mut self, time: f64, inputs: &Inputs<'_>, state: &mut [f64]) -> Result<(), RunError> {
        inputs.check(self.manifest(), Some(state.len()))?;
        self.evaluate(time, Function::Initial, inputs, &[], state, &mut [])
    }

    fn derivatives(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        inputs.check(self.manifest(), Some(state.len()))?;
        inputs.check(self.manifest(), Some(out.len()))?;
        self.evaluate(time, Function::Derivatives, inputs, state, out, &mut [])
    }

    fn jacobian(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        matrix: &mut [f64],
        time_derivative: &mut [f64],
    ) -> Result<(), RunError> {
        inputs.check(self.manifest(), Some(state.len()))?;
        inputs.check(self.manifest(), Some(time_derivative.len()))?;
        RunError::check_matrix(matrix.len(), state.len())?;
        self.evaluate(time, Function::Jacobian, inputs, state, matrix, time_derivative)
    }

    fn outputs(
        &mut self,
        time: f64,
        state: &[f64],
        inputs: &Inputs<'_>,
        out: &mut [f64],
    ) -> Result<(), RunError> {
        inputs.check(self.manifest(), Some(state.len()))?;
        RunError::check_outputs(out.len(), self.manifest())?;
        self.evaluate(time, Function::Outputs, inputs, state, out, &mut [])
    }

    fn route(&mut self, time: f64, route: u32, inputs: &Inputs<'_>) -> Result<RouteProperties, RunError> {
        inputs.check(self.manifest(), None)?;
        RunError::check_route(route, self.manifest())?;
        let mut values = [f64::NAN; 4];
        self.evaluate(time, Function::Route(route), inputs, &[], &mut values, &mut [])?;
        Ok(RouteProperties::of(values))
    }

    fn simulate(&mut self, schedule: &Schedule) -> Result<Vec<f64>, RunError> {
        self.warnings = 0;
        schedule.check(self.manifest())?;
        let mut out = vec![0.0; schedule.reports() * self.session.width()];
        let result = self.session.simulate(&schedule.to_words(), &mut out);
        let manifest = self.program.manifest();
        self.warnings =
            result.map_err(|failure| schedule.explain(failed(&failure, b"", manifest), manifest))?;
        Ok(out)
    }

    fn simulate_many(&mut self, schedules: &[Schedule]) -> Vec<Result<Simulated, RunError>> {
        let manifest = self.program.manifest();
        let sound = schedules.iter().all(|schedule| schedule.check(manifest).is_ok());
        if schedules.len() < 2 || !sound || !self.session.pays_abreast() {
            return schedules.iter().map(|schedule| self.simulate_one(schedule)).collect();
        }
        let words: Vec<Vec<u64>> = schedules.iter().map(Schedule::to_words).collect();
        let results = self.session.simulate_many(&words).into_iter().zip(schedules);
        let tell = |(result, schedule): (Result<(Vec<f64>, u32), Failure>, &Schedule)| match result {
            Ok((values, warnings)) => Ok(Simulated { values, warnings }),
            Err(failure) => Err(schedule.explain(failed(&failure, b"", manifest), manifest)),
        };
        let results: Vec<Result<Simulated, RunError>> = results.map(tell).collect();
        // As after one by one: those of the last schedule, and none if it failed.
        let last = results.last().and_then(|result| result.as_ref().ok());
        self.warnings = last.map_or(0, |simulated| simulated.warnings);
        results
    }

    fn warnings(&self) -> u32 {
        self.warnings
    }

    fn quantiles(&self) -> &[f64] {
        &self.configuration.quantiles
    }
}

// A model moves to another thread with all that it has.
const _: fn() = || {
    fn is_send<T: Send>() {}
    is_send::<InterpretedModel>();
};

#[cfg(test)]
mod tests {
    use pmc_abi::Status;

    use super::*;

    #[test]
    fn failures_are_told_as_modules_tell_them() {
        let manifest: Manifest = serde_json::from_str(
            r#"{"abi":{"major":1,"minor":0},"name":"m","kind":"ode","parameters":[],"states":[{"name":"a"}],"outputs":[],
                "solver":{"method":"auto","rtol":1e-6,"atol":1e-9}}"#,
        )
        .expect("a manifest");
        let failure = Failure::of_state(Status::NotFinite, 1.25, Some(0));
        let error = failed(&failure, b"", &manifest);
        assert_eq!(error.to_string(), "a value became infinite or not a number at time 1.25 in state `a`");
        assert_eq!(error.code.to_string(), "PK2007");
    }
}
