// A payment found again.
import { start } from '../page.mjs';
import { follow } from '../../templates/components/follow/follow.mjs';

start('follow', follow);
