/** The two course tests in which clients write while servers come and go, once each on real processes. */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
