// Back from CMI.
import { start } from '../page.mjs';
import { receipt } from '../../templates/components/receipt/receipt.mjs';

start('receipt', receipt);
