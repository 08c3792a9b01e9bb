/** Follows a lab's view for code that waits for a state instead of sleeping, such as the soak and tests. */
import { applyPatch, type BothLanguages, type ClusterView, emptyView } from '../core/trace/index.ts';
import type { Lab } from './types.ts';

const WITHIN_MS = 30_000;

/** Thrown when the awaited state did not come in time. */
export class WaitedInVain extends Error {
  override readonly name = 'WaitedInVain';
  readonly says: BothLanguages;

  constructor(says: BothLanguages) {
    super(says.en);
    this.says = says;
  }
}

/** The present view, and a wait for the first view that meets a condition. Call `stop` at the end. */
export class LabWatch {
  readonly #stopListening: () => void;
  readonly #looks = new Set<() => void>();
  #view: ClusterView = emptyView;

  constructor(lab: Pick<Lab, 'listen'>) {
    this.#stopListening = lab.listen((push) => {
      if (push.type === 'mode') this.#view = push.view;
      if (push.type === 'view') this.#view = applyPatch(this.#view, push.patch);
      for (const look of [...this.#looks]) look();
    });
  }

  get view(): ClusterView {
    return this.#view;
  }

  stop(): void {
    this.#stopListening();
  }

  /**
   * Waits for a view that meets the condition.
   *
   * @param what  the awaited state, for the error; a text without a translation stands for both languages
   * @throws WaitedInVain after `withinMs`, naming the awaited and the present state
   */
  async until(
    what: string | BothLanguages,
    fits: (view: ClusterView) => boolean,
    withinMs = WITHIN_MS,
  ): Promise<ClusterView> {
    const { en, zh } = typeof what === 'string' ? { en: what, zh: what } : what;
    return await new Promise((resolve, reject) => {
      const look = (): void => {
        if (!fits(this.#view)) return;
        clearTimeout(deadline);
        this.#looks.delete(look);
        resolve(this.#view);
      };
      const deadline = setTimeout(() => {
        this.#looks.delete(look);
        const servers = JSON.stringify(this.#view.servers);
        reject(
          new WaitedInVain({
            en: `waited ${withinMs} ms for ${en}; servers: ${servers}`,
            zh: `等待 ${withinMs} 毫秒，没有等到${zh}；服务器：${servers}`,
          }),
        );
      }, withinMs);
      this.#looks.add(look);
      look();
    });
  }
}
