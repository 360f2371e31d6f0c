// What every script of a page begins with: its language, its parts, the way to other pages.

export const language = document.documentElement.lang;

export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

export function show(element, visible = true) {
  if (element) element.hidden = !visible;
}

/** Shows what has to be read now, and lets reading go on from there. */
export function reveal(element) {
  show(element);
  element.tabIndex = -1;
  element.focus();
}

/** Leaves for another page of the portal; true, which keeps a busy button busy until then. */
export function go(page) {
  location.assign(`/${language}/${page}`);
  return true;
}

/** Calls back when the browser shows this page again as it was left (its back/forward cache). */
export function onReturn(callback) {
  addEventListener('pageshow', (event) => event.persisted && callback());
}

/** A copy of what a <template> of the page holds. */
export function copy(root, name) {
  return slot(root, name).content.firstElementChild.cloneNode(true);
}

/** Begins a part of the page wherever the page holds it. */
export function begin(name, part) {
  for (const root of document.querySelectorAll(`[data-module="${name}"]`)) part(root);
}

/** Begins a part of the journey. The "JavaScript is needed" notice goes only once it has begun, so
    that a failed script leaves the notice standing. */
export function start(name, part) {
  begin(name, (root) => {
    part(root);
    begin('script-needed', (notice) => notice.remove());
  });
}
