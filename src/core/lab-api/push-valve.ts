/**
 * A valve between the lab's pushes and a door's channel, so that a slow screen cannot fill memory. While the channel is behind,
 * the valve omits pushes and counts lost events. Once the channel has drained, the screen gets a new `mode` with the whole view.
 * Both doors use the valve; each measures in its own unit how far it is behind.
 */
import type { LabPush } from './api.ts';

/** Passes pushes on while the door keeps up. */
export interface PushValve {
  /** Call this when the channel has sent something. If it was behind and has drained, the screen gets the whole state. */
  drained(): void;
  /** Ends the subscription. */
  stop(): void;
}

/**
 * Opens a valve and subscribes to the lab at once.
 *
 * @param channel.behind  returns the amount that waits to be sent, in the unit of `high` and `low`
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
      // The first push is `mode` with the whole view, which contains the omitted patches.
      unlisten = channel.listen(onPush);
      if (lostEvents > 0) channel.send({ type: 'events', page: { events: [], leftOut: lostEvents } });
      lostEvents = 0;
    },
    stop() {
      unlisten();
    },
  };
}
