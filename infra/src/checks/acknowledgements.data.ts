import type { Acknowledgement } from './acknowledgement.ts';

/** Findings on the app's own stacks that stand. */
export const acknowledgements: readonly Acknowledgement[] = [];
