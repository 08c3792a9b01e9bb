/**
 * The state of the network: links with their policies, the servers' ports, and the open connections. A request of the
 * lab takes effect at once, on existing connections and on new ones.
 */
import { WebSocket } from 'ws';
import {
  ALL_CLIENTS,
  carries,
  type Endpoint,
  helloHeaders,
  isClientId,
  type LinkPolicy,
  MAX_FRAME_BYTES,
  type NetworkRequest,
  type NetworkSpec,
  PATHS,
} from '../core/wire/index.ts';
import type { Clock } from '../program/clock.ts';
import type { SendFrame } from '../program/gather-writes.ts';
import { Bridge, type Route } from './bridge.ts';
import { Counts } from './counts.ts';
import { linkReset, type NetworkReporter } from './events.ts';
import type { Direction } from './frames.ts';
import type { LinkSpeed } from './link.ts';
import { Links } from './links.ts';
import { createSchedule, type Schedule } from './schedule.ts';

/** Accepts connections and the lab's requests. It starts without connections, and with every link passing. */
export class Hub {
  readonly #spec: NetworkSpec;
  readonly #nowUs: Clock;
  readonly #reporter: NetworkReporter;
  readonly #schedule: Schedule;
  readonly #links: Links;
  readonly #routes = new Map<Endpoint, Route>();
  readonly #bridges = new Set<Bridge>();
  readonly #counts = new Counts();
  #speed: LinkSpeed;

  constructor(spec: NetworkSpec, nowUs: Clock, reporter: NetworkReporter) {
    this.#spec = spec;
    this.#nowUs = nowUs;
    this.#reporter = this.#counts.hearing(reporter);
    this.#schedule = createSchedule(nowUs);
    this.#speed = speedOf(spec);
    const speed = (): LinkSpeed => this.#speed;
    this.#links = new Links({ nowUs, seed: spec.seed, speed, schedule: this.#schedule, reporter: this.#reporter });
  }

  /** Takes over a connection that a sender opened; its frames travel from now on. */
  connect(direction: Direction, inbound: WebSocket, sendBack: SendFrame): void {
    const { from, to } = direction;
    const bridge = new Bridge({
      direction,
      inbound,
      sendBack,
      forward: this.#links.of(from, to),
      back: isClientId(from) ? this.#links.of(to, from) : null,
      route: () => this.#routes.get(to) ?? null,
      nowUs: this.#nowUs,
      reporter: this.#reporter,
      onDone: (done) => this.#bridges.delete(done),
    });
    this.#bridges.add(bridge);
    bridge.connect();
  }

  /** Carries out a request. @returns null on success, or the reason why nothing was changed */
  request(request: Exclude<NetworkRequest, { readonly type: 'counts' }>): string | null {
    switch (request.type) {
      case 'route':
        return this.#setRoute(request.server, request.life, request.port);
      case 'policies':
        return this.#setPolicies(request.links);
      case 'reset':
        return this.#reset(request.links);
      case 'pace':
        this.#speed = speedOf(request);
        return null;
      default:
        return unreachable(request);
    }
  }

  /** Returns the number of requests delivered to each server in its present life. */
  counts(): Readonly<Record<Endpoint, number>> {
    return this.#counts.all();
  }

  close(): void {
    this.#schedule.close();
    for (const bridge of this.#bridges) bridge.dispose();
    this.#bridges.clear();
  }

  #setRoute(server: Endpoint, life: number, port: number | null): string | null {
    const spec = this.#spec;
    if (!spec.servers.includes(server)) return 'unknown-server';
    if (port !== null) this.#counts.restart(server);
    if (port === null) this.#routes.delete(server);
    else this.#routes.set(server, { life, dial: (direction) => dial(spec, port, direction) });
    for (const bridge of this.#bridges) if (bridge.direction.to === server) bridge.routeChanged();
    return null;
  }

  #setPolicies(changes: readonly { from: Endpoint; to: Endpoint; policy: LinkPolicy }[]): string | null {
    if (!changes.every((change) => isLink(this.#spec, change))) return 'unknown-link';
    for (const { from, to, policy } of changes) this.#links.setPolicy(from, to, policy);
    // After a heal the link reaches its receiver at once instead of with the next message.
    for (const bridge of this.#bridges) bridge.connect();
    return null;
  }

  #reset(ways: readonly { from: Endpoint; to: Endpoint }[]): string | null {
    if (!ways.every((way) => isLink(this.#spec, way))) return 'unknown-link';
    for (const way of ways) {
      const link = this.#links.of(way.from, way.to);
      const all = carries(link.policy) ? [...this.#bridges] : [];
      const broken = all.filter(({ direction }) => carriesWay(direction, way));
      for (const bridge of broken) bridge.reset();
      this.#reporter.report(linkReset(link.id, broken.length));
    }
    return null;
  }
}

/**
 * Whether this connection carries frames from `from` to `to`. A connection of servers has one direction, a client's
 * both.
 */
function carriesWay(direction: Direction, { from, to }: { readonly from: Endpoint; readonly to: Endpoint }): boolean {
  if (direction.from === from && direction.to === to) return true;
  return isClientId(direction.from) && direction.from === to && direction.to === from;
}

function speedOf(given: Pick<NetworkSpec, 'hopDelayMs' | 'jitterMs' | 'lossPercent'>): LinkSpeed {
  const { hopDelayMs, jitterMs = 0, lossPercent = 0 } = given;
  return { hopDelayUs: hopDelayMs * 1000, jitterUs: jitterMs * 1000, lossPercent };
}

function isLink({ servers }: NetworkSpec, { from, to }: { readonly from: Endpoint; readonly to: Endpoint }): boolean {
  if (from === to) return false;
  const isClient = (end: Endpoint): boolean => isClientId(end) || end === ALL_CLIENTS;
  return servers.includes(from) ? servers.includes(to) || isClient(to) : isClient(from) && servers.includes(to);
}

/**
 * Opens the receiver's side with the hello of the original sender, so the server sees the sender and not the network.
 */
function dial(spec: NetworkSpec, port: number, direction: Direction): WebSocket {
  const path = isClientId(direction.from) ? PATHS.clients : PATHS.links;
  return new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers: helloHeaders({ ...direction, runId: spec.runId, secret: spec.secret }),
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    // Masking guards proxies on the open internet; on loopback a mask of zeros saves a copy of every frame.
    generateMask: (mask) => mask.fill(0),
  });
}

function unreachable(request: never): never {
  throw new Error(`no such request ${JSON.stringify(request)}`);
}
