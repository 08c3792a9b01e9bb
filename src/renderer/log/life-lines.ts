/**
 * The life of an index in words: who asked, where each entry became durable, its commit or what took its place and why that
 * was allowed, and the answer of the client with what is known now. A line is a key of `life` in resources/words with its values.
 */
import type { AskedBy, EntryLife, IndexLife } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { formatMs, formatServers } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';
import { entryInCell } from './cell-text.ts';
import { formatMoment } from './moment.ts';

/** One line. */
export interface LifeLine {
  /** Null for a line that belongs to the moment of the line above. */
  readonly timeUs: number | null;
  /** The content of the entry that the line is about, set off from the sentence; empty when the sentence names it. */
  readonly lead: string;
  readonly text: string;
}

/** The entry's content in short. */
export function contentOf(t: Translate, { proposal, by, term }: EntryLife): string {
  if (proposal === null) return t('life.unknownContent', { term });
  const client = by?.client;
  return entryInCell(t, { entry: proposal.entry, ...(client === undefined ? {} : { client }) });
}

/**
 * All lines, in the order of time. One entry has a line for each step of its way; several entries share the room, so each has
 * one line for its way and those about its end.
 *
 * @param members  every server of the cluster
 */
export function lifeLines(t: Translate, life: IndexLife, members: readonly ServerId[]): readonly LifeLine[] {
  const counts = { majority: Math.floor(members.length / 2) + 1, members: members.length };
  const isAlone = life.entries.length === 1;
  const ofEntries = life.entries.flatMap((entry) => {
    const disks = disksOf(life, entry);
    const way = isAlone
      ? [askedLine(t, entry), diskLine(t, life, entry), ...committedLines(t, life, entry, { ...counts, disks })]
      : [shortLine(t, life, entry)];
    const told = toldLines(t, life, entry);
    const isDone = entry.by?.answers[0]?.kind === 'done';
    return [way, droppedLines(t, life, entry, { ...counts, disks }), isDone && !isAlone ? [] : told];
  });
  const inOrder = ofEntries.flatMap(momentsOf).sort((a, b) => (a[0]?.timeUs ?? 0) - (b[0]?.timeUs ?? 0));
  const lines = inOrder.flat();
  return life.isCut ? [...lines, { timeUs: life.untilUs, lead: '', text: t('life.cut') }] : lines;
}

/** Groups of lines that stay together: a line with a time, and the lines after it that belong to its moment. */
function momentsOf(lines: readonly LifeLine[]): readonly (readonly LifeLine[])[] {
  const groups: LifeLine[][] = [];
  for (const line of lines) {
    if (line.timeUs === null) (groups.at(-1) ?? groups[groups.push([]) - 1])?.push(line);
    else groups.push([line]);
  }
  return groups;
}

/** The way of an entry in one line: who asked, and the disks. */
function shortLine(t: Translate, life: IndexLife, entry: EntryLife): LifeLine {
  const asked = askedLine(t, entry);
  const { committed } = entry;
  const disks = disksOf(life, entry);
  const where =
    committed !== null
      ? t('life.soCommitted', { servers: formatServers(committed.on) })
      : disks.length === 0
        ? t('life.onNoDisk')
        : t('life.onDisks', { servers: formatServers(disks) });
  return { ...asked, text: `${asked.text}${t('life.semicolon')}${where}` };
}

function askedLine(t: Translate, entry: EntryLife): LifeLine {
  const { proposal, by, start, term } = entry;
  const lead = contentOf(t, entry);
  if (proposal === null) return { timeUs: null, lead, text: t('life.noProposal') };
  const server = proposal.by;
  const sentence = (text: string, timeUs = proposal.atUs): LifeLine => ({ timeUs, lead, text });
  if (start !== null) return sentence(t('life.started', { server: start }));
  if (by === null) return sentence(t('life.proposed', { server, term }));
  const { client, asked } = by;
  if (asked === null) return sentence(t('life.askedSomebody', { client, server, term }));
  if (asked.server === server) return sentence(t('life.asked', { client, server, term }), asked.atUs);
  return sentence(t('life.askedOther', { client, asked: asked.server, server, term }), asked.atUs);
}

/** Servers whose disk held the entry at some time. */
function disksOf({ stays }: IndexLife, { term }: EntryLife): readonly ServerId[] {
  return [
    ...new Set(stays.filter((stay) => stay.term === term && stay.durableUs !== null).map(({ server }) => server)),
  ];
}

