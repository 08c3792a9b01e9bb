/**
 * The faces of the side, in the order of their words in the bottom line. A face is a component, a row here and its title under
 * `faceTitle` in resources/words/face.json; its key is a row of the key table. One face is open at a time, or none: then the
 * panel of the selection is shown.
 */
import type { ComponentType } from 'react';
import { AskedFace } from '../asked/asked-face.tsx';
import { EventsFace } from '../events/events-face.tsx';
import { GraphsFace } from '../graphs/graphs-face.tsx';
import type { KeyName } from '../keys/key-table.ts';
import type { FaceName } from '../store/dashboard-store.ts';
import { WhyFace } from '../why/why-face.tsx';

export interface FaceRow {
  readonly body: ComponentType;
  /** The key that opens the face. Null: the face is opened from elsewhere and has no word in the bottom line. */
  readonly key: KeyName | null;
}

export const FACES: Readonly<Record<FaceName, FaceRow>> = {
  events: { body: EventsFace, key: 'filter' },
  asked: { body: AskedFace, key: 'asked' },
  graphs: { body: GraphsFace, key: 'graphs' },
  why: { body: WhyFace, key: null },
};

/** All faces, in the order of the table. */
export const FACE_NAMES = Object.keys(FACES) as readonly FaceName[];
