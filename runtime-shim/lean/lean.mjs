// Runs models of `pmc` from documents of the intermediate representation, over the module that `cargo xtask lean` builds.
//
//   const runtime = await load(await (await fetch("pmc-lean.wasm")).arrayBuffer());
//   const program = runtime.program(documentBytes);
//   const model = program.create({ parameters: { cl: 0.04 } });
//   const outputs = model.simulate({ records: [{ time: 0, dose: "oral", amount: 100 }, { time: 1, report: true }] });
//
// No dependencies, nothing of a browser or of Node. `docs/lean.md` in the project specifies what lies below.

const VERSION = 1;
const MAGIC = 0x31534d50;
const NO_ROUTE = 0xffffffff;
const EVENTS = { observation: 0, dose: 1, other: 2, reset: 3, resetAndDose: 4 };
const INTERPOLATIONS = { linear: 1, locf: 2, nocb: 3, const: 4 };

/** What went wrong: `code` is the status of `docs/plugin-abi.md`, or -100 for a document that is refused. */
export class LeanError extends Error {
  constructor({ code, message, time, state, route, property, value, steady_state: steadyState }) {
    super(message);
    this.name = "LeanError";
    Object.assign(this, { code, time, state, route, property, value, steadyState });
  }
}

/** Makes a runtime from the module: its bytes, or a `WebAssembly.Module`. */
export async function load(source) {
  const made = await WebAssembly.instantiate(source, {});
  return new Runtime((made.instance ?? made).exports);
}

/** The module with its memory. One thread at a time uses it; after a trap it is lost, and another one is made. */
export class Runtime {
  #exports;

  constructor(exports) {
    if (exports.lean_version() !== VERSION) throw new Error(`not version ${VERSION} of the lean build`);
    this.#exports = exports;
  }

