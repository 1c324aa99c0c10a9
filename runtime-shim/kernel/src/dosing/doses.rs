//! Doses that are still to come and infusions that run.

use pmc_abi::Status;

/// Most trains of pending doses (records with a lag or additional doses that have not all been given).
pub const TRAINS: usize = 128;

/// Most infusions that run at the same time.
pub const INFUSIONS: usize = 128;

/// One dose as it is given: all that depends on the model has been evaluated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dose {
    /// Index of the route.
    pub(crate) route: u32,
    /// What a bolus adds, bioavailability included; 0 for an infusion.
    pub(crate) amount: f64,
    /// Rate of an infusion; 0 for a bolus.
    pub(crate) rate: f64,
    /// Length of an infusion; 0 for a bolus, or where bioavailability leaves nothing to give.
    pub(crate) duration: f64,
}

impl Dose {
    const NONE: Self = Self { route: 0, amount: 0.0, rate: 0.0, duration: 0.0 };
}

/// A dose and its repetitions, of which some have been given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Train {
    /// What is given each time.
    pub(crate) dose: Dose,
    /// When the first one is due.
    pub(crate) start: f64,
    /// Time between two.
    pub(crate) interval: f64,
    /// How many have been given.
    pub(crate) given: u32,
    /// How many are due after the first.
    pub(crate) additional: u32,
}

impl Train {
    const NONE: Self = Self { dose: Dose::NONE, start: 0.0, interval: 0.0, given: 0, additional: 0 };

    /// Returns when the next dose is due: by one multiplication, so that errors do not add up.
    pub(crate) fn due(&self) -> f64 {
        self.start + f64::from(self.given) * self.interval
    }
}

/// An infusion that runs.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Infusion {
    end: f64,
    rate: f64,
    route: u32,
}

impl Infusion {
    const NONE: Self = Self { end: 0.0, rate: 0.0, route: 0 };
}

/// The queues of the dosing engine, bounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Doses {
    trains: List<Train, TRAINS>,
    infusions: List<Infusion, INFUSIONS>,
    /// The time of the next dose or end of an infusion; infinity if there is none.
    next: f64,
}

impl Doses {
    /// Makes empty queues.
    pub const fn new() -> Self {
        let (trains, infusions) = (List::new(Train::NONE), List::new(Infusion::NONE));
        Self { trains, infusions, next: f64::INFINITY }
    }

    /// Forgets all pending doses and running infusions.
    pub(crate) fn clear(&mut self) {
        self.trains.length = 0;
        self.infusions.length = 0;
        self.next = f64::INFINITY;
    }

    /// Returns the time of the next dose or end of an infusion; infinity if there is none.
    pub(crate) fn next(&self) -> f64 {
        self.next
    }

    /// Looks for the next time: after each change, so that records on the way need not.
    #[inline(never)]
    fn look_ahead(&mut self) {
        let due = self.trains.as_slice().iter().map(Train::due);
        let ends = self.infusions.as_slice().iter().map(|infusion| infusion.end);
        self.next = due.chain(ends).fold(f64::INFINITY, |next, time| if time < next { time } else { next });
    }

    /// Takes the earliest dose that is due at a time or before; of several, any one.
    pub(crate) fn take_due(&mut self, time: f64) -> Option<Dose> {
        if time < self.next {
            return None;
        }
        let mut earliest: Option<(usize, f64)> = None;
        for (index, train) in self.trains.as_slice().iter().enumerate() {
            let due = train.due();
            if due <= time && earliest.is_none_or(|(_, least)| due < least) {
                earliest = Some((index, due));
            }
        }
        let (index, _) = earliest?;
        let train = self.trains.items.get_mut(index)?;
        let dose = train.dose;
        train.given += 1;
        if train.given > train.additional {
            self.trains.remove(index);
        }
        self.look_ahead();
        Some(dose)
    }

    /// Ends the infusions that are over at a time; returns whether there were any.
    pub(crate) fn end_infusions(&mut self, time: f64) -> bool {
        if time < self.next {
            return false;
        }
        let before = self.infusions.length;
        let mut index = 0;
        while let Some(infusion) = self.infusions.as_slice().get(index) {
            if infusion.end <= time {
                self.infusions.remove(index);
            } else {
                index += 1;
            }
        }
        self.look_ahead();
        self.infusions.length < before
    }

    /// Adds a train of doses.
    pub(crate) fn expect(&mut self, train: Train) -> Result<(), Status> {
        self.trains.push(train)?;
        self.look_ahead();
        Ok(())
    }

    /// Starts an infusion.
    pub(crate) fn infuse(&mut self, route: u32, rate: f64, end: f64) -> Result<(), Status> {
        self.infusions.push(Infusion { end, rate, route })?;
        self.look_ahead();
        Ok(())
    }

    /// Returns the sum of the rates of all infusions that run on a route.
    pub(crate) fn rate(&self, route: u32) -> f64 {
        let running = self.infusions.as_slice().iter().filter(|infusion| infusion.route == route);
        running.fold(0.0, |sum, infusion| sum + infusion.rate)
    }
}

impl Default for Doses {
    fn default() -> Self {
        Self::new()
    }
}

/// A list of bounded length.
#[derive(Clone, Debug, PartialEq)]
struct List<T, const N: usize> {
    items: [T; N],
    length: usize,
}

impl<T: Copy, const N: usize> List<T, N> {
    const fn new(filler: T) -> Self {
        Self { items: [filler; N], length: 0 }
    }

    fn as_slice(&self) -> &[T] {
        self.items.get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, item: T) -> Result<(), Status> {
        let place = self.items.get_mut(self.length).ok_or(Status::QueueFull)?;
        *place = item;
        self.length += 1;
        Ok(())
    }

    /// Removes an item; the last one takes its place.
    fn remove(&mut self, index: usize) {
        if let Some((last, _)) = self.items.get(..self.length).and_then(<[T]>::split_last) {
            let last = *last;
            if let Some(place) = self.items.get_mut(index) {
                *place = last;
                self.length -= 1;
            }
        }
    }
}
