// What every page runs, and the first page of the journey. The pages after it bring a script of
// their own besides (assets/apart/).
import { begin, start } from './page.mjs';
import { assure } from '../templates/components/assure/assure.mjs';
import { finish } from '../templates/components/finish/finish.mjs';
import { helpLine } from '../templates/components/help-line/help-line.mjs';
import { languageEntrance } from '../templates/components/language-entrance/language-entrance.mjs';
import { languageSwitch } from '../templates/components/language-switch/language-switch.mjs';

begin('language-entrance', languageEntrance);
begin('language-switch', languageSwitch);
begin('help-line', helpLine);
begin('finish', finish);
start('assure', assure);
