/** Text in both languages for how long the computer slept. The story, the list of events and the verdict share it. */
import type { BothLanguages } from '../vocabulary/index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** `14 minutes`: seconds below two minutes, minutes below two hours, hours with one decimal above. */
export function sleptInWords(sleptMs: number): BothLanguages {
  if (sleptMs < 2 * MINUTE_MS) return amount(Math.round(sleptMs / 1_000), 'second', '秒');
  if (sleptMs < 2 * HOUR_MS) return amount(Math.round(sleptMs / MINUTE_MS), 'minute', '分钟');
  return amount(Number((sleptMs / HOUR_MS).toFixed(1)), 'hour', '小时');
}

function amount(count: number, en: string, zh: string): BothLanguages {
  return { en: `${count} ${en}${count === 1 ? '' : 's'}`, zh: `${count} ${zh}` };
}
