/**
 * Actions of a person. Every button, key and line of *Try this* calls one of these. Each sends a request to the door and either
 * confirms with a toast or shows the lab's error next to its cause.
 */
import { errorRow } from '../../core/catalogue/index.ts';
import type {
  Answer,
  KeptRuns,
  LabError,
  LabResult,
  LinkId,
  LinkPolicy,
  RequestName,
  Requests,
  RunChoice,
} from '../../core/lab-api/index.ts';
import type { PaceName, RunSettings } from '../../core/trace/index.ts';
import type { Timing } from '../../core/vocabulary/index.ts';
import type { Command, ProblemPlace, ServerId } from '../contract.ts';
import { paceText } from '../texts/reasons.ts';
import type { Dialog, Face, Selection, ServerTab, WhyQuestion } from './dashboard-store.ts';
import { isFaceInPlaceOfLogs } from './in-place-of-logs.ts';
import { nemesisRateOf } from './nemesis-rate.ts';
import { createRuns } from './run-actions.ts';
import { type ActionParts, createNotices, type Offer, type Tools } from './tools.ts';

export interface Actions {
  kill(server: ServerId): Promise<void>;
  /** Kills the leader on the screen; shows a message when no server leads. */
  killLeader(): Promise<void>;
  restart(servers: readonly ServerId[]): Promise<void>;
  /** Freezes a server, or resumes a frozen one. */
  toggleFreeze(server: ServerId): Promise<void>;
  /** Cuts these servers, as one group, off from all others. */
  cutOff(servers: readonly ServerId[], place?: ProblemPlace): Promise<void>;
  /** Cuts clients from a server, or heals that. */
  toggleClients(server: ServerId): Promise<void>;
  /** Sets the policy of these directions. */
  setLinks(links: readonly LinkId[], policy: LinkPolicy): Promise<void>;
  /** Makes the network unreliable, or reliable again. */
  toggleUnreliable(): Promise<void>;
  /** Ends one fault; null ends every fault. */
  heal(fault: string | null): Promise<void>;
  /** Cuts a server off, or heals the fault that cuts it off. */
  toggleCutOff(server: ServerId): Promise<void>;
  /** Switches whether ended servers are started again. */
  setKeepAlive(on: boolean): Promise<void>;
  /** Starts the random faults, or stops them when they run. */
  toggleNemesis(): Promise<void>;
  /** Sets the number of random faults a minute; a running nemesis continues at this rate. */
  setNemesisRate(perMinute: number): Promise<void>;
  setPace(pace: PaceName): Promise<void>;
  /** Changes the timing of the running cluster. Resolves with true when it was changed. */
  setTiming(timing: Timing): Promise<boolean>;
  /**
   * Reports to the lab that the page has been painted, so that it starts the default run; repeats it while no host answers.
   * The reason why the run does not start stays on the stage. A file of the start that cannot be played is shown as a problem,
   * and a run starts.
   */
  begin(): Promise<void>;
  createRun(choice: RunChoice): Promise<boolean>;
  /** Continues a run; null means the newest. `takeOver`: the person made sure that a run left open elsewhere has ended. */
  continueRun(runId?: string | null, takeOver?: boolean): Promise<void>;
  openRun(runId: string): Promise<boolean>;
  closeRun(): Promise<void>;
  /** Resolves with true once the run is deleted; the list of runs shows the reason of a failure. */
  deleteRun(runId: string): Promise<boolean>;
  /** Sets title and note of a run. Resolves with true once they are saved. */
  labelRun(runId: string, label: { readonly title: string; readonly note: string }): Promise<boolean>;
  /** Deletes all but the newest runs; without agreement it only counts them. Null after an error, which the list shows. */
  keepRuns(newest: number, agreed?: KeptRuns): Promise<KeptRuns | null>;
  /** Plays a scenario. A null seed is drawn. `again` plays the last one, also one from a file. */
  playScenario(name: string, seed: number | null, again?: boolean): Promise<void>;
  /** Plays the scenario in a file's text. An error in it stays on the screen until it is closed or another file is opened. */
  playFile(file: string, text: string): Promise<void>;
  /** Opens an exported file as a recording. An error in it stays on the screen as with `playFile`. */
  openRecording(file: File): Promise<void>;
  /** Opens the recording that the window's menu or a second start named. */
  openNamed(): Promise<void>;
  /** Shows why a file could not be opened. */
  showFileError(error: LabError): void;
  stopScenario(): Promise<void>;
  exportRun(): Promise<void>;
  /** Shows the file that was exported last in its folder; only the window can. */
  showExported(): void;
  submit(command: Command): Promise<LabResult<Answer<'submit'>>>;
  startCommand(server: ServerId, command: Command): Promise<LabResult<Answer<'startCommand'>>>;
  /** Waits for an answer and shows an error at its place. */
  report(place: ProblemPlace, answer: Promise<LabResult<unknown>>): Promise<void>;
  /** Sends a request without any sign on the screen. */
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<LabResult<Answer<Name>>>;
  /** Selects something and shows its panel. */
  select(selection: Selection): void;
  /** Selects something and leaves the open face as it is. */
  selectBeside(selection: Selection): void;
  /** Shows a face of the side. The face that is already open closes: the panel of the selection comes back. */
  showFace(face: Face): void;
  /**
   * Opens the face that says why.
   *
   * @param seq  position of an event, or of the event of a sentence of the story
   * @param of   `event` asks about the event alone; `story`, the default, about the sentence of the story that it caused
   */
  askWhy(seq: number, of?: WhyQuestion['of']): void;
  /** Asks why a piece of evidence happened; the question before it stays behind it. */
  askWhyOfEvidence(seq: number): void;
  /** Goes back to the question before. Closes the face when the first question is open. */
  whyBack(): void;
  /** Adds a server to the group to be cut off together, or removes it. */
  toggleInGroup(server: ServerId): void;
  cutGroup(): Promise<void>;
  setServerTab(tab: ServerTab): void;
  setDialog(dialog: Dialog): void;
  /** Opens *New run* with the settings and the seed of another run. */
  newRunLike(settings: RunSettings): void;
  /** Tells the sentences of the story that wait, all at once. */
  skipStory(): void;
  /** Shows header, ring, logs and story alone, or everything again. */
  togglePresentation(): void;
  /** Pauses the picture, or continues it. The cluster keeps running. */
  togglePauseView(): void;
  /** Ends the pause and moves every list to its newest end. */
  backToNewest(): void;
  /** Closes the innermost open part. */
  escape(): void;
  toast(text: string, offer?: Offer): void;
  dismissToast(id: number): void;
  clearProblem(place: ProblemPlace): void;
}

