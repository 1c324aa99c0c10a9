//! The configuration of an instance: parameters and settings as JSON.
//!
//! `json` over `number` reads in place. Modules and native hosts take the same document, so that a name or a value means
//! the same, and is refused for the same reason, whatever runs a model.
//!
//! This code goes into every module, so it is small first: tables are searched, integers are long instead of clever,
//! and what is called from many places is `inline(never)`.

pub(crate) mod json;
pub(crate) mod number;
#[cfg(test)]
mod tests;

use pmc_abi::Status;
use pmc_abi::descriptor::{Descriptor, MOST_PARTICLES, MOST_QUANTILES, SolverSettings, feature, solver};

use self::json::{Entry, Reader, says};

/// Place of the settings among the sections.
const SOLVER: usize = 3;

/// Number of the first option that only stochastic systems have.
const CHANCE: usize = 5;

/// The largest seed: whole numbers up to here are the same in all readers of JSON.
const LARGEST_SEED: f64 = (1_u64 << 53) as f64;

/// What of a document is wanted: the settings say how much memory the values need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// The settings only.
    Settings,
    /// All but the settings.
    Values,
}

/// Settings, and what else there is to say of a stochastic system.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Tolerances, limits, method, and of a stochastic system particles and seed.
    pub solver: SolverSettings,
    /// Whether the system is stochastic: only then has it particles.
    pub is_stochastic: bool,
    /// Probabilities of the quantiles that are wanted, first those that count.
    pub probabilities: [f64; MOST_QUANTILES],
    /// How many count.
    pub quantiles: usize,
}

/// Why a configuration is refused: the status, and the name at fault as it stands in the document, if there is one.
pub type Refusal<'j> = (Status, &'j [u8]);

/// The values that a configuration may set; all of them hold their defaults before.
pub struct Values<'a> {
    /// NaN where there is no default.
    pub parameters: &'a mut [f64],
    /// Zero unless the host gives a value.
    pub random_effects: &'a mut [f64],
    /// What is held outside a schedule; NaN where there is no value.
    pub covariates: &'a mut [f64],
}

impl Settings {
    /// Makes the settings of a model.
    pub(crate) const fn of(solver: SolverSettings, is_stochastic: bool) -> Self {
        Self { solver, is_stochastic, probabilities: [0.0; MOST_QUANTILES], quantiles: 0 }
    }

    /// Returns the probabilities of the quantiles that are wanted.
    pub fn probabilities(&self) -> &[f64] {
        self.probabilities.get(..self.quantiles).unwrap_or_default()
    }
}

/// Reads the settings of a document over those of a model.
pub fn read_settings<'j>(text: &'j [u8], descriptor: &Descriptor<'_>) -> Result<Settings, Refusal<'j>> {
    let mut settings = Settings::of(descriptor.settings, descriptor.dynamics.has(feature::STOCHASTIC));
    Document { text, name: |_| &b""[..], chance: set_chance }.settings(&mut settings)?;
    Ok(settings)
}

/// Reads the values of a document over others; `name` returns the name of a parameter, random effect or covariate,
/// numbered in this order.
///
/// Fails with [`Status::MissingParameter`] if a parameter without default gets none.
pub fn read_values<'j>(
    text: &'j [u8],
    name: impl Fn(usize) -> &'j [u8],
    values: Values<'_>,
) -> Result<(), Refusal<'j>> {
    Document { text, name, chance: set_chance }.values(values)
}

/// A document, and what is needed to read it.
pub(crate) struct Document<'j, N, C> {
    /// The document.
    pub(crate) text: &'j [u8],
    /// Returns the name of a parameter, random effect or covariate, numbered in this order.
    pub(crate) name: N,
    /// Is [`set_chance`], or calls it by a way that need not lead anywhere where no system is stochastic.
    pub(crate) chance: C,
}

