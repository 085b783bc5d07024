import { escapePath } from './percent-encoding.ts';

/**
 * The path of a canonical request, from the raw path of the request line.
 *
 * Every client escapes the path it sends once more before it signs it, so the raw path is escaped once and never
 * decoded: `/model/a%3A1` and `/model/a:1` are different paths and sign differently. `normalize` also resolves `.`,
 * `..` and repeated slashes first (RFC 3986, section 6.2.2.3), which most AWS services do and some do not.
 */
export function toCanonicalPath(path: string, normalize: boolean): string {
  return escapePath(normalize ? resolveDots(path) : path);
}

function resolveDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${end}`;
}
