//! Outputs never overwrite inputs or one another, however their paths are written.

mod support;

use std::fs::{self, File};
use std::process::{Command, Output};

use support::Place;

const MODEL: &str = "name = a\nstate a\nbolus(i) -> a\nddt(a) = -a\nout(o) = a\n";
const DATA: &str = "ID,TIME,AMT\n1,0,100\n1,1,.\n";
const FILES: &[(&str, &str)] = &[("a.pk", MODEL), ("d.csv", DATA), ("old.csv", "old")];

/// Runs something that must be refused, and checks that all files are as they were.
fn refused(place: &Place, arguments: &str) -> String {
    let output = place.run(arguments, "");
    checked(place, arguments, &output)
}

fn checked(place: &Place, arguments: &str, output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{arguments}");
    assert!(output.stdout.is_empty(), "{arguments}");
    for (name, text) in FILES {
        let found = fs::read_to_string(place.path.join(name)).expect("the file is there");
        assert_eq!(found, *text, "{arguments}: {name}");
    }
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_input_is_never_written_over() {
    let place = Place::new("written_over", FILES);
    let folder = place.path.file_name().expect("it has a name").to_string_lossy().into_owned();
    fs::hard_link(place.path.join("d.csv"), place.path.join("hard.csv")).expect("a link can be made");
    let whole = place.path.join("a.pk").display().to_string();
    for arguments in [
        "simulate a.pk --data d.csv --out d.csv",
        "simulate a.pk --data d.csv --out a.pk",
        "simulate a.pk --data d.csv --plot d.csv",
        "simulate a.pk --data d.csv --out ./a.pk",
        "simulate ./a.pk --data d.csv --out a.pk",
        "simulate a.pk --data d.csv --out hard.csv",
        &format!("simulate a.pk --data d.csv --out ../{folder}/d.csv"),
        &format!("simulate a.pk --data d.csv --plot {whole} --out new.csv"),
        "compile a.pk -o a.pk",
        "compile a.pk -o ./a.pk",
        "compile a.pk --emit ir-json -o ./a.pk",
        &format!("compile {whole} -o a.pk"),
    ] {
        let message = refused(&place, arguments);
        assert!(message.contains("itself; name another file"), "{arguments}: {message}");
    }
    assert!(!place.exists("new.csv"));
}

#[test]
fn two_results_never_go_to_one_file() {
    let place = Place::new("one_file", FILES);
    fs::hard_link(place.path.join("old.csv"), place.path.join("hard.csv")).expect("a link can be made");
    for outputs in [
        "--out x.svg --plot x.svg",
        "--out x.svg --plot ./x.svg",
        "--out old.csv --plot ./old.csv",
        "--out old.csv --plot hard.csv",
        "--plot -",
    ] {
        let message = refused(&place, &format!("simulate a.pk --data d.csv {outputs}"));
        assert!(message.starts_with("error: two results go to one file, "), "{outputs}: {message}");
    }
    assert!(!place.exists("x.svg"));
}

#[cfg(unix)]
#[test]
fn links_lead_to_what_they_name() {
    use std::os::unix::fs::symlink;

    let place = Place::new("links", FILES);
    let link = |to: &str, name: &str| symlink(to, place.path.join(name)).expect("a link can be made");
    link("a.pk", "model");
    link("model", "again");
    link(".", "here");
    link("new.csv", "nowhere");
    for arguments in [
        "simulate a.pk --data d.csv --out model",
        "simulate again --data d.csv --out here/a.pk",
        "compile a.pk -o again",
        "compile here/a.pk -o a.pk",
        "simulate a.pk --data d.csv --out new.csv --plot nowhere",
        "simulate a.pk --data d.csv --out here/new.csv --plot new.csv",
    ] {
        refused(&place, arguments);
    }
    assert!(!place.exists("new.csv"));
    assert!(place.run("simulate model --data d.csv --out nowhere", "").status.success());
    assert!(place.exists("new.csv"));
}

#[cfg(unix)]
#[test]
fn redirected_files_are_inputs_and_outputs_as_well() {
    let place = Place::new("redirected", FILES);
    let run = |arguments: &str, input: &str| {
        Command::new(env!("CARGO_BIN_EXE_pmc"))
            .args(arguments.split(' '))
            .current_dir(&place.path)
            .stdin(File::open(place.path.join(input)).expect("the file can be read"))
            .output()
            .expect("the program starts")
    };
    for (arguments, input) in [
        ("compile - -o a.pk", "a.pk"),
        ("compile - -o ./a.pk", "a.pk"),
        ("simulate a.pk --data - --out d.csv", "d.csv"),
    ] {
        checked(&place, arguments, &run(arguments, input));
    }
    let output = run("simulate a.pk --data - --out other.csv", "d.csv");
    assert!(output.status.success() && place.exists("other.csv"));
    let table = File::options().append(true).open(place.path.join("old.csv")).expect("it can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmc"));
    command.args(["simulate", "a.pk", "--data", "d.csv", "--plot", "old.csv"]).current_dir(&place.path);
    checked(&place, "a picture over the table", &command.stdout(table).output().expect("the program starts"));
}

#[cfg(unix)]
#[test]
fn devices_may_be_written_twice() {
    let place = Place::new("devices", FILES);
    let output = place.run("simulate a.pk --data d.csv --out /dev/null --plot /dev/null", "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
