//! Room for values on their way.

/// Places that are taken and given back.
#[derive(Default)]
pub(crate) struct Places {
    free: Vec<u32>,
    used: u32,
}

impl Places {
    /// Returns a place that no later value needs yet.
    pub(crate) fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| self.take_new())
    }

    /// Returns a place that has not been taken before.
    pub(crate) const fn take_new(&mut self) -> u32 {
        self.used += 1;
        self.used - 1
    }

    /// Gives a place back.
    pub(crate) fn give(&mut self, place: u32) {
        self.free.push(place);
    }

    /// Returns how many have been taken at one time.
    pub(crate) const fn used(&self) -> u32 {
        self.used
    }
}
