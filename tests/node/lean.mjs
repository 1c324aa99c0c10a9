// Runs jobs in the lean build under Node's own WebAssembly engine.
//
//   node lean.mjs PMC-LEAN.wasm JOBS.json
//
// A job has a `document` and, if it is to be run, a `configuration`, `schedules` and where to write `outputs`, all
// numbers one after the other; the rest are paths. `evaluate` asks for the functions of the model as well. Prints what each job failed with, or null, as a list in JSON.
import { throws } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { LeanError, load } from "../../runtime-shim/lean/lean.mjs";

const [modulePath, jobsPath] = process.argv.slice(2);
const module = readFileSync(modulePath);
if (WebAssembly.Module.imports(new WebAssembly.Module(module)).length !== 0) {
  throw new Error("the module imports something");
}
const runtime = await load(module);

function run({ document, configuration, schedules, outputs, evaluate }) {
  const program = runtime.program(readFileSync(document));
  const model = program.create(configuration);
  program.free();
  const values = schedules.map((path) => model.simulate(readFileSync(path)));
  if (evaluate) values.push(...functions(model, evaluate));
  writeFileSync(outputs, Buffer.concat(values.map((part) => new Uint8Array(part.buffer))));
  model.free();
}

function functions(model, { time, state, inputs }) {
  // Inputs hold until others are given.
  const { matrix, timeDerivative } = model.jacobian(time, state, inputs);
  const { lag, bioavailability, rate, duration } = model.route(time, 0);
  for (const route of [0.5, -1, 1, "oral", undefined]) throws(() => model.route(time, route), { message: /^`route`: found / });
  return [
    model.initial(time),
    model.derivatives(time, state),
    matrix,
    timeDerivative,
    model.outputs(time, state, inputs),
    Float64Array.of(lag, bioavailability, rate, duration),
  ];
}

const failures = JSON.parse(readFileSync(jobsPath, "utf8")).map((job) => {
  try {
    run(job);
    return null;
  } catch (error) {
    // A trap is no such error, and ends the script.
    if (!(error instanceof LeanError)) throw error;
    return { ...error, message: error.message };
  }
});
console.log(JSON.stringify(failures));
