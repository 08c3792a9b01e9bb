/**
 * Course tests of servers that restart from their files, and one over the unreliable network, played once each on real
 * processes.
 */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
