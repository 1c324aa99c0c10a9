// Runs schedules in one plugin under Node's own WebAssembly engine and writes for each the status, as a 64-bit number,
// and if it is 0 the raw outputs.
//
//   node simulate.mjs MODULE.wasm CONFIG.json (SCHEDULE.bin OUTPUTS.bin)...
//
// Uses nothing but the exports of the plugin ABI, so it doubles as the smallest host there is.
import { readFileSync, writeFileSync } from "node:fs";

const [modulePath, configPath, ...paths] = process.argv.slice(2);
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
function reports(schedule) {
  const view = new DataView(schedule.buffer, schedule.byteOffset, schedule.length);
  const records = view.getUint32(4, true);
  const width = 48 + 8 * view.getUint32(8, true);
  let count = 0;
  for (let record = 0; record < records; record += 1) {
    count += view.getUint32(32 + record * width + 44, true) & 1;
  }
  return count;
}

const width = manifest().outputs.length * (1 + (JSON.parse(config).solver?.quantiles?.length ?? 0));

for (let index = 0; index < paths.length; index += 2) {
  const schedule = readFileSync(paths[index]);
  const count = reports(schedule) * width;
  const scheduleAddress = give(schedule);
  const bytes = Math.max(count, 1) * 8;
  const outputsAddress = plugin.plugin_alloc(bytes) >>> 0;
  if (outputsAddress === 0) throw new Error("out of memory");
  const status = plugin.plugin_simulate(handle, scheduleAddress, schedule.length, outputsAddress, count);
  const written = new Uint8Array(8 + (status === 0 ? count * 8 : 0));
  new DataView(written.buffer).setBigInt64(0, BigInt(status), true);
  if (status === 0) written.set(new Uint8Array(plugin.memory.buffer, outputsAddress, count * 8), 8);
  writeFileSync(paths[index + 1], written);
  plugin.plugin_dealloc(scheduleAddress, schedule.length);
  plugin.plugin_dealloc(outputsAddress, bytes);
}
