// A choice of language is remembered, and keeps the place in the page.

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

export function startLanguageSwitch() {
  const languageSwitch = document.querySelector('[data-module="language-switch"]');
  if (!languageSwitch) return;
  languageSwitch.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-language]');
    if (!link) return;
    rememberLanguage(link.dataset.language);
    link.hash = location.hash;
  });
}

startLanguageSwitch();
