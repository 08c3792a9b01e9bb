/**
 * The step `checkFiles`: waits until the servers that have a process hold the same entries, committed, applied and on
 * disk; reads their whole stores; and judges the files. Missing evidence makes the result *unknown* and is named,
 * unless the evidence at hand already shows a violation. Flow: scenario → here → file judge.
 */
import type { BothLanguages } from '../core/trace/index.ts';
import type { LogIndex } from '../core/vocabulary/index.ts';
import type { ServerId, ServerStateView, StoreView } from '../core/wire/index.ts';
import { ScenarioFailure } from './failure.ts';
import { FileJudge } from './file-judge.ts';
import { readWholeStores, type StoreItem } from './whole-stores.ts';

/** The phase of a server. `down` has no process. `frozen`, `starting` and `stopping` cannot answer now. */
export type Whereabouts = 'running' | 'frozen' | 'starting' | 'stopping' | 'down';

/** The inputs of the step. */
export interface FileParts {
  /** Every server of the run. */
  readonly servers: readonly ServerId[];
  readonly whereabouts: (server: ServerId) => Whereabouts;
  readonly folderOf: (server: ServerId) => string;
  readonly state: (server: ServerId) => Promise<ServerStateView | { readonly noAnswer: true }>;
  /** Reads one page of every server's store, with the keys after this one. */
  readonly stores: (after: string | undefined) => Promise<Readonly<Record<ServerId, StoreView | null>>>;
  /** Texts whose append was acknowledged. */
  readonly appended: readonly { readonly token: string; readonly key: string; readonly index: number }[];
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;
/** Milliseconds before the end. A commitIndex that rose within them shows that clients still write. */
const STILL_WRITTEN_MS = 1_000;

/**
 * Carries out the step.
 *
 * @throws ScenarioFailure violated, with the differences; unknown, with the missing evidence: a server or a store
 * without an answer, fewer servers than a majority, a log without a command, a text that was appended twice
 */
export async function checkFiles(parts: FileParts): Promise<void> {
  const twice = firstRepeated(parts.appended.map(({ token }) => token));
  if (twice !== null) throw new ScenarioFailure('unknown', APPENDED_TWICE(twice));
  const { look, stores, missing } = await gather(parts);
  const judge = new FileJudge();
  await judge.lookAtAll({
    settled: look.commitIndex,
    folders: foldersOf(parts, look.answering),
    stopped: foldersOf(parts, look.down),
    stores,
    written: parts.appended,
  });
  const [problem] = judge.findings().problems;
  if (problem !== undefined) throw new ScenarioFailure('violated', problem);
  if (missing !== null) throw new ScenarioFailure('unknown', missing);
  if (judge.commands === 0) throw new ScenarioFailure('unknown', NOTHING_WRITTEN);
}

/** The state of the cluster at one moment. */
interface Look {
  /** Servers that have a process and answered. */
  readonly answering: readonly ServerId[];
  /** Servers that have a process and did not answer, with their phase. */
  readonly silent: readonly { readonly server: ServerId; readonly is: Whereabouts }[];
  readonly down: readonly ServerId[];
  /** Highest commitIndex of the servers that answered. */
  readonly commitIndex: LogIndex;
  /** Whether all servers that answered have the same entries, all committed, applied and on disk. */
  readonly isEqual: boolean;
}

interface Gathered {
  readonly look: Look;
  readonly stores: Readonly<Record<ServerId, readonly StoreItem[]>>;
  /** The evidence that a verdict lacks; null when none is missing. */
  readonly missing: BothLanguages | null;
}

/** Waits for a cluster that can be judged. @throws ScenarioFailure when it cannot be judged after WITHIN_MS */
async function gather(parts: FileParts): Promise<Gathered> {
  const { servers, nowMs, sleep } = parts;
  const began = nowMs();
  const leftMs = (): number => WITHIN_MS - (nowMs() - began);
  let rose = { commitIndex: 0, atMs: began };
  for (;;) {
    const look = await lookAround(parts);
    if (look.commitIndex > rose.commitIndex) rose = { commitIndex: look.commitIndex, atMs: nowMs() };
    // Only steps start servers, and the steps wait for this one.
    if (look.down.length >= servers.length / 2) throw new ScenarioFailure('unknown', NO_MAJORITY(look, servers));
    const isMajority = look.answering.length > servers.length / 2;
    if (look.isEqual && isMajority && look.silent.length === 0) {
      const { stores, silent } = await storesAt(parts, look, Math.max(1, leftMs()));
      if (silent.length > 0) return { look, stores, missing: NO_STORE(silent) };
      if (Object.keys(stores).length === look.answering.length) return { look, stores, missing: null };
    }
    if (leftMs() > 0) {
      await sleep(LOOK_EVERY_MS);
      continue;
    }
    if (look.silent.length > 0) {
      const missing = NO_ANSWER(look.silent);
      // A minority's logs may end before an acknowledged write, so its files prove nothing.
      if (!look.isEqual || !isMajority) throw new ScenarioFailure('unknown', missing);
      return { look, stores: {}, missing };
    }
    if (nowMs() - rose.atMs < STILL_WRITTEN_MS) throw new ScenarioFailure('unknown', STILL_WRITTEN);
    throw new ScenarioFailure('violated', NOT_EQUAL(look.answering));
  }
}

async function lookAround({ servers, whereabouts, state }: FileParts): Promise<Look> {
  const seen = await Promise.all(
    servers.map(async (server) => {
      const is = whereabouts(server);
      const told = is === 'down' ? null : await state(server);
      return { server, is, told: told === null || 'noAnswer' in told ? null : told };
    }),
  );
  const answers = seen.flatMap(({ server, told }) => (told === null ? [] : [{ server, told }]));
  const commitIndex = Math.max(0, ...answers.map(({ told }) => told.commitIndex));
  return {
    answering: answers.map(({ server }) => server),
    silent: seen.filter(({ is, told }) => is !== 'down' && told === null),
    down: seen.filter(({ is }) => is === 'down').map(({ server }) => server),
    commitIndex,
    isEqual: answers.every(({ told: { lastIndex, durableIndex, lastApplied, commitIndex: own } }) =>
      [lastIndex, durableIndex, lastApplied, own].every((index) => index === commitIndex),
    ),
  };
}

/** Reads whole stores at the index of the look. A store that has moved past this index is in neither list. */
async function storesAt({ stores: page, nowMs, sleep }: FileParts, look: Look, withinMs: number) {
  const read = await readWholeStores({
    servers: look.answering,
    at: look.commitIndex,
    page,
    withinMs,
    nowMs,
    sleep,
  });
  const stores: Record<ServerId, readonly StoreItem[]> = {};
  const silent: ServerId[] = [];
  for (const [server, store] of Object.entries(read)) {
    if (store === 'silent') silent.push(server);
    else if (store !== 'elsewhere') stores[server] = store;
  }
  return { stores, silent };
}

function foldersOf({ folderOf }: FileParts, servers: readonly ServerId[]): Readonly<Record<ServerId, string>> {
  return Object.fromEntries(servers.map((server) => [server, folderOf(server)]));
}

function firstRepeated(texts: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) return text;
    seen.add(text);
  }
  return null;
}

