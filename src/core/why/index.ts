/** The public face of this folder: the reason of an event or of a sentence of the story, with its evidence. */
export type { WhyEvidence, WhyParams } from './asking.ts';
export { type Why, whyOf } from './why.ts';
