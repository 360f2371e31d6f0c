// Step 5.
import { start } from '../page.mjs';
import { creance } from '../../templates/components/creance/creance.mjs';

start('creance', creance);
