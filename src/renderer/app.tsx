/** The layout of the dashboard: header, stage, side, events and command line. Only the stage moves. */
import './app.css';
import { CommandLine } from './command/command-line.tsx';
import { RecentLines } from './events/recent-lines.tsx';
import { TimingDialog } from './experiment/timing-dialog.tsx';
import { Banners } from './header/banners.tsx';
import { Header } from './header/header.tsx';
import { Help } from './keys/help.tsx';
import { useShortcuts } from './keys/use-shortcuts.ts';
import { LiveRegion } from './kit/live-region.tsx';
import { FileDrop } from './open-file.tsx';
import { usePresentation } from './presentation.ts';
import { EndRunQuestion } from './runs/end-run-question.tsx';
import { NewRunDialog } from './runs/new-run-dialog.tsx';
import { RunsDialog } from './runs/runs-dialog.tsx';
import { ScenariosDialog } from './scenario/scenarios-dialog.tsx';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { FaceWords } from './side/face-words.tsx';
import { Side } from './side/side.tsx';
import { Stage } from './stage/stage.tsx';
import { useDashboardState } from './store/dashboard-context.ts';
import { WindowActions } from './window-actions.tsx';

/** The page. */
export function App() {
  useShortcuts();
  const isLost = useDashboardState(({ connection }) => connection !== 'open' && connection !== 'connecting');
  const isPast = useDashboardState((state) => state.mode?.mode === 'past');
  const isPresenting = usePresentation();
  return (
    <div className="app" data-lost={isLost} data-past={isPast} data-presenting={isPresenting}>
      <Header />
      <Banners />
      <main className="main">
        <Stage />
        <Side />
      </main>
      <footer className="bottom">
        <RecentLines />
        <div className="bottom-line">
          <CommandLine />
          <FaceWords />
        </div>
      </footer>
      <LiveRegion />
      <NewRunDialog />
      <TimingDialog />
      <RunsDialog />
      <ScenariosDialog />
      <SettingsDialog />
      <Help />
      <EndRunQuestion />
      <WindowActions />
      <FileDrop />
    </div>
  );
}
