//! Instances: what lies in memory between calls, and their handles.
#![allow(unsafe_code, reason = "an instance lives in a block of the heap")]

use core::{ptr, slice};

use pmc_abi::Status;
use pmc_abi::descriptor::{Descriptor, SolverSettings, feature};

use super::linked::MODEL;
use super::memory::{self, Global};
use super::parts;
use crate::configuration::{Document, Refusal, Settings, Values};
use crate::dosing::{Doses, Track, Workspace, described};
use crate::solver::step::copy;
use crate::stochastic::Cloud;

/// Most instances that live at the same time.
const INSTANCES: usize = 64;

/// Uses of a place until its handles repeat.
const GENERATIONS: u32 = u32::MAX / INSTANCES as u32 - 1;

/// Most states: beyond, the solver's matrices need more than an address can name.
const STATES: u32 = 10_000;

/// Most numbers of all particles: half of all addresses, so that sums with them do not overflow.
const PARTICLE_NUMBERS: u64 = 1 << 28;

/// The head of the block of an instance. Behind it lie the numbers of its workspace, its rates and covariates, and
/// its tracks.
pub(super) struct Instance {
    pub(super) settings: SolverSettings,
    /// The time that steps have reached; NaN before the first step.
    pub(super) time: f64,
    /// Whether the frame holds the rates and covariates below, and what is staged from them.
    pub(super) current: bool,
    /// How many numbers describe the outputs at one time.
    pub(super) width: u32,
    /// What the last simulation warned of.
    pub(super) warnings: u32,
    doses: Doses,
}

/// An instance with its parts.
pub(super) struct Parts {
    pub(super) head: &'static mut Instance,
    pub(super) descriptor: Descriptor<'static>,
    pub(super) workspace: Workspace<'static>,
    /// The infusion rates that the host set last, by route.
    pub(super) rates: &'static mut [f64],
    /// The covariates that the host set last; NaN where it did not.
    pub(super) covariates: &'static mut [f64],
}

/// A place for an instance: the address of its block, or 0, and how many have lived here before (modulo
/// [`GENERATIONS`]).
#[derive(Clone, Copy)]
struct Place {
    address: u32,
    generation: u32,
}

impl Place {
    /// Returns the handle of the instance that lives here.
    fn handle(self, index: usize) -> u32 {
        (self.generation + 1) * INSTANCES as u32 + index as u32
    }

    /// Returns whether this is the place of a handle, and the instance lives.
    fn answers_to(self, handle: u32) -> bool {
        self.address != 0 && self.generation + 1 == handle / INSTANCES as u32
    }
}

static PLACES: Global<[Place; INSTANCES]> = Global::new([Place { address: 0, generation: 0 }; INSTANCES]);

/// Makes an instance and returns its handle, or the cause of failure and the name at fault.
pub(super) fn create(configuration: &[u8]) -> Result<u32, Refusal<'_>> {
    const NO_ROOM: Refusal<'static> = (Status::OutOfMemory, b"");
    let free = PLACES.with(|places| places.iter().position(|place| place.address == 0)).ok_or(NO_ROOM)?;
    let raw = MODEL.raw();
    let mut settings = Settings::of(raw.settings, raw.features & feature::STOCHASTIC != 0);
    Document { text: configuration, name, chance: parts::configure }.settings(&mut settings)?;
    let address = memory::allocate(size(&described(&MODEL, &settings.solver)).ok_or(NO_ROOM)?);
    if address == 0 {
        return Err(NO_ROOM);
    }
    initialise(address, &settings);
    if let Err(refusal) = configure(&mut parts(address), configuration) {
        memory::free(address);
        return Err(refusal);
    }
    PLACES.with(|places| {
        let place = &mut places[free];
        place.address = address;
        Ok(place.handle(free))
    })
}

/// Frees an instance; a stale handle is harmless.
pub(super) fn free(handle: u32) {
    PLACES.with(|places| {
        let place = &mut places[handle as usize % INSTANCES];
        if place.answers_to(handle) {
            memory::free(place.address);
            place.address = 0;
            place.generation = (place.generation + 1) % GENERATIONS;
        }
    });
}

