/** A server's key-value store. Each key that other servers hold differently, or do not hold, is marked. */
import type { Answer } from '../../core/lab-api/index.ts';
import type { ServerId, StoreView } from '../contract.ts';
import { useTranslations } from '../store/dashboard-context.ts';
import { useAsked, useMoment } from '../store/use-asked.ts';
import { byServer } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';
import type { ServerTabProps } from './server-tab.ts';

const GAP_MS = 500;
const LIMIT = 200;

/** One key in the stores of all servers that answered; `null` for an absent key. */
export interface StoreRow {
  readonly key: string;
  readonly value: string | null;
  /** The servers with another value, and their values. */
  readonly others: readonly { readonly server: ServerId; readonly value: string | null }[];
}

/**
 * The keys of one store, sorted, and the differences of the other stores, as far as the pages of all stores reach. A key after
 * the end of a page may exist.
 */
export function compareStores(stores: Answer<'stores'>, server: ServerId): readonly StoreRow[] {
  const maps = Object.entries(stores)
    .flatMap(([id, store]) => (store === null ? [] : [{ id, values: valuesOf(store) }]))
    .sort((a, b) => byServer(a.id, b.id));
  const own = maps.find((one) => one.id === server);
  if (own === undefined) return [];
  const ends = Object.values(stores).flatMap((store) => store?.next ?? []);
  const keys = [...new Set(maps.flatMap((one) => [...one.values.keys()]))]
    .filter((key) => ends.every((end) => key <= end))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return keys.map((key) => {
    const value = own.values.get(key) ?? null;
    const others = maps
      .map((one) => ({ server: one.id, value: one.values.get(key) ?? null }))
      .filter((one) => one.value !== value);
    return { key, value, others };
  });
}

function valuesOf(store: StoreView): ReadonlyMap<string, string> {
  return new Map(store.items.map((item) => [item.key, item.value]));
}

/** The Store tab. */
export function StoreTab({ server, view }: ServerTabProps) {
  const { t } = useTranslations();
  const key = Object.values(view.servers)
    .map((one) => `${one.status}${one.life}:${one.lastApplied}`)
    .join(' ');
  const moment = useMoment();
  const answer = useAsked('stores', { limit: LIMIT, ...moment }, `${key} ${moment.timeUs ?? ''}`, GAP_MS);
  if (server.status !== 'up') return <p>{t('store.down', { server: server.id })}</p>;
  if (answer === null) return <p className="faint">{t('store.reading')}</p>;
  // An exported recording has no files of servers; this is not a fault.
  if (!answer.ok) {
    return (
      <p className={answer.error.code === 'no-server-files' ? 'faint' : 'problem'}>{errorText(t, answer.error)}</p>
    );
  }
  const own = answer.value[server.id];
  if (own === undefined || own === null) return <p className="faint">{t('reason.no-answer')}</p>;
  const rows = compareStores(answer.value, server.id);
  const left = own.total - rows.filter((row) => row.value !== null).length;
  return (
    <>
      {rows.length === 0 ? <p className="faint">{t('store.empty')}</p> : <StoreTable rows={rows} />}
      {left > 0 ? <p className="faint">{t('store.more', { count: left })}</p> : null}
      <p className="faint">{t('store.applied', { index: own.lastApplied })}</p>
    </>
  );
}

function StoreTable({ rows }: { readonly rows: readonly StoreRow[] }) {
  const { t } = useTranslations();
  const isEqual = rows.every((row) => row.others.length === 0);
  return (
    <table className="table small" data-testid="store">
      <thead>
        <tr>
          <th>{t('store.key')}</th>
          <th>{t('store.value')}</th>
          <th>{isEqual ? '' : t('store.others')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} data-differs={row.others.length > 0}>
            <td className="mono clip" title={row.key}>
              {row.key}
            </td>
            <td className="mono clip" title={row.value ?? undefined}>
              {row.value ?? <span className="faint">{t('store.absent')}</span>}
            </td>
            <td className={`clip ${row.others.length > 0 ? 'amber' : 'faint'}`} title={othersText(row, t)}>
              {othersText(row, t)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function othersText(row: StoreRow, t: Translate): string {
  if (row.others.length === 0) return t('store.same');
  return `≠ ${row.others.map((one) => `${one.server}: ${one.value ?? t('store.absent')}`).join(' · ')}`;
}
