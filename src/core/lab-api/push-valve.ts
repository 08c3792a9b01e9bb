/**
 * Keeps a slow screen from filling memory: between the lab's pushes and a door's channel stands this valve. While
 * the channel is behind, pushes are left out and lost events counted; once it has drained, the screen gets a fresh
 * `mode` with the whole view and goes on from there. Both doors use it; each brings its own measure of "behind".
 */
import type { LabPush } from './api.ts';

/** Lets pushes pass while a door keeps up, and sends the whole state once it does again. */
export interface PushValve {
  /** To be called when the channel has sent something: if it was behind and has drained, the screen gets the whole state. */
  drained(): void;
  /** Ends the subscription. */
  stop(): void;
}

/**
 * Subscribes at once.
 *
 * @param channel.behind  what still waits to be sent, in the unit of `high` and `low`
 */
export function openPushValve(channel: {
  readonly listen: (onPush: (push: LabPush) => void) => () => void;
  readonly send: (push: LabPush) => void;
  readonly behind: () => number;
  readonly high: number;
  readonly low: number;
}): PushValve {
  let shut = false;
  let lostEvents = 0;
  const onPush = (push: LabPush): void => {
    if (!shut && channel.behind() > channel.high) shut = true;
    if (!shut) channel.send(push);
    else if (push.type === 'events') lostEvents += push.page.events.length + push.page.leftOut;
  };
  let unlisten = channel.listen(onPush);
  return {
    drained() {
      if (!shut || channel.behind() > channel.low) return;
      shut = false;
      unlisten();
      // Its first push is `mode` with the whole view: patches that were left out are in it.
      unlisten = channel.listen(onPush);
      if (lostEvents > 0) channel.send({ type: 'events', page: { events: [], leftOut: lostEvents } });
      lostEvents = 0;
    },
    stop() {
      unlisten();
    },
  };
}
