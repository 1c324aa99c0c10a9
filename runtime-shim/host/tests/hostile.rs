//! Modules that break the rules, and what the host says of them.

mod support;

use core::fmt::Write;

use pmc_host::{
    Configuration, Engine, Grant, Limits, RunError, Schedule, ScheduleRecord, load_wasm_plugin_with,
};
use support::{load, module, module_with, on_every_engine, schedule, tight, with_manifest_section};

/// Returns the findings of a module that must not load.
fn rejection(engine: Engine, bytes: &[u8], limits: &Limits) -> String {
    match load_wasm_plugin_with(bytes, limits, engine) {
        Ok(_) => "loaded".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Runs one observation on a spoiled plugin and returns the error.
fn failure(engine: Engine, simulate: &str) -> RunError {
    let plugin = load(engine, &[(";;SIMULATE", simulate)]).expect("it loads");
    let mut model = plugin.model(&Configuration::default()).expect("it starts");
    model.simulate(&one_observation()).expect_err("it fails")
}

fn one_observation() -> Schedule {
    schedule(vec![ScheduleRecord::observation(0.0, Vec::new())])
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../../../snapshots/modules",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

/// Edits of the plugin that break a rule each.
const BROKEN: &[(&str, &[(&str, &str)])] = &[
    (
        "a file of the system interface",
        &[(";;IMPORTS", r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32)))"#)],
    ),
    ("an unknown host function", &[(";;IMPORTS", r#"(import "host" "host_open" (func))"#)]),
    ("a host function of the wrong type", &[(";;IMPORTS", r#"(import "host" "host_log" (func))"#)]),
    ("an imported global", &[(";;IMPORTS", r#"(import "host" "host_alloc" (global i32))"#)]),
    (
        "an imported memory",
        &[(r#"(memory (export "memory") 2 8)"#, r#"(memory (export "memory") (import "env" "m") 2 8)"#)],
    ),
    ("a start function", &[("(global $top", "(func $go) (start $go) (global $top")]),
    ("no maximum", &[("2 8)", "2)")]),
    ("a large memory", &[("2 8)", "17 40000)")]),
    ("a large table", &[("(global $top", "(table 100000 funcref) (global $top")]),
    ("missing exports", &[(r#"(export "plugin_create")"#, ""), (r#"(export "plugin_free")"#, "")]),
    (
        "an export of the wrong type",
        &[(r#"(func (export "plugin_free") (param i32))"#, r#"(func (export "plugin_free") (param i64))"#)],
    ),
    (
        "a memory under a function's name",
        &[
            (r#"(memory (export "memory") 2 8)"#, r#"(memory (export "plugin_name") 2 8)"#),
            (r#"(func (export "plugin_name")"#, r#"(func (export "memory")"#),
        ],
    ),
    ("another version", &[("(result i32) (i32.const 1))\n", "(result i32) (i32.const 2))\n")]),
    ("a capability without its exports", &[(r#"(export "plugin_route")"#, "")]),
    ("SIMD", &[("(global $top", "(func (result v128) (v128.const i64x2 0 0)) (global $top")]),
    ("a reference to the host", &[("(global $top", "(table 1 externref) (global $top")]),
    ("an endless version", &[("(result i32) (i32.const 1))", "(result i32) (loop (br 0)) (i32.const 1))")]),
    (
        "a manifest outside the memory",
        &[("(i32.store (local.get $out) (i32.const 1024))", "(i32.store (local.get $out) (i32.const -8))")],
    ),
    (
        "a manifest of 2 GiB",
        &[(
            "(i32.store (local.get $out) (i32.const 1024))",
            "(i32.store (local.get $out) (i32.const 1024)) (i32.store offset=4 (local.get $out) (i32.const 2147483647)) (return (i32.const 0))",
        )],
    ),
    ("a data segment outside the memory", &[("(data (i32.const 512)", "(data (i32.const 999999)")]),
];

#[test]
fn broken_rules_are_named() {
    on_every_engine(|engine| {
        let mut text = String::new();
        for (title, edits) in BROKEN {
            let outcome = rejection(engine, &module(edits), &tight());
            writeln!(text, "# {title}\n{outcome}\n").unwrap();
        }
        snapshot("broken_rules", &text);
    });
}

#[test]
fn bad_manifests_are_explained() {
    on_every_engine(|engine| {
        let manifests = [
            ("no JSON", "nonsense"),
            ("a missing field", r#"{"abi":{"major":1,"minor":0}}"#),
            (
                "contradictions",
                r#"{"abi":{"major":2,"minor":0},"name":"m","kind":"ode","parameters":[{"name":"k"},{"name":"k"}],"states":[],"routes":[{"label":"iv","input":"drip","destination":3}],"outputs":[],"solver":{"method":"auto","rtol":1e-6,"atol":1e-9}}"#,
            ),
        ];
        let mut text = String::new();
        for (title, manifest) in manifests {
            let outcome = rejection(engine, &module_with(manifest, "{}", &[]), &tight());
            writeln!(text, "# {title}\n{outcome}\n").unwrap();
        }
        snapshot("bad_manifests", &text);
    });
}

#[test]
fn bytes_that_are_no_module_are_refused() {
    on_every_engine(|engine| {
        assert!(rejection(engine, b"\0asm", &tight()).starts_with("PK3001"));
        assert!(rejection(engine, b"", &tight()).starts_with("PK3001"));
        let whole = module(&[]);
        for length in (0..whole.len()).step_by(7) {
            assert!(rejection(engine, &whole[..length], &tight()).starts_with("PK30"), "cut at {length}");
        }
    });
}

#[test]
fn damaged_modules_never_panic_the_host() {
    on_every_engine(|engine| {
        let whole = with_manifest_section(module(&[]));
        let limits = Limits { fuel_per_call: 20_000, ..tight() };
        let mut loaded = 0;
        for position in (8..whole.len()).step_by(3) {
            let mut damaged = whole.clone();
            damaged[position] ^= 1 << (position % 8);
            if let Ok(plugin) = load_wasm_plugin_with(&damaged, &limits, engine) {
                loaded += 1;
                // Any outcome but a panic will do.
                let _ = plugin
                    .model(&Configuration::default())
                    .map(|mut model| model.simulate(&one_observation()));
            }
        }
        assert!(loaded > 50, "only {loaded} damaged modules came as far as running");
    });
}

#[test]
fn a_large_module_is_refused_unread() {
    on_every_engine(|engine| {
        let limits = Limits { module_bytes: 100, ..tight() };
        assert!(rejection(engine, &[0; 101], &limits).starts_with("PK3002: the module has 101 bytes"));
    });
}

/// Nested loops in which all of many variables change: small to read, and more than a compiler can bear.
#[cfg(feature = "wasmtime")]
#[test]
fn a_module_that_would_choke_the_compiler_is_left_to_the_interpreter() {
    let locals: Vec<String> = (0..200).map(|index| format!("(local $l{index} f64)")).collect();
    let change = |index| format!("(local.set $l{index} (f64.add (local.get $l{index}) (f64.const 1)))");
    let changes = (0..200).map(change).collect::<Vec<_>>().concat();
    let depth = 250;
    let closing = "(br_if 0 (i32.load (i32.const 8))))".repeat(depth);
    let body = format!("{}{changes}{closing}", "(loop ".repeat(depth));
    let variables = format!("{} (local $at i32) (local $end", locals.concat());
    let bytes = module(&[("(local $at i32) (local $end", &variables), (";;SIMULATE", &body)]);
    assert_eq!(rejection(Engine::Wasmi, &bytes, &tight()), "loaded");
    let refusal = rejection(Engine::Wasmtime, &bytes, &tight());
    assert!(
        refusal.contains("values along its branches, 200000 can be compiled; run it interpreted"),
        "{refusal}"
    );
}

#[test]
fn a_granted_import_loads_and_ends_the_run_when_called() {
    on_every_engine(|engine| {
        let import = r#"(import "env" "clock" (func $clock (result f64)))"#;
        let bytes = module(&[(";;IMPORTS", import), (";;SIMULATE", "(drop (call $clock))")]);
        let grant = Grant { module: "env".to_owned(), name: "clock".to_owned() };
        let limits = Limits { grants: vec![grant], ..tight() };
        let mut model =
            load_wasm_plugin_with(&bytes, &limits, engine).unwrap().model(&Configuration::default()).unwrap();
        let error = model.simulate(&one_observation()).unwrap_err();
        assert_eq!(error.message, "`plugin_simulate` trapped: `env.clock` is granted but not implemented");
    });
}

#[test]
fn an_endless_loop_uses_up_its_budget() {
    on_every_engine(|engine| {
        let error = failure(engine, "(loop $forever (br $forever))");
        assert_eq!(error.code.to_string(), "PK2041");
        assert_eq!(error.message, "`plugin_simulate` used up its budget of 1000010 instructions");
    });
}

#[test]
fn no_claim_buys_more_than_ten_budgets() {
    let claim = r#""effort":{"steps":1000000,"instructions":18446744073709551615}"#;
    let manifest =
        MANIFEST_OF_ONE_OUTPUT.replace('\n', "").replace(r#""method""#, &format!(r#"{claim},"method""#));
    on_every_engine(|engine| {
        let bytes = module_with(
            &manifest,
            "{}",
            &[(";;SIMULATE", "(loop $forever (br $forever))"), ("(i32.const 4096)", "(i32.const 16384)")],
        );
        let plugin = load_wasm_plugin_with(&bytes, &tight(), engine).expect("it loads");
        let mut model = plugin.model(&Configuration::default()).expect("it starts");
        let error = model.simulate(&one_observation()).expect_err("it has no end");
        assert_eq!(error.message, "`plugin_simulate` used up its budget of 10000010 instructions");
    });
}

#[test]
fn names_that_act_on_a_terminal_are_refused() {
    let manifest = MANIFEST_OF_ONE_OUTPUT.replace('\n', "").replace(r#""y""#, r#""y\u001b[31m""#);
    on_every_engine(|engine| {
        let found = rejection(engine, &module_with(&manifest, "{}", &[]), &tight());
        assert!(found.starts_with("PK3011") && found.contains("control character"), "{found:?}");
        assert!(!found.contains('\u{1b}'), "{found:?}");
    });
}

#[test]
fn endless_loops_of_all_kinds_use_up_no_stack() {
    on_every_engine(|engine| {
        let bodies = [
            "(drop (memory.grow (i32.const 1)))",
            "(drop (memory.size))",
            "(memory.fill (i32.const 0) (i32.const 1) (i32.const 64))",
            "(memory.fill (i32.const 0) (i32.const 1) (i32.const 131072))",
            "(memory.copy (i32.const 0) (i32.const 64) (i32.const 64))",
            "(drop (table.grow (ref.null func) (i32.const 1)))",
            "(table.set (i32.const 0) (table.get (i32.const 1)))",
            "(call $nothing)",
            "(call_indirect (i32.const 1))",
            "(local.set $at (i32.rem_s (i32.clz (local.get $at)) (i32.const 7)))",
            "(local.set $sum (f64.sqrt (f64.nearest (f64.div (local.get $sum) (f64.const 3)))))",
            "(local.set $sum (f64.convert_i64_s (i64.trunc_sat_f64_s (local.get $sum))))",
            "(local.set $at (select (i32.const 1) (i32.const 2) (local.get $at)))",
            "(block $a (block $b (br_table $a $b (local.get $at))))",
            "(i64.store (i32.const 16) (i64.load (i32.const 8)))",
            "(i32.store8 (i32.const 9) (i32.load16_s (i32.const 3)))",
        ];
        let fuel_of = |body: &str| {
            let looped = format!("(loop $forever {body} (br $forever))");
            let table =
                "(table 2 funcref) (elem (i32.const 0) $nothing $nothing) (func $nothing) (global $top";
            let plugin = load(engine, &[("(global $top", table), (";;SIMULATE", &looped)]).expect("it loads");
            let mut model = plugin.model(&Configuration::default()).expect("it starts");
            model.simulate(&one_observation()).expect_err("it has no end").code.to_string()
        };
        std::thread::scope(|scope| {
            let small = std::thread::Builder::new().stack_size(512 << 10);
            let run = move || bodies.map(|body| (body, fuel_of(body)));
            let outcomes = small.spawn_scoped(scope, run).expect("a thread starts").join();
            for (body, code) in outcomes.expect("nothing panics") {
                assert_eq!(code, "PK2041", "{body}");
            }
        });
    });
}

#[test]
fn endless_recursion_traps() {
    on_every_engine(|engine| {
        let plugin = load(
            engine,
            &[("(global $top", "(func $deep (call $deep)) (global $top"), (";;SIMULATE", "(call $deep)")],
        );
        let mut model = plugin.unwrap().model(&Configuration::default()).unwrap();
        assert_eq!(model.simulate(&one_observation()).unwrap_err().code.to_string(), "PK2040");
    });
}

#[test]
fn a_memory_bomb_stops_at_the_limit() {
    on_every_engine(|engine| {
        let plugin = load(
            engine,
            &[
                ("2 8)", "2 65536)"),
                (
                    ";;SIMULATE",
                    "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) \
                            (f64.store (local.get $out) (f64.convert_i32_u (memory.size))) (return (i32.const 0))",
                ),
            ],
        );
        let mut model = plugin.unwrap().model(&Configuration::default()).unwrap();
        assert_eq!(model.simulate(&one_observation()).unwrap(), [16.0], "1 MiB is 16 pages");
    });
}

#[test]
fn a_table_bomb_stops_at_the_limit() {
    on_every_engine(|engine| {
        let table = "(table $t 1 4000000 funcref) (global $top";
        let grow = "(loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 64)) (i32.const -1)))) \
                    (f64.store (local.get $out) (f64.convert_i32_u (table.size $t))) (return (i32.const 0))";
        let plugin = load(engine, &[("(global $top", table), (";;SIMULATE", grow)]);
        let mut model = plugin.unwrap().model(&Configuration::default()).unwrap();
        assert_eq!(model.simulate(&one_observation()).unwrap(), [65_473.0], "no room for 64 more");
    });
}

#[test]
fn traps_are_told_in_the_same_words_by_every_engine() {
    let cases = [
        ("(unreachable)", "unreachable"),
        ("(drop (f64.load (i32.const -8)))", "out of bounds memory access"),
        ("(memory.fill (i32.const 0) (i32.const 1) (i32.const 131073))", "out of bounds memory access"),
        ("(drop (table.get (i32.const 9)))", "out of bounds table access"),
        ("(call_indirect (i32.const 9))", "out of bounds table access"),
        ("(call_indirect (i32.const 1))", "uninitialized element"),
        ("(call_indirect (param i32) (i32.const 7) (i32.const 0))", "indirect call type mismatch"),
        ("(drop (i32.div_u (i32.const 1) (local.get $at)))", "integer divide by zero"),
        ("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "integer overflow"),
        ("(drop (i32.trunc_f64_s (f64.const nan)))", "invalid conversion to integer"),
        ("(call $deep)", "call stack exhausted"),
    ];
    on_every_engine(|engine| {
        for (body, words) in cases {
            let more = "(table 2 funcref) (elem (i32.const 0) $deep) (func $deep (call $deep)) (global $top";
            let zero = format!("(local.set $at (i32.const 0)) {body}");
            let plugin = load(engine, &[("(global $top", more), (";;SIMULATE", &zero)]).expect("it loads");
            let mut model = plugin.model(&Configuration::default()).expect("it starts");
            let error = model.simulate(&one_observation()).expect_err("it traps");
            assert_eq!(error.message, format!("`plugin_simulate` trapped: {words}"), "{body}");
        }
    });
}

#[test]
fn as_many_nested_calls_as_the_limit_allows_run() {
    let nested = "(func $nest (param i32) (result i32) (if (result i32) (local.get 0) \
                  (then (i32.add (i32.const 1) (call $nest (i32.sub (local.get 0) (i32.const 1))))) \
                  (else (i32.const 0)))) (global $top";
    let call = "(f64.store (local.get $out) (f64.convert_i32_u (call $nest (i32.const 900)))) (return (i32.const 0))";
    on_every_engine(|engine| {
        let generous = Limits { call_depth: 100_000, ..tight() };
        assert_eq!(rejection(engine, &module(&[]), &generous), "loaded");
        let plugin = load(engine, &[("(global $top", nested), (";;SIMULATE", call)]).expect("it loads");
        let mut model = plugin.model(&Configuration::default()).expect("it starts");
        assert_eq!(model.simulate(&one_observation()).unwrap(), [900.0]);
    });
}

#[test]
fn a_trap_ends_the_instance_and_the_next_call_starts_afresh() {
    on_every_engine(|engine| {
        let spoiled = "(if (i32.ne (i32.load (i32.const 8)) (i32.const 0)) (then (unreachable))) \
                       (i32.store (i32.const 8) (i32.const 1))";
        let mut model =
            load(engine, &[(";;SIMULATE", spoiled)]).unwrap().model(&Configuration::default()).unwrap();
        assert_eq!(model.simulate(&one_observation()).unwrap(), [0.0]);
        assert_eq!(model.simulate(&one_observation()).unwrap_err().code.to_string(), "PK2040");
        assert_eq!(model.simulate(&one_observation()).unwrap(), [0.0], "a fresh instance has a clean memory");
    });
}

#[test]
fn a_trap_in_create_is_an_error_of_creation() {
    on_every_engine(|engine| {
        let plugin = load(engine, &[("(then (i32.const 1))", "(then (unreachable))")]).unwrap();
        let error = plugin.model(&Configuration::default()).err().unwrap();
        assert_eq!(error.code.to_string(), "PK2040");
    });
}

#[test]
fn a_refused_configuration_carries_the_plugins_message() {
    on_every_engine(|engine| {
        let plugin = load(engine, &[("(then (i32.const 1))", "(then (i32.const 0))")]).unwrap();
        let error = plugin.model(&Configuration::default()).err().unwrap();
        assert_eq!(
            (error.code.to_string().as_str(), error.message.as_str()),
            ("PK2003", "the amount ran away")
        );
    });
}

#[test]
fn buffers_outside_the_memory_are_the_plugins_fault() {
    on_every_engine(|engine| {
        let cases = [
            ("131072", "PK2042: 2 bytes at 131072 lie outside the module's memory"),
            ("-8", "PK2042: 2 bytes at 4294967288 lie outside the module's memory"),
            ("4", "PK2042: `plugin_alloc` returned the misaligned pointer 4"),
        ];
        for (start, expected) in cases {
            let edit = format!("(i32.const {start}))\n  (func (export \"plugin_dealloc\")");
            let alloc = [("(local.get $start))\n  (func (export \"plugin_dealloc\")", edit.as_str())];
            // The manifest section keeps the loader from needing a buffer.
            let bytes = with_manifest_section(module(&alloc));
            let plugin = load_wasm_plugin_with(&bytes, &tight(), engine).unwrap();
            let error = plugin.model(&Configuration::default()).err().unwrap();
            assert_eq!(format!("{}: {error}", error.code), expected);
        }
    });
}

#[test]
fn an_unknown_status_is_the_plugins_fault() {
    on_every_engine(|engine| {
        let error = failure(engine, "(return (i32.const 17))");
        assert_eq!(error.code.to_string(), "PK2042");
        assert_eq!(error.message, "`plugin_simulate` returned the unknown status 17");
    });
}

#[test]
fn an_allocator_without_room_is_out_of_memory() {
    on_every_engine(|engine| {
        let plugin = load(engine, &[]).unwrap();
        let mut model = plugin.model(&Configuration::default()).unwrap();
        let many = vec![ScheduleRecord::observation(0.0, Vec::new()); 10_000];
        let error = model.simulate(&Schedule { records: many, ..one_observation() }).unwrap_err();
        assert_eq!(error.code.to_string(), "PK2006");
    });
}

#[test]
fn a_message_of_the_plugin_is_cut_and_cleaned() {
    on_every_engine(|engine| {
        let long = format!(r#"{{"message":"a\\tb{}"}}"#, "x".repeat(2_000));
        let bytes = module_with(
            &MANIFEST_OF_ONE_OUTPUT.replace('\n', ""),
            &long,
            &[
                ("(i32.const 512)", "(i32.const 8192)"),
                (";;SIMULATE", "(return (i32.const -7))"),
                ("(i32.const 4096)", "(i32.const 16384)"),
            ],
        );
        let mut model = load_wasm_plugin_with(&bytes, &tight(), engine)
            .unwrap()
            .model(&Configuration::default())
            .unwrap();
        let error = model.simulate(&one_observation()).unwrap_err();
        assert_eq!(error.message.chars().count(), 400);
        assert!(!error.message.contains('\t'));
    });
}

const MANIFEST_OF_ONE_OUTPUT: &str = r#"{"abi":{"major":1,"minor":0},"name":"m","kind":"ode","parameters":[],
"states":[],"routes":[],"outputs":[{"name":"y"}],"solver":{"method":"auto","rtol":1e-6,"atol":1e-9}}"#;
