/** The short text of a fault, for its chip and for the events: the servers that are cut off, or the policy of links. */
import { arrowsListed, type FaultView } from '../../core/trace/index.ts';
import { formatServers } from './format.ts';
import type { Translate } from './translations.ts';

type FaultFacts = Pick<FaultView, 'kind' | 'servers' | 'groups' | 'links' | 'policy'>;

/** The text of an active fault, without its start. */
export function faultText(t: Translate, fault: FaultFacts): string {
  if (fault.kind === 'cut') return t('fault.cut', { servers: formatServers(fault.servers) });
  if (fault.kind === 'clients') return t('fault.clients', { servers: formatServers(fault.servers) });
  if (fault.kind === 'partition') return fault.groups.map(formatServers).join(' | ');
  if (fault.kind === 'unreliable') return t('fault.unreliable');
  return t('fault.link', { links: arrowsListed(fault.links), policy: t(`link.${fault.policy?.mode ?? 'shape'}`) });
}
