// Is this receipt genuine?
import { start } from '../page.mjs';
import { verification } from '../../templates/components/verification/verification.mjs';

start('verification', verification);
