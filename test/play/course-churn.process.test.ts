/** The two course tests in which clients write while servers crash and restart, played once each on real processes. */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
