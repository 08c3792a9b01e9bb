/** Hand-made reports for one property, numbered for each source and life in the order of the list. */
import { createJudge, type PropertyName, type Verdict } from '../../../src/core/check/index.ts';
import type { TraceEvent } from '../../../src/core/trace/index.ts';

/** An event of one source, and the life that reported it; 1 unless given. */
export type Report = readonly [source: string, event: object, life?: number];

/** Returns the property's verdict on these reports of a cluster of three servers. */
export function verdictOn(name: PropertyName, reports: readonly Report[]): Verdict {
  const judge = createJudge(['S1', 'S2', 'S3']);
  const counts = new Map<string, number>();
  for (const [at, [source, event, life = 1]] of reports.entries()) {
    const nseq = (counts.get(`${source}.${life}`) ?? 0) + 1;
    counts.set(`${source}.${life}`, nseq);
    judge.observe({ seq: at + 1, timeUs: at + 1, source, life, nseq, ...event } as TraceEvent);
  }
  return judge.finish().find(({ property }) => property === name) as Verdict;
}