const READY_AGAIN_MS = 1000;

/** Builds the actions over a door and a store. */
export function createActions(parts: ActionParts): Actions {
  const { door, store } = parts;
  const notices = createNotices(parts);
  const tools: Tools = {
    ...parts,
    notices,
    async request(place, name, ask) {
      notices.clearProblem(place);
      const result = await door.ask(name, ask);
      if (result.ok) return result.value;
      notices.problem(place, result.error);
      return null;
    },
  };
  const faults = createFaults(tools);
  async function begin(): Promise<void> {
    const result = await door.ask('ready', { autoStart: true });
    if (result.ok) return;
    if (result.error.code === 'connection-lost') parts.later(() => void begin(), READY_AGAIN_MS);
    else if (errorRow(result.error.code)?.ofFile) {
      // The lab names the file of the start once, so the next `ready` starts a run.
      notices.lastingProblem('file', result.error);
      await begin();
    } else notices.lastingProblem('new-run', result.error);
  }
  return {
    ...notices,
    ...createChoices(parts),
    ...faults,
    ...createSpeed(tools),
    ...createRuns(tools),
    submit: (command) => door.ask('submit', { command }),
    startCommand: (server, command) => door.ask('startCommand', { server, command }),
    ask: (name, ask) => door.ask(name, ask),
    begin,
    async report(place, answer) {
      notices.clearProblem(place);
      const result = await answer;
      if (!result.ok) notices.problem(place, result.error);
    },
    async killLeader() {
      const leader = store.getState().view?.leader ?? null;
      if (leader === null) notices.toast(parts.translate()('toast.noLeader'));
      else await faults.kill(leader.server);
    },
    async cutGroup() {
      const { group } = store.getState();
      if (group.length > 0) await faults.cutOff(group);
    },
  };
}

