// Times a plugin under Node's engine and prints the median time of one call, in microseconds.
//
//   node node.mjs simulate|derivatives MODULE.wasm SCHEDULE.bin OUTPUTS
import { readFileSync } from "node:fs";

const [what, modulePath, schedulePath, outputs] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), {});
const plugin = instance.exports;

function give(bytes) {
  const address = plugin.plugin_alloc(Math.max(bytes.length, 8)) >>> 0;
  new Uint8Array(plugin.memory.buffer, address, bytes.length).set(bytes);
  return address;
}

const handle = plugin.plugin_create(give(new TextEncoder().encode("{}")), 2) >>> 0;
const bytes = readFileSync(schedulePath);
const schedule = give(bytes);
const count = Number(outputs);
const out = plugin.plugin_alloc(count * 8) >>> 0;
const state = give(new Uint8Array(new Float64Array([10, 5]).buffer));

const tasks = {
  simulate: [200, () => plugin.plugin_simulate(handle, schedule, bytes.length, out, count)],
  derivatives: [200_000, () => plugin.plugin_derivatives(handle, 1, state, 0, out)],
};
const [batch, run] = tasks[what];
if (run() !== 0) throw new Error(`${what} failed`);

const times = [];
for (let round = 0; round < 31; round += 1) {
  const start = performance.now();
  for (let index = 0; index < batch; index += 1) run();
  times.push(((performance.now() - start) * 1000) / batch);
}
times.sort((a, b) => a - b);
console.log(times[15]);
