import { toTable } from '../report.ts';

/** What a figure is to reach. */
export interface Aim {
  readonly is: 'at least' | 'at most';
  readonly limit: number;
}

/** One thing that was measured. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `null` where it is told but not judged. */
  readonly aim: Aim | null;
  readonly met: boolean | null;
  /** What the same work takes with nothing but what cannot be left out, in the same unit and run. */
  readonly floor?: number;
}

export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly aim?: Aim | undefined;
  readonly floor?: number | undefined;
}

export const atLeast = (limit: number): Aim => ({ is: 'at least', limit });
export const atMost = (limit: number): Aim => ({ is: 'at most', limit });

/** Judges a value as it was measured; what is not a number meets nothing. */
export function toFigure({ name, value, unit, aim, floor }: Measured): Figure {
  return {
    name,
    value: round(value),
    unit,
    aim: aim ?? null,
    met: aim === undefined ? null : aim.is === 'at least' ? value >= aim.limit : value <= aim.limit,
    ...(floor === undefined ? {} : { floor: round(floor) }),
  };
}

export function toFigureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, aim, met, floor }) => [
    name,
    value,
    unit,
    floor ?? null,
    floor === undefined ? null : (value / floor).toFixed(2),
    aim === null ? null : `${aim.is} ${aim.limit}`,
    met === null ? null : met ? 'met' : 'MISSED',
  ]);
  return toTable(['figure', 'value', 'unit', 'floor', '× floor', 'aim', ''], rows);
}

/** Three digits say all that a measurement knows. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