function diskLine(t: Translate, life: IndexLife, entry: EntryLife): LifeLine {
  const times = life.stays.flatMap(({ term, durableUs }) => (term === entry.term ? (durableUs ?? []) : []));
  if (times.length === 0) return { timeUs: null, lead: '', text: t('life.noDisk') };
  const disks = disksOf(life, entry);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const servers = formatServers(disks);
  const text =
    disks.length === 1 ? t('life.oneDisk', { servers }) : t('life.disks', { servers, time: formatMoment(last) });
  return { timeUs: first, lead: '', text };
}

interface Counts {
  readonly disks: readonly ServerId[];
  readonly members: number;
  readonly majority: number;
}

function committedLines(t: Translate, life: IndexLife, entry: EntryLife, counts: Counts): readonly LifeLine[] {
  const { committed, term, fate, by } = entry;
  const { majority, members, disks } = counts;
  if (committed === null) {
    if (fate !== 'open') return [];
    const count = disks.length;
    return [{ timeUs: null, lead: '', text: t('life.notCommitted', { count, majority, members }) }];
  }
  const applied = life.stays.filter((stay) => stay.term === term && stay.appliedUs !== null);
  const first = by?.copies.find((copy) => copy.index < life.index && copy.fate === 'committed');
  const { atUs, on } = committed;
  const commit = t('life.committed', { server: committed.by, servers: formatServers(on), count: on.length, members });
  const lines: LifeLine[] = [{ timeUs: atUs, lead: '', text: commit }];
  if (first !== undefined)
    return [...lines, { timeUs: null, lead: '', text: t('life.secondCopy', { index: first.index }) }];
  if (applied.length === 0) return lines;
  const timeUs = Math.min(...applied.map((stay) => stay.appliedUs ?? 0));
  const servers = formatServers([...new Set(applied.map(({ server }) => server))]);
  return [...lines, { timeUs, lead: '', text: t('life.applied', { servers }) }];
}

/** The servers that dropped the entry, for which leader, and why that was allowed; the servers that died with it. */
function droppedLines(
  t: Translate,
  { stays }: IndexLife,
  entry: EntryLife,
  { disks, members }: Pick<Counts, 'disks' | 'members'>,
): readonly LifeLine[] {
  const { term, committed } = entry;
  const what = contentOf(t, entry);
  const lines: LifeLine[] = [];
  const dropped = stays.filter((stay) => stay.term === term && stay.end === 'overwritten');
  if (dropped.length > 0) {
    const servers = formatServers([...new Set(dropped.map(({ server }) => server))]);
    const leaderTerm = Math.max(...dropped.map(({ droppedFor }) => droppedFor ?? 0));
    const timeUs = Math.min(...dropped.map(({ toUs }) => toUs ?? 0));
    lines.push({ timeUs, lead: '', text: t('life.dropped', { servers, what, term: leaderTerm }) });
    const why = committed === null ? 'life.allowed' : 'life.forbidden';
    lines.push({ timeUs: null, lead: '', text: t(why, { count: disks.length, members }) });
  }
  for (const { server, toUs } of stays.filter((stay) => stay.term === term && stay.end === 'not-durable')) {
    lines.push({ timeUs: toUs, lead: '', text: t('life.notDurable', { server, what }) });
  }
  return lines;
}

/** The client's answer, and what is known now. */
function toldLines(t: Translate, life: IndexLife, { by, fate }: EntryLife): readonly LifeLine[] {
  const [first] = by?.answers ?? [];
  if (by === null || first === undefined) return [];
  const { client } = by;
  const line = (text: string): readonly LifeLine[] => [{ timeUs: first.atUs, lead: '', text }];
  if (first.kind === 'refused') return line(t('life.refused', { client }));
  if (first.kind === 'unknown') return line(`${t('life.unknown', { client })} ${nowText(t, by, fate)}`);
  const latency = formatMs(first.latencyUs / 1000);
  if (first.index === life.index) return line(t('life.done', { client, latency }));
  return line(t('life.doneElsewhere', { client, latency, index: first.index }));
}

/** The outcome of a command whose client got the answer *unknown*: every copy of it counts. */
function nowText(t: Translate, { copies }: AskedBy, fate: EntryLife['fate']): string {
  if (fate === 'committed') return t('life.nowCommitted');
  const committed = copies.find((copy) => copy.fate === 'committed');
  if (committed !== undefined) return t('life.nowCommittedAt', { index: committed.index });
  const fates = [fate, ...copies.map((copy) => copy.fate)];
  if (fates.includes('open')) return t('life.nowOpen');
  return t(fates.includes('nowhere') ? 'life.nowNowhere' : 'life.nowLost');
}
