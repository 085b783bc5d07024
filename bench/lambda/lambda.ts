import { packBundle } from '../../tools/package/packed-bundle.ts';
import type { Figure } from '../audit/figures.ts';
import { progress } from '../bed.ts';
import { otherCores, startCpuWindow } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { writeJson, writePart } from '../report.ts';
import { toInitialisationFigures, toRunFigures, toSizeFigures } from './figures.ts';
import { measureInitialisation } from './initialisation.ts';
import { toNamedUses, toPart } from './page.ts';
import { type Ran, runCalls } from './running.ts';
import { openScene } from './scene.ts';

const PAGE = 'lambda.md';
const ROUNDS = 9;

/**
 * Measures the gateway as a function of AWS Lambda, in AWS's emulator, and works out what a million calls cost. Gives the
 * exit code.
 */
export async function benchLambda(options: BenchOptions): Promise<number> {
  const { quick, jsonFile } = options;
  const endWindow = startCpuWindow([process.pid]);
  progress('packing the bundle');
  await using bundle = await packBundle();
  const figures: Figure[] = [...toSizeFigures('alone', bundle.packed)];
  const rounds = options.rounds ?? (quick ? 2 : ROUNDS);
  progress('loading it');
  figures.push(...toInitialisationFigures('alone', await measureInitialisation(bundle.directory, rounds)));
  figures.push(...(await measureWithModels(rounds)));
  const ran = await runAll(bundle.directory, quick);
  figures.push(...toRunFigures(ran));
  const text = toPart({ figures, ran, busyElsewhere: otherCores(endWindow(), process.pid) });
  process.stdout.write(`${text}\n`);
  if (jsonFile !== undefined) writeJson(jsonFile, [...figures, ...toNamedUses(ran)]);
  if (!quick) progress(`written to ${writePart('lambda', text, PAGE)}`);
  return 0;
}

async function measureWithModels(rounds: number): Promise<readonly Figure[]> {
  progress('packing it with stand-in models');
  await using bundle = await packBundle('--stand-in-models');
  progress('loading that');
  return [
    ...toSizeFigures('with models', bundle.packed),
    ...toInitialisationFigures('with models', await measureInitialisation(bundle.directory, rounds)),
  ];
}

async function runAll(directory: string, quick: boolean): Promise<Ran> {
  progress('starting AWS on this machine');
  await using scene = await openScene(directory);
  return await runCalls(scene, { quick, onProgress: progress });
}
