//! Runs over many subjects: the same bytes on any number of threads, in the order of the data.

mod support;

use core::fmt::Write as _;
use std::fs;

use support::Place;

const DECAY: &str =
    "name = decay\nstate a\ndose(iv) -> a\nk = 0.5\nddt(a) = -k * a\nlag(iv) = 1\nout(cp) = a\n";

/// Random paths, and a failure where a dose is large.
const NOISE: &str = "\
name = noise
kind = sde
state a
particles = 3
dose(iv) -> a
ddt(a) = -0.5 * a + (if (a > 1000) exp(a) else 0)
noise(a) = 1
out(y) = a
";

/// Makes data of so many subjects: subject `i` gets the amount `amount(i)`, and the first half two rows more behind
/// a reset that turns time back.
fn data(subjects: usize, amount: impl Fn(usize) -> f64) -> String {
    let mut text = String::from("ID,TIME,AMT,EVID,SS,II\n");
    for subject in 1..=subjects {
        let amount = amount(subject);
        writeln!(text, "{subject},0,{amount},1,.,.\n{subject},2,.,0,.,.").expect("a string takes everything");
        if subject <= subjects / 2 {
            writeln!(text, "{subject},0,{amount},4,1,0.5\n{subject},1.5,.,0,.,.")
                .expect("a string takes everything");
        }
    }
    text
}

/// Runs a model on data with 1, 2 and 8 threads and one a core, checks that nothing differs, and returns status,
/// standard output and standard error.
fn same_on_all(name: &str, model: &str, data: &str, options: &str) -> (Option<i32>, String, String) {
    let place = Place::new(name, &[("model.pk", model), ("data.csv", data)]);
    let run = |jobs: &str| {
        let output = place.run(&format!("simulate model.pk --data data.csv {options} {jobs}"), "");
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let first = run("--jobs 1");
    for jobs in ["--jobs 2", "--jobs 8", ""] {
        assert_eq!(run(jobs), first, "{jobs}");
    }
    first
}

#[test]
fn ten_thousand_subjects_are_predicted_in_the_order_of_the_data() {
    const SUBJECTS: usize = 10_000;
    let mut text = String::from("ID,TIME,AMT\n");
    for subject in 1..=SUBJECTS {
        writeln!(text, "{subject},0,{subject}\n{subject},1,.").expect("a string takes everything");
    }
    let place = Place::new("order", &[("model.pk", DECAY), ("data.csv", &text)]);
    let output = place.run("simulate model.pk --data data.csv --jobs 4", "");
    assert!(output.status.success() && output.stderr.is_empty());
    let table = String::from_utf8(output.stdout).expect("it is text");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 1 + SUBJECTS);
    assert_eq!(lines[0], "id,time,cp");
    for (line, subject) in lines[1..].iter().zip(1..) {
        // With a lag of 1, all of the dose is there at time 1.
        assert_eq!(*line, format!("{subject},1,{subject}"));
    }
}

#[test]
fn tables_and_warnings_are_the_same_on_any_number_of_threads() {
    let (status, table, findings) = same_on_all("threads", DECAY, &data(300, |subject| subject as f64), "");
    assert_eq!(status, Some(0));
    assert_eq!(table.lines().count(), 1 + 300 + 150);
    assert!(findings.contains("subjects 1, 2, 3, 4, 5 and 145 more: a lag time"), "{findings}");
}

#[test]
fn random_paths_are_the_same_on_any_number_of_threads() {
    let options = "--seed 3 --quantiles 0.1,0.9 --all-rows";
    let text = data(200, |_| 10.0).replace(",1,0.5\n", ",.,.\n");
    let (status, table, _) = same_on_all("paths", NOISE, &text, options);
    assert_eq!(status, Some(0));
    let values: Vec<&str> =
        table.lines().filter_map(|line| line.split_once(",2,")).map(|(_, rest)| rest).collect();
    assert_eq!(values.len(), 200);
    let distinct: std::collections::BTreeSet<&str> = values.iter().copied().collect();
    assert_eq!(distinct.len(), 200, "each subject has paths of its own");
}

