// Ask the page's own code about signed texts: one JSON line in, the texts; one out, the verdicts.
import { webcrypto } from 'node:crypto';
import { createInterface } from 'node:readline';

const [code, keys] = process.argv.slice(2);
const { textIn, verdict } = await import(code);
globalThis.window = globalThis;
globalThis.crypto ??= webcrypto; // Node 18 has it under its own name only
globalThis.fetch = async () => ({ json: async () => JSON.parse(keys) });

async function told(text) {
  return verdict(textIn(text)).catch((error) => ['threw', String(error)]);
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await Promise.all(JSON.parse(line).map(told))));
}
