/**
 * Everything the network knows: links with their policies, where servers listen now, and the connections that are
 * open. Requests of the lab change it at once, for connections that exist as well as for new ones.
 */
import { WebSocket } from 'ws';
import {
  ALL_CLIENTS,
  type Endpoint,
  helloHeaders,
  isClientId,
  type LinkPolicy,
  MAX_FRAME_BYTES,
  type NetworkRequest,
  type NetworkSpec,
  PATHS,
} from '../core/wire/index.ts';
import { Bridge, type Route } from './bridge.ts';
import type { Clock } from './clock.ts';
import type { Direction } from './frames.ts';
import { Links } from './links.ts';
import type { Reporter } from './reporter.ts';
import { createSchedule } from './schedule.ts';

/** Takes connections and the lab's orders. */
export interface Hub {
  /** A sender's connection was accepted: from now on its frames travel. */
  connect(direction: Direction, inbound: WebSocket): void;
  /** @returns null when it is done, or why nothing was changed */
  request(request: NetworkRequest): string | null;
  close(): void;
}

/** A hub without connections; every link passes. */
export function createHub(spec: NetworkSpec, nowUs: Clock, reporter: Reporter): Hub {
  const schedule = createSchedule(nowUs);
  let hopDelayUs = spec.hopDelayMs * 1000;
  const links = new Links({ nowUs, seed: spec.seed, hopDelayUs: () => hopDelayUs, schedule, reporter });
  const routes = new Map<Endpoint, Route>();
  const bridges = new Set<Bridge>();

  function setRoute(server: Endpoint, life: number, port: number | null): string | null {
    if (!spec.servers.includes(server)) return 'unknown-server';
    if (port === null) routes.delete(server);
    else routes.set(server, { life, dial: (direction) => dial(spec, port, direction) });
    for (const bridge of bridges) if (bridge.direction.to === server) bridge.routeChanged();
    return null;
  }

  function setPolicies(changes: readonly { from: Endpoint; to: Endpoint; policy: LinkPolicy }[]): string | null {
    if (!changes.every((change) => isLink(spec, change))) return 'unknown-link';
    for (const { from, to, policy } of changes) {
      links.setPolicy(from, to, policy);
    }
    // A healed link reaches its receiver at once, not only when the next message comes.
    for (const bridge of bridges) bridge.connect();
    return null;
  }

  return {
    connect(direction, inbound) {
      const { from, to } = direction;
      const bridge = new Bridge({
        direction,
        inbound,
        forward: links.of(from, to),
        back: isClientId(from) ? links.of(to, from) : null,
        route: () => routes.get(to) ?? null,
        nowUs,
        reporter,
        onDone: (done) => bridges.delete(done),
      });
      bridges.add(bridge);
      bridge.connect();
    },
    request(request) {
      switch (request.type) {
        case 'route':
          return setRoute(request.server, request.life, request.port);
        case 'policies':
          return setPolicies(request.links);
        case 'pace':
          hopDelayUs = request.hopDelayMs * 1000;
          return null;
        default:
          return unreachable(request);
      }
    },
    close() {
      schedule.close();
      for (const bridge of bridges) bridge.dispose();
      bridges.clear();
    },
  };
}

function isLink({ servers }: NetworkSpec, { from, to }: { readonly from: Endpoint; readonly to: Endpoint }): boolean {
  if (from === to) return false;
  const isClient = (end: Endpoint): boolean => isClientId(end) || end === ALL_CLIENTS;
  return servers.includes(from) ? servers.includes(to) || isClient(to) : isClient(from) && servers.includes(to);
}

/** Opens the receiver's side with the hello of the original sender: a server sees who speaks, not who carries. */
function dial(spec: NetworkSpec, port: number, direction: Direction): WebSocket {
  const path = isClientId(direction.from) ? PATHS.clients : PATHS.links;
  return new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers: helloHeaders({ ...direction, runId: spec.runId, secret: spec.secret }),
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    // Masking guards proxies on the open internet; a mask of zeros spares a copy of every frame on loopback.
    generateMask: (mask) => mask.fill(0),
  });
}

function unreachable(request: never): never {
  throw new Error(`no such request ${JSON.stringify(request)}`);
}
