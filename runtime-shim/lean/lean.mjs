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
const SCHEDULE_FIELDS = ["records", "policy", "interpolation", "stream"];
const RECORD_FIELDS = [
  "time",
  "dose",
  "amount",
  "rate",
  "additional",
  "interval",
  "steadyState",
  "event",
  "covariates",
  "report",
];
const MODELLED_RATE = -1;
const MODELLED_DURATION = -2;

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
    routeNumber(route, "route", this.#manifest);
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
 * without a dose or event is an observation, and is reported. `undefined` and `null` stand for what is absent.
 *
 * Whatever else a field holds is refused, and so are fields that there are none of: a `TypeError` says that a value has
 * the wrong type, a `RangeError` that it is none of those allowed; both name the field.
 */
export function packSchedule(schedule, manifest) {
  known(schedule, "", SCHEDULE_FIELDS);
  const { records } = schedule;
  if (!Array.isArray(records)) refuse(TypeError, "records", records, "a list of records");
  const names = (manifest.covariates ?? []).map((covariate) => covariate.name);
  const width = 48 + 8 * names.length;
  const view = new DataView(new ArrayBuffer(32 + width * records.length));
  const policy = count(schedule.policy ?? 0, "policy", 3);
  const interpolation = oneOf(INTERPOLATIONS, schedule.interpolation ?? "nocb", "interpolation");
  const stream = count(schedule.stream ?? 0, "stream");
  const header = [MAGIC, records.length, names.length, policy, INTERPOLATIONS[interpolation], stream];
  header.forEach((value, index) => view.setUint32(4 * index, value, true));
  // Not `forEach`, which passes over holes.
  for (let index = 0; index < records.length; index += 1) {
    packRecord(view, 32 + width * index, records[index], `records[${index}]`, manifest, names);
  }
  return new Uint8Array(view.buffer);
}

function packRecord(view, start, record, path, manifest, names) {
  known(record, path, RECORD_FIELDS);
  const isDose = isPresent(record.dose);
  const event = oneOf(EVENTS, record.event ?? (isDose ? "dose" : "observation"), `${path}.event`);
  checkDose(record, event, path);
  const report = record.report ?? event === "observation";
  if (typeof report !== "boolean") refuse(TypeError, `${path}.report`, report, "true or false");
  const numbers = [
    finite(record.time, `${path}.time`),
    finite(record.amount ?? 0, `${path}.amount`),
    rateOf(record.rate ?? 0, `${path}.rate`),
    atLeastZero(record.interval ?? 0, `${path}.interval`),
  ];
  numbers.forEach((value, index) => view.setFloat64(start + 8 * index, value, true));
  const route = isDose ? routeOf(record.dose, `${path}.dose`, manifest) : NO_ROUTE;
  const additional = count(record.additional ?? 0, `${path}.additional`);
  const flags = Number(report) | (count(record.steadyState ?? 0, `${path}.steadyState`, 2) << 1);
  [EVENTS[event], route, additional, flags].forEach((value, index) => {
    view.setUint32(start + 32 + 4 * index, value, true);
  });
  packCovariates(view, start + 48, record.covariates ?? {}, `${path}.covariates`, names);
}

function packCovariates(view, start, covariates, path, names) {
  known(covariates, path, names);
  names.forEach((name, index) => {
    // Only what is the object's own: a covariate may be called as what every object inherits.
    const value = Object.hasOwn(covariates, name) ? (covariates[name] ?? NaN) : NaN;
    if (!Number.isNaN(value)) finite(value, `${path}.${name}`);
    view.setFloat64(start + 8 * index, value, true);
  });
}

/** Refuses a dose that would be lost: one without a route, or on a record that gives none. */
function checkDose(record, event, path) {
  const gives = event === "dose" || event === "resetAndDose";
  if (gives !== isPresent(record.dose)) {
    const expected = `${gives ? "a route" : "none"}, because \`event\` is \`${event}\``;
    refuse(RangeError, `${path}.dose`, record.dose, expected);
  }
  if (gives) return;
  for (const name of ["amount", "rate", "additional", "interval", "steadyState"]) {
    const value = record[name] ?? 0;
    if (value !== 0) refuse(RangeError, `${path}.${name}`, value, "0, because the record gives no `dose`");
  }
}

function routeOf(dose, path, manifest) {
  if (typeof dose === "number") return routeNumber(dose, path, manifest);
  if (typeof dose !== "string") refuse(TypeError, path, dose, "the label or number of a route");
  const labels = (manifest.routes ?? []).map((route) => route.label);
  if (!labels.includes(dose)) refuse(RangeError, path, dose, listed(labels, "route"));
  return labels.indexOf(dose);
}

function routeNumber(route, path, manifest) {
  const routes = manifest.routes?.length ?? 0;
  if (routes === 0) refuse(RangeError, path, route, listed([], "route"));
  return count(route, path, routes - 1);
}

function rateOf(rate, path) {
  if (rate === MODELLED_RATE || rate === MODELLED_DURATION) return rate;
  return atLeastZero(rate, path, "a finite number of at least 0, -1 (modelled rate) or -2 (modelled duration)");
}

function isPresent(value) {
  return value !== undefined && value !== null;
}

/** Refuses what is no object, and an object with a field that is none of these; `path` is empty for the whole schedule. */
function known(object, path, names) {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    refuse(TypeError, path || "schedule", object, "an object");
  }
  const unknown = Object.keys(object).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(RangeError, path || "schedule", unknown, listed(names, "covariate"));
}

/** Returns a word if it is a key of an object. */
function oneOf(words, value, path) {
  const expected = listed(Object.keys(words), "word");
  if (typeof value !== "string") refuse(TypeError, path, value, expected);
  if (!Object.hasOwn(words, value)) refuse(RangeError, path, value, expected);
  return value;
}

function finite(value, path) {
  if (typeof value !== "number") refuse(TypeError, path, value, "a finite number");
  if (!Number.isFinite(value)) refuse(RangeError, path, value, "a finite number");
  return value;
}

function atLeastZero(value, path, expected = "a finite number of at least 0") {
  if (typeof value !== "number") refuse(TypeError, path, value, expected);
  if (!(Number.isFinite(value) && 0 <= value)) refuse(RangeError, path, value, expected);
  return value;
}

/** Returns a whole number from 0 to a largest one, by default that of 32 bits. */
function count(value, path, largest = 0xffffffff) {
  const expected = `a whole number from 0 to ${largest}`;
  if (typeof value !== "number") refuse(TypeError, path, value, expected);
  if (!(Number.isInteger(value) && 0 <= value && value <= largest)) refuse(RangeError, path, value, expected);
  return value;
}

function listed(names, kind) {
  if (names.length === 0) return `nothing: the model has no ${kind}s`;
  return `one of ${names.map((name) => `\`${name}\``).join(", ")}`;
}

function refuse(Kind, path, found, expected) {
  throw new Kind(`\`${path}\`: found ${told(found)}, expected ${expected}`);
}

function told(value) {
  if (typeof value === "string") return `\`${value}\``;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
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