/** Actions on servers and links. */
function createFaults({ store, translate, notices, request }: Tools) {
  const faults = {
    async kill(server: ServerId): Promise<void> {
      const killed = await request(`server:${server}`, 'kill', { servers: [server], signal: 'SIGKILL' });
      for (const one of killed ?? []) {
        notices.confirm(translate()('toast.killed', { ...one }), { restart: [one.server] });
      }
    },
    async restart(servers: readonly ServerId[]): Promise<void> {
      const [first] = servers;
      if (first === undefined) return;
      notices.dismissRestartsOf(servers);
      const started = await request(`server:${first}`, 'restart', { servers });
      for (const one of started ?? []) notices.confirm(translate()('toast.restarted', { ...one }));
    },
    async toggleFreeze(server: ServerId): Promise<void> {
      const isFrozen = store.getState().view?.servers[server]?.status === 'frozen';
      await request(`server:${server}`, isFrozen ? 'resume' : 'freeze', { servers: [server] });
    },
    async cutOff(servers: readonly ServerId[], place: ProblemPlace = 'faults'): Promise<void> {
      const cut = await request(place, 'cutOff', { servers });
      if (cut !== null) store.setState({ group: [] });
    },
    async toggleClients(server: ServerId): Promise<void> {
      const fault = store
        .getState()
        .view?.faults.find(({ kind, servers }) => kind === 'clients' && servers.includes(server));
      if (fault !== undefined) return faults.heal(fault.id);
      await request(`server:${server}`, 'cutClients', { servers: [server] });
    },
    async setLinks(links: readonly LinkId[], policy: LinkPolicy): Promise<void> {
      await request('faults', 'setLinks', { links, policy });
    },
    async toggleUnreliable(): Promise<void> {
      const isOn = store.getState().view?.faults.some(({ kind }) => kind === 'unreliable') ?? false;
      const set = await request('faults', 'setNetwork', { is: isOn ? 'reliable' : 'unreliable' });
      if (set !== null && isOn) notices.confirm(translate()('toast.healed'));
    },
    async heal(fault: string | null): Promise<void> {
      const healed = await request('faults', 'heal', fault === null ? {} : { fault });
      if (healed !== null && healed.healed.length + healed.resumed.length > 0)
        notices.confirm(translate()('toast.healed'));
    },
    async toggleCutOff(server: ServerId): Promise<void> {
      const fault = store.getState().view?.faults.find((one) => one.kind === 'cut' && one.servers.includes(server));
      if (fault !== undefined) return faults.heal(fault.id);
      return faults.cutOff([server], `server:${server}`);
    },
    async setKeepAlive(on: boolean): Promise<void> {
      await request('faults', 'setKeepAlive', { on });
    },
    async toggleNemesis(): Promise<void> {
      const state = store.getState();
      const isOn = state.view?.nemesis?.phase === 'on';
      await request('faults', 'setRandomFaults', { perMinute: isOn ? 0 : nemesisRateOf(state), seed: null });
    },
    async setNemesisRate(perMinute: number): Promise<void> {
      store.setState({ nemesisRate: perMinute });
      const nemesis = store.getState().view?.nemesis;
      if (nemesis?.phase !== 'on') return;
      await request('faults', 'setRandomFaults', { perMinute, seed: nemesis.seed });
    },
  };
  return faults;
}

/** Actions on the speed of the cluster. */
function createSpeed({ translate, notices, request }: Tools) {
  return {
    async setPace(pace: PaceName): Promise<void> {
      const set = await request('pace', 'setPace', { pace });
      if (set !== null) notices.confirm(translate()('toast.paceSet', { pace: paceText(translate(), set.pace) }));
    },
    async setTiming(timing: Timing): Promise<boolean> {
      // The dialog shows every field, so those that it lacks return to the pace's own.
      const set = await request('pace', 'setTiming', { ...timing, paceHop: true });
      return set !== null;
    },
  };
}

/** Actions that change only the screen. */
function createChoices({ store, setPaused, skipStory }: ActionParts) {
  return {
    skipStory,
    select(selection: Selection): void {
      store.setState({ selection, face: 'selection' });
    },
    selectBeside(selection: Selection): void {
      store.setState({ selection });
    },
    showFace(chosen: Face): void {
      store.setState(({ face }) => ({ face: face === chosen ? 'selection' : chosen }));
    },
    askWhy(seq: number, of?: WhyQuestion['of']): void {
      store.setState({ face: 'why', whyAsked: [of === undefined ? { seq } : { seq, of }] });
    },
    askWhyOfEvidence(seq: number): void {
      store.setState(({ whyAsked }) => ({ face: 'why', whyAsked: [...whyAsked, { seq, of: 'event' }] }));
    },
    whyBack(): void {
      store.setState(({ whyAsked }) =>
        whyAsked.length > 1 ? { whyAsked: whyAsked.slice(0, -1) } : { whyAsked: [], face: 'selection' },
      );
    },
    toggleInGroup(server: ServerId): void {
      store.setState(({ group }) => ({
        group: group.includes(server) ? group.filter((one) => one !== server) : [...group, server],
      }));
    },
    setServerTab(serverTab: ServerTab): void {
      store.setState({ serverTab });
    },
    setDialog(dialog: Dialog): void {
      store.setState({ dialog, runLike: null });
    },
    newRunLike(runLike: RunSettings): void {
      store.setState({ dialog: 'new-run', runLike });
    },
    togglePresentation(): void {
      store.setState(({ isPresenting }) => ({ isPresenting: !isPresenting }));
    },
    togglePauseView(): void {
      const { isPaused, mode } = store.getState();
      // A recording does not change by itself, and without an open run there is nothing to pause.
      if (isPaused || mode?.mode === 'live') setPaused(!isPaused);
    },
    backToNewest(): void {
      setPaused(false);
      store.setState(({ followVersion }) => ({ followVersion: followVersion + 1 }));
    },
    escape(): void {
      const state = store.getState();
      const { question, dialog, isPresenting, group, face } = state;
      const isInPlaceOfLogs = isFaceInPlaceOfLogs(state);
      if (question !== null) question.answer(false);
      else if (dialog !== 'none') store.setState({ dialog: 'none' });
      else if (isPresenting && !isInPlaceOfLogs) store.setState({ isPresenting: false });
      else if (group.length > 0 && !isInPlaceOfLogs) store.setState({ group: [] });
      else if (face !== 'selection') store.setState({ face: 'selection' });
      else store.setState({ selection: { kind: 'none' } });
    },
  };
}
