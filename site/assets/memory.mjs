// What one tab remembers between the pages of the journey, and forgets with the tab.

const prefix = 'asvi.';

/** Keeps a value; false when the browser refuses to (its storage is blocked or full). */
export function keep(name, value) {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The value kept under a name, or null. */
export function recall(name) {
  try {
    return JSON.parse(sessionStorage.getItem(prefix + name));
  } catch {
    return null;
  }
}

export function forget(...names) {
  try {
    for (const name of names) sessionStorage.removeItem(prefix + name);
  } catch {
    // A storage that is blocked holds nothing to forget.
  }
}

/** Shared computers: nothing of a payer stays behind. */
export function forgetAll() {
  forget('number', 'session', 'answer', 'fresh', 'choice', 'key', 'checkout');
  forget('reference', 'receipt', 'followed', 'address', 'typed');
}
