/** The operating system's view of a server: pid, uptime, CPU, memory, end, output, and the command that kills it. */
import './process-tab.css';
import { CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ProcessView } from '../../core/lab-api/index.ts';
import { type Fact, Facts, TextBox } from '../kit/facts.tsx';
import { useLabNow, useTranslations } from '../store/dashboard-context.ts';
import { useAsked, useMoment } from '../store/use-asked.ts';
import { formatBytes, formatMs } from '../texts/format.ts';
import { errorText } from '../texts/reasons.ts';
import type { Translate } from '../texts/translations.ts';
import type { ServerTabProps } from './server-tab.ts';

/** Interval between two requests in milliseconds. Servers report about once a second. */
const EVERY_MS = 1000;

/** The Process tab. */
export function ProcessTab({ server }: ServerTabProps) {
  const { t } = useTranslations();
  const second = Math.floor(useLabNow(EVERY_MS) / 1_000_000);
  const moment = useMoment();
  const key = `${server.life} ${server.status} ${second} ${moment.timeUs ?? ''}`;
  const answer = useAsked('process', { server: server.id, ...moment }, key, EVERY_MS / 2);
  if (answer === null) return <p className="faint">{t('process.reading')}</p>;
  if (!answer.ok) return <p className="problem">{errorText(t, answer.error)}</p>;
  const { value } = answer;
  // A recording has the exit of a process but not its output. Its pid may belong to another process now.
  const isPast = moment.timeUs !== undefined;
  return (
    <>
      <Facts className="two-columns" facts={processFacts(value, t)} />
      {value.pid === null || value.exit !== null || isPast ? null : <KillLine pid={value.pid} />}
      {isPast ? null : (
        <>
          <Output name={t('process.stderr')} lines={value.stderr} />
          <Output name={t('process.stdout')} lines={value.stdout} />
        </>
      )}
    </>
  );
}

function processFacts(process: ProcessView, t: Translate): readonly Fact[] {
  // Memory and times of an ended process are outdated.
  const isGone = process.pid === null || process.exit !== null;
  const telemetry = isGone ? null : process.telemetry;
  const cpuShare = isGone ? null : process.cpuShare;
  const dash = '–';
  return [
    { name: t('process.pid'), value: process.pid ?? dash, testId: 'process-pid' },
    { name: t('process.life'), value: process.life },
    { name: t('process.uptime'), value: process.uptimeMs === null || isGone ? dash : uptimeText(process.uptimeMs, t) },
    { name: t('process.cpu'), value: cpuShare === null ? dash : `${(cpuShare * 100).toFixed(1)} %` },
    { name: t('process.memory'), value: telemetry === null ? dash : formatBytes(telemetry.rssBytes) },
    {
      name: t('process.write'),
      value: telemetry === null ? dash : t('time.milliseconds', { value: formatMs(telemetry.lastWriteMs) }),
    },
    { name: t('process.missedTicks'), value: telemetry?.missedTicks ?? dash },
    ...(process.exit === null
      ? []
      : [{ name: t('process.exit'), value: exitText(process.exit, t), testId: 'process-exit' }]),
  ];
}

function uptimeText(ms: number, t: Translate): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return t('time.seconds', { value: seconds });
  return t('time.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

function exitText(exit: NonNullable<ProcessView['exit']>, t: Translate): string {
  const how =
    exit.signal !== null
      ? t('process.exitSignal', { signal: exit.signal })
      : t('process.exitCode', { code: exit.code ?? '?' });
  return `${how}, ${exit.ordered ? t('process.exitOrdered') : t('process.exitNotOrdered')}`;
}

function KillLine({ pid }: { readonly pid: number }) {
  const { t } = useTranslations();
  const command = `kill -9 ${pid}`;
  return (
    <p className="kill-line">
      <span className="faint">{t('process.kill')}</span>
      <code data-testid="kill-command">{command}</code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <button type="button" className="quiet" onClick={copy}>
            {copied ? <IconCheck size={16} aria-hidden="true" /> : <IconCopy size={16} aria-hidden="true" />}
            {copied ? t('process.copied') : t('process.copy')}
          </button>
        )}
      </CopyButton>
    </p>
  );
}

function Output({ name, lines }: { readonly name: string; readonly lines: readonly string[] }) {
  const { t } = useTranslations();
  return (
    <>
      <h3>{name}</h3>
      {lines.length === 0 ? (
        <p className="faint">{t('process.nothing')}</p>
      ) : (
        <TextBox name={name} text={lines.join('\n')} />
      )}
    </>
  );
}
