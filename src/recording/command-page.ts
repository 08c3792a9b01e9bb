/**
 * The newest commands of a run with what became of them. The index finds the events that ask them; from the oldest of these on,
 * a ledger hears the trace until it knows the fate of each. Flow: history.ts → here.
 */
import type { CommandPage, Requests } from '../core/lab-api/api.ts';
import { ASKING_NAMES, createCommandLedger, halfWithinUs, isAsking } from '../core/trace/index.ts';
import { keyAfter, keyBefore } from '../core/trace/order.ts';
import { pageOf } from './event-page.ts';
import type { PastViews } from './past-views.ts';
import type { SortedTrace } from './sorted-trace.ts';

/** Maximum number of events that one page reads. A fate that these do not show is reported as open. */
const MOST_READ = 200_000;

/** Reads the page. Memory and work are bounded by the page and by `MOST_READ`, whatever the length of the run. */
export async function commandsOf(
  trace: SortedTrace,
  views: PastViews,
  { toUs, limit }: Requests['commands']['ask'],
): Promise<CommandPage> {
  const until = toUs === undefined ? {} : { toUs };
  const page = await pageOf(trace, { ...until, names: ASKING_NAMES, newest: true, limit });
  const asked = page.events.filter(isAsking);
  const oldest = asked.at(-1);
  if (oldest === undefined) return { commands: [], leftOut: page.leftOut, halfWithinUs: null, readToUs: null };
  const from = keyBefore(oldest.timeUs);
  const ledger = createCommandLedger(asked, await views.viewUpTo(from));
  let read = 0;
  let readToUs: number | null = null;
  for await (const piece of trace.pieces({ from, to: toUs === undefined ? null : keyAfter(toUs) })) {
    for (const event of piece) ledger.hear(event);
    read += piece.length;
    if (ledger.isSettled()) break;
    if (read < MOST_READ) continue;
    readToUs = piece.at(-1)?.timeUs ?? null;
    break;
  }
  const commands = ledger.commands();
  return { commands, leftOut: page.leftOut, halfWithinUs: halfWithinUs(commands), readToUs };
}
