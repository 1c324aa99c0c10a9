// Runs one schedule in one plugin under Node's own WebAssembly engine and writes the raw outputs.
//
//   node simulate.mjs MODULE.wasm CONFIG.json SCHEDULE.bin OUTPUTS.bin
//
// Uses nothing but the exports of the plugin ABI, so it doubles as the smallest host there is.
import { readFileSync, writeFileSync } from "node:fs";

const [modulePath, configPath, schedulePath, outputsPath] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), {});
const plugin = instance.exports;

/** Copies bytes into a buffer of the plugin and returns its address. */
function give(bytes) {
  const address = plugin.plugin_alloc(bytes.length) >>> 0;
  if (address === 0) throw new Error("out of memory");
  new Uint8Array(plugin.memory.buffer, address, bytes.length).set(bytes);
  return address;
}

/** Throws what the plugin says about its last error. */
function fail(status) {
  const pair = plugin.plugin_alloc(8) >>> 0;
  plugin.plugin_last_error(pair);
  const view = new DataView(plugin.memory.buffer);
  const text = new Uint8Array(plugin.memory.buffer, view.getUint32(pair, true), view.getUint32(pair + 4, true));
  throw new Error(`status ${status}: ${new TextDecoder().decode(text)}`);
}

if (WebAssembly.Module.imports(await WebAssembly.compile(readFileSync(modulePath))).length !== 0) {
  throw new Error("the module imports something");
}
if (plugin.plugin_abi_version() !== 1) throw new Error("not version 1 of the ABI");

const config = readFileSync(configPath);
const schedule = readFileSync(schedulePath);
const configAddress = give(config);
const handle = plugin.plugin_create(configAddress, config.length) >>> 0;
if (handle === 0) fail("create");

/** Returns what the module says of itself. */
function manifest() {
  const pair = plugin.plugin_alloc(8) >>> 0;
  const status = plugin.plugin_get_metadata(0, pair);
  if (status !== 0) fail(status);
  const view = new DataView(plugin.memory.buffer);
  const text = new Uint8Array(plugin.memory.buffer, view.getUint32(pair, true), view.getUint32(pair + 4, true));
  return JSON.parse(new TextDecoder().decode(text));
}

/** Counts the records of the schedule that want outputs. */
function reports() {
  const view = new DataView(schedule.buffer, schedule.byteOffset, schedule.length);
  const records = view.getUint32(4, true);
  const width = 48 + 8 * view.getUint32(8, true);
  let count = 0;
  for (let record = 0; record < records; record += 1) {
    count += view.getUint32(32 + record * width + 44, true) & 1;
  }
  return count;
}

const count = reports() * manifest().outputs.length;
const scheduleAddress = give(schedule);
const outputsAddress = plugin.plugin_alloc(Math.max(count, 1) * 8) >>> 0;
if (outputsAddress === 0) throw new Error("out of memory");
const status = plugin.plugin_simulate(handle, scheduleAddress, schedule.length, outputsAddress, count);
if (status !== 0) fail(status);
writeFileSync(outputsPath, new Uint8Array(plugin.memory.buffer, outputsAddress, count * 8));
