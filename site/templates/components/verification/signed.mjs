// The signed text of a receipt: `<payload>.<key id>.<signature>`, each part base64url.

const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const invisible = /[\s\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

function bytes(base64url) {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function read(base64url) {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes(base64url));
}

/** The three parts of a signed text, or null. */
function split(text) {
  try {
    const [, payload, id, signature] = parts.exec(text);
    return { payload, key_id: read(id), signature: bytes(signature) };
  } catch {
    return null;
  }
}

async function publicKey(id) {
  const answer = await fetch('/keys.json');
  const { keys } = await answer.json();
  const { kty, crv, x, y } = keys.find(({ kid }) => kid === id) ?? {};
  return x && crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, false, ['verify']);
}

/** What the page says of a text, and the facts of a genuine one; no other is read for facts. */
export async function verdict(text) {
  const signed = split(text);
  if (!signed) return ['unreadable'];
  if (!window.crypto?.subtle) return ['unable'];
  const key = await publicKey(signed.key_id);
  if (!key) return ['unknown'];
  const content = new TextEncoder().encode(signed.payload);
  const genuine = await crypto.subtle.verify(algorithm, key, signed.signature, content);
  return genuine ? ['genuine', JSON.parse(read(signed.payload))] : ['altered'];
}

/** The text in what was scanned or pasted: the address of this page, or the text by itself. */
export function textIn(given) {
  return given.replace(invisible, '').split('#').pop();
}
