//! Writes `bindings-c/include/scoreline.h` from the sources; with `--check`, tells whether it is up to date.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut config = cbindgen::Config::from_file(bindings.join("cbindgen.toml"))?;
    config.after_includes = Some(format!("\n#define SCORELINE_VERSION \"{}\"", env!("CARGO_PKG_VERSION")));

    let mut generated = Vec::new();
    cbindgen::Builder::new().with_crate(&bindings).with_config(config).generate()?.write(&mut generated);

    let header = bindings.join("include/scoreline.h");
    if env::args().any(|argument| argument == "--check") {
        if fs::read(&header)? != generated {
            eprintln!("bindings-c/include/scoreline.h is out of date: run `make header` and commit it");
            return Ok(ExitCode::FAILURE);
        }
    } else {
        fs::write(&header, generated)?;
    }
    Ok(ExitCode::SUCCESS)
}
