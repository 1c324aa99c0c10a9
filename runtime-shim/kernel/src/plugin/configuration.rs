//! The configuration of an instance.

use pmc_abi::Status;
use pmc_abi::descriptor::{SolverSettings, solver};

use super::json::{Entry, Reader, says};

/// Place of the settings among the sections.
const SOLVER: usize = 3;

/// Why a configuration was refused, and the name at fault as it stands in the document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Refusal<'a> {
    pub(super) status: Status,
    pub(super) name: &'a [u8],
}

/// What a configuration may set; all of it holds its default before.
pub(super) struct Target<'a, N> {
    /// Returns the name of a parameter, random effect or covariate, numbered in this order.
    pub(super) name: N,
    /// NaN where there is no default.
    pub(super) parameters: &'a mut [f64],
    pub(super) random_effects: &'a mut [f64],
    pub(super) covariates: &'a mut [f64],
    pub(super) settings: &'a mut SolverSettings,
}

impl<'n, N: Fn(usize) -> &'n [u8]> Target<'_, N> {
    /// Takes over what a document says.
    pub(super) fn read<'j>(&mut self, text: &'j [u8]) -> Result<(), Refusal<'j>> {
        let mut reader = Reader::new(text);
        json(reader.enter_object())?;
        let mut first = true;
        while let Entry::Key(section) = json(reader.next_entry(first))? {
            let sections: [&[u8]; 4] = [b"parameters", b"random_effects", b"covariates", b"solver"];
            match sections.iter().position(|name| says(section, name)) {
                Some(section) => self.read_section(&mut reader, section)?,
                None => json(reader.skip())?,
            }
            first = false;
        }
        json(reader.finish())
    }

    fn read_section<'j>(&mut self, reader: &mut Reader<'j>, section: usize) -> Result<(), Refusal<'j>> {
        json(reader.enter_object())?;
        let mut first = true;
        while let Entry::Key(name) = json(reader.next_entry(first))? {
            if section == SOLVER {
                self.set_option(reader, name)?;
            } else {
                self.set_value(reader, section, name)?;
            }
            first = false;
        }
        Ok(())
    }

    /// Returns the number of a parameter that has got no value.
    pub(super) fn missing(&self) -> Option<usize> {
        self.parameters.iter().position(|value| value.is_nan())
    }

    fn set_value<'j>(
        &mut self,
        reader: &mut Reader<'j>,
        section: usize,
        name: &'j [u8],
    ) -> Result<(), Refusal<'j>> {
        let (parameters, effects) = (self.parameters.len(), self.random_effects.len());
        let (values, first) = match section {
            0 => (&mut *self.parameters, 0),
            1 => (&mut *self.random_effects, parameters),
            _ => (&mut *self.covariates, parameters + effects),
        };
        let value = finite(reader, name)?;
        match (0..values.len()).find(|index| says(name, (self.name)(first + index))) {
            Some(index) => {
                values[index] = value;
                Ok(())
            }
            None => Err(Refusal {
                status: if section == 2 { Status::UnknownName } else { Status::UnknownParameter },
                name,
            }),
        }
    }

    fn set_option<'j>(&mut self, reader: &mut Reader<'j>, name: &'j [u8]) -> Result<(), Refusal<'j>> {
        let settings = &mut *self.settings;
        if name == b"method" {
            let method = reader.string().ok_or(Refusal { status: Status::BadJson, name })?;
            settings.solver = match method {
                b"auto" => solver::AUTOMATIC,
                b"explicit" => solver::EXPLICIT,
                b"stiff" => solver::STIFF,
                _ => return Err(Refusal { status: Status::UnknownName, name: method }),
            };
            return Ok(());
        }
        let (place, zero) = match name {
            b"rtol" => (&mut settings.relative_tolerance, false),
            b"atol" => (&mut settings.absolute_tolerance, true),
            b"hmax" => (&mut settings.maximum_step, false),
            b"maximum_steps" | b"max_steps" => (&mut settings.maximum_steps, false),
            _ => return Err(Refusal { status: Status::UnknownName, name }),
        };
        let value = finite(reader, name)?;
        if value < 0.0 || (value == 0.0 && !zero) {
            return Err(Refusal { status: Status::BadValue, name });
        }
        *place = value;
        Ok(())
    }
}

#[inline(never)]
fn finite<'j>(reader: &mut Reader<'j>, name: &'j [u8]) -> Result<f64, Refusal<'j>> {
    match reader.number() {
        Some(value) if value.is_finite() => Ok(value),
        Some(_) => Err(Refusal { status: Status::BadValue, name }),
        None => Err(Refusal { status: Status::BadJson, name }),
    }
}

fn json<'j, T>(read: Option<T>) -> Result<T, Refusal<'j>> {
    read.ok_or(Refusal { status: Status::BadJson, name: b"" })
}