impl<'j, N, C> Document<'j, N, C>
where
    N: Fn(usize) -> &'j [u8],
    C: Fn(&mut Reader<'j>, usize, &mut Settings) -> Result<(), Status>,
{
    /// Reads the settings over others.
    pub(crate) fn settings(self, settings: &mut Settings) -> Result<(), Refusal<'j>> {
        let values = Values { parameters: &mut [], random_effects: &mut [], covariates: &mut [] };
        let mut target = Target { document: &self, values, settings, at: b"" };
        target.read(Pass::Settings).map_err(|status| (status, target.at))
    }

    /// Reads the values over others.
    pub(crate) fn values(self, values: Values<'_>) -> Result<(), Refusal<'j>> {
        let mut settings = Settings::of(NO_SETTINGS, false);
        let mut target = Target { document: &self, values, settings: &mut settings, at: b"" };
        target.read(Pass::Values).map_err(|status| (status, target.at))?;
        match target.missing() {
            Some(index) => Err((Status::MissingParameter, (self.name)(index))),
            None => Ok(()),
        }
    }
}

/// Settings that nothing reads: none are read with the values.
const NO_SETTINGS: SolverSettings = SolverSettings {
    relative_tolerance: 0.0,
    absolute_tolerance: 0.0,
    maximum_step: 0.0,
    maximum_steps: 0.0,
    solver: solver::AUTOMATIC,
    particles: 0,
    seed: 0,
};

/// What a configuration may set; all of it holds its default before.
struct Target<'a, 'j, N, C> {
    document: &'a Document<'j, N, C>,
    values: Values<'a>,
    settings: &'a mut Settings,
    /// The name that was read last, as it stands in the document: after a failure the one at fault.
    at: &'j [u8],
}

impl<'j, N, C> Target<'_, 'j, N, C>
where
    N: Fn(usize) -> &'j [u8],
    C: Fn(&mut Reader<'j>, usize, &mut Settings) -> Result<(), Status>,
{
    /// Takes over a part of what a document says.
    fn read(&mut self, pass: Pass) -> Result<(), Status> {
        let mut reader = Reader::new(self.document.text);
        json(reader.enter_object())?;
        let mut first = true;
        while let Entry::Key(section) = json(reader.next_entry(first))? {
            match find(section, &[b"parameters", b"random_effects", b"covariates", b"solver"]) {
                Some(section) if (section == SOLVER) == (pass == Pass::Settings) => {
                    self.read_section(&mut reader, section)?;
                }
                _ => json(reader.skip())?,
            }
            self.at = b"";
            first = false;
        }
        json(reader.finish())
    }

    /// Returns the number of a parameter that has got no value.
    fn missing(&self) -> Option<usize> {
        self.values.parameters.iter().position(|value| value.is_nan())
    }

    fn read_section(&mut self, reader: &mut Reader<'j>, section: usize) -> Result<(), Status> {
        json(reader.enter_object())?;
        let mut first = true;
        while let Entry::Key(name) = json(reader.next_entry(first))? {
            self.at = name;
            if section == SOLVER {
                self.set_option(reader)?;
            } else {
                self.set_value(reader, section)?;
            }
            first = false;
        }
        Ok(())
    }

    fn set_value(&mut self, reader: &mut Reader<'j>, section: usize) -> Result<(), Status> {
        let Values { parameters, random_effects, covariates } = &mut self.values;
        let (first_effect, effects) = (parameters.len(), random_effects.len());
        let (values, first) = match section {
            0 => (&mut **parameters, 0),
            1 => (&mut **random_effects, first_effect),
            _ => (&mut **covariates, first_effect + effects),
        };
        let value = finite(reader)?;
        let unknown = if section == 2 { Status::UnknownName } else { Status::UnknownParameter };
        let named = |(index, _): &(usize, &mut f64)| says(self.at, (self.document.name)(first + index));
        let (_, place) = values.iter_mut().enumerate().find(named).ok_or(unknown)?;
        *place = value;
        Ok(())
    }

    fn set_option(&mut self, reader: &mut Reader<'j>) -> Result<(), Status> {
        let options: &[&[u8]] =
            &[b"method", b"atol", b"rtol", b"hmax", b"maximum_steps", b"particles", b"seed", b"quantiles"];
        let option = find(self.at, options).ok_or(Status::UnknownName)?;
        if CHANCE <= option {
            let settings = &mut *self.settings;
            return if settings.is_stochastic {
                (self.document.chance)(reader, option - CHANCE, settings)
            } else {
                Err(Status::UnknownName)
            };
        }
        let settings = &mut self.settings.solver;
        let place = match option {
            0 => return self.set_method(reader),
            1 => &mut settings.absolute_tolerance,
            2 => &mut settings.relative_tolerance,
            3 => &mut settings.maximum_step,
            _ => &mut settings.maximum_steps,
        };
        let value = finite(reader)?;
        // Only the absolute tolerance may be 0.
        if value < 0.0 || (value == 0.0 && option != 1) {
            return Err(Status::BadValue);
        }
        *place = value;
        Ok(())
    }

    fn set_method(&mut self, reader: &mut Reader<'j>) -> Result<(), Status> {
        self.at = json(reader.string())?;
        let names: &[&[u8]] = &[b"auto", b"explicit", b"stiff", b"em", b"sri"];
        let method = find(self.at, names).ok_or(Status::UnknownName)? as u32;
        let is_stochastic = solver::EULER_MARUYAMA <= method;
        if method != solver::AUTOMATIC && is_stochastic != self.settings.is_stochastic {
            return Err(Status::UnknownName);
        }
        self.settings.solver.solver = method;
        Ok(())
    }
}

/// Reads an option that only stochastic systems have, numbered from 0: particles, seed, quantiles.
pub(crate) fn set_chance(
    reader: &mut Reader<'_>,
    option: usize,
    settings: &mut Settings,
) -> Result<(), Status> {
    match option {
        0 => settings.solver.particles = whole(reader, 1.0, f64::from(MOST_PARTICLES))? as u32,
        1 => settings.solver.seed = whole(reader, 0.0, LARGEST_SEED)? as u64,
        _ => {
            settings.quantiles = 0;
            json(reader.enter_array())?;
            while json(reader.next_item(settings.quantiles == 0))? {
                let probability = finite(reader)?;
                let place = settings.probabilities.get_mut(settings.quantiles);
                let place = place.filter(|_| (0.0..=1.0).contains(&probability));
                *place.ok_or(Status::BadValue)? = probability;
                settings.quantiles += 1;
            }
        }
    }
    Ok(())
}

// The names of methods stand in the order of their numbers.
const _: () = assert!(solver::AUTOMATIC == 0 && solver::EXPLICIT == 1 && solver::STIFF == 2);
const _: () = assert!(solver::EULER_MARUYAMA == 3 && solver::STRONG == 4);

/// Returns which of some names a string says.
#[inline(never)]
fn find(string: &[u8], names: &[&[u8]]) -> Option<usize> {
    names.iter().position(|name| says(string, name))
}

#[inline(never)]
fn finite(reader: &mut Reader<'_>) -> Result<f64, Status> {
    let value = json(reader.number())?;
    if value.is_finite() { Ok(value) } else { Err(Status::BadValue) }
}

/// Reads a whole number between two others.
fn whole(reader: &mut Reader<'_>, least: f64, most: f64) -> Result<f64, Status> {
    let value = finite(reader)?;
    let fits = least <= value && value <= most && pmc_math::floor(value) == value;
    if fits { Ok(value) } else { Err(Status::BadValue) }
}

fn json<T>(read: Option<T>) -> Result<T, Status> {
    read.ok_or(Status::BadJson)
}