#[test]
fn all_failures_are_told_in_the_order_of_the_data_and_nothing_is_written() {
    let amount = |subject| if subject % 7 == 0 { 1e6 } else { 1.0 };
    let text = data(210, amount).replace(",1,0.5\n", ",.,.\n");
    let (status, table, findings) = same_on_all("failures", NOISE, &text, "");
    assert_eq!((status, table.as_str()), (Some(1), ""));
    let place_of = |subject: usize| findings.find(&format!("subject {subject}: ")).unwrap_or(usize::MAX);
    let places: Vec<usize> = (1..=20).map(|index| place_of(7 * index)).collect();
    assert!(places.is_sorted() && places.iter().all(|place| *place < findings.len()), "{findings}");
    assert!(findings.contains("10 more"), "{findings}");
}

#[test]
fn a_failing_subject_leaves_the_table_of_before() {
    let text = data(100, |subject| if subject == 100 { 1e6 } else { 1.0 }).replace(",1,0.5\n", ",.,.\n");
    let files = [("model.pk", NOISE), ("data.csv", text.as_str()), ("out.csv", "kept"), ("fit.svg", "kept")];
    let place = Place::new("before", &files);
    let output = place.run("simulate model.pk --data data.csv --out out.csv --plot fit.svg", "");
    assert_eq!(output.status.code(), Some(1));
    for name in ["out.csv", "fit.svg"] {
        assert_eq!(fs::read_to_string(place.path.join(name)).expect("it is there"), "kept");
    }
    let names = fs::read_dir(&place.path).expect("it is a directory").count();
    assert_eq!(names, files.len(), "nothing else is left behind");
}

#[test]
fn pictures_are_the_same_on_any_number_of_threads() {
    let text = data(60, |subject| subject as f64);
    let place = Place::new("pictures", &[("model.pk", DECAY), ("data.csv", &text)]);
    let draw = |jobs| {
        let output =
            place.run(&format!("simulate model.pk --data data.csv --plot {jobs}.svg --jobs {jobs}"), "");
        assert!(output.status.success() && place.exists(&format!("{jobs}.svg")));
        fs::read_to_string(place.path.join(format!("{jobs}.svg"))).expect("it was written")
    };
    let one = draw(1);
    assert!(one.contains("24 of 60 subjects are drawn"));
    assert!(draw(2) == one && draw(8) == one);
}

#[test]
fn a_module_that_remembers_gives_the_same_on_any_number_of_threads() {
    const MANIFEST: &str = r#"{"abi":{"major":1,"minor":0},"name":"count","kind":"ode","parameters":[],"states":[{"name":"a"}],"routes":[{"label":"iv","input":"both","destination":0}],"outputs":[{"name":"calls"}],"solver":{"method":"auto","rtol":1e-6,"atol":1e-9}}"#;
    const SUM: &str = "(local.set $sum (f64.add (local.get $sum) (f64.load offset=8 (local.get $at))))";
    let text = include_str!("../../../runtime-shim/host/tests/plugin.wat");
    assert!(text.contains(SUM));
    let text = text
        .replace("MANIFEST_LENGTH", &MANIFEST.len().to_string())
        .replace("MANIFEST_TEXT", &MANIFEST.replace('"', "\\\""))
        .replace("ERROR_LENGTH", "0")
        .replace("ERROR_TEXT", "")
        .replace(";;EXPORTS", "(global $calls (mut f64) (f64.const 0))")
        .replace(";;SIMULATE", "(global.set $calls (f64.add (global.get $calls) (f64.const 1)))")
        .replace(SUM, "(local.set $sum (global.get $calls))");
    let place = Place::new("remembers", &[("data.csv", &data(500, |_| 1.0))]);
    let module = wat::parse_str(&text).expect("the module is well-formed");
    fs::write(place.path.join("count.wasm"), module).expect("the file can be written");
    let run = |jobs| place.run(&format!("simulate count.wasm --data data.csv --jobs {jobs}"), "");
    let one = run(1);
    assert!(one.status.success(), "{}", String::from_utf8_lossy(&one.stderr));
    assert!(run(2).stdout == one.stdout && run(8).stdout == one.stdout);
}

#[test]
fn a_progress_bar_is_for_terminals_only() {
    let text = data(20, |_| 1.0).replace(",1,0.5\n", ",.,.\n");
    let place = Place::new("progress", &[("model.pk", NOISE), ("data.csv", &text)]);
    // The first takes longer than a bar waits.
    for options in ["--particles 500 --jobs 1 --color always", "--no-progress"] {
        let output = place.run(&format!("simulate model.pk --data data.csv {options}"), "");
        assert!(output.status.success());
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
