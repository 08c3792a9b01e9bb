/**
 * Commands given to a server without a client: they write what clients read, and nobody learns their end. They are taken
 * from the lab's orders, not from what the server proposed, which dies with a killed server.
 */

interface Start {
  /** Its end will not be learnt. */
  isOver: boolean;
}

/** The answers that one server owes. */
interface Owed<Operation> {
  unanswered: number;
  /** Those that the answers belong to; null for one that is no command of the store. */
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
   * Takes an answer to a command sent with Start. A refused command had no effect. With several unanswered commands it is
   * unknown which one was refused: all of them stay, because each may have been applied.
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

  /** No answer comes any more: each may have been applied. */
  giveUp(): void {
    for (const { of } of this.#owed.values())
      for (const operation of of) if (operation !== null) operation.isOver = true;
    this.#owed.clear();
  }
}
