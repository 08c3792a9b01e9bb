/** The course test of Figure 8 over the unreliable network, the longest of all. */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
