/** What counts as one source: the address, or for IPv6 its network of 64 bits, since every host has that many addresses. */
export function toNetwork(source: string): string {
  if (!source.includes(':') || source.startsWith('::ffff:')) return source;
  const [before, after] = source.split('::') as [string, string?];
  const groups = before.split(':');
  // `::` stands for as many groups of zeros as there is room for.
  const zeros = after === undefined ? 0 : 8 - groups.length - after.split(':').length;
  return [...groups, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...(after?.split(':') ?? [])]
    .slice(0, 4)
    .join(':');
}