/// Returns the instance of a handle.
pub(super) fn find(handle: u32) -> Result<Parts, Status> {
    let place = PLACES.with(|places| places[handle as usize % INSTANCES]);
    if place.answers_to(handle) { Ok(parts(place.address)) } else { Err(Status::BadHandle) }
}

/// Returns the name of a parameter, random effect or covariate.
fn name<'j>(index: usize) -> &'j [u8] {
    MODEL.name(index)
}

/// Returns the bytes of an instance; `None` beyond what an address can name.
fn size(descriptor: &Descriptor<'_>) -> Option<u32> {
    if STATES < descriptor.states || PARTICLE_NUMBERS < Cloud::particle_numbers(descriptor) {
        return None;
    }
    let covariates = descriptor.covariates.len();
    let numbers = Workspace::numbers(descriptor) + descriptor.routes.len() + covariates;
    let size = size_of::<Instance>() + size_of::<Track>() * covariates;
    u32::try_from(size as u64 + size_of::<f64>() as u64 * numbers as u64).ok()
}

/// Writes the first contents of a block.
fn initialise(address: u32, settings: &Settings) {
    let descriptor = described(&MODEL, &settings.solver);
    let numbers = Workspace::numbers(&descriptor) + descriptor.routes.len();
    // SAFETY: the block is fresh and has the size that `size` computes; numbers, rates and covariates follow the head.
    unsafe {
        let head = address as *mut Instance;
        ptr::addr_of_mut!((*head).settings).write(settings.solver);
        ptr::addr_of_mut!((*head).time).write(f64::NAN);
        ptr::addr_of_mut!((*head).current).write(false);
        ptr::addr_of_mut!((*head).width).write(descriptor.outputs);
        ptr::addr_of_mut!((*head).warnings).write(0);
        ptr::addr_of_mut!((*head).doses).write_bytes(0, 1);
        let first = head.add(1).cast::<f64>();
        first.write_bytes(0, numbers);
        let covariates = slice::from_raw_parts_mut(first.add(numbers), descriptor.covariates.len());
        covariates.fill(f64::NAN);
        let tracks = first.add(numbers + covariates.len()).cast::<Track>();
        tracks.write_bytes(0, covariates.len());
    }
    let Parts { head, mut workspace, .. } = parts(address);
    workspace.doses.clear();
    if settings.is_stochastic
        && let Some(mut cloud) = workspace.cloud(&descriptor)
    {
        cloud.ask(settings.probabilities());
        head.width = cloud.width() as u32;
    }
}

/// Returns the parts of a block.
#[inline(never)]
fn parts(address: u32) -> Parts {
    // SAFETY: the head of a block that `initialise` has written.
    let descriptor = described(&MODEL, unsafe { &(*(address as *const Instance)).settings });
    let (routes, covariates) = (descriptor.routes.len(), descriptor.covariates.len());
    let numbers = Workspace::numbers(&descriptor);
    // SAFETY: the layout that `initialise` wrote; one entry point at a time asks for it, once.
    unsafe {
        let head = address as *mut Instance;
        let first = head.add(1).cast::<f64>();
        let doses = &mut *ptr::addr_of_mut!((*head).doses);
        Parts {
            head: &mut *head,
            descriptor,
            workspace: Workspace {
                numbers: slice::from_raw_parts_mut(first, numbers),
                tracks: slice::from_raw_parts_mut(
                    first.add(numbers + routes + covariates).cast(),
                    covariates,
                ),
                doses,
            },
            rates: slice::from_raw_parts_mut(first.add(numbers), routes),
            covariates: slice::from_raw_parts_mut(first.add(numbers + routes), covariates),
        }
    }
}

/// Takes over parameters, random effects and covariates.
fn configure<'j>(parts: &mut Parts, configuration: &'j [u8]) -> Result<(), Refusal<'j>> {
    let layout = parts.descriptor.layout;
    let values = parts.workspace.parameters(&layout);
    let (parameters, random_effects) = values.split_at_mut(layout.parameters as usize);
    copy(parameters, MODEL.defaults());
    let values = Values { parameters, random_effects, covariates: parts.covariates };
    Document { text: configuration, name, chance: parts::configure }.values(values)
}
