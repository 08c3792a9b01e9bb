/**
 * Actions on runs as a whole: start, continue, open, name, delete and export them, and play scenarios. Flow: buttons,
 * menu → here → door.
 */
import type {
  Answer,
  GivenFile,
  KeptRuns,
  LabError,
  LabResult,
  Requests,
  RunChoice,
} from '../../core/lab-api/index.ts';
import type { ProblemPlace } from '../contract.ts';
import type { Tools } from './tools.ts';

/** Requests that close the live run to open another. */
type Opening = 'createRun' | 'continueRun' | 'openRun' | 'playScenario' | 'playScenarioFile';

/** Opens another run. A live run that a person has used is closed only after they agree. */
function createOpening({ door, store, notices }: Tools) {
  /** Asks the person. Resolves with true when the person agrees; a question that was already open is answered with no. */
  async function mayClose(runId: string): Promise<boolean> {
    store.getState().question?.answer(false);
    return await new Promise((resolve) => {
      const answer = (isAgreed: boolean): void => {
        store.setState({ question: null });
        resolve(isAgreed);
      };
      store.setState({ question: { runId, answer } });
    });
  }

  /** Requests that another run is opened. A used live run is closed only when the person agrees. */
  async function unlessUsed<Value>(
    ask: (endLive: boolean) => Promise<LabResult<Value>>,
  ): Promise<LabResult<Value> | null> {
    const opened = await ask(false);
    if (opened.ok || opened.error.code !== 'run-in-use') return opened;
    if (!(await mayClose(String(opened.error.params.runId)))) return null;
    return await ask(true);
  }

  async function open<Name extends Opening>(
    name: Name,
    ask: Requests[Name]['ask'],
  ): Promise<LabResult<Answer<Name>> | null> {
    return await unlessUsed(async (endLive) => await door.ask(name, endLive ? { ...ask, endLive } : ask));
  }

  /** Opens another run as above and shows an error at its place. @returns whether the run is open */
  async function openAt<Name extends Opening>(
    place: ProblemPlace,
    name: Name,
    ask: Requests[Name]['ask'],
  ): Promise<boolean> {
    notices.clearProblem(place);
    const opened = await open(name, ask);
    if (opened?.ok === false) notices.problem(place, opened.error);
    return opened?.ok === true;
  }

  return { open, openAt, unlessUsed };
}

/** Actions on whole runs. */
export function createRuns(tools: Tools) {
  const { door, store, translate, notices, request } = tools;
  const { open, openAt, unlessUsed } = createOpening(tools);
  const openFile = async (answer: Promise<LabResult<unknown> | null>): Promise<void> => {
    notices.clearProblem('file');
    const opened = await answer;
    if (opened === null) return;
    if (opened.ok) store.setState({ dialog: 'none', selection: { kind: 'none' } });
    else notices.lastingProblem('file', opened.error);
  };
  return {
    async createRun(choice: RunChoice): Promise<boolean> {
      const isOpen = await openAt('new-run', 'createRun', choice);
      if (isOpen) store.setState({ dialog: 'none' });
      return isOpen;
    },
    async continueRun(runId: string | null = null, takeOver = false): Promise<void> {
      notices.clearProblem('runs');
      const continued = await open('continueRun', { runId, ...(takeOver ? { takeOver } : {}) });
      if (continued === null) return;
      if (continued.ok) store.setState({ dialog: 'none' });
      // A question stays until it is answered.
      else if (continued.error.code === 'run-left-elsewhere') notices.lastingProblem('runs', continued.error);
      else notices.problem('runs', continued.error);
    },
    async openRun(runId: string): Promise<boolean> {
      const isOpen = await openAt('runs', 'openRun', { runId });
      if (isOpen) store.setState({ dialog: 'none' });
      return isOpen;
    },
    async deleteRun(runId: string): Promise<boolean> {
      return (await request('runs', 'deleteRun', { runId })) !== null;
    },
    async labelRun(runId: string, label: { readonly title: string; readonly note: string }): Promise<boolean> {
      return (await request('runs', 'labelRun', { runId, ...label })) !== null;
    },
    async keepRuns(newest: number, agreed?: KeptRuns): Promise<KeptRuns | null> {
      const given = agreed === undefined ? {} : { agreed: { count: agreed.count, first: agreed.first } };
      return await request('runs', 'keepRuns', { newest, ...given });
    },
    async closeRun(): Promise<void> {
      await request('runs', 'closeRun', {});
    },
    playFile: (file: string, text: string) => openFile(open('playScenarioFile', { file, text, seed: null })),
    openRecording: (file: GivenFile) => openFile(unlessUsed((endLive) => door.openRecording(file, endLive))),
    async openNamed(): Promise<void> {
      const { openNamed } = door;
      if (openNamed !== undefined) await openFile(unlessUsed(openNamed));
    },
    showFileError: (error: LabError) => void notices.lastingProblem('file', error),
    async playScenario(name: string, seed: number | null, again?: boolean): Promise<void> {
      const isOpen = await openAt('scenario', 'playScenario', { name, seed, ...(again === true ? { again } : {}) });
      if (isOpen) store.setState({ dialog: 'none', selection: { kind: 'none' } });
    },
    async stopScenario(): Promise<void> {
      await request('scenario', 'stopScenario', {});
    },
    async exportRun(): Promise<void> {
      notices.clearProblem('export');
      const result = await door.exportRun();
      if (!result.ok) return notices.problem('export', result.error);
      const t = translate();
      const { savedAs } = result.value;
      if (savedAs !== null) notices.toast(t('header.exported', { path: savedAs }), { isExport: true });
      else notices.toast(door.kind === 'browser' ? t('header.exportedDownload') : t('header.exportCancelled'));
    },
    showExported: () => door.showExported?.(),
  };
}
