/**
 * The files as the last word: when everything that is committed is applied and on the disks of the servers that run, their
 * files are read by the lab itself and replayed, and held against what clients were told and what the servers answer.
 */
import type { ServerId, ServerStateView, StoreView } from '../../core/wire/index.ts';
import { FileJudge } from '../soak/file-judge.ts';
import { ScenarioFailure } from './failure.ts';

export interface FileParts {
  /** Those that run. */
  readonly servers: readonly ServerId[];
  readonly folderOf: (server: ServerId) => string;
  readonly state: (server: ServerId) => Promise<ServerStateView | { readonly noAnswer: true }>;
  readonly stores: (limit: number) => Promise<Readonly<Record<ServerId, StoreView | null>>>;
  /** Texts that were appended and acknowledged. */
  readonly appended: readonly { readonly token: string; readonly key: string; readonly index: number }[];
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;
const MOST_KEYS = 10_000;

/** @throws ScenarioFailure violated, with what does not fit; unknown when a text was appended twice on purpose */
export async function checkFiles(parts: FileParts): Promise<void> {
  const twice = firstRepeated(parts.appended.map(({ token }) => token));
  if (twice !== null) {
    throw new ScenarioFailure('unknown', {
      en: `checkFiles tells a doubled command by its text, and "${twice}" was appended twice`,
      zh: `checkFiles 靠文本辨认重复执行的命令，而“${twice}”被追加了两次`,
    });
  }
  await everythingIsOnDisk(parts);
  const stores = await parts.stores(MOST_KEYS);
  const judge = new FileJudge();
  await judge.lookAtAll({
    folders: Object.fromEntries(parts.servers.map((server) => [server, parts.folderOf(server)])),
    stores: Object.fromEntries(parts.servers.map((server) => [server, stores[server]?.items ?? []])),
    written: parts.appended,
  });
  const [problem] = judge.findings().problems;
  if (problem !== undefined) throw new ScenarioFailure('violated', problem);
}

async function everythingIsOnDisk({ servers, state, nowMs, sleep }: FileParts): Promise<void> {
  const began = nowMs();
  for (;;) {
    const states = await Promise.all(servers.map(state));
    const commits = states.map((one) => ('noAnswer' in one ? -1 : one.commitIndex));
    const isDone = states.every(
      (one) =>
        !('noAnswer' in one) &&
        [one.lastIndex, one.durableIndex, one.lastApplied, ...commits].every((index) => index === one.commitIndex),
    );
    if (isDone) return;
    if (nowMs() - began >= WITHIN_MS) {
      throw new ScenarioFailure('violated', {
        en: `within ${WITHIN_MS / 1_000} s ${servers.join(', ')} did not have the same entries, all committed, applied and on disk`,
        zh: `${servers.join(', ')} 在 ${WITHIN_MS / 1_000} 秒内没有达到条目相同、全部已提交、已应用并已落盘`,
      });
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function firstRepeated(texts: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) return text;
    seen.add(text);
  }
  return null;
}
