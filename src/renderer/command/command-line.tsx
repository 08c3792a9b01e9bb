/**
 * The command line: a command, its target, and the outcome beside it. For the target *leader* a client finds the leader
 * and retries until it knows the outcome; for a server it calls Start() there, which is answered at once. Arrow up brings
 * back earlier commands.
 */
import './command-line.css';
import { Menu } from '@mantine/core';
import { IconChevronUp } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type CommandLineError, completeCommandLine, hintFor, parseCommandLine } from '../../core/lab-api/index.ts';
import type { ServerId } from '../contract.ts';
import { isComposing } from '../keys/shortcuts.ts';
import { useActions, useCanAct, useDashboardState, useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { runKeyOf } from '../store/dashboard-store.ts';
import { byServer, formatTenths } from '../texts/format.ts';
import type { Translate } from '../texts/translations.ts';
import { type CommandOutcome, outcomeText } from './command-result.ts';
import { useHistory } from './use-history.ts';

/** The result of a command that was sent to a client (`leader`) or to one server. */
type Target = 'leader' | ServerId;

type Shown =
  | { readonly kind: 'waiting'; readonly sinceUs: number }
  | { readonly kind: 'error'; readonly error: CommandLineError }
  | { readonly kind: 'outcome'; readonly outcome: CommandOutcome };

/** The command line. */
export function CommandLine() {
  const { t } = useTranslations();
  const canAct = useCanAct();
  const [text, setText] = useState('');
  const [chosen, setTarget] = useState<Target>('leader');
  // The target may be a server of an earlier run that is missing in this run.
  const isMember = useDashboardState(({ view }) => chosen !== 'leader' && view?.servers[chosen] !== undefined);
  const target = isMember ? chosen : 'leader';
  const { shown, run } = useRun(target);
  const history = useHistory();
  const keys = useRef(new Set<string>());

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      const key = run(text);
      if (key === null) return;
      keys.current.add(key);
      history.remember(text);
      setText('');
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      setText(history.move(event.key === 'ArrowUp' ? -1 : 1, text));
    } else if (event.key === 'Tab' && !event.shiftKey) {
      const completed = completeCommandLine(text, [...keys.current]);
      // Tab without a completion moves to the next control.
      if (completed === null) return;
      event.preventDefault();
      setText(completed);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      event.currentTarget.blur();
    }
  }

  const hint = hintFor(text);
  return (
    <section className="command" aria-label={t('command.label')}>
      <TargetMenu target={target} onChoose={setTarget} />
      <div className="command-field">
        <span className="prompt" aria-hidden="true">
          ›
        </span>
        <input
          type="text"
          id="command-input"
          data-testid="command-input"
          aria-label={t('command.label')}
          aria-describedby="command-result"
          placeholder={t('command.placeholder')}
          title={t('command.placeholder')}
          autoComplete="off"
          spellCheck={false}
          disabled={!canAct}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {hint === '' ? null : (
          <span className="hint" aria-hidden="true">
            <span className="ghost">{text}</span> {hint}
          </span>
        )}
        <kbd>C</kbd>
      </div>
      <Result shown={shown} />
    </section>
  );
}

function TargetMenu({ target, onChoose }: { readonly target: Target; readonly onChoose: (target: Target) => void }) {
  const { t } = useTranslations();
  const canAct = useCanAct();
  const memberKey = useDashboardState((state) =>
    Object.keys(state.view?.servers ?? {})
      .sort(byServer)
      .join(' '),
  );
  const ids = memberKey === '' ? [] : memberKey.split(' ');
  const name = target === 'leader' ? t('command.leader') : target;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <button
          type="button"
          className="quiet target"
          data-testid="command-target"
          disabled={!canAct}
          aria-label={`${t('command.target')}: ${name}`}
        >
          {name}
          <IconChevronUp size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item data-current={target === 'leader'} onClick={() => onChoose('leader')}>
          {t('command.leader')}
          <span className="menu-detail">{t('command.targetLeaderHint')}</span>
        </Menu.Item>
        {ids.map((id) => (
          <Menu.Item key={id} data-current={target === id} onClick={() => onChoose(id)}>
            {id}
            <span className="menu-detail">{t('command.targetServerHint')}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/**
 * Parses a command, sends it and shows its answer. An answer is not shown when another command, even a wrong one, was
 * entered since, or another run was opened.
 */
function useRun(target: Target) {
  const runKey = useDashboardState(({ mode }) => runKeyOf(mode));
  const actions = useActions();
  const nowUs = useLabNow(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const turn = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another run drops the answer of the previous one
  useEffect(() => {
    turn.current += 1;
    setShown(null);
  }, [runKey]);

  /** The command's key; null when the text is not a valid command. */
  function run(text: string): string | null {
    const parsed = parseCommandLine(text);
    turn.current += 1;
    if (!parsed.ok) {
      setShown({ kind: 'error', error: parsed.error });
      return null;
    }
    const { command } = parsed;
    const mine = turn.current;
    setShown({ kind: 'waiting', sinceUs: nowUs });
    const show = (outcome: CommandOutcome) => {
      if (turn.current === mine) setShown({ kind: 'outcome', outcome });
    };
    if (target === 'leader') {
      void actions.submit(command).then((result) => show({ kind: 'submit', command, result }));
    } else {
      void actions
        .startCommand(target, command)
        .then((result) => show({ kind: 'start', command, server: target, result }));
    }
    return command.key;
  }

  return { shown, run };
}

function Result({ shown }: { readonly shown: Shown | null }) {
  const { t } = useTranslations();
  const mode = useDashboardState((state) => state.mode?.mode ?? 'idle');
  const nowUs = useLabNow(shown?.kind === 'waiting' ? 100 : null);
  const { text, tone } = resultText(t, shown, mode, nowUs);
  return (
    <output className={`command-result tone-${tone}`} id="command-result" data-testid="command-result" title={text}>
      {text}
    </output>
  );
}

function resultText(t: Translate, shown: Shown | null, mode: string, nowUs: number) {
  if (mode === 'past') return { text: t('command.pastRun'), tone: 'neutral' };
  if (mode === 'idle') return { text: t('command.noRun'), tone: 'neutral' };
  if (shown === null) return { text: '', tone: 'neutral' };
  if (shown.kind === 'waiting') {
    return {
      text: t('command.waiting', { seconds: formatTenths((nowUs - shown.sinceUs) / 1_000_000) }),
      tone: 'neutral',
    };
  }
  if (shown.kind === 'outcome') return outcomeText(t, shown.outcome);
  const { code, params, at } = shown.error;
  const { word = '', usage = '' } = params;
  const why = t(`commandError.${code}`, { word, usage });
  return { text: code === 'empty' ? why : `${why} (${t('commandError.at', { column: at + 1 })})`, tone: 'bad' };
}
