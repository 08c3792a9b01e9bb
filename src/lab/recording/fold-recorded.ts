/** The fold over what was recorded: an event whose fields are not what its name promises is named in the error. */
import type { TraceEvent } from '../../core/trace/events.ts';
import { fold } from '../../core/trace/fold.ts';
import type { ClusterView } from '../../core/trace/view.ts';

/** fold(view, event); what it throws says which event it was. */
export function foldRecorded(view: ClusterView, event: TraceEvent): ClusterView {
  try {
    return fold(view, event);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`event ${event.seq} (${event.event} of ${event.source}) cannot be folded: ${reason}`);
  }
}
