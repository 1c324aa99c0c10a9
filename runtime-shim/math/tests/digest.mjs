// Prints the digest of the elementary functions as this engine computes it: `node digest.mjs digest.wasm`.
import { readFile } from "node:fs/promises";

const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]));
const digest = BigInt.asUintN(64, instance.exports.digest());
console.log(`0x${digest.toString(16).padStart(16, "0")}`);
