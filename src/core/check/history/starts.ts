/**
 * Commands given to a server without a client (Start). They write what clients read, and no client receives their
 * answers. They are taken from the lab's events, because a killed server may not have reported what it proposed.
 */

interface Start {
  /** Whether its answer is no longer expected. */
  isOver: boolean;
}

/** The answers that one server still owes. */
interface Owed<Operation> {
  unanswered: number;
  /** The commands that the answers belong to; null for an input that is not a command of the store. */
  readonly of: (Operation | null)[];
}

export class Starts<Operation extends Start> {
  readonly #owed = new Map<string, Owed<Operation>>();
  #count = 0;

  nextName(): string {
    this.#count += 1;
    return `start${this.#count}`;
  }

  ordered(server: string, operation: Operation | null): void {
    const owed = this.#owed.get(server) ?? { unanswered: 0, of: [] };
    owed.unanswered += 1;
    owed.of.push(operation);
    this.#owed.set(server, owed);
  }

  /**
   * Takes an answer to a command sent with Start. A refused command had no effect. With several unanswered commands it
   * is unknown which one was refused, so all of them stay, because each may have been applied.
   *
   * @returns the refused command; null when it was not refused or is not known
   */
  answered(server: string, isRefused: boolean): Operation | null {
    const owed = this.#owed.get(server);
    if (owed === undefined) return null;
    owed.unanswered -= 1;
    if (owed.unanswered > 0) return null;
    this.#owed.delete(server);
    const [only = null] = owed.of;
    if (isRefused && owed.of.length === 1) return only;
    for (const operation of owed.of) if (operation !== null) operation.isOver = true;
    return null;
  }

  /** Stops waiting for answers. Each command without an answer may have been applied. */
  giveUp(): void {
    for (const { of } of this.#owed.values())
      for (const operation of of) if (operation !== null) operation.isOver = true;
    this.#owed.clear();
  }
}
