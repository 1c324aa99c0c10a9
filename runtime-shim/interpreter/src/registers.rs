//! Room for constants and for values on their way.

use std::collections::BTreeMap;

use crate::instruction::{Operand, Space};

/// The constants of all functions of a model.
#[derive(Default)]
pub(crate) struct Constants {
    values: Vec<f64>,
    places: BTreeMap<u64, u32>,
}

impl Constants {
    /// Returns the place of a constant, new or known.
    pub(crate) fn place(&mut self, value: f64) -> Operand {
        let values = &mut self.values;
        let element = *self.places.entry(value.to_bits()).or_insert_with(|| {
            values.push(value);
            values.len() as u32 - 1
        });
        Operand::new(Space::Constant, element)
    }

    /// Returns all of them.
    pub(crate) fn into_values(self) -> Vec<f64> {
        self.values
    }
}

/// The registers of one function.
#[derive(Default)]
pub(crate) struct Registers {
    free: Vec<u32>,
    used: u32,
}

impl Registers {
    /// Returns a register that no later value needs yet.
    pub(crate) fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.used += 1;
            self.used - 1
        })
    }

    /// Gives a register back.
    pub(crate) fn give(&mut self, register: u32) {
        self.free.push(register);
    }

    /// Returns how many there have been at one time.
    pub(crate) const fn used(&self) -> u32 {
        self.used
    }
}
