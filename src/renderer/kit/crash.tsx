/** The page after an error of the dashboard itself: the error can be copied, and a reload continues. The cluster is untouched. */
import './crash.css';
import { Component, type ReactNode } from 'react';
import { useTranslations } from '../store/dashboard-context.ts';

interface CrashState {
  readonly error: Error | null;
}

/** React offers error boundaries as classes only. */
export class Crash extends Component<{ readonly children: ReactNode }, CrashState> {
  override state: CrashState = { error: null };

  static getDerivedStateFromError(error: unknown): CrashState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <CrashPage error={this.state.error} />;
  }
}

function CrashPage({ error }: { readonly error: Error }) {
  const { t } = useTranslations();
  const details = `${error.message}\n${error.stack ?? ''}`;
  return (
    <main className="crash" role="alert">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.hint')}</p>
      <p>
        <button type="button" className="filled" onClick={() => window.location.reload()}>
          {t('crash.reload')}
        </button>
        <button type="button" className="quiet" onClick={() => void navigator.clipboard.writeText(details)}>
          {t('crash.copy')}
        </button>
      </p>
      <pre>{details}</pre>
    </main>
  );
}
