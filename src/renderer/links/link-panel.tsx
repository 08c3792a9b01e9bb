/** The panel of a link: the policy and the counters of each direction, and a choice of another policy. */
import type { LinkPolicy } from '../../core/lab-api/index.ts';
import type { ClusterView } from '../../core/trace/index.ts';
import type { LinkId, ServerId } from '../contract.ts';
import { Panel } from '../kit/panel.tsx';
import { useActions, useCanAct, useTranslations } from '../store/dashboard-context.ts';

/** Policy and counters of both directions. */
export function LinkPanel({ view, a, b }: { readonly view: ClusterView; readonly a: ServerId; readonly b: ServerId }) {
  const { t, language } = useTranslations();
  const canAct = useCanAct();
  const numbers = new Intl.NumberFormat(language);
  const directions: readonly LinkId[] = [`${a}>${b}`, `${b}>${a}`];
  return (
    <Panel title={t('link.title', { a, b })} testId="link-panel">
      <table className="table">
        <thead>
          <tr>
            <th>{t('link.direction')}</th>
            <th>{t('link.policy')}</th>
            {canAct ? <th>{t('link.change')}</th> : null}
            <th className="number">{t('link.sent')}</th>
            <th className="number">{t('link.delivered')}</th>
            <th className="number">{t('link.dropped')}</th>
          </tr>
        </thead>
        <tbody>
          {directions.map((id) => {
            const link = view.links[id];
            const mode = link?.policy.mode ?? 'pass';
            return (
              <tr key={id}>
                <td className="mono">{id.replace('>', ' → ')}</td>
                <td className={mode === 'pass' ? undefined : 'bad'}>{t(`link.${mode}`)}</td>
                {canAct ? (
                  <td>
                    <PolicyChoice ids={[id]} policies={[link?.policy ?? PASS]} />
                  </td>
                ) : null}
                <td className="number">{numbers.format(link?.sent ?? 0)}</td>
                <td className="number">{numbers.format(link?.delivered ?? 0)}</td>
                <td className="number">{numbers.format(link?.dropped ?? 0)}</td>
              </tr>
            );
          })}
          {canAct ? (
            <tr>
              <td className="mono">{`${a} ↔ ${b}`}</td>
              <td />
              <td colSpan={4}>
                <PolicyChoice ids={directions} policies={directions.map((id) => view.links[id]?.policy ?? PASS)} />
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </Panel>
  );
}

const PASS: LinkPolicy = { mode: 'pass' };
const STILL = { jitterMs: 0, duplicatePercent: 0, reorderPercent: 0, reorderMinMs: 0, reorderMaxMs: 0 } as const;
const DELAYED = { ...STILL, delayMs: 500, lossPercent: 0 } as const;
const LOSSY = { ...STILL, delayMs: 0, lossPercent: 30 } as const;

/** The choices for one direction. */
const CHOICES = {
  pass: { mode: 'pass' },
  cut: { mode: 'cut' },
  delay: { mode: 'shape', requests: DELAYED, replies: DELAYED },
  loss: { mode: 'shape', requests: LOSSY, replies: LOSSY },
} as const satisfies Record<string, LinkPolicy>;

type Choice = keyof typeof CHOICES;
const NAMES = Object.keys(CHOICES) as readonly Choice[];

/** The choice for a policy; null for a policy of another fault (a held link, the unreliable network). */
function choiceOf(policy: LinkPolicy): Choice | null {
  if (policy.mode !== 'shape') return policy.mode === 'hold' ? null : policy.mode;
  const { delayMs, lossPercent } = policy.requests;
  const isChoice = NAMES.filter((name) => {
    const choice = CHOICES[name];
    return (
      choice.mode === 'shape' && choice.requests.delayMs === delayMs && choice.requests.lossPercent === lossPercent
    );
  });
  return isChoice[0] ?? null;
}

interface PolicyChoiceProps {
  /** The directions to which the choice applies. */
  readonly ids: readonly LinkId[];
  readonly policies: readonly LinkPolicy[];
}

function PolicyChoice({ ids, policies }: PolicyChoiceProps) {
  const { t } = useTranslations();
  const actions = useActions();
  const choices = new Set(policies.map(choiceOf));
  const [only] = choices;
  const choice = choices.size === 1 && only !== undefined ? only : null;
  const name = ids.length === 1 ? (ids[0] ?? '').replace('>', ' → ') : (ids[0] ?? '').replace('>', ' ↔ ');
  return (
    <select
      className="link-choice"
      data-testid={`choice-${ids.join('-')}`}
      aria-label={t('link.changeOf', { link: name })}
      value={choice ?? ''}
      onChange={(event) => void actions.setLinks(ids, CHOICES[event.target.value as Choice])}
    >
      {choice === null ? <option value="" disabled={true} label={t('link.other')} /> : null}
      {NAMES.map((name) => (
        <option key={name} value={name}>
          {t(`link.${name}`)}
        </option>
      ))}
    </select>
  );
}
