//! The entry points, as a host sees them.

use pmc_abi::Status;
use pmc_abi::schedule::{Record, event};
use pmc_kernel::Model;
use pmc_kernel::dosing::{Doses, Schedule, Track, Workspace, simulate};
use wasmi::Val;

use crate::plugin::{MANIFEST, NAME, OneCompartment, Plugin, SETTINGS, schedule};

const CONFIGURATION: &str = r#"{"parameters": {"cl": 1.1, "v": 25}, "random_effects": {"eta": 0.25}}"#;

fn f(number: f64) -> Val {
    Val::F64(number.into())
}

fn i(number: i32) -> Val {
    Val::I32(number)
}

fn subject() -> Vec<(Record, f64)> {
    let dose = Record {
        time: 0.0,
        amount: 100.0,
        rate: 0.0,
        interval: 8.0,
        event: event::DOSE,
        route: 0,
        additional: 2,
        flags: 0,
    };
    let infusion = Record { time: 3.0, rate: 40.0, additional: 0, ..dose };
    let times = (0..40).map(|step| (Record::observation(3.0 + f64::from(step) * 0.7), f64::NAN));
    [(dose, 80.0), (infusion, f64::NAN)].into_iter().chain(times).collect()
}

/// Simulates natively with the same model.
fn native(bytes: &[u8]) -> Vec<f64> {
    let words: Vec<u64> =
        bytes.chunks_exact(8).map(|chunk| u64::from_le_bytes(chunk.try_into().expect("eight"))).collect();
    let descriptor = OneCompartment.descriptor();
    let schedule = Schedule::new(&words, &descriptor).expect("a schedule");
    let mut numbers = vec![0.0; Workspace::numbers(&descriptor)];
    let (mut tracks, mut doses) = ([Track::default()], Doses::new());
    let mut workspace = Workspace { numbers: &mut numbers, tracks: &mut tracks, doses: &mut doses };
    workspace.parameters(&descriptor.layout).copy_from_slice(&[1.1, 25.0, 0.25]);
    let mut out = vec![0.0; schedule.reports()];
    simulate(&OneCompartment, workspace, SETTINGS, &schedule, &mut out).expect("a simulation");
    out
}

#[test]
fn a_simulation_gives_the_bits_of_the_native_engine_each_time() {
    let mut plugin = Plugin::new();
    let handle = plugin.create(CONFIGURATION);
    assert!(handle != 0);
    let bytes = schedule(&subject());
    let expected = native(&bytes);
    let place = plugin.place(&bytes);
    let out = plugin.place_numbers(&vec![0.0; expected.len()]);
    let pages = plugin.pages();
    for _ in 0..3 {
        let arguments =
            [i(handle), place.clone(), i(bytes.len() as i32), out.clone(), i(expected.len() as i32)];
        assert_eq!(plugin.number("plugin_simulate", &arguments), 0);
        assert_eq!(plugin.read_numbers(&out, expected.len()), expected);
    }
    assert_eq!(plugin.pages(), pages, "a simulation grows no memory");
    let arguments = [i(handle), place, i(bytes.len() as i32), out, i(expected.len() as i32 - 1)];
    assert_eq!(plugin.number("plugin_simulate", &arguments), Status::BufferTooSmall as i32);
}

