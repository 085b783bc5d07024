import type { PackedBundle } from '../../tools/package/packed-bundle.ts';
import { atMost, type Figure, toFigure } from '../audit/figures.ts';
import { percentile, spreadOf } from '../statistics.ts';
import type { Initialisation } from './initialisation.ts';
import type { Invocation } from './measured-function.ts';
import type { KindRun, Ran } from './running.ts';

/** The bundle as it is shipped, and with as much beside it as models will take. */
type Bundled = 'alone' | 'with models';

/** Lambda's own limit, and the project's aims. */
const UNZIPPED_MIB = 250;
const INITIALISATION_MS: Readonly<Record<Bundled, number>> = { alone: 800, 'with models': 2_000 };
const OVERHEAD_MS = 15;
const MIB = 2 ** 20;

const withModels = (bundled: Bundled) => (bundled === 'alone' ? '' : ' with 60 MiB of stand-in models');

export function toSizeFigures(bundled: Bundled, packed: PackedBundle['packed']): readonly Figure[] {
  return packed.flatMap(({ architecture, zippedBytes, unzippedBytes }) => {
    const name = `bundle${withModels(bundled)}, ${architecture}`;
    return [
      toFigure({ name: `${name}, zipped`, value: zippedBytes / MIB, unit: 'MiB' }),
      toFigure({ name: `${name}, unzipped`, value: unzippedBytes / MIB, unit: 'MiB', aim: atMost(UNZIPPED_MIB) }),
    ];
  });
}

export function toInitialisationFigures(bundled: Bundled, { cpuMs, residentMiB }: Initialisation): readonly Figure[] {
  const name = bundled === 'alone' ? 'loading `lambda.handler`' : 'the same, and reading 60 MiB of stand-in models';
  return [
    toFigure({ name: `${name}: CPU`, value: cpuMs, unit: 'ms', aim: atMost(INITIALISATION_MS[bundled]) }),
    toFigure({ name: `${name}: RSS`, value: residentMiB, unit: 'MiB' }),
  ];
}

export function toRunFigures({ cold, kinds, gatewayPeakMiB, sequencerPeakMiB }: Ran): readonly Figure[] {
  const median = (of: (invocation: Invocation) => number) => spreadOf(cold.map(of)).median;
  return [
    toFigure({ name: 'cold first call, process and all', value: median(({ outsideMs }) => outsideMs), unit: 'ms' }),
    toFigure({
      name: 'cold first call: waiting for services',
      value: median(({ waitingMs }) => waitingMs),
      unit: 'ms',
    }),
    ...kinds.filter(({ kind }) => kind.isTimed).flatMap(toOverheadFigures),
    toFigure({ name: 'RSS of the gateway, the most', value: gatewayPeakMiB, unit: 'MiB' }),
    toFigure({ name: 'RSS of the sequencer, the most', value: sequencerPeakMiB, unit: 'MiB' }),
  ];
}

function toOverheadFigures({ kind: { name }, invocations }: KindRun): readonly Figure[] {
  const at = (share: number, of: (invocation: Invocation) => number) =>
    percentile(
      invocations.map(of).sort((a, b) => a - b),
      share,
    );
  const own = overheadOf;
  return [
    toFigure({ name: `warm ${name}: overhead, p50`, value: at(0.5, own), unit: 'ms', aim: atMost(OVERHEAD_MS) }),
    toFigure({ name: `warm ${name}: overhead, p99`, value: at(0.99, own), unit: 'ms' }),
    toFigure({
      name: `warm ${name}: without a core, p50`,
      value: at(0.5, ({ queuedMs }) => queuedMs),
      unit: 'ms',
    }),
    toFigure({ name: `warm ${name}: CPU, p50`, value: at(0.5, ({ cpuMs }) => cpuMs), unit: 'ms' }),
  ];
}

/** Milliseconds of an invocation in which no call of a service was under way. */
export function overheadOf({ durationMs, waitingMs }: Invocation): number {
  return durationMs - waitingMs;
}
