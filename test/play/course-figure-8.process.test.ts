/**
 * The course test of Figure 8, in which leaders crash again and again. It must reach a number of crashes in its time.
 */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
