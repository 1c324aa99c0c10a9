//! The configuration of an instance.

use pmc_abi::Status;
use pmc_abi::descriptor::{MOST_PARTICLES, MOST_QUANTILES, SolverSettings, solver};

use super::json::{Entry, Reader, says};

/// Place of the settings among the sections.
const SOLVER: usize = 3;

/// Number of the first option that only stochastic systems have.
const CHANCE: usize = 5;

/// The largest seed: whole numbers up to here are the same in all readers of JSON.
const LARGEST_SEED: f64 = (1_u64 << 53) as f64;

/// What of a document is wanted: the settings say how much memory the values need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// The settings only.
    Settings,
    /// All but the settings.
    Values,
}

/// Settings, and what else there is to say of a stochastic system.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) solver: SolverSettings,
    /// Whether the system is stochastic: only then has it particles.
    pub(super) is_stochastic: bool,
    /// Probabilities of quantiles, and how many there are.
    pub(super) probabilities: [f64; MOST_QUANTILES],
    pub(super) quantiles: usize,
}

/// What a configuration may set; all of it holds its default before.
pub(super) struct Target<'a, 'j, N, C> {
    /// Returns the name of a parameter, random effect or covariate, numbered in this order.
    pub(super) name: N,
    /// Is [`set_chance`], or calls it by a way that need not lead anywhere where no system is stochastic.
    pub(super) chance: C,
    /// NaN where there is no default.
    pub(super) parameters: &'a mut [f64],
    pub(super) random_effects: &'a mut [f64],
    pub(super) covariates: &'a mut [f64],
    pub(super) settings: &'a mut Settings,
    /// The name that was read last, as it stands in the document: after a failure the one at fault.
    pub(super) at: &'j [u8],
}

impl<'j, 'n, N, C> Target<'_, 'j, N, C>
where
    N: Fn(usize) -> &'n [u8],
    C: Fn(&mut Reader<'j>, usize, &mut Settings) -> Result<(), Status>,
{
    /// Takes over a part of what a document says.
    pub(super) fn read(&mut self, text: &'j [u8], pass: Pass) -> Result<(), Status> {
        let mut reader = Reader::new(text);
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
    pub(super) fn missing(&self) -> Option<usize> {
        self.parameters.iter().position(|value| value.is_nan())
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
        let (parameters, effects) = (self.parameters.len(), self.random_effects.len());
        let (values, first) = match section {
            0 => (&mut *self.parameters, 0),
            1 => (&mut *self.random_effects, parameters),
            _ => (&mut *self.covariates, parameters + effects),
        };
        let value = finite(reader)?;
        let unknown = if section == 2 { Status::UnknownName } else { Status::UnknownParameter };
        let named = |(index, _): &(usize, &mut f64)| says(self.at, (self.name)(first + index));
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
                (self.chance)(reader, option - CHANCE, settings)
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
pub(super) fn set_chance(
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
