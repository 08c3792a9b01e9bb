/** The links of a selected server, by their other ends, so that the keyboard reaches each link. */
import './links-of.css';
import type { ClusterView } from '../../core/trace/index.ts';
import type { ServerId } from '../contract.ts';
import { useActions, useTranslations } from '../store/dashboard-context.ts';
import { byServer } from '../texts/format.ts';

/** One button for each other server; it is marked when the link does not pass everything. */
export function LinksOf({ server, view }: { readonly server: ServerId; readonly view: ClusterView }) {
  const { t } = useTranslations();
  const actions = useActions();
  const others = Object.keys(view.servers)
    .filter((id) => id !== server)
    .sort(byServer);
  if (others.length === 0) return null;
  const isOpen = (a: ServerId, b: ServerId) => (view.links[`${a}>${b}`]?.policy.mode ?? 'pass') === 'pass';
  return (
    <p className="links-of">
      <span>{t('server.links')}</span>
      {others.map((other) => {
        const [a = '', b = ''] = [server, other].sort(byServer);
        return (
          <button
            key={other}
            type="button"
            data-testid={`link-to-${other}`}
            className={isOpen(server, other) && isOpen(other, server) ? undefined : 'bad'}
            aria-label={t('link.title', { a: server, b: other })}
            onClick={() => actions.select({ kind: 'link', a, b })}
          >
            {other}
          </button>
        );
      })}
    </p>
  );
}
