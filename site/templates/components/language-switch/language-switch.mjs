// A choice of language is remembered, and keeps the place in the page and what was typed there.
import { forget, keep, recall } from '../../../assets/memory.mjs';

const LANGUAGE_KEY = 'asvi.language';

// A browser may refuse storage altogether: the choice then lasts for the page only.
export function rememberLanguage(language) {
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    return;
  }
}

export function rememberedLanguage() {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

// A control code belongs to the page that shows it.
function typedFields() {
  return [...document.querySelectorAll('main .field-input:not(#control-code)')];
}

function restore() {
  const left = recall('typed') ?? {};
  forget('typed');
  for (const field of typedFields()) field.value = left[field.id] ?? field.value;
}

// The CDN answers the root address in the browser's language: one that was chosen before prevails.
function prevail(root) {
  if (location.pathname !== '/') return;
  const others = [...root.querySelectorAll('a:not([aria-current])')];
  const chosen = others.find((link) => link.dataset.language === rememberedLanguage());
  if (chosen) location.replace(chosen.href);
}

export function languageSwitch(root) {
  prevail(root);
  root.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-language]');
    if (!link) return;
    rememberLanguage(link.dataset.language);
    link.hash = location.hash;
    keep('typed', Object.fromEntries(typedFields().map(({ id, value }) => [id, value])));
  });
  // After the scripts of the page, which put in what they remember themselves.
  queueMicrotask(restore);
}
