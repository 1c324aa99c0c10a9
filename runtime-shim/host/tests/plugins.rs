//! Loading and running of a well-behaved plugin.

mod support;

use pmc_host::{
    Configuration, Engine, Inputs, Limits, Model, Schedule, ScheduleRecord, SteadyState,
    load_wasm_plugin_with,
};
use support::{load, module, on_every_engine, schedule, tight, with_manifest_section};

const NO_INPUTS: Inputs<'_> = Inputs { rates: &[3.0], covariates: &[] };

fn model(engine: Engine) -> Box<dyn Model> {
    let plugin = load(engine, &[]).expect("the plugin loads");
    plugin.model(&Configuration::of_parameters([("k", 0.5)])).expect("the model starts")
}

fn dose(time: f64, amount: f64) -> ScheduleRecord {
    ScheduleRecord {
        event: pmc_abi::schedule::event::DOSE,
        route: Some(0),
        amount,
        report: false,
        ..ScheduleRecord::observation(time, Vec::new())
    }
}

#[test]
fn a_manifest_is_read_from_the_metadata_call() {
    on_every_engine(|engine| {
        let plugin = load(engine, &[]).unwrap();
        assert_eq!(plugin.manifest().name, "decay");
        assert_eq!(plugin.capability_names(), ["derivatives", "jacobian", "outputs", "simulate", "routes"]);
    });
}

#[test]
fn a_manifest_section_wins_over_the_metadata_call() {
    on_every_engine(|engine| {
        let bytes = with_manifest_section(module(&[]));
        assert_eq!(load_wasm_plugin_with(&bytes, &tight(), engine).unwrap().manifest().name, "other");
    });
}

#[test]
fn many_schedules_give_what_each_gives_alone() {
    on_every_engine(|engine| {
        let trap = "(if (f64.gt (f64.load offset=8 (local.get $at)) (f64.const 1000)) (then (unreachable)))";
        let plugin = load(engine, &[(";;SIMULATE", trap)]).expect("the plugin loads");
        let mut model = plugin.model(&Configuration::default()).expect("the model starts");
        let schedules: Vec<Schedule> = [1.0, 5000.0, 3.0, 4.0]
            .map(|amount| schedule(vec![dose(0.0, amount), ScheduleRecord::observation(1.0, Vec::new())]))
            .into();
        let together = model.simulate_many(&schedules);
        assert_eq!(together.len(), schedules.len());
        for (result, schedule) in together.into_iter().zip(&schedules) {
            assert_eq!(result, model.simulate_one(schedule));
        }
        assert!(model.simulate(&schedules[1]).is_err() && model.simulate(&schedules[2]).unwrap() == [3.0]);
        assert!(model.simulate_many(&[]).is_empty());
    });
}

#[test]
fn a_schedule_gives_one_row_of_outputs_per_reported_record() {
    on_every_engine(|engine| {
        let mut model = model(engine);
        let records = vec![
            ScheduleRecord::observation(0.0, Vec::new()),
            dose(0.0, 100.0),
            ScheduleRecord::observation(1.0, Vec::new()),
            dose(2.0, 50.0),
            ScheduleRecord::observation(2.0, Vec::new()),
        ];
        assert_eq!(model.simulate(&schedule(records)).unwrap(), [0.0, 100.0, 150.0]);
    });
}

#[test]
fn stateless_functions_take_state_and_inputs() {
    on_every_engine(|engine| {
        let mut model = model(engine);
        let mut one = [0.0];
        model.initial(0.0, &NO_INPUTS, &mut one).unwrap();
        assert_eq!(one, [8.0]);
        model.derivatives(0.0, &[8.0], &NO_INPUTS, &mut one).unwrap();
        assert_eq!(one, [-1.0]);
        model.outputs(0.0, &[7.0], &NO_INPUTS, &mut one).unwrap();
        assert_eq!(one, [7.0]);
        let mut time_derivative = [9.0];
        model.jacobian(0.0, &[8.0], &NO_INPUTS, &mut one, &mut time_derivative).unwrap();
        assert_eq!((one, time_derivative), ([-0.5], [0.0]));
        let route = model.route(0.0, 0, &NO_INPUTS).unwrap();
        assert_eq!((route.lag, route.bioavailability, route.rate, route.duration), (0.25, 1.0, None, None));
    });
}

#[test]
fn arguments_of_the_wrong_length_are_refused_by_the_host() {
    on_every_engine(|engine| {
        let mut model = model(engine);
        let error = model.derivatives(0.0, &[1.0, 2.0], &NO_INPUTS, &mut [0.0]).unwrap_err();
        assert_eq!(error.message, "2 states given, expected 1");
        let error = model.route(0.0, 1, &NO_INPUTS).unwrap_err();
        assert_eq!(error.message, "the model has no route 1");
    });
}

/// A function that returns what the schedule holds of the first record's flags.
const WARNINGS: &str =
    r#"(func (export "plugin_warnings") (param i32) (result i32) (i32.load (i32.const 2048)))"#;

#[test]
fn warnings_are_those_of_the_last_simulation() {
    on_every_engine(|engine| {
        let keep = "(i32.store (i32.const 2048) (i32.load offset=76 (local.get $schedule)))";
        let plugin = load(engine, &[(";;SIMULATE", keep), (";;EXPORTS", WARNINGS)]).unwrap();
        let mut model = plugin.model(&Configuration::default()).unwrap();
        assert_eq!(model.warnings(), 0);
        for (steady_state, flags) in
            [(SteadyState::Replace, 2), (SteadyState::Add, 4), (SteadyState::None, 0)]
        {
            model.simulate(&schedule(vec![ScheduleRecord { steady_state, ..dose(0.0, 1.0) }])).unwrap();
            assert_eq!(model.warnings(), flags);
        }
    });
}

