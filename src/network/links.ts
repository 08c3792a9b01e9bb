/**
 * All directed links of the network: each is made when it is first used, and lives as long as the process. A policy for
 * all clients (`clients>S1`) also applies to clients that connect later.
 */
import { endsOf, linkOf } from '../core/vocabulary/index.ts';
import {
  ALL_CLIENTS,
  type Endpoint,
  isClientId,
  type LinkId,
  type LinkPolicy,
  samePolicy,
} from '../core/wire/index.ts';
import { linkPolicyChanged } from './events.ts';
import { Link, type LinkOptions } from './link.ts';

/** All links, found by sender and receiver. */
export class Links {
  readonly #parts: Omit<LinkOptions, 'id'>;
  readonly #links = new Map<LinkId, Link>();
  /** Policies for all clients, under `clients>S1` or `S1>clients`. */
  readonly #forClients = new Map<LinkId, LinkPolicy>();

  constructor(parts: Omit<LinkOptions, 'id'>) {
    this.#parts = parts;
  }

  /** Returns the link of this direction, made on first use. */
  of(from: Endpoint, to: Endpoint): Link {
    const id: LinkId = `${from}>${to}`;
    const known = this.#links.get(id);
    if (known !== undefined) return known;
    const link = new Link({ id, ...this.#parts });
    this.#links.set(id, link);
    const ordered = this.#forClients.get(forAll(from, to));
    if (ordered !== undefined) this.#apply(link, ordered);
    return link;
  }

  /**
   * Applies a policy at once, and reports each link whose policy changed. Either end may be `clients`, for all of them.
   */
  setPolicy(from: Endpoint, to: Endpoint, policy: LinkPolicy): void {
    if (from !== ALL_CLIENTS && to !== ALL_CLIENTS) {
      this.#apply(this.of(from, to), policy);
      return;
    }
    const all = linkOf(from, to);
    this.#forClients.set(all, policy);
    for (const link of this.#links.values()) {
      const { from: sender, to: receiver } = endsOf(link.id);
      if (forAll(sender, receiver) === all) this.#apply(link, policy);
    }
  }

  #apply(link: Link, policy: LinkPolicy): void {
    if (samePolicy(link.policy, policy)) return;
    link.setPolicy(policy);
    this.#parts.reporter.report(linkPolicyChanged(link.id, policy));
  }
}

/** Returns the direction with each client replaced by `clients`. */
function forAll(from: Endpoint, to: Endpoint): LinkId {
  return `${isClientId(from) ? ALL_CLIENTS : from}>${isClientId(to) ? ALL_CLIENTS : to}`;
}
