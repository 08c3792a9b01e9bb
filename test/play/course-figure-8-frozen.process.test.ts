/** Figure 8 with leaders that are frozen instead of killed. No course has this test. */
import { basename } from 'node:path';
import { playScenariosOf } from './course.ts';

playScenariosOf(basename(import.meta.filename));
