// Reads texts as JSON strings, one a line, and writes what the gateway sees of them, in numbers of four bytes: for
// each text how many windows it has, for each window how many places follow, and the places of its n-grams.
// `--whole`: the text as one window. `--words`: the places of its words instead.
import { createInterface } from 'node:readline';
import { toFeatures } from '../src/detectors/classifiers/features.ts';
import { windowsOf } from '../src/detectors/classifiers/windows.ts';
import { wordsOf } from '../src/detectors/classifiers/words.ts';

const mode = process.argv[2];

function toWindows(text: string): readonly Uint32Array[] {
  if (mode === '--words') return [Uint32Array.from(new Set(wordsOf(text).map(({ place }) => place)))];
  if (mode === '--whole') return [toFeatures(text)];
  return windowsOf(text).map(({ start, end }) => toFeatures(text.slice(start, end)));
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const text: unknown = JSON.parse(line);
  if (typeof text !== 'string') throw new TypeError('a line is no JSON string');
  const windows = toWindows(text);
  const numbers = Uint32Array.from([windows.length, ...windows.flatMap((places) => [places.length, ...places])]);
  if (!process.stdout.write(Buffer.from(numbers.buffer))) {
    await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
