//! Generates the parser from `src/grammar.lalrpop` into the build directory.

fn main() {
    let result =
        lalrpop::Configuration::new().use_cargo_dir_conventions().emit_rerun_directives(true).process();
    if let Err(error) = result {
        println!("cargo::error=src/grammar.lalrpop: {error}");
    }
}
