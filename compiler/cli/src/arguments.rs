//! What can be asked for.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compile pharmacometric models to WebAssembly, and run them on data.
#[derive(Debug, Parser)]
#[command(name = "pmc", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How findings are written to standard error.
    #[arg(long, global = true, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub(crate) message_format: MessageFormat,

    /// Whether findings have colours; `auto` asks the terminal and `NO_COLOR`.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

const EXAMPLES: &str = "\
Examples:
  pmc check model.pk
  pmc compile model.pk -o model.wasm
  pmc simulate model.pk --data study.csv --param cl=1.2 --plot fit.svg > predictions.csv
  pmc inspect model.wasm

Exit status:
  0  success
  1  the model or the data are wrong
  2  the command is wrong, or a file cannot be read or written";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Compile(Compile),
    Check(Check),
    Simulate(Simulate),
    Inspect(Inspect),
}

/// Compile a model to a module, or show it on its way there.
///
/// The output is written only if the model has no errors.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pmc compile model.pk                     writes model.wasm
  pmc compile model.pk -o build/m.wasm
  pmc compile library.pk --model two_compartments
  pmc compile model.pk --emit ir           shows the intermediate representation
  pmc compile model.pk --emit ir-json > model.pkir.json
  pmc compile model.pkir.json              writes model.wasm
  cat model.pk | pmc compile - > model.wasm")]
pub(crate) struct Compile {
    /// The model's text or document; `-` for standard input.
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,

    /// Where to write; `-` for standard output. Modules and CBOR go beside the model, text to standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// What to write.
    #[arg(long, value_enum, default_value_t = Emit::Wasm, value_name = "KIND")]
    pub(crate) emit: Emit,

    /// Which model, if the text holds several.
    #[arg(long = "model", value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// Find the mistakes in models.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pmc check model.pk
  pmc check models/*.pk --message-format short
  pmc check - --message-format json < model.pk")]
pub(crate) struct Check {
    /// Texts or documents of models; `-` for standard input.
    #[arg(value_name = "MODEL", required = true)]
    pub(crate) models: Vec<PathBuf>,
}

/// Predict the observations of a dataset.
///
/// Data are NONMEM-style CSV with the columns ID, TIME, AMT, RATE, DUR, EVID, MDV, CMT, ADDL, II, DV, DVID
/// and the covariates of the model. The table holds one line per observation, in the order of the data:
/// id, time and the outputs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pmc simulate model.pk --data study.csv
  pmc simulate model.wasm --data study.csv --param cl=1.2 --param v=20 --out predictions.csv
  pmc simulate model.pk --data study.csv --plot fit.svg --out predictions.csv
  pmc simulate model.pk --data nonmem.csv --ignore C
  pmc simulate sde.pk --data study.csv --particles 2000 --seed 7 --quantiles 0.05,0.5,0.95
  pmc simulate model.pk --data large.csv --engine wasmtime")]
pub(crate) struct Simulate {
    /// The model's text or module; `-` for standard input.
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,

    /// The data; `-` for standard input.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) data: PathBuf,

    /// A value for a parameter or random effect; may be repeated.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter, allow_hyphen_values = true)]
    pub(crate) parameters: Vec<(String, f64)>,

    /// Where to write the table; `-` for standard output.
    #[arg(long, value_name = "FILE.csv", default_value = "-")]
    pub(crate) out: PathBuf,

    /// Where to draw predictions over observations.
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) plot: Option<PathBuf>,

    /// Predict all rows of the data, doses too.
    #[arg(long)]
    pub(crate) all_rows: bool,

    /// Rows that start with this character are comments, as well as those with `#`; `@` for any letter.
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) ignore: Option<char>,

    /// Relative tolerance of the solver.
    #[arg(long, value_name = "NUMBER", value_parser = relative_tolerance, allow_negative_numbers = true)]
    pub(crate) rtol: Option<f64>,

    /// Absolute tolerance of the solver.
    #[arg(long, value_name = "NUMBER", value_parser = absolute_tolerance, allow_negative_numbers = true)]
    pub(crate) atol: Option<f64>,

    /// Particles that stand for the distribution of a stochastic model, up to a million.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) particles: Option<u32>,

    /// Seed of the random numbers of a stochastic model, 0 if there is none.
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(0..=1 << 53))]
    pub(crate) seed: Option<u64>,

    /// Quantiles of the outputs of a stochastic model beside their means, at most 16.
    #[arg(long, value_name = "P,P,…", value_delimiter = ',', value_parser = probability)]
    pub(crate) quantiles: Vec<f64>,

    /// Threads that run subjects, 0 for one a core; the results are the same for any number.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1_024))]
    pub(crate) jobs: u16,

    /// Show no progress bar, which long runs have on a terminal.
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// What runs the model. The numbers are the same to the last bit.
    #[arg(long, value_enum, default_value_t = EngineName::Auto, value_name = "ENGINE")]
    pub(crate) engine: EngineName,

    /// Which model, if the text holds several.
    #[arg(long = "model", value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// Show what a module or document declares and holds.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pmc inspect model.wasm
  pmc inspect model.pkir.json
  pmc inspect model.wasm --json | jq .manifest.parameters")]
pub(crate) struct Inspect {
    /// The module, or a model's text or document; `-` for standard input.
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,

    /// Write JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Which model, if the text holds several.
    #[arg(long = "model", value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// With excerpts of the text.
    Human,
    /// One line each.
    Short,
    /// One JSON object a line.
    Json,
}

/// When findings have colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to write of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// The module.
    Wasm,
    /// The module as text.
    Wat,
    /// The syntax tree.
    Ast,
    /// The intermediate representation, for people.
    Ir,
    /// The intermediate representation as a document in JSON.
    IrJson,
    /// The intermediate representation as a document in CBOR.
    IrCbor,
}

/// What runs a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// Texts and documents are interpreted, modules run in wasmi, or in wasmtime where that is built in and there is
    /// enough to do.
    Auto,
    /// An interpreter of texts and documents, several subjects side by side.
    Interpreter,
    /// An interpreter of modules.
    Wasmi,
    /// A compiler of modules; not in every build.
    Wasmtime,
}

/// Reads `name=value`.
fn parameter(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let number = value.trim().parse::<f64>().map_err(|_| format!("`{value}` is not a number"))?;
    if !number.is_finite() {
        return Err(format!("`{value}` is not a finite number"));
    }
    Ok((name.trim().to_owned(), number))
}

/// Reads a relative tolerance: between 0 and 1, so that a slip of the hand is not taken for a wish.
fn relative_tolerance(text: &str) -> Result<f64, String> {
    let value = absolute_tolerance(text)?;
    if value < 1.0 { Ok(value) } else { Err("a relative tolerance lies between 0 and 1".to_owned()) }
}

/// Reads a probability.
fn probability(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        Ok(_) => Err("a quantile lies between 0 and 1".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads an absolute tolerance, which is in the units of the states.
fn absolute_tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if 0.0 < value && value.is_finite() => Ok(value),
        Ok(_) => Err("a tolerance is a finite number above 0".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
