/** The content of an entry in a cell of the log: short, in words where there is no command. */
import { formatCommand } from '../../core/lab-api/index.ts';
import type { EntryView } from '../../core/trace/index.ts';
import { parseCommand } from '../../core/vocabulary/index.ts';
import type { Translate } from '../texts/translations.ts';

/** An assignment looks like one (`x=5`, `x+=5`, `x:1→2`); another command is as typed, and other JSON is unchanged. */
export function commandInCell(json: Parameters<typeof parseCommand>[0]): string {
  const command = parseCommand(json);
  if (command === null) return JSON.stringify(json);
  if (command.op === 'set') return `${command.key}=${command.value}`;
  if (command.op === 'append') return `${command.key}+=${command.value}`;
  if (command.op === 'cas') return `${command.key}:${command.expected ?? '∅'}→${command.value}`;
  return formatCommand(command);
}

/** The content of an entry. The client of a session is known once the client has reported it. */
export function entryInCell(t: Translate, { entry, client }: Pick<EntryView, 'entry' | 'client'>): string {
  if (entry.type === 'noop') return t('log.noop');
  if (entry.type === 'command') return commandInCell(entry.command);
  return client === undefined ? t('log.someClientJoins') : t('log.joins', { client });
}