#[test]
fn steps_follow_doses_rates_and_lag() {
    let mut plugin = Plugin::new();
    let handle = plugin.create(CONFIGURATION);
    let length = plugin.place(&4u32.to_le_bytes());
    let out = plugin.place_numbers(&[0.0; 4]);
    let inputs = plugin.place_numbers(&[100.0, 0.0, 70.0]);
    let step = |plugin: &mut Plugin, t: f64, dt: f64, count: i32| {
        let arguments = [i(handle), f(t), f(dt), inputs.clone(), i(count), out.clone(), length.clone()];
        let status = plugin.number("plugin_step", &arguments);
        (status, plugin.read_numbers(&out, 1)[0])
    };
    // Nothing arrives before the lag of 0.25 is over.
    assert_eq!(step(&mut plugin, 0.0, 0.125, 3), (0, 0.0));
    let (status, concentration) = step(&mut plugin, 0.125, 1.125, 0);
    assert_eq!(status, 0);
    #[allow(clippy::disallowed_methods, reason = "a closed form is a test of truth")]
    let expected = 4.0 * (-1.1f64 / 25.0).exp();
    assert!((concentration - expected).abs() < 1e-7, "{concentration}, expected {expected}");
    assert_eq!(plugin.read(&length, 4), 1u32.to_le_bytes(), "the length is written");
    assert_eq!(step(&mut plugin, 1.25, 0.0, 0), (0, concentration), "a step of no length evaluates");
    assert_eq!(step(&mut plugin, 1.0, 1.0, 0).0, Status::TimeReversed as i32);
    assert_eq!(step(&mut plugin, 1.25, -1.0, 0).0, Status::TimeReversed as i32);
    assert_eq!(step(&mut plugin, f64::NAN, 1.0, 0).0, Status::BadValue as i32);
    assert_eq!(step(&mut plugin, 1.25, 1.0, 2).0, Status::BadPointer as i32);
    assert_eq!(step(&mut plugin, 2.0, 0.5, 0).0, 0, "time between steps passes too");
}

#[test]
fn functions_of_the_model_can_be_called_alone() {
    let mut plugin = Plugin::new();
    let handle = plugin.create(CONFIGURATION);
    let inputs = plugin.place_numbers(&[5.0, 140.0]);
    let state = plugin.place_numbers(&[50.0]);
    let out = plugin.place_numbers(&[9.0; 4]);
    let rate = 1.1 * 140.0 / 70.0 / 25.0;
    let call = |plugin: &mut Plugin, name: &str, arguments: Vec<Val>| {
        assert_eq!(plugin.number(name, &arguments), 0, "{name}");
        plugin.read_numbers(&out, 4)
    };
    let (s, n, o) = (&state, &inputs, &out);
    let initial = call(&mut plugin, "plugin_initial", vec![i(handle), f(0.0), n.clone(), o.clone()]);
    assert_eq!(initial[0], 0.0);
    let arguments = vec![i(handle), f(1.0), s.clone(), i(0), o.clone()];
    let derivatives = call(&mut plugin, "plugin_derivatives", arguments.clone());
    assert_eq!(derivatives[0], 5.0 - rate * 50.0, "inputs stay");
    assert_eq!(call(&mut plugin, "plugin_outputs", arguments)[0], 2.0);
    let vector = plugin.place_numbers(&[3.0]);
    let arguments = vec![i(handle), f(1.0), s.clone(), n.clone(), o.clone(), vector.clone()];
    assert_eq!(call(&mut plugin, "plugin_jacobian", arguments)[0], -rate);
    assert_eq!(plugin.read_numbers(&vector, 1), [0.0]);
    let route = call(&mut plugin, "plugin_route", vec![i(handle), f(1.0), i(0), i(0), o.clone()]);
    assert_eq!(route[..2], [0.25, 1.0]);
    assert!(route[2].is_nan() && route[3].is_nan());
    let arguments = [i(handle), f(1.0), i(1), i(0), o.clone()];
    assert_eq!(plugin.number("plugin_route", &arguments), Status::BadValue as i32);
}

