/**
 * One verdict for a whole run, from all its judges: the safety properties, the clients' history and liveness. A
 * scenario, `raft-lab check` and the window all use this verdict, so they cannot disagree.
 */
import type { BothLanguages } from '../trace/index.ts';
import type { HistoryVerdict } from './history/index.ts';
import { type LivenessVerdict, lateInWords } from './liveness/index.ts';
import type { Outcome, UnknownReason, Verdict } from './verdict.ts';

/** The verdicts of all judges of one run. */
export interface RunVerdicts {
  readonly verdicts: readonly Verdict[];
  readonly history: HistoryVerdict;
  readonly liveness: LivenessVerdict;
}

/** The reason why a run is not valid. */
export interface Objection {
  readonly kind: 'violated' | 'unknown';
  readonly says: BothLanguages;
}

/** Returns the worst outcome. `unknown` is worse than `valid`; `not-judged` never outweighs another outcome. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  const order: readonly Outcome[] = ['violated', 'unknown', 'valid'];
  return order.find((outcome) => outcomes.includes(outcome)) ?? 'not-judged';
}

/** Returns the outcome of the whole run. */
export function outcomeOf({ verdicts, history, liveness }: RunVerdicts): Outcome {
  return worstOf([...verdicts.map(({ outcome }) => outcome), history.verdict, liveness.outcome]);
}

/** Returns the strongest objection to the run; null when it is valid. */
export function objectionOf(found: RunVerdicts): Objection | null {
  switch (outcomeOf(found)) {
    case 'valid':
      return null;
    case 'violated':
      return { kind: 'violated', says: violationIn(found) };
    case 'unknown':
      return { kind: 'unknown', says: doubtIn(found) };
    case 'not-judged':
      return { kind: 'unknown', says: { en: 'there was nothing to judge', zh: '没有可判定的内容' } };
  }
}

/** A sentence that names the broken properties. */
export function brokenInWords(properties: readonly string[]): BothLanguages {
  const names = properties.join(', ');
  return { en: `${names} ${properties.length === 1 ? 'is' : 'are'} broken`, zh: `${names} 被违反` };
}

function violationIn({ verdicts, history, liveness }: RunVerdicts): BothLanguages {
  const broken = verdicts.filter(({ outcome }) => outcome === 'violated').map(({ property }) => property);
  if (broken.length > 0) return brokenInWords(broken);
  if (history.violation !== null) {
    const { key } = history.violation;
    return { en: `not linearizable on key ${key}`, zh: `键 ${key} 上不可线性化` };
  }
  if (liveness.violation !== null) return lateInWords(liveness.violation);
  throw new Error('a judge says violated and names nothing');
}

function doubtIn({ verdicts, history }: RunVerdicts): BothLanguages {
  const open = verdicts.filter(({ outcome }) => outcome === 'unknown');
  if (open.length > 0) {
    const list = (language: 'en' | 'zh'): string => open.map((verdict) => doubtOf(verdict, language)).join('; ');
    return { en: `facts that could not be judged: ${list('en')}`, zh: `有些事实无法判定：${list('zh')}` };
  }
  if (history.givenUp > 0) {
    const { givenUp } = history;
    return {
      en: `${givenUp} keys of the clients were too many or too large to be kept until they were judged`,
      zh: `客户的 ${givenUp} 个键太多或太大，没能保留到判定`,
    };
  }
  if (history.verdict === 'unknown') {
    return { en: 'the history of the clients is too hard to judge', zh: '客户的历史太难判定' };
  }
  return {
    en: 'events were lost, so nobody knows whether there was a leader in time',
    zh: '有事件丢失，无法判断领袖是否及时出现',
  };
}

const REASONS: Readonly<Record<UnknownReason, BothLanguages>> = {
  'lost-events': { en: 'events were lost', zh: '有事件丢失' },
  'still-open': { en: 'the run ended first', zh: '运行先结束了' },
  forgotten: { en: 'too long ago to be kept', zh: '太久以前，没有保留' },
  'too-many-open': { en: 'too many waited at once', zh: '同时等待的太多' },
};

/** Example: `quorum-of-disks (3: the run ended first)`. */
function doubtOf({ property, unknown, reasons }: Verdict, language: 'en' | 'zh'): string {
  const why = (Object.keys(reasons) as UnknownReason[]).map((reason) => REASONS[reason][language]).join(', ');
  return `${property} (${unknown}: ${why})`;
}
