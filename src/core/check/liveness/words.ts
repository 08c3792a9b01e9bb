/** What liveness found, in both languages: the trace of a scenario and `raft-lab check` say the same. */
import type { BothLanguages } from '../../trace/index.ts';
import type { LivenessVerdict, LivenessViolation } from './liveness.ts';

/** Who was well, what did not come, and how much time is enough. */
export function lateInWords({ what, members, forUs, boundUs, operation }: LivenessViolation): BothLanguages {
  const [who, seconds, bound] = [members.join(', '), inSeconds(forUs), inSeconds(boundUs)];
  return what === 'no-leader'
    ? {
        en: `${who} were well and had no leader for ${seconds} s; ${bound} s are enough`,
        zh: `${who} 一切正常，却有 ${seconds} 秒没有领袖；${bound} 秒就够了`,
      }
    : {
        en: `${who} were well and led, and ${operation} was not answered for ${seconds} s; ${bound} s are enough`,
        zh: `${who} 一切正常且有领袖，${operation} 却有 ${seconds} 秒没有得到回答；${bound} 秒就够了`,
      };
}

/** Beside a verdict that rests on timers which were not kept; null: all were. */
export function tooSlowInWords({ lateTicks: { count, worstMs } }: LivenessVerdict): BothLanguages | null {
  if (count === 0) return null;
  return {
    en: `this machine is too slow for the timers of this run: a server's clock stood still for up to ${worstMs} ms`,
    zh: `这台机器跟不上本次运行的定时器：有服务器的时钟最多停了 ${worstMs} 毫秒`,
  };
}

function inSeconds(us: number): string {
  return (us / 1e6).toFixed(1);
}
