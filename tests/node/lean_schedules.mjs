// Packs schedules for the lean build, without it.
//
//   node lean_schedules.mjs CASES.json
//
// The file holds a `manifest` and `schedules`. Prints for each of them, as a list in JSON, the bytes or the
// name and message of the error. A number that JSON cannot say is written as 1e999, and is infinite.
import { readFileSync } from "node:fs";
import { packSchedule } from "../../runtime-shim/lean/lean.mjs";

const { manifest, schedules } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const results = schedules.map((schedule) => {
  try {
    return [...packSchedule(schedule, manifest)];
  } catch (error) {
    return { name: error.name, message: error.message };
  }
});
console.log(JSON.stringify(results));
