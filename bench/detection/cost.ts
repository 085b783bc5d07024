import {
  attackClassifier,
  contentClassifier,
  createTopicClassifier,
  scoreGrounding,
  toFeatures,
  windowsOf,
} from '../../src/detectors/index.ts';
import { toProse } from '../prose.ts';
import { toTable } from '../report.ts';
import { spreadOf } from '../statistics.ts';
import { topicCases } from './topic-cases.data.ts';

/** CPU microseconds for 1,024 units of prose. */
export interface CostRow {
  readonly step: string;
  readonly microsPerKib: number;
}

const KIB = 1_024;
const UNITS = 16 * KIB;
const ROUNDS = 7;

export function measureCost(runsInRound: number): readonly CostRow[] {
  const text = toProse(2, UNITS);
  const windows = windowsOf(text).map(({ start, end }) => text.slice(start, end));
  const topics = topicCases.map(({ topic }) => createTopicClassifier(topic));
  const [first] = topics;
  const steps: readonly (readonly [string, () => unknown])[] = [
    ['divide into windows', () => windowsOf(text)],
    ['prompt attack', () => windows.map(attackClassifier.classify)],
    ['content', () => windows.map(contentClassifier.classify)],
    [
      'both, of the same features',
      () =>
        windows.map(toFeatures).forEach((features) => {
          attackClassifier.classifyFeatures(features);
          contentClassifier.classifyFeatures(features);
        }),
    ],
    ['one topic', () => windows.map((window) => first?.score(window))],
    ['grounding in a source as long', () => scoreGrounding({ sources: [text], answer: text })],
  ];
  return steps.map(([step, run]) => ({ step, microsPerKib: measure(run, runsInRound) / (text.length / KIB) }));
}

function measure(run: () => unknown, runs: number): number {
  const micros = Array.from({ length: ROUNDS + 1 }, () => {
    const started = process.cpuUsage();
    for (let index = 0; index < runs; index += 1) run();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / runs;
  });
  return spreadOf(micros.slice(1)).median;
}

export function toCostReport(rows: readonly CostRow[]): string {
  return [
    '### Cost',
    'CPU microseconds for 1,024 UTF-16 units of prose, of which windows read about half again.',
    toTable(
      ['step', 'CPU µs'],
      rows.map(({ step, microsPerKib }) => [step, microsPerKib.toFixed(0)]),
    ),
  ].join('\n\n');
}
