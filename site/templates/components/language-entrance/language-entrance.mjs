// The root address leads on to the language chosen before, else to one that the browser asks for.
import { rememberLanguage, rememberedLanguage } from '../language-switch/language-switch.mjs';

export function preferredLanguage(offered, remembered, asked) {
  const wanted = [remembered, ...asked.map((language) => language.toLowerCase().split('-')[0])];
  return wanted.find((language) => offered.includes(language)) ?? null;
}

export function languageEntrance(entrance) {
  const links = [...entrance.querySelectorAll('a[data-language]')];
  entrance.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-language]');
    if (link) rememberLanguage(link.dataset.language);
  });
  const offered = links.map((link) => link.dataset.language);
  const language = preferredLanguage(offered, rememberedLanguage(), navigator.languages);
  const link = links.find((candidate) => candidate.dataset.language === language);
  if (link) location.replace(link.href);
}
