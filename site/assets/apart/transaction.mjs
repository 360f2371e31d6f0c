// Step 6.
import { start } from '../page.mjs';
import { transaction } from '../../templates/components/transaction/transaction.mjs';

start('transaction', transaction);
