/** What others say of the templates, and what of that stands. */
export { type Acknowledgement, judge } from './acknowledgement.ts';
export { acknowledgements } from './acknowledgements.data.ts';
export { CheckError, type Finding, toLine } from './finding.ts';
export { templateFindings } from './template-findings.ts';
