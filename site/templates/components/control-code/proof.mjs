// The proof of work of a control code, made beside the page so that typing never waits for it.
import { Refusal } from '../../../assets/api.mjs';

// Browsers that know trusted types ask who vouches for the address of a script: the one worker.
const trusted = window.trustedTypes?.createPolicy('asvi', {
  createScriptURL(address) {
    if (!address.startsWith('/assets/proof.')) throw new TypeError(address);
    return address;
  },
});

/** Solves a proof in the worker at `address`; the promise gives the number, or a Refusal. */
export function prove(address, proof) {
  const worker = new Worker(trusted ? trusted.createScriptURL(address) : address);
  const proven = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Refusal('internal'));
    worker.postMessage(proof);
  });
  return proven.finally(() => worker.terminate());
}
