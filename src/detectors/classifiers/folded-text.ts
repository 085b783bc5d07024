import { classesOf } from '../character-class.ts';
import { createView } from '../view.ts';

/**
 * The text as the detectors read it: look-alike letters and zero-width characters do not make another text of it.
 */
export function foldText(text: string): string {
  const view = createView();
  const seen = classesOf(text);
  for (let at = 0; at < text.length; ) at = view.append(text, at, seen);
  return view.reading(true).text;
}
