// Finds the number whose SHA-256, after the salt, is the challenge (the format of ALTCHA v1).
// Runs in a worker, by itself: it imports nothing.

const batch = 500;
const encoder = new TextEncoder();

function digest(salt, number) {
  return crypto.subtle.digest('SHA-256', encoder.encode(salt + number));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The number between 0 and maxnumber, or 0 where there is none: the server then refuses it. */
async function solve({ salt, challenge, maxnumber }) {
  for (let first = 0; first <= maxnumber; first += batch) {
    const length = Math.min(batch, maxnumber - first + 1);
    const numbers = Array.from({ length }, (_, at) => first + at);
    const digests = await Promise.all(numbers.map((number) => digest(salt, number)));
    const found = digests.findIndex((buffer) => hex(buffer) === challenge);
    if (found !== -1) return numbers[found];
  }
  return 0;
}

addEventListener('message', async ({ data }) => postMessage(await solve(data)));