  /** Reads a document of a program: JSON as text or bytes, or CBOR as bytes. */
  program(document) {
    const bytes = bytesOf(document);
    const handle = this.withBytes(bytes, (address) => this.#exports.lean_load(address, bytes.length) >>> 0);
    if (handle === 0) throw this.lastError();
    return new Program(this, this.#exports, handle);
  }

  /** Returns what the runtime says of its last failure. */
  lastError() {
    return new LeanError(JSON.parse(this.text((pair) => this.#exports.lean_last_error(pair))));
  }

  /** Throws unless a status is that of success. */
  check(status) {
    if (status !== 0) throw this.lastError();
  }

  /** Returns the document that a function writes address and length of. */
  text(call) {
    return this.withBuffer(8, (pair) => {
      this.check(call(pair));
      const [address, length] = new Uint32Array(this.#exports.memory.buffer, pair, 2);
      return new TextDecoder().decode(new Uint8Array(this.#exports.memory.buffer, address, length));
    });
  }

  /** Lends a buffer of the module's memory to a function. */
  withBuffer(size, use) {
    const address = this.#exports.lean_alloc(size) >>> 0;
    if (address === 0) throw new LeanError({ code: -6, message: "out of memory" });
    try {
      return use(address);
    } finally {
      this.#exports.lean_dealloc(address, size);
    }
  }

  /** Lends a buffer that holds bytes. */
  withBytes(bytes, use) {
    return this.withBuffer(bytes.length, (address) => {
      new Uint8Array(this.#exports.memory.buffer, address, bytes.length).set(bytes);
      return use(address);
    });
  }

  /** Lends a buffer that holds numbers; address 0 if there are none. */
  withNumbers(numbers, use) {
    if (numbers === undefined) return use(0);
    const copy = Float64Array.from(numbers);
    return this.withBytes(new Uint8Array(copy.buffer), use);
  }

  /** Lends room for numbers to a function that returns a status, and returns what it writes. */
  results(count, call) {
    return this.withBuffer(8 * count, (address) => {
      this.check(call(address));
      return new Float64Array(this.#exports.memory.buffer, address, count).slice();
    });
  }
}

/** A program that has been read: a model without values. */
export class Program {
  #runtime;
  #exports;
  #handle;

  constructor(runtime, exports, handle) {
    this.#runtime = runtime;
    this.#exports = exports;
    this.#handle = handle;
    /** What the model says of itself; see the manifest in `docs/plugin-abi.md`. */
    this.manifest = JSON.parse(runtime.text((pair) => exports.lean_get_metadata(handle, pair)));
  }

  /** Makes a model with parameters, random effects, covariates and settings of the solver. */
  create(configuration = {}) {
    const bytes = new TextEncoder().encode(JSON.stringify(configuration));
    const call = (address) => this.#exports.lean_create(this.#handle, address, bytes.length) >>> 0;
    const handle = this.#runtime.withBytes(bytes, call);
    if (handle === 0) throw this.#runtime.lastError();
    const quantiles = configuration.solver?.quantiles?.length ?? 0;
    return new Model(this.#runtime, this.#exports, handle, this.manifest, quantiles);
  }

  /** Forgets the program; its models stay. */
  free() {
    this.#exports.lean_unload(this.#handle);
  }
}

/** A program with values. */
export class Model {
  #runtime;
  #exports;
  #handle;
  #manifest;
  #width;

  constructor(runtime, exports, handle, manifest, quantiles) {
    this.#runtime = runtime;
    this.#exports = exports;
    this.#handle = handle;
    this.#manifest = manifest;
    this.#width = manifest.outputs.length * (1 + quantiles);
  }

  /**
   * Runs a schedule for one subject: bytes as in `docs/plugin-abi.md`, or what `packSchedule` takes. Returns the outputs
   * of each record that is reported, one after the other.
   */
  simulate(schedule) {
    const isPacked = schedule instanceof ArrayBuffer || ArrayBuffer.isView(schedule);
    const bytes = isPacked ? bytesOf(schedule) : packSchedule(schedule, this.#manifest);
    const count = reports(bytes) * this.#width;
    const run = (address, out) =>
      this.#exports.lean_simulate(this.#handle, address, bytes.length, out, count);
    return this.#runtime.withBytes(bytes, (address) => this.#runtime.results(count, (out) => run(address, out)));
  }

  /** Bits that tell what the author of the data should know of the last simulation. */
  get warnings() {
    return this.#exports.lean_warnings(this.#handle) >>> 0;
  }

  /** Returns the initial values. `inputs` are rates by route, then covariates; absent: those of before. */
  initial(time, inputs) {
    return this.#evaluate(inputs, this.#manifest.states.length, (given, out) =>
      this.#exports.lean_initial(this.#handle, time, given, out),
    );
  }

  /** Returns the time derivatives of the states. */
  derivatives(time, state, inputs) {
    return this.#ofState(state, inputs, this.#manifest.states.length, (given, at, out) =>
      this.#exports.lean_derivatives(this.#handle, time, at, given, out),
    );
  }

  /** Returns the outputs. */
  outputs(time, state, inputs) {
    return this.#ofState(state, inputs, this.#manifest.outputs.length, (given, at, out) =>
      this.#exports.lean_outputs(this.#handle, time, at, given, out),
    );
  }

  /** Returns the partial derivatives, row by row, and those with respect to time. */
  jacobian(time, state, inputs) {
    const states = this.#manifest.states.length;
    let timeDerivative;
    const matrix = this.#ofState(state, inputs, states * states, (given, at, out) => {
      let status = 0;
      const call = (vector) => {
        status = this.#exports.lean_jacobian(this.#handle, time, at, given, out, vector);
        return status;
      };
      timeDerivative = this.#runtime.results(states, call);
      return status;
    });
    return { matrix, timeDerivative };
  }

  /** Returns lag time, bioavailability, rate and duration of a route, by its number. */
  route(time, route, inputs) {
    const [lag, bioavailability, rate, duration] = this.#evaluate(inputs, 4, (given, out) =>
      this.#exports.lean_route(this.#handle, time, route, given, out),
    );
    return { lag, bioavailability, rate, duration };
  }

  /** Frees the model's memory. */
  free() {
    this.#exports.lean_free(this.#handle);
  }

  #evaluate(inputs, count, call) {
    const manifest = this.#manifest;
    const expected = (manifest.routes?.length ?? 0) + (manifest.covariates?.length ?? 0);
    if (inputs !== undefined && inputs.length !== expected) {
      throw new RangeError(`${inputs.length} inputs given, expected ${expected}`);
    }
    return this.#runtime.withNumbers(inputs, (given) =>
      this.#runtime.results(count, (out) => call(given, out)),
    );
  }

  #ofState(state, inputs, count, call) {
    const expected = this.#manifest.states.length;
    if (state.length !== expected) throw new RangeError(`${state.length} states given, expected ${expected}`);
    return this.#runtime.withNumbers(state, (at) =>
      this.#evaluate(inputs, count, (given, out) => call(given, at, out)),
    );
  }
}

/**
 * Packs a schedule for a model with this manifest: `records`, and if need be `policy`, `interpolation` (of covariates
 * for which the data decide) and `stream`. A record has a `time`, and of these what applies: `dose` (a route, by label or
 * number), `amount`, `rate`, `additional`, `interval`, `steadyState` (1 or 2), `event`, `covariates` by name, `report`. A record
 * without a dose or event is an observation, and is reported.
 */
export function packSchedule({ records, policy = 0, interpolation = "nocb", stream = 0 }, manifest) {
  const names = (manifest.covariates ?? []).map((covariate) => covariate.name);
  const width = 48 + 8 * names.length;
  const view = new DataView(new ArrayBuffer(32 + width * records.length));
  const header = [MAGIC, records.length, names.length, policy, INTERPOLATIONS[interpolation], stream];
  header.forEach((word, index) => view.setUint32(4 * index, word, true));
  records.forEach((record, index) => packRecord(view, 32 + width * index, record, manifest, names));
  return new Uint8Array(view.buffer);
}

function packRecord(view, start, record, manifest, names) {
  const { time, amount = 0, rate = 0, interval = 0, additional = 0, steadyState = 0, covariates = {} } = record;
  [time, amount, rate, interval].forEach((number, index) => view.setFloat64(start + 8 * index, number, true));
  const isDose = record.dose !== undefined;
  const event = record.event ?? (isDose ? "dose" : "observation");
  const isReported = record.report ?? event === "observation";
  const flags = Number(isReported) | (steadyState << 1);
  const route = isDose ? routeOf(record.dose, manifest) : NO_ROUTE;
  [EVENTS[event], route, additional, flags].forEach((word, index) => {
    view.setUint32(start + 32 + 4 * index, word, true);
  });
  names.forEach((name, index) => view.setFloat64(start + 48 + 8 * index, covariates[name] ?? NaN, true));
}

function routeOf(dose, manifest) {
  if (typeof dose === "number") return dose;
  const route = (manifest.routes ?? []).findIndex((candidate) => candidate.label === dose);
  if (route < 0) throw new RangeError(`the model has no route \`${dose}\``);
  return route;
}

/** Counts the records that want outputs; what is malformed has none, and the module says what is wrong. */
function reports(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 32) return 0;
  const width = 48 + 8 * view.getUint32(8, true);
  let count = 0;
  for (let flags = 32 + 44; flags + 4 <= bytes.length; flags += width) count += view.getUint32(flags, true) & 1;
  return count;
}

function bytesOf(data) {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
