/** A measured row for tests; the caller gives the figures that differ from the usual ones. */
import type { Row } from '../../../src/cli/bench/row.ts';

export function row(change: Partial<Row> = {}): Row {
  return {
    servers: 3,
    clients: 64,
    durability: 'fsync',
    void: [],
    seconds: 5,
    writesPerSecond: 3000,
    p50Ms: 19.62,
    p99Ms: 59,
    maxMs: 80,
    done: 15_000,
    unknown: 0,
    refused: 0,
    checked: 20_000,
    cpuUs: { leader: 109, follower: 75, network: 79, lab: 195, clients: 60, all: 533 },
    rssBytes: { leader: 100e6, follower: 90e6, network: 70e6, lab: 300e6, clients: 60e6 },
    events: 7.1,
    messages: 2.5,
    linkBytes: 1248,
    traceBytes: 1506,
    elections: 0,
    clientsBusy: 0.2,
    otherShare: 0,
    isMachineBusy: false,
    ...change,
  };
}
