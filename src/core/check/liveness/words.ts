/** Sentences for liveness findings, in both languages, shared by the trace of a scenario and `raft-lab check`. */
import { type BothLanguages, sleptInWords } from '../../trace/index.ts';
import type { LivenessVerdict, LivenessViolation } from './liveness.ts';
import type { LateTicks, Sleeps } from './standstills.ts';

/** The sentence for a violation: the servers, what was late, and the bound. */
export function lateInWords({ what, members, forUs, boundUs, operation }: LivenessViolation): BothLanguages {
  const [who, seconds, bound] = [members.join(', '), inSeconds(forUs), inSeconds(boundUs)];
  switch (what) {
    case 'no-leader':
      return {
        en: `${who} were well and had no leader for ${seconds} s; ${bound} s are enough`,
        zh: `${who} 一切正常，却有 ${seconds} 秒没有领袖；${bound} 秒就够了`,
      };
    case 'no-answer':
      return {
        en: `${who} were well and led, and ${operation} was not answered for ${seconds} s; ${bound} s are enough`,
        zh: `${who} 一切正常且有领袖，${operation} 却有 ${seconds} 秒没有得到回答；${bound} 秒就够了`,
      };
    case 'no-lasting-leader':
      return {
        en: `${who} were well, and no leader of theirs answered ${operation} for ${seconds} s; ${bound} s are enough`,
        zh: `${who} 一切正常，却有 ${seconds} 秒没有任何一任领袖回答 ${operation}；${bound} 秒就够了`,
      };
  }
}

/** Returns the reasons why timers were late, to show beside a verdict; null when no timer was late. */
export function standstillsInWords({ lateTicks, sleeps }: LivenessVerdict): BothLanguages | null {
  const reasons = [asleep(sleeps), tooSlow(lateTicks)].filter((one) => one !== null);
  if (reasons.length === 0) return null;
  return { en: reasons.map(({ en }) => en).join('; '), zh: reasons.map(({ zh }) => zh).join('；') };
}

function asleep({ count, totalMs }: Sleeps): BothLanguages | null {
  if (count === 0) return null;
  const { en, zh } = sleptInWords(totalMs);
  return {
    en: `the computer slept ${en}${count === 1 ? '' : ` (${count} times)`}, over which nothing is judged`,
    zh: `计算机睡眠了 ${zh}${count === 1 ? '' : `（共 ${count} 次）`}，这段时间不作判定`,
  };
}

function tooSlow(lateTicks: LateTicks): BothLanguages | null {
  const late = WHO.flatMap(([who, en, zh]) => {
    const { count, worstMs } = lateTicks[who];
    return count === 0
      ? []
      : [{ en: `${en} stood still for up to ${worstMs} ms`, zh: `${zh}最多停了 ${worstMs} 毫秒` }];
  });
  if (late.length === 0) return null;
  const [en, zh] = [late.map((one) => one.en).join(', '), late.map((one) => one.zh).join('，')];
  return {
    en: `this machine is too slow for the timers of this run, or a process was stopped from outside: ${en}`,
    zh: `这台机器跟不上本次运行的定时器，或有进程被外部停住：${zh}`,
  };
}

const WHO = [
  ['servers', "a server's clock", '有服务器的时钟'],
  ['network', 'the network process', '网络进程'],
  ['lab', 'the lab', '实验室'],
] as const;

function inSeconds(us: number): string {
  return (us / 1e6).toFixed(1);
}
