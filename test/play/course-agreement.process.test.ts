/** Course tests of elections and agreement (parts one and two of the report), played once each on real processes. */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
