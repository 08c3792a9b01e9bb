/** Props of each tab of the server panel. */
import type { ClusterView, ServerView } from '../../core/trace/index.ts';

export interface ServerTabProps {
  readonly server: ServerView;
  readonly view: ClusterView;
}
