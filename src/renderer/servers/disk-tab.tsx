/** The contents of a live or dead server's files, as the lab reads them. */
import './disk-tab.css';
import type { DiskView } from '../../core/lab-api/index.ts';
import { Facts, TextBox } from '../kit/facts.tsx';
import { useDashboardState, useTranslations } from '../store/dashboard-context.ts';
import { useAsked } from '../store/use-asked.ts';
import { commandText, errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';
import type { ServerTabProps } from './server-tab.ts';

/** Interval between two reads of the files, in milliseconds. Twice a second costs the disk little. */
const GAP_MS = 500;

/** The Disk tab. */
export function DiskTab({ server }: ServerTabProps) {
  const { t } = useTranslations();
  // A trace does not contain the files, so a recording shows them as they were at the end of the run.
  const isPast = useDashboardState(({ mode }) => mode?.mode === 'past');
  const { id, life, status, term, votedFor, durableIndex, lastIndex } = server;
  const key = [life, status, term, votedFor, durableIndex, lastIndex].join(' ');
  const answer = useAsked('disk', { server: id }, key, GAP_MS);
  if (answer === null) return <p className="faint">{t('disk.reading')}</p>;
  // An exported recording has no files of servers; this is not a fault.
  if (!answer.ok) {
    return (
      <p className={answer.error.code === 'no-server-files' ? 'faint' : 'problem'}>{errorText(t, answer.error)}</p>
    );
  }
  return (
    <>
      {isPast ? <p className="faint">{t('disk.asOfEnd')}</p> : null}
      <Disk disk={answer.value} />
    </>
  );
}

function Disk({ disk }: { readonly disk: DiskView }) {
  const { t, language } = useTranslations();
  const numbers = new Intl.NumberFormat(language);
  return (
    <div className="disk" data-testid="disk">
      {disk.problems.map((problem) => (
        <p key={problem} className="problem" role="alert">
          {problem}
        </p>
      ))}
      {disk.tornBytes > 0 ? <p className="amber">{t('disk.torn', { bytes: disk.tornBytes })}</p> : null}
      <Facts facts={keptFacts(disk, t)} />
      <h3>{t('disk.entries')}</h3>
      <Entries disk={disk} />
      <h3>{t('disk.files')}</h3>
      <Facts
        className="files"
        facts={disk.files.map((file) => ({
          name: file.path,
          value: t('disk.bytes', { bytes: numbers.format(file.bytes) }),
        }))}
      />
      <h3>{t('disk.state')}</h3>
      {disk.stateText === '' ? (
        <p className="faint">{t('disk.noState')}</p>
      ) : (
        <TextBox name={t('disk.state')} text={prettyState(disk)} testId="disk-state" />
      )}
      <p className="faint mono path">{disk.folder}</p>
      <p className="faint">{t('disk.durability', { durability: t(`durability.${disk.durability}`) })}</p>
    </div>
  );
}

/** Term, vote and length of the log, as the files have them; a value that cannot be read is a question mark. */
function keptFacts(disk: DiskView, t: Translate) {
  const { state } = disk;
  const fields = typeof state === 'object' && state !== null && !Array.isArray(state) ? state : {};
  const { currentTerm = null, votedFor } = fields as Readonly<Record<string, unknown>>;
  return [
    { name: t('server.term'), value: currentTerm === null ? '?' : String(currentTerm) },
    { name: t('server.votedFor'), value: votedFor === undefined ? '?' : String(votedFor ?? t('server.nobody')) },
    { name: t('server.lastIndex'), value: String(disk.lastIndex) },
  ];
}

/** The formatted content of the file; the raw text when it could not be parsed. */
function prettyState(disk: DiskView): string {
  return disk.state === null ? disk.stateText : JSON.stringify(disk.state, null, 2);
}

const SHOWN = 12;

function Entries({ disk }: { readonly disk: DiskView }) {
  const { t } = useTranslations();
  if (disk.entries.length === 0) return <p className="faint">{t('disk.noEntries')}</p>;
  const newest = disk.entries.slice(-SHOWN).toReversed();
  return (
    <table className="table small">
      <thead>
        <tr>
          <th className="number">{t('disk.index')}</th>
          <th className="number">{t('disk.term')}</th>
          <th>{t('disk.content')}</th>
          <th>{t('disk.chain')}</th>
        </tr>
      </thead>
      <tbody>
        {newest.map((json) => {
          const entry = readEntry(json);
          return (
            <tr key={`${entry.index}:${entry.term}`}>
              <td className="number">{entry.index}</td>
              <td className="number">{entry.term}</td>
              <td className="mono clip" title={contentText(entry, t)}>
                {contentText(entry, t)}
              </td>
              <td className="mono faint">{entry.chain.slice(0, 8)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface DiskEntry {
  readonly index: string;
  readonly term: string;
  readonly type: string;
  readonly chain: string;
  readonly command: unknown;
}

/** Shows an entry as the file has it: an absent field is shown as absent. */
function readEntry(json: unknown): DiskEntry {
  const fields = typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const text = (name: string) => (fields[name] === undefined ? '?' : String(fields[name]));
  return {
    index: text('index'),
    term: text('term'),
    type: text('type'),
    chain: text('chain'),
    command: fields.command,
  };
}

function contentText(entry: DiskEntry, t: Translate): string {
  if (entry.type === 'noop') return t('disk.noop');
  if (entry.type === 'session') return t('disk.session');
  return entry.command === undefined ? entry.type : commandText(entry.command);
}
