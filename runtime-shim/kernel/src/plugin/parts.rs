//! Parts of the kernel that not every model needs, as imports and as exports.
//!
//! The kernel calls them by name through imports from `part`; the exports are the same functions. The compiler
//! connects the two where a model needs a part, and leaves the part out where it does not.
#![allow(unsafe_code, reason = "calls of imported functions and exported names")]
#![allow(improper_ctypes, improper_ctypes_definitions, reason = "both sides are this crate")]

use pmc_abi::Status;

use super::linked::Linked;
use crate::configuration::json::Reader;
use crate::configuration::{Settings, set_chance};
use crate::dosing::{DoseRequest, Engine};
use crate::solver::sparse::Elimination;

/// How the result of a part travels: the caller gives the place.
type Answer = Result<(), Status>;

/// Declares parts: the import, a function that calls it, and the export that does the work.
macro_rules! parts {
    ($($name:ident / $export:ident ($($argument:ident: $of:ty),*) = $work:ident;)+) => {
        mod import {
            use super::{Answer, DoseRequest, Engine, Linked};
            #[link(wasm_import_module = "part")]
            unsafe extern "C" {
                $(pub(super) fn $name(engine: &mut Engine<'_, Linked>, $($argument: $of,)* answer: &mut Answer);)+
            }
        }

        $(
            pub(super) fn $name(engine: &mut Engine<'_, Linked>, $($argument: $of),*) -> Answer {
                let mut answer = Ok(());
                // SAFETY: the compiler connects the import with the export below.
                unsafe { import::$name(engine, $($argument,)* &mut answer) };
                answer
            }

            #[unsafe(no_mangle)]
            extern "C" fn $export(engine: &mut Engine<'_, Linked>, $($argument: $of,)* answer: &mut Answer) {
                *answer = engine.$work($($argument),*);
            }
        )+
    };
}

mod elimination {
    use crate::solver::sparse::Elimination;
    #[link(wasm_import_module = "part")]
    unsafe extern "C" {
        pub(super) fn eliminate(elimination: &mut Elimination<'_>);
    }
}

pub(super) fn eliminate(elimination: &mut Elimination<'_>) {
    // SAFETY: the compiler connects the import with the export below.
    unsafe { elimination::eliminate(elimination) }
}

#[unsafe(no_mangle)]
extern "C" fn part_eliminate(elimination: &mut Elimination<'_>) {
    elimination.run();
}

mod integration {
    use super::{Answer, Engine, Linked};
    #[link(wasm_import_module = "part")]
    unsafe extern "C" {
        pub(super) fn integrate(
            engine: &mut Engine<'_, Linked>,
            target: f64,
            barrier: f64,
            answer: &mut Answer,
        );
    }
}

/// Lets time pass by what the compiler chooses: [`step`] or the part behind `part_sweep`.
pub(super) fn integrate(engine: &mut Engine<'_, Linked>, target: f64, barrier: f64) -> Answer {
    let mut answer = Ok(());
    // SAFETY: as above; all of them have this type.
    unsafe { integration::integrate(engine, target, barrier, &mut answer) };
    answer
}

#[unsafe(no_mangle)]
extern "C" fn part_sweep(engine: &mut Engine<'_, Linked>, target: f64, barrier: f64, answer: &mut Answer) {
    *answer = engine.sweep_to(target, barrier);
}

parts! {
    step / part_step (target: f64, barrier: f64) = step_to;
    propagate / part_propagate (target: f64) = propagate_to;
    disperse / part_disperse (target: f64) = disperse_to;
    summarise / part_summarise (out: &mut &mut [f64]) = write_summary;
    balance / part_balance () = find_balance;
    equilibrium / part_equilibrium (room: &mut &mut [f64]) = find_equilibrium;
    steady_state / part_steady_state (request: &DoseRequest, lag: f64) = find_steady_state;
    raise_events / part_raise_events () = raise;
    watch_conditions / part_watch_conditions (target: f64, barrier: f64) = step_and_watch;
}

mod chance {
    use super::{Answer, Reader, Settings};
    #[link(wasm_import_module = "part")]
    unsafe extern "C" {
        pub(super) fn configure(
            reader: &mut Reader<'_>,
            option: usize,
            settings: &mut Settings,
            answer: &mut Answer,
        );
    }
}

/// Reads an option that only stochastic systems have; see [`set_chance`].
pub(super) fn configure(reader: &mut Reader<'_>, option: usize, settings: &mut Settings) -> Answer {
    let mut answer = Ok(());
    // SAFETY: as above.
    unsafe { chance::configure(reader, option, settings, &mut answer) };
    answer
}

#[unsafe(no_mangle)]
extern "C" fn part_configure(
    reader: &mut Reader<'_>,
    option: usize,
    settings: &mut Settings,
    answer: &mut Answer,
) {
    *answer = set_chance(reader, option, settings);
}