#[test]
fn a_plugin_need_not_warn() {
    on_every_engine(|engine| {
        let mut model = model(engine);
        model.simulate(&schedule(vec![dose(0.0, 1.0)])).unwrap();
        assert_eq!(model.warnings(), 0);
        let wrong = WARNINGS.replace("(param i32)", "");
        let error = load(engine, &[(";;EXPORTS", &wrong)]).err().unwrap();
        assert_eq!(error.diagnostics.iter().next().unwrap().code.to_string(), "PK3007");
    });
}

#[test]
fn a_fork_runs_on_another_thread() {
    on_every_engine(|engine| {
        let model = model(engine);
        let mut fork = model.fork().unwrap();
        let thread = std::thread::spawn(move || {
            fork.simulate(&schedule(vec![dose(0.0, 1.0), ScheduleRecord::observation(1.0, Vec::new())]))
        });
        assert_eq!(thread.join().unwrap().unwrap(), [1.0]);
        assert_eq!(model.manifest().name, "decay");
    });
}

#[test]
fn a_value_that_json_cannot_say_is_refused() {
    on_every_engine(|engine| {
        let plugin = load(engine, &[]).unwrap();
        let error = plugin.model(&Configuration::of_parameters([("k", f64::INFINITY)])).err().unwrap();
        assert_eq!(error.message, "`k` is inf, expected a finite number");
    });
}

#[test]
fn the_plugins_own_account_of_an_error_is_given() {
    on_every_engine(|engine| {
        let plugin = load(engine, &[(";;SIMULATE", "(return (i32.const -7))")]).unwrap();
        let mut model = plugin.model(&Configuration::default()).unwrap();
        let error = model.simulate(&schedule(Vec::new())).unwrap_err();
        assert_eq!(error.code.to_string(), "PK2007");
        assert_eq!(error.to_string(), "the amount ran away at time 2.5 in state `a`");
    });
}

#[test]
fn late_statuses_have_codes_and_advice() {
    on_every_engine(|engine| {
        for (status, code) in [(-19, "PK2019"), (-20, "PK2020")] {
            let plugin = load(engine, &[(";;SIMULATE", &format!("(return (i32.const {status}))"))]).unwrap();
            let mut model = plugin.model(&Configuration::default()).unwrap();
            let error = model.simulate(&schedule(Vec::new())).unwrap_err();
            assert_eq!((error.code.to_string().as_str(), error.time), (code, Some(2.5)));
            assert!(error.help().is_some() && !error.ends_instance());
        }
    });
}

#[test]
fn host_functions_work() {
    on_every_engine(|engine| {
        let edits = [
            (
                ";;IMPORTS",
                r#"(import "host" "host_alloc" (func $ha (param i32) (result i32)))
                   (import "host" "host_free" (func $hf (param i32 i32)))
                   (import "host" "host_log" (func $hl (param i32 i32 i32)))
                   (import "host" "host_random_u32" (func $hr (result i32)))"#,
            ),
            (
                ";;SIMULATE",
                r"(local.set $at (call $ha (i32.const 100)))
                   (f64.store (local.get $out) (f64.convert_i32_u (local.get $at)))
                   (call $hf (local.get $at) (i32.const 100))
                   (f64.store offset=8 (local.get $out) (f64.convert_i32_u (call $ha (i32.const 100000))))
                   (f64.store offset=16 (local.get $out) (f64.convert_i32_u (call $hr)))
                   (call $hl (i32.const 512) (i32.const 9) (i32.const 2))
                   (call $hl (i32.const 512) (i32.const -1) (i32.const 0))
                   (return (i32.const 0))",
            ),
        ];
        let plugin = load(engine, &edits).unwrap();
        let three = || vec![ScheduleRecord::observation(0.0, Vec::new()); 3];
        let mut first = plugin.model(&Configuration::default()).unwrap();
        let numbers = first.simulate(&schedule(three())).unwrap();
        assert_eq!(
            &numbers[..2],
            [131_072.0, 196_608.0],
            "the first block is the first page after the memory"
        );
        let mut second = plugin.model(&Configuration::default()).unwrap();
        assert_eq!(second.simulate(&schedule(three())).unwrap(), numbers, "random numbers repeat");
        let log = first.take_log();
        assert_eq!((log[0].level, log[0].text.as_str()), (2, r#"{"message"#));
        assert_eq!(log[1].text.chars().count(), 4096, "a line is cut");
    });
}

#[test]
fn generous_limits_load_the_plugin() {
    on_every_engine(|engine| {
        assert!(load_wasm_plugin_with(&module(&[]), &Limits::generous(), engine).is_ok());
    });
}

#[test]
fn engines_are_known_by_name() {
    assert_eq!(Engine::ALL.first(), Some(&Engine::Wasmi), "the default");
    for engine in Engine::ALL {
        assert_eq!(Engine::of_name(engine.name()), Some(*engine));
    }
    assert_eq!(Engine::of_name("abacus"), None);
    assert_eq!(Engine::of_name("wasmtime").is_some(), cfg!(feature = "wasmtime"));
}
