import type { Span } from '../core/index.ts';
import type { Scan, StreamScanner } from '../detectors/index.ts';

/**
 * Several scanners as one: settled is what all of them have settled. The spans of different scanners may overlap; those
 * of one call ascend, and none begins before what an earlier call has settled.
 */
export function createJointScanner(scanners: readonly [StreamScanner, ...StreamScanner[]]): StreamScanner {
  const [only, ...others] = scanners;
  if (others.length === 0) return only;
  let waiting: readonly Span[] = [];

  function join(scans: readonly Scan[]): Scan {
    const settled = Math.min(...scans.map((scan) => scan.settled));
    const all = [...waiting, ...scans.flatMap(({ spans }) => spans)].toSorted((one, other) => one.start - other.start);
    const later = all.findIndex(({ start }) => start >= settled);
    const until = later === -1 ? all.length : later;
    waiting = all.slice(until);
    return { spans: all.slice(0, until), settled };
  }

  return {
    push: (text) => join(scanners.map((scanner) => scanner.push(text))),
    add: (text) => {
      for (const scanner of scanners) scanner.add(text);
    },
    divide: () => {
      for (const scanner of scanners) scanner.divide();
    },
    end(text = '') {
      const { spans } = join(scanners.map((scanner) => scanner.end(text)));
      const rest = waiting;
      waiting = [];
      return { spans: [...spans, ...rest], settled: Number.POSITIVE_INFINITY };
    },
  };
}