const WITHIN_S = WITHIN_MS / 1_000;
const STATES_ZH: Readonly<Record<Whereabouts, string>> = {
  running: '运行中',
  frozen: '已冻结',
  starting: '启动中',
  stopping: '正在停止',
  down: '已停止',
};

const APPENDED_TWICE = (text: string): BothLanguages => ({
  en: `checkFiles tells a doubled command by its text, and "${text}" was appended twice`,
  zh: `checkFiles 靠文本辨认重复执行的命令，而“${text}”被追加了两次`,
});
const NOTHING_WRITTEN: BothLanguages = {
  en: 'nothing was written: the logs hold no command',
  zh: '什么都没有写入：日志里没有命令',
};
const NO_ANSWER = (silent: Look['silent']): BothLanguages => ({
  en: `${silent.map(({ server, is }) => `${server} (${is})`).join(', ')} did not answer within ${WITHIN_S} s`,
  zh: `${silent.map(({ server, is }) => `${server}（${STATES_ZH[is]}）`).join('、')} 在 ${WITHIN_S} 秒内没有回答`,
});
const NO_STORE = (servers: readonly ServerId[]): BothLanguages => ({
  en: `${servers.join(', ')} did not answer with the whole store within ${WITHIN_S} s`,
  zh: `${servers.join('、')} 在 ${WITHIN_S} 秒内没有答出完整的存储`,
});
const NO_MAJORITY = ({ down }: Look, servers: readonly ServerId[]): BothLanguages => ({
  en:
    down.length === servers.length
      ? 'no server runs'
      : `${down.join(', ')} of ${servers.length} servers are down, and only a majority can tell what is committed`,
  zh:
    down.length === servers.length
      ? '没有服务器在运行'
      : `${servers.length} 台服务器中 ${down.join('、')} 已停止，而只有多数派知道什么已提交`,
});
const STILL_WRITTEN: BothLanguages = {
  en: `the cluster was still being written to after ${WITHIN_S} s, so its files could not be compared`,
  zh: `${WITHIN_S} 秒后集群仍在被写入，无法比较文件`,
};
const NOT_EQUAL = (servers: readonly ServerId[]): BothLanguages => ({
  en: `within ${WITHIN_S} s ${servers.join(', ')} did not have the same entries, all committed, applied and on disk`,
  zh: `${servers.join(', ')} 在 ${WITHIN_S} 秒内没有达到日志项相同、全部已提交、已应用并已落盘`,
});
