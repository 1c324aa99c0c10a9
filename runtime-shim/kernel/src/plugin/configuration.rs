//! The configuration of an instance.

use pmc_abi::Status;
use pmc_abi::descriptor::{SolverSettings, solver};

use super::json::{Entry, Reader, says};

/// Place of the settings among the sections.
const SOLVER: usize = 3;

/// What a configuration may set; all of it holds its default before.
pub(super) struct Target<'a, 'j, N> {
    /// Returns the name of a parameter, random effect or covariate, numbered in this order.
    pub(super) name: N,
    /// NaN where there is no default.
    pub(super) parameters: &'a mut [f64],
    pub(super) random_effects: &'a mut [f64],
    pub(super) covariates: &'a mut [f64],
    pub(super) settings: &'a mut SolverSettings,
    /// The name that was read last, as it stands in the document: after a failure the one at fault.
    pub(super) at: &'j [u8],
}

impl<'j, 'n, N: Fn(usize) -> &'n [u8]> Target<'_, 'j, N> {
    /// Takes over what a document says.
    pub(super) fn read(&mut self, text: &'j [u8]) -> Result<(), Status> {
        let mut reader = Reader::new(text);
        json(reader.enter_object())?;
        let mut first = true;
        while let Entry::Key(section) = json(reader.next_entry(first))? {
            match find(section, &[b"parameters", b"random_effects", b"covariates", b"solver"]) {
                Some(section) => self.read_section(&mut reader, section)?,
                None => json(reader.skip())?,
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
        let settings = &mut *self.settings;
        let options: &[&[u8]] = &[b"method", b"atol", b"rtol", b"hmax", b"maximum_steps"];
        let option = find(self.at, options).ok_or(Status::UnknownName)?;
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
        let method = find(self.at, &[b"auto", b"explicit", b"stiff"]).ok_or(Status::UnknownName)?;
        self.settings.solver = method as u32;
        Ok(())
    }
}

// The names of methods stand in the order of their numbers.
const _: () = assert!(solver::AUTOMATIC == 0 && solver::EXPLICIT == 1 && solver::STIFF == 2);

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

fn json<T>(read: Option<T>) -> Result<T, Status> {
    read.ok_or(Status::BadJson)
}
