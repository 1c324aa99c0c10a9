//! Handles.

/// Most things of a kind that live at the same time.
const ROOM: u32 = 64;

/// Uses of a place until its handles repeat.
const GENERATIONS: u32 = u32::MAX / ROOM - 1;

/// Things by handles, which are never 0 and do not name what follows in the same place.
pub(crate) struct Table<T> {
    places: Vec<Place<T>>,
}

/// A place for a thing, and how many have lived here before (modulo [`GENERATIONS`]).
struct Place<T> {
    generation: u32,
    thing: Option<T>,
}

impl<T> Place<T> {
    /// Returns whether this is the place of a handle.
    fn answers_to(&self, handle: u32) -> bool {
        self.generation + 1 == handle / ROOM
    }
}

impl<T> Table<T> {
    /// Makes an empty table.
    pub(crate) const fn new() -> Self {
        Self { places: Vec::new() }
    }

    /// Returns whether another thing has room.
    pub(crate) fn has_room(&self) -> bool {
        (self.places.len() as u32) < ROOM || self.places.iter().any(|place| place.thing.is_none())
    }

    /// Keeps a thing and returns its handle; nothing if there is no room.
    pub(crate) fn insert(&mut self, thing: T) -> Option<u32> {
        if !self.has_room() {
            return None;
        }
        let free = self.places.iter().position(|place| place.thing.is_none()).unwrap_or_else(|| {
            self.places.push(Place { generation: 0, thing: None });
            self.places.len() - 1
        });
        let place = self.places.get_mut(free)?;
        place.thing = Some(thing);
        Some((place.generation + 1) * ROOM + free as u32)
    }

    /// Returns the thing of a handle.
    pub(crate) fn get(&self, handle: u32) -> Option<&T> {
        let place = self.places.get((handle % ROOM) as usize)?;
        place.thing.as_ref().filter(|_| place.answers_to(handle))
    }

    /// Returns the thing of a handle, to be changed.
    pub(crate) fn get_mut(&mut self, handle: u32) -> Option<&mut T> {
        let place = self.places.get_mut((handle % ROOM) as usize)?;
        if place.answers_to(handle) { place.thing.as_mut() } else { None }
    }

    /// Drops the thing of a handle; a stale handle is harmless.
    pub(crate) fn remove(&mut self, handle: u32) {
        let Some(place) = self.places.get_mut((handle % ROOM) as usize) else { return };
        if place.answers_to(handle) && place.thing.take().is_some() {
            place.generation = (place.generation + 1) % GENERATIONS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_handles_name_nothing() {
        let mut table = Table::new();
        let first = table.insert("first").expect("there is room");
        table.remove(first);
        table.remove(first);
        let second = table.insert("second").expect("there is room");
        assert_ne!(first, second);
        assert_eq!((table.get(first), table.get(second)), (None, Some(&"second")));
        assert_eq!((table.get(0), table.get(u32::MAX)), (None, None));
    }

    #[test]
    fn a_table_has_room_for_64() {
        let mut table = Table::new();
        let handles: Vec<Option<u32>> = (0..65).map(|number| table.insert(number)).collect();
        assert!(handles[..64].iter().all(Option::is_some) && handles[64].is_none());
        table.remove(handles[7].unwrap_or(0));
        assert!(table.has_room() && table.insert(65).is_some() && !table.has_room());
    }
}
