/** The sentence of the header: each fact in words, in both languages. */
import { expect, test } from 'vitest';
import { factText } from '../../src/renderer/header/sentence.tsx';
import { createTranslations } from '../../src/renderer/texts/translations.ts';

type Fact = Parameters<typeof factText>[1];

const S1 = { server: 'S1', term: 2 };
const majority = { all: 5, needed: 3 };
const sinceUs = 3_000_000;
/** Time at which the texts are written: 4.2 s later. */
const NOW_US = 7_200_000;

const TEXTS: readonly (readonly [Fact, string, string])[] = [
  [{ code: 'ended' }, 'The run has ended', '这次运行已结束'],
  [{ code: 'starting', count: 5 }, '5 servers are starting', '5 台服务器正在启动'],
  [{ code: 'all-down' }, 'All servers are down, their files are kept', '服务器全部停止，文件都还在'],
  [{ code: 'broken' }, 'A promise of Raft is broken', 'Raft 的承诺被打破'],
  [{ code: 'nothing-commits' }, 'Nothing can be committed', '现在无法提交'],
  [{ code: 'nobody', sinceUs }, 'nobody has led for 4.2 s', '已有 4.2 秒没有领袖'],
  [{ code: 'nobody-yet', sinceUs }, 'nobody leads yet, 4.2 s', '还没有领袖，4.2 秒'],
  [{ code: 'leads', ...S1 }, 'S1 leads term 2', 'S1 是任期 2 的领袖'],
  [{ code: 'thinks-it-leads', ...S1 }, 'S1 thinks it leads term 2', 'S1 以为自己是任期 2 的领袖'],
  [{ code: 'network-gone', sinceUs }, 'the network process is gone for 4.2 s', '网络进程已消失 4.2 秒'],
  [{ code: 'too-few-up', up: 2, ...majority }, '2 of 5 up, a majority is 3', '5 台中 2 台在运行，多数为 3'],
  [{ code: 'leader-frozen', ...S1 }, 'S1, leader of term 2, is frozen', '任期 2 的领袖 S1 已冻结'],
  [
    { code: 'leader-cut-off', server: 'S1', reached: 2, ...majority },
    'S1 reaches 2 of 5, a majority is 3',
    'S1 只连通 5 台中的 2 台，多数为 3',
  ],
  [
    { code: 'too-few-answer', answering: 2, ...majority },
    '2 of 5 answer, a majority is 3',
    '5 台中 2 台有应答，多数为 3',
  ],
  [{ code: 'nobody-electable', needed: 3 }, 'no server reaches a majority of 3', '没有服务器能连通多数（3 台）'],
  [{ code: 'stands', ...S1 }, 'S1 is standing for term 2', 'S1 正在参选任期 2'],
  [{ code: 'several-stand', count: 2, term: 3 }, '2 candidates in term 3', '任期 3 有 2 个候选者'],
  [{ code: 'nobody-stands' }, 'no server stands for election', '没有服务器参选'],
  [
    { code: 'disk-silent', server: 'S1', sinceUs },
    'S1’s disk has not answered for 4.2 s',
    'S1 的磁盘已有 4.2 秒没有应答',
  ],
  [{ code: 'stalled', server: 'S1', sinceUs }, 'S1 has said nothing for 4.2 s', 'S1 已有 4.2 秒没有动静'],
  [{ code: 'not-reading', server: 'S1', sinceUs }, 'S1 has read nothing for 4.2 s', 'S1 已有 4.2 秒不读消息'],
  [{ code: 'late', server: 'S1', sinceUs }, 'S1 stood still 4.2 s ago', 'S1 在 4.2 秒前停顿过'],
  [{ code: 'network-late', sinceUs }, 'the network stood still 4.2 s ago', '网络在 4.2 秒前停顿过'],
  [{ code: 'committed', count: 4 }, '4 committed', '已提交 4 项'],
  [{ code: 'up', up: 4, all: 5 }, '4 of 5 up', '5 台中 4 台在运行'],
];

test.each(TEXTS)('sentence: fact %o → its words in both languages', (fact, english, chinese) => {
  const missing: string[] = [];
  const texts = (['en', 'zh-CN'] as const).map((language) =>
    factText(createTranslations(language, (key) => missing.push(key)).t, fact, NOW_US),
  );
  expect(texts).toEqual([english, chinese]);
  expect(missing).toEqual([]);
});