#[test]
fn a_missing_covariate_is_an_error_where_it_is_needed() {
    let mut plugin = Plugin::new();
    let handle = plugin.create(CONFIGURATION);
    let state = plugin.place_numbers(&[50.0]);
    let arguments = [i(handle), f(1.5), state.clone(), i(0), state];
    assert_eq!(plugin.number("plugin_derivatives", &arguments), Status::MissingCovariate as i32);
    let error = plugin.document("plugin_last_error", None);
    assert_eq!(error, r#"{"code":-15,"message":"a covariate without default has no value","time":1.5}"#);
}

#[test]
fn configurations_are_refused_with_a_document() {
    let mut plugin = Plugin::new();
    let refused = [
        (r#"{"parameters": {"ka": 1}}"#, r#"{"code":-4,"message":"the model has no such parameter: `ka`"}"#),
        ("{}", r#"{"code":-5,"message":"a parameter without default got no value: `cl`"}"#),
        ("[", r#"{"code":-3,"message":"the configuration is not valid"}"#),
        (
            r#"{"solver": {"x": 1}}"#,
            r#"{"code":-17,"message":"the configuration holds an unknown name: `x`"}"#,
        ),
    ];
    for (configuration, error) in refused {
        assert_eq!(plugin.create(configuration), 0);
        assert_eq!(plugin.document("plugin_last_error", None), error);
    }
}

#[test]
fn stale_handles_are_harmless_and_memory_is_used_again() {
    let mut plugin = Plugin::new();
    let first = plugin.create(CONFIGURATION);
    let pages = plugin.pages();
    plugin.call("plugin_free", &[i(first)]);
    let second = plugin.create(CONFIGURATION);
    assert!(second != 0 && second != first);
    for stale in [first, 0, -1, second + 1, i32::MAX] {
        plugin.call("plugin_free", &[i(stale)]);
        let arguments = [i(stale), i(0), i(0), i(0), i(0)];
        assert_eq!(plugin.number("plugin_simulate", &arguments), Status::BadHandle as i32);
    }
    assert_eq!(plugin.document("plugin_get_metadata", Some(second)), MANIFEST);
    for _ in 0..1000 {
        let handle = plugin.create(CONFIGURATION);
        assert!(handle != 0 && handle != second);
        plugin.call("plugin_free", &[i(handle)]);
    }
    assert_eq!(plugin.pages(), pages);
}

#[test]
fn instances_are_apart_and_bounded() {
    let mut plugin = Plugin::new();
    let handles: Vec<i32> = (0..64).map(|_| plugin.create(CONFIGURATION)).collect();
    assert!(handles.iter().all(|handle| *handle != 0));
    assert_eq!(plugin.create(CONFIGURATION), 0);
    assert_eq!(plugin.document("plugin_last_error", None), r#"{"code":-6,"message":"out of memory"}"#);
}

#[test]
fn bad_pointers_are_refused() {
    let mut plugin = Plugin::new();
    let handle = plugin.create(CONFIGURATION);
    let end = (plugin.pages() * 65_536) as i32;
    let inputs = plugin.place_numbers(&[0.0, 70.0]);
    let good = plugin.place_numbers(&[0.0]);
    for bad in [0, 4, -8, end, end - 4, i32::MIN] {
        let bad = i(bad);
        let arguments = [i(handle), f(0.0), bad.clone(), inputs.clone(), good.clone()];
        assert_eq!(plugin.number("plugin_derivatives", &arguments), Status::BadPointer as i32, "{bad:?}");
        let arguments = [i(handle), f(0.0), good.clone(), inputs.clone(), bad.clone()];
        assert_eq!(plugin.number("plugin_derivatives", &arguments), Status::BadPointer as i32, "{bad:?}");
        let arguments = [i(handle), bad.clone(), i(32), good.clone(), i(1)];
        assert_eq!(plugin.number("plugin_simulate", &arguments), Status::BadPointer as i32, "{bad:?}");
    }
    let arguments = [i(handle), good.clone(), i(-8), good.clone(), i(1)];
    assert_eq!(plugin.number("plugin_simulate", &arguments), Status::BadPointer as i32);
    assert_eq!(plugin.number("plugin_create", &[i(end - 1), i(2)]), 0);
}

#[test]
fn the_name_is_written_as_far_as_there_is_room() {
    let mut plugin = Plugin::new();
    assert_eq!(plugin.number("plugin_name", &[i(0), i(0)]), NAME.len() as i32);
    let place = plugin.place(&[b'-'; 32]);
    assert_eq!(plugin.number("plugin_name", &[place.clone(), i(5)]), NAME.len() as i32);
    assert_eq!(plugin.read(&place, 7), b"one c--");
    assert_eq!(plugin.number("plugin_name", &[place.clone(), i(32)]), NAME.len() as i32);
    assert_eq!(plugin.read(&place, NAME.len()), NAME.as_bytes());
    assert_eq!(plugin.number("plugin_abi_version", &[]), 1);
}

#[test]
fn mathematics_are_exported() {
    let mut plugin = Plugin::new();
    assert_eq!(plugin.call("math_pow", &[f(2.0), f(10.0)]).f64(), Some(1024.0.into()));
    assert_eq!(plugin.call("math_round", &[f(-2.5)]).f64(), Some((-3.0).into()));
}
