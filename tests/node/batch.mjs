// Runs many schedules in many plugins under Node's own WebAssembly engine.
//
//   node batch.mjs CASES.bin RESULTS.bin
//
// Numbers are little endian, words of 32 bits. Cases: the number of modules; for each its length and bytes and the number
// of its runs; for each run the number of outputs, then length and bytes of configuration and schedule. Results: for each
// module what it says of itself, then for each run status, bits of warnings and length, then the outputs or the document of
// the error. Runs in a row with one configuration share an instance of the model.
//
// Uses nothing but the exports of the plugin ABI, so it doubles as the smallest host there is.
import { readFileSync, writeFileSync } from "node:fs";

const [casesPath, resultsPath] = process.argv.slice(2);
const cases = readFileSync(casesPath);
let position = 0;
const results = [];

/** Takes the next word. */
function word() {
  position += 4;
  return cases.readUInt32LE(position - 4);
}

/** Takes a length and as many bytes. */
function bytes() {
  const length = word();
  position += length;
  return cases.subarray(position - length, position);
}

/** Adds one result. */
function answer(status, warnings, payload) {
  const head = Buffer.alloc(12);
  head.writeInt32LE(status, 0);
  head.writeUInt32LE(warnings, 4);
  head.writeUInt32LE(payload.length, 8);
  results.push(head, payload);
}

/** Gets a buffer of a plugin. */
function allocate(plugin, length) {
  const address = plugin.plugin_alloc(length) >>> 0;
  if (address === 0) throw new Error("out of memory");
  return address;
}

/** Copies bytes into a buffer of a plugin and returns its address. */
function give(plugin, given) {
  const address = allocate(plugin, given.length);
  new Uint8Array(plugin.memory.buffer, address, given.length).set(given);
  return address;
}

/** Copies bytes out of a plugin. */
function copy(plugin, address, length) {
  return Buffer.from(new Uint8Array(plugin.memory.buffer, address, length));
}

/** Copies the text out of a plugin whose address and length `get` writes to a pair of words. */
function text(plugin, get) {
  const pair = allocate(plugin, 8);
  get(pair);
  const view = new DataView(plugin.memory.buffer);
  const found = copy(plugin, view.getUint32(pair, true), view.getUint32(pair + 4, true));
  plugin.plugin_dealloc(pair, 8);
  return found;
}

/** Adds what a plugin says about its last error. */
function fail(plugin) {
  const document = text(plugin, (pair) => plugin.plugin_last_error(pair));
  answer(JSON.parse(document.toString()).code, 0, document);
}

/** Makes an instance of a model; 0 if the configuration is refused. */
function create(plugin, configuration) {
  const address = give(plugin, configuration);
  const handle = plugin.plugin_create(address, configuration.length) >>> 0;
  plugin.plugin_dealloc(address, configuration.length);
  return handle;
}

/** Runs one schedule with a handle. */
function simulate(plugin, handle, schedule, count) {
  const address = give(plugin, schedule);
  const outputs = allocate(plugin, Math.max(count, 1) * 8);
  const status = plugin.plugin_simulate(handle, address, schedule.length, outputs, count);
  if (status === 0) {
    answer(0, plugin.plugin_warnings(handle) >>> 0, copy(plugin, outputs, count * 8));
  } else {
    fail(plugin);
  }
  plugin.plugin_dealloc(outputs, Math.max(count, 1) * 8);
  plugin.plugin_dealloc(address, schedule.length);
}

for (let modules = word(); modules > 0; modules -= 1) {
  const module = new WebAssembly.Module(bytes());
  if (WebAssembly.Module.imports(module).length !== 0) throw new Error("the module imports something");
  const plugin = new WebAssembly.Instance(module, {}).exports;
  if (plugin.plugin_abi_version() !== 1) throw new Error("not version 1 of the ABI");
  answer(0, 0, text(plugin, (pair) => plugin.plugin_get_metadata(0, pair)));
  let handle = 0;
  let configured = null;
  for (let runs = word(); runs > 0; runs -= 1) {
    const count = word();
    const configuration = bytes();
    const schedule = bytes();
    if (handle === 0 || !configuration.equals(configured)) {
      if (handle !== 0) plugin.plugin_free(handle);
      handle = create(plugin, configuration);
      configured = configuration;
    }
    if (handle === 0) {
      fail(plugin);
    } else {
      simulate(plugin, handle, schedule, count);
    }
  }
  if (handle !== 0) plugin.plugin_free(handle);
}
writeFileSync(resultsPath, Buffer.concat(results));
